// SPDX-License-Identifier: Apache-2.0
#include "core/session/select_job.h"

#include "core/base/error.h"
#include "core/search/decisions.h"
#include "core/search/searcher.h"
#include "core/select/held_out_losses.h"
#include "core/select/overrides.h"
#include "core/session/analysis_jobs.h"
#include "core/session/session_texts.h"

namespace core {

namespace {

TransformKind uniformKind(SelectMethod method)
{
    switch (method) {
    case SelectMethod::AllRotation: return TransformKind::Rotation;
    case SelectMethod::AllHadamard: return TransformKind::Hadamard;
    case SelectMethod::AllIdentity: return TransformKind::Identity;
    default: return TransformKind::Affine;
    }
}

} // namespace

Plan chosenPlan(const SelectSpec& spec, ModelStore& store, Progress& progress)
{
    checkScheme(spec.scheme);
    const auto files = ModelFiles::open(spec.model);
    auto plan = spec.method == SelectMethod::Kurtosis
        ? selectByKurtosis(*files, spec.ruleFile, spec.statistic, spec.scheme, spec.text, spec.tokens, store, progress)
        : uniformPlan(uniformKind(spec.method), files->info().blocks, spec.scheme);
    plan.model = files->hash();
    plan.kronecker = spec.kronecker;
    keepEnds(plan, spec.keepFirst, spec.keepLast, spec.keepBits);
    setModuleBits(plan, spec.moduleBits);
    applyOverrides(plan, spec.overrides);
    for (int block = 0; block < files->info().blocks; ++block)
        checkGroups(files->info(), plan.schemeOf(block));
    return plan;
}

Plan searchedPlan(const SelectSpec& spec, ModelStore& store, std::shared_ptr<Ranks> ranks, Progress& progress)
{
    checkScheme(spec.scheme);
    auto result = runSearch(spec, store, std::move(ranks), {}, progress);
    if (result.modules.empty())
        throw Error(ErrorKind::InvalidArgument, result.plan.warnings.front(), spec.model);
    return std::move(result.plan);
}

SearchResult runSearch(const SelectSpec& spec, ModelStore& store, std::shared_ptr<Ranks> ranks,
                       const SearchObserver& observer, Progress& progress)
{
    if (spec.text.empty())
        throw Error(ErrorKind::InvalidArgument, "the search needs a text");
    if (spec.search.training.resume && spec.checkpoints.empty())
        throw Error(ErrorKind::InvalidArgument, "there is no folder of checkpoints to go on from");
    const auto files = ModelFiles::open(spec.model);
    auto widths = uniformPlan(TransformKind::Affine, files->info().blocks, spec.scheme);
    keepEnds(widths, spec.keepFirst, spec.keepLast, spec.keepBits);
    setModuleBits(widths, spec.moduleBits);
    const SearchJob job{.files = files,
                        .scheme = spec.scheme,
                        .kronecker = spec.kronecker,
                        .windows = sampleSearchWindows(encodeText(store, spec.model, spec.text).ids, spec.search),
                        .options = spec.search,
                        .device = store.device(),
                        .checkpoints = spec.checkpoints,
                        .ranks = std::move(ranks),
                        .widths = widths,
                        .model = spec.search.measure == HeldOutMeasure::Divergence ? store.model(spec.model, progress)
                                                                                   : nullptr};
    auto result = finishSearch(job, searchBlocks(job, observer, progress));
    if (!spec.oracleLosses.empty() && !result.modules.empty())
        result.agreement = agreementWith(readHeldOutLosses(spec.oracleLosses), result.modules);
    if (!result.modules.empty()) {
        keepEnds(result.plan, spec.keepFirst, spec.keepLast, spec.keepBits);
        setModuleBits(result.plan, spec.moduleBits);
        applyOverrides(result.plan, spec.overrides);
    }
    return result;
}

} // namespace core
