// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/quantize_model.h"

namespace core {

/** The rounded weights of a block as a plain decoder runs them: W' = Q(W P^-T) P^T with the channel scales multiplied back, the norms
    as they were, rows of v and columns of o without P_v. A plain block with them computes what the quantized block computes
    without quantizers of activations, keys and values. Everything is float64.

    `transforms`: as finalize() gives them, with channel scales and P_v. An undefined scale or P_v is left where it was
    merged (norms, rows of up, v and o), which is the same function with other weights. */
BlockWeights foldBack(const ModelInfo& info, const QuantizedBlock& block, const EvaluatedBlock& transforms);

} // namespace core
