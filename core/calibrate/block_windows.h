// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/progress.h"
#include "core/calibrate/block_transforms.h"

namespace core {

/** What a full-precision pass of the windows through one block leaves behind. */
struct BlockWindows
{
    at::Tensor targets;   // the block's outputs, [windows, tokens, hidden], in the host's memory
    ChannelMaxima maxima; // over the first `measured` windows
};

/** The block's full-precision outputs for `inputs` [windows, tokens, hidden], and on the way the largest input of each channel over
    the first `measured` windows (those that transforms are trained on). */
BlockWindows forwardWindows(const ModelInfo& info, const Rope& rope, const BlockWeights& weights, int block,
                            const at::Tensor& inputs, std::int64_t measured, Progress& progress);

/** The embedded tokens of `windows` [windows, tokens] int64 in the host's memory: the first block's inputs for a run on `device`. */
at::Tensor embedWindows(const std::shared_ptr<const ModelFiles>& files, const at::Tensor& windows, at::Device device);

} // namespace core
