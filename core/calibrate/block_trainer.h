// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/progress.h"
#include "core/calibrate/block_transforms.h"
#include "core/calibrate/quantized_block.h"
#include "core/calibrate/window_store.h"

namespace core {

/** A block with what it is trained on: full-precision inputs and outputs, so blocks do not depend on each other. */
struct BlockProblem
{
    const ModelInfo& info;
    const Rope& rope;
    const BlockWeights& weights; // float32
    BlockScheme scheme;
    int block = 0;
    at::Tensor inputs;  // [windows, tokens, hidden], in the host's memory or the device's
    at::Tensor targets; // [windows, tokens, hidden]
    Precision precision = Precision::Float32;

    at::Device device() const { return weights.q.device(); } // that computes
    at::Tensor inputsOf(std::int64_t begin, std::int64_t count) const
    {
        return windowsOn(device(), inputs, begin, count);
    }
    at::Tensor targetsOf(std::int64_t begin, std::int64_t count) const
    {
        return windowsOn(device(), targets, begin, count);
    }
};

/** What a plan is trained in: BFloat16 means float32 for matrices, inverses, Kronecker products and quantizers, bfloat16 for the
    inputs of the block's seven products and of attention. With a width of 3 bits or less anywhere it is float32
    whatever was asked for: there bfloat16's own rounding is no longer small beside what is learned. */
Precision trainingPrecision(const Plan& plan, Precision asked);

/** Moves `parameters` to lower the mean squared error of the quantized block's output: AdamW, cosine decay per step to a thousandth of
    the matrices' rate, fixed order of batches, a remainder of windows below the batch size dropped, each step's loss divided
    by its own value (FlatQuant train_utils.py). Reports errors over all windows before and after.
    A loss, gradient or parameter that is not finite takes the block back to the end of its best epoch (else to the start) and goes on in
    float32 where it ran in bfloat16, else with half the rates; an error that ends above the start's begins again with half the rates. After five halvings the best of
    these states is kept. Each of these goes into the report's warnings with its numbers. */
BlockReport trainBlock(const BlockProblem& problem, BlockParameters& parameters, const CalibrationOptions& options,
                       const LossObserver& observer, Progress& progress);

/** Mean squared error of the block's output with the parameters as they are, over all windows, in batches; in float32, as the
    block will run. */
double blockError(const BlockProblem& problem, const BlockParameters& parameters, int batch, Progress& progress);

} // namespace core
