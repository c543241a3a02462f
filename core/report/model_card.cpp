// SPDX-License-Identifier: Apache-2.0
#include "core/report/model_card.h"

#include "core/base/version.h"
#include "core/report/svg_charts.h"
#include "core/select/plan_widths.h"

#include <filesystem>

namespace core {

namespace {

std::string bits(const Plan& plan, int QuantScheme::*width)
{
    const auto widths = widthsOf(plan, width);
    return widths == std::set{kFullPrecisionBits} ? "not quantized" : joined(widths, " and ") + " bits";
}

/** As a code span, whatever it holds. */
std::string code(std::string text)
{
    for (auto& c : text)
        if (c == '`' || c == '\n' || c == '|')
            c = ' ';
    return "`" + text + "`";
}

std::string choices(const Plan& plan)
{
    std::string rows = "| block | attention | mlp |\n| ---: | --- | --- |\n";
    for (const auto& choice : plan.modules) {
        if (choice.module.kind != ModuleKind::Attention)
            continue;
        const auto* mlp = plan.find({choice.module.block, ModuleKind::Mlp});
        rows += "| " + std::to_string(choice.module.block) + " | " + std::string(toString(choice.kind)) + " | "
            + (mlp ? std::string(toString(mlp->kind)) : "") + " |\n";
    }
    return rows;
}

std::string figures(const EvaluationReport& evaluation)
{
    std::string text =
        "Measured on the bundle, with activations, keys and values quantized:\n\n| figure | value |\n| --- | --- |\n";
    const auto add = [&](const std::string& name, double value, double error) {
        text += "| " + name + " | " + printNumber(value, 5) + " ± " + printNumber(error, 2) + " |\n";
    };
    if (evaluation.referencePerplexity)
        add("perplexity, full precision", evaluation.referencePerplexity->value,
            evaluation.referencePerplexity->stderror);
    if (evaluation.perplexity)
        add("perplexity, quantized", evaluation.perplexity->value, evaluation.perplexity->stderror);
    if (evaluation.divergence) {
        add("KL divergence, nats a token", evaluation.divergence->klMean, evaluation.divergence->klStderr);
        add("same first choice, %", 100.0 * evaluation.divergence->top1Agreement,
            100.0 * evaluation.divergence->top1Stderr);
    }
    for (const auto& task : evaluation.tasks)
        add(code(task.task) + (task.accNorm ? ", acc_norm, %" : ", acc, %"), 100.0 * task.accNorm.value_or(task.acc),
            100.0 * (task.accNorm ? task.accNormStderr.value_or(0.0) : task.accStderr));
    return text + "\n";
}

std::string introduction(const CardFacts& facts)
{
    if (facts.format != "hf")
        return "Made by Planish " + std::string(kVersion)
            + ". The linear layers are stored as integers with their scales in the format " + code(facts.format)
            + " (`quantization_config` in `config.json`), everything else as " + facts.dtype + ".\n\n";
    return "Made by Planish " + std::string(kVersion)
        + ". The matrices of this folder hold the values of the quantized model's codes, carried back through "
          "its transforms into plain weights, so that any program that loads the original architecture can check what "
          "rounding the weights cost. They are stored as "
        + facts.dtype + ": the folder is no smaller and no faster than the original.\n\n";
}

std::string loading(const CardFacts& facts)
{
    const std::string transformers = "```python\nfrom transformers import AutoModelForCausalLM, AutoTokenizer\n\n"
                                     "model = AutoModelForCausalLM.from_pretrained(\".\")\ntokenizer = "
                                     "AutoTokenizer.from_pretrained(\".\")\n```\n\n";
    if (facts.format == "hf")
        return transformers;
    if (facts.format == "compressed-tensors")
        return "With `pip install compressed-tensors`:\n\n" + transformers;
    return "In an engine that reads " + code(facts.format) + ", for example `vllm serve .`\n\n";
}

} // namespace

std::string modelCard(const CardFacts& facts)
{
    const auto& plan = facts.plan;
    const auto name = std::filesystem::path(facts.source).filename().string();
    auto text =
        std::string(
            "---\nlibrary_name: transformers\npipeline_tag: text-generation\ntags:\n- planish\n- quantized\n---\n\n")
        + "# " + code(name) + ", weights rounded to " + bits(plan, &QuantScheme::weightBits) + "\n\n"
        + introduction(facts);
    if (!facts.lost.empty())
        text += "## What is not here\n\n";
    for (const auto& sentence : facts.lost)
        text += "- " + sentence + "\n";
    text += "\n## How it was quantized\n\n| | |\n| --- | --- |\n| weights | " + bits(plan, &QuantScheme::weightBits)
        + (plan.scheme.weightGroup > 0 ? ", a scale for every " + std::to_string(plan.scheme.weightGroup) + " inputs"
                                       : ", a scale a row")
        + " |\n| activations | " + bits(plan, &QuantScheme::activationBits) + " |\n| keys | "
        + bits(plan, &QuantScheme::keyBits) + " |\n| values | " + bits(plan, &QuantScheme::valueBits)
        + " |\n| method | " + code(plan.method) + " |\n\n" + choices(plan) + "\n";
    if (facts.evaluation || !facts.verification.empty())
        text += "## Figures\n\n";
    if (facts.evaluation)
        text += figures(*facts.evaluation);
    if (!facts.verification.empty())
        text += facts.verification + "\n\n";
    text += "## Loading it\n\n" + loading(facts) + "## Provenance\n\n| | |\n| --- | --- |\n| source | "
        + code(facts.source) + " |\n| source hash | " + code(facts.sourceHash) + " |\n| plan hash | "
        + code(facts.planHash) + " |\n| exported | " + facts.time
        + " |\n\nLicence and terms of use are those of the source model.\n";
    return text;
}

} // namespace core
