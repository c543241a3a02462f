// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/ids.h"

#include <string>

namespace core {

/** The tensors of a block besides its seven matrices. */
enum class Extra { InputNorm, PostNorm, QNorm, KNorm, QBias, KBias, VBias, OBias, GateBias, UpBias, DownBias };

/** How a file names its tensors; the only place that knows. */
enum class Naming {
    HuggingFace,     // model.layers.3.self_attn.q_proj.weight
    HuggingFaceBare, // layers.3.self_attn.q_proj.weight
    Gguf,            // blk.3.attn_q.weight
};

std::string tensorName(Naming naming, const LayerId& layer);
std::string tensorName(Naming naming, int block, Extra extra);
std::string finalNormName(Naming naming);

} // namespace core
