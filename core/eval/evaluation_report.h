// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/words.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace core {

enum class PerplexityConvention {
    Gptq,     // windows of seqlen, mean over seqlen - 1 predictions of each
    LlamaCpp, // BOS at each window's start, only the second half scored
};
inline constexpr Words<PerplexityConvention, 2> kPerplexityConventions{
    {{"gptq", PerplexityConvention::Gptq}, {"llama.cpp", PerplexityConvention::LlamaCpp}}};

struct PerplexityResult
{
    double value = 0.0;
    double stderror = 0.0;   // value * sd(token nll) / sqrt(n - 1), as llama.cpp prints it
    double nllSum = 0.0;     // nats
    std::int64_t tokens = 0; // scored
    std::int64_t windows = 0;
    PerplexityConvention convention = PerplexityConvention::Gptq;
    std::vector<double> windowNllMean;
};

/** Kullback-Leibler divergence of the model from its reference, in nats a token, over the scored positions. */
struct DivergenceResult
{
    double klMean = 0.0;
    double klStderr = 0.0;
    std::vector<std::pair<double, double>> klPercentiles; // (percent, value)
    double top1Agreement = 0.0;                           // share in [0, 1]
    double top1Stderr = 0.0;
    double top5Agreement = 0.0; // share of the reference's five first choices that are among the model's five
    double top5Stderr = 0.0;
    // The text's own token: p(model) - p(reference), in [-1, 1].
    double probabilityDifferenceMean = 0.0;
    double probabilityDifferenceStderr = 0.0;
    double probabilityDifferenceRms = 0.0;
    double probabilityDifferenceRmsStderr = 0.0;
    std::vector<std::pair<double, double>> probabilityDifferencePercentiles; // (percent, value)
    double lnPerplexityDifference = 0.0; // ln(model's / reference's), paired token by token
    double lnPerplexityDifferenceStderr = 0.0;
    std::int64_t tokens = 0;
};

/** One item of a task as the model answered it. */
struct TaskItemResult
{
    std::int64_t index = 0; // in the file, from 0: names the item in every run of the same file
    std::string id;         // as the file names it; empty where it does not
    std::string question; // what the model reads before the choices; empty where each choice has a beginning of its own
    std::vector<std::string> choices;     // the one continuation in a task without choices
    std::vector<double> logProbabilities; // of each choice, natural logarithm, summed over its tokens
    std::optional<int> gold;              // none in a task without choices
    int chosen = 0;                       // most probable choice, the first of equals
    std::optional<int> chosenNorm;        // most probable by character; none where the task has no acc_norm
    bool correct = false;                 // chosen is gold; without choices: every token is the most probable one
    bool correctNorm = false;
    std::string leftOut; // why the item was not scored; empty: it was
};

struct TaskResult
{
    std::string task;
    std::int64_t items = 0; // scored
    double acc = 0.0;
    double accStderr = 0.0;
    std::optional<double> accNorm;
    std::optional<double> accNormStderr;
    std::optional<double> perplexity;
    std::optional<double> perplexityStderr; // bootstrapped
    std::int64_t leftOut = 0;               // items that the model's context cannot hold: in no figure above
    std::string file;                       // where the items come from
    std::string fileHash;                   // SHA-256 of the items' file as it is
    std::string form;                       // the form of the file as the task's definition calls it
    std::string note;                       // what a reader of the figures must know; empty: nothing
    std::vector<TaskItemResult> itemResults;
};

/** Which model was measured: enough to tell two files of the same name apart. */
struct ModelProvenance
{
    std::string path;
    std::string kind;       // "model", "bundle" or "stored run"
    std::string hash;       // of the full-precision model: configuration, tensor headers and samples of the data
    std::string bundleHash; // SHA-256 of a bundle's planish.json (plan, text and options are in it), else empty
    std::string scheme;     // "W4A4K4V2" of a bundle, else empty
};

/** Where figures come from: with it a run can be repeated. */
struct Provenance
{
    ModelProvenance model;
    std::optional<ModelProvenance> reference;
    std::string text;
    std::string textHash; // SHA-256 of the text as it was read
    std::int64_t textTokens = 0;
    std::uint64_t seed = 0;
    std::string version;
    std::string libtorch;
    std::string device;
    std::string command; // as a person would type it; empty where no program was asked
    std::string time;    // UTC, "2026-11-22T15:04:05Z"
};

struct EvaluationReport
{
    std::optional<PerplexityResult> perplexity;
    std::optional<PerplexityResult> referencePerplexity; // of --reference on the same windows
    std::optional<DivergenceResult> divergence;
    std::vector<TaskResult> tasks;
    Provenance provenance;
};

} // namespace core
