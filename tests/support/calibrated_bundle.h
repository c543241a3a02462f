// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/native_bundle.h"
#include "core/select/overrides.h"
#include "tests/support/shared_data.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <functional>

namespace support {

inline std::filesystem::path storiesFolder()
{
    return sharedFolder() / "data/models/stories260k";
}

/** A short calibration of a plan with all four kinds, on random ids. */
inline core::BundleContents calibrated(const std::filesystem::path& model, const core::QuantScheme& scheme,
                                       const std::filesystem::path& work, int epochs = 1,
                                       const std::function<void(core::CalibrationJob&)>& change = {})
{
    using namespace core;
    CalibrationJob job;
    job.files = ModelFiles::open(model);
    job.plan = uniformPlan(TransformKind::Affine, job.files->info().blocks, scheme);
    applyOverrides(job.plan,
                   {{{0, ModuleKind::Mlp}, TransformKind::Rotation},
                    {{1, ModuleKind::Attention}, TransformKind::Hadamard},
                    {{2, ModuleKind::Attention}, TransformKind::Identity}});
    job.options.samples = 4;
    job.options.seqlen = 32;
    job.options.epochs = epochs;
    at::manual_seed(5);
    job.windows = at::randint(3, std::min<std::int64_t>(500, job.files->info().vocab), {4, 32}, at::kLong);
    job.checkpoints = work;
    if (change)
        change(job);
    Progress progress;
    BundleContents contents{job.files, job.plan, job.options, {}, {}, {}, {}, job.windows};
    for (auto& block : calibrateBlocks(
             job, [](const LossPoint&) {}, progress)) {
        contents.report.blocks.push_back(block->report);
        contents.blocks.push_back(std::move(*block));
    }
    return contents;
}

/** The same as a bundle in `folder`. */
inline void writeCalibratedBundle(const std::filesystem::path& model, const core::QuantScheme& scheme,
                                  const std::filesystem::path& folder)
{
    core::Progress progress;
    const std::filesystem::path work = folder.string() + ".work";
    core::writeBundle(folder, calibrated(model, scheme, work), work, progress);
}

/** Logits of 2 x 20 fixed random ids below 500, [2, 20, vocab]. */
inline at::Tensor logits(const core::Model& model)
{
    const at::NoGradGuard noGrad;
    at::manual_seed(9);
    return model.logits(model.hiddenStates(at::randint(3, 500, {2, 20}, at::kLong)));
}

} // namespace support
