// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/calibrator.h"
#include "core/model/model.h"

namespace core {

/** How many standard errors of the windows' paired differences a swap has to win. */
inline constexpr double kSwapErrors = 1.0;

/** What a plan is refined by. */
struct Judging
{
    at::Tensor windows; // [windows, tokens] int64, none of which is calibrated on
    RefineOptions options;
    std::shared_ptr<const Model> model; // in full precision
};

/** How many times as long refining takes as calibrating the same plan: the plan, and each other candidate of both modules. */
double refiningFactor(const RefineOptions& options);

struct RefinedPlan
{
    Plan plan; // reasons say what was tried, with the numbers
    RefinementReport report;
};

/** Chooses by what no block's own error can see: how far the predictions of the whole quantized model move away from full precision.

    The plan is calibrated. Then, block by block, each module that no person has decided tries the other candidates: its block is trained
    anew with each, put between the blocks as they stand by then (rounded to nearest), and KL(full precision || quantized) is taken on
    the judging windows. The best one stays where it lowers the KL by more than kSwapErrors standard errors. One module's swap counts for the next. Every trained block that stays is a checkpoint in
    `job.checkpoints`, from which calibrateBlocks takes it by the refined plan; what was tried is kept beside it, so that with
    options.resume finished blocks are not tried again; the result is bit-identical but for the seconds. Costs the calibration
    once and a training of the block for each swap. Needs all blocks; throws Error(Unsupported) for a range of them and for several
    ranks, Error(InvalidArgument) for fewer than two judging windows.

    Greedy descent over a finite set by held-out KL is our own; tests/bench/RESULTS.md has what it won beside its controls. */
RefinedPlan refinePlan(const CalibrationJob& job, const Judging& judging, const LossObserver& observer,
                       Progress& progress);

} // namespace core
