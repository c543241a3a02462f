// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace core {

enum class PerplexityConvention {
    Gptq,     // windows of seqlen, mean over seqlen - 1 predictions of each (method.md 2.12)
    LlamaCpp, // BOS at each window's start, only the second half scored
};

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
    double lnPerplexityDifference = 0.0; // ln(model's / reference's), paired token by token
    double lnPerplexityDifferenceStderr = 0.0;
    std::int64_t tokens = 0;
};

struct TaskResult
{
    std::string task;
    std::int64_t items = 0;
    double acc = 0.0;
    double accStderr = 0.0;
    std::optional<double> accNorm;
    std::optional<double> accNormStderr;
    std::optional<double> perplexity;
    std::optional<double> perplexityStderr;
};

struct EvaluationReport
{
    std::optional<PerplexityResult> perplexity;
    std::optional<PerplexityResult> referencePerplexity; // of --reference on the same windows
    std::optional<DivergenceResult> divergence;
    std::vector<TaskResult> tasks;
};

} // namespace core
