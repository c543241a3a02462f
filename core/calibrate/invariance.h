// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/progress.h"
#include "core/calibrate/block_transforms.h"
#include "core/calibrate/invariance_report.h"
#include "core/model/model_files.h"

#include <functional>

namespace core {

/** The transforms of one block, whatever they come from; told the block's weights (float32) and the channels' maxima over the
    tokens, from which an untrained channel scale starts. */
using TransformsOfBlock = std::function<BlockTransforms(int block, const BlockWeights&, const ChannelMaxima&)>;

/** Runs the model with and without its transforms, quantizers off, in float64 and in float32: each block from the original's
    input, and the whole model from the embedding to the logits. `ids` [windows, tokens]. One block is in memory at a time,
    twice. Works on the CPU, which has float64. */
InvarianceReport checkInvariance(const std::shared_ptr<const ModelFiles>& files, const TransformsOfBlock& transformsOf,
                                 const at::Tensor& ids, Progress& progress);

} // namespace core
