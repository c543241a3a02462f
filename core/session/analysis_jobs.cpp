// SPDX-License-Identifier: Apache-2.0
#include "core/session/analysis_jobs.h"

#include "core/base/error.h"
#include "core/calibrate/calibrator.h"
#include "core/calibrate/invariance.h"
#include "core/calibrate/what_if.h"
#include "core/eval/error_budget.h"
#include "core/select/module_scores.h"
#include "core/select/rule_file.h"
#include "core/session/profile_job.h"
#include "core/session/session_texts.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

namespace core {

namespace {

constexpr std::int64_t kWindow = 256;

/** The profile that a rule looks at; `text` empty: of the weights alone. */
Profile profileFor(const ModelFiles& files, const std::string& text, std::int64_t tokens, ModelStore& store,
                   Progress& progress)
{
    return profileModel({.model = files.path().string(), .text = text, .tokens = tokens}, {}, store, progress);
}

void setStatistic(KurtosisRule& rule, std::optional<RuleStatistic> statistic)
{
    if (!statistic)
        return;
    for (auto* group : {&rule.attention, &rule.mlp}) {
        if (rule.calibrated && group->statistic != *statistic)
            throw Error(ErrorKind::InvalidArgument,
                        "the profile was fitted to " + std::string(wordFor(kRuleStatistics, group->statistic))
                            + ", not to " + std::string(wordFor(kRuleStatistics, *statistic)));
        group->statistic = *statistic;
    }
}

} // namespace

Plan selectByKurtosis(const ModelFiles& files, const std::string& ruleFile, std::optional<RuleStatistic> statistic,
                      const QuantScheme& scheme, const std::string& text, std::int64_t tokens, ModelStore& store,
                      Progress& progress)
{
    const auto& family = files.info().architecture;
    // What is shipped was fitted to statistics of its own: who asks for another one gets no evidence with it.
    auto rule = !ruleFile.empty() ? readKurtosisRule(ruleFile, family, scheme)
        : statistic               ? KurtosisRule{}
                                  : shippedRule(family, scheme);
    setStatistic(rule, statistic);
    const bool activations = needsActivations(rule.attention.statistic) || needsActivations(rule.mlp.statistic);
    if (activations && text.empty())
        throw Error(ErrorKind::InvalidArgument, "this rule looks at activations: it needs a text", ruleFile);
    return applyKurtosisRule(profileFor(files, activations ? text : "", tokens, store, progress), rule, scheme);
}

std::vector<RuleProfile> fitRule(const FitRuleSpec& spec, ModelStore& store, Progress& progress)
{
    std::vector<HeldOutLosses> losses;
    for (const auto& file : spec.losses)
        losses.push_back(readHeldOutLosses(file));
    std::vector<ModelStatistics> models;
    for (const auto& path : spec.models) {
        const auto done = double(models.size()) / double(spec.models.size());
        ProgressPart part(progress, done, done + 1.0 / double(spec.models.size()));
        const auto files = ModelFiles::open(path);
        models.push_back({path, files->hash(), profileFor(*files, spec.text, spec.tokens, store, part)});
    }
    progress.checkpoint();
    return fitKurtosisRules(losses, models, {spec.statistic, spec.seed});
}

std::vector<ModuleId> probeModules(const ProbeSpec& spec, ModelStore& store, Progress& progress)
{
    const auto files = ModelFiles::open(spec.model);
    const auto text = needsActivations(spec.statistic) ? spec.text : std::string();
    const auto profile = profileFor(*files, text, spec.tokens, store, progress);
    return probeModules(moduleScores(profile, spec.statistic), spec.perGroup);
}

BudgetReport budget(const BudgetSpec& spec, ModelStore& store, Progress& progress)
{
    if (!isBundle(spec.bundle))
        throw Error(ErrorKind::InvalidArgument, "an error budget needs a bundle that Planish wrote", spec.bundle);
    refuseBundle(spec.reference);
    const auto plan = readBundleHeader(spec.bundle).plan;
    const auto text = encodeText(store, spec.reference, spec.text);
    ProgressPart loading(progress, 0.0, 0.05);
    const auto quantized = store.model(spec.bundle, loading);
    const auto reference = store.model(spec.reference, loading);
    ProgressPart measuring(progress, 0.05, 1.0);
    auto report = measureBudget(*quantized, *reference, text.ids,
                                {.seqlen = spec.seqlen, .limitTokens = spec.limitTokens}, measuring);
    for (auto& module : report.modules)
        if (const auto* choice = plan.find(module.module))
            module.kind = choice->kind;
    return report;
}

InvarianceReport checkInvariance(const InvarianceSpec& spec, ModelStore& store, Progress& progress)
{
    const auto files = ModelFiles::open(spec.model);
    const auto& info = files->info();
    const auto seqlen = std::min({kWindow, info.context, spec.tokens});
    at::Tensor ids;
    if (spec.text.empty()) {
        auto generator = at::detail::createCPUGenerator(spec.seed);
        ids = at::randint(info.vocab, {std::max<std::int64_t>(1, spec.tokens / seqlen), seqlen}, generator, at::kLong);
    } else {
        ids = leadingWindows(encodeText(store, spec.model, spec.text).ids, seqlen, spec.tokens, spec.text);
    }
    const bool trained = spec.plan.modules.empty();
    if (trained && readBundleHeader(spec.bundle).sourceHash != files->hash())
        throw Error(ErrorKind::InvalidArgument, "the bundle was made from another model than " + spec.model,
                    spec.bundle);
    if (!trained && int(spec.plan.modules.size()) != 2 * info.blocks)
        throw Error(ErrorKind::InvalidArgument,
                    "the plan has " + std::to_string(spec.plan.modules.size() / 2) + " blocks, the model "
                        + std::to_string(info.blocks),
                    spec.model);
    const CalibrationOptions options{.seed = spec.seed, .rotationForm = spec.rotationForm};
    const auto transformsOf = [&](int block, const BlockWeights& weights, const ChannelMaxima& maxima) {
        if (trained)
            return loadBundleParameters(spec.bundle, block).transforms;
        auto parameters = makeBlockParameters(info, spec.plan, block, options);
        startChannelScales(parameters.transforms, weights, maxima, options);
        return std::move(parameters.transforms);
    };
    auto report = checkInvariance(files, transformsOf, ids, progress);
    report.trained = trained;
    return report;
}

WhatIf whatIf(const WhatIfSpec& spec, ModelStore& store, BlockInputs& inputs, Progress& progress)
{
    refuseBundle(spec.model);
    ProgressPart loading(progress, 0.0, 0.1);
    const auto model = store.model(spec.model, loading);
    const auto& info = model->info();
    const auto* planned = spec.plan.find(spec.module);
    if (spec.module.block < 0 || spec.module.block >= info.blocks || (!spec.plan.modules.empty() && !planned))
        throw Error(ErrorKind::InvalidArgument,
                    "there is no module " + toString(spec.module) + ": blocks are 0 to "
                        + std::to_string(info.blocks - 1));
    const auto text = encodeText(store, spec.model, spec.text);
    const auto seqlen = int(std::min<std::int64_t>(spec.seqlen, info.context));
    const auto windows = sampleWindows(text.ids, spec.windows, seqlen, spec.seed);
    ProgressPart reading(progress, 0.1, 0.2);
    const auto& weights = model->block(spec.module.block).weights;
    ModuleProblem problem{.info = info,
                          .rope = model->rope(),
                          .weights = weights,
                          .module = spec.module,
                          .scheme = planned ? spec.plan.schemeOf(spec.module) : spec.scheme,
                          .kronecker = planned ? spec.plan.kronecker : spec.kronecker,
                          .inputs = inputs.at(model, windows, spec.module.block, reading)};
    const CalibrationOptions options{
        .epochs = spec.epochs, .batch = spec.batch, .seed = spec.seed, .rotationForm = spec.rotationForm};
    ProgressPart comparing(progress, 0.2, 1.0);
    auto result = compareKinds(problem, options, comparing);
    if (planned)
        result.planned = planned->kind;
    return result;
}

} // namespace core
