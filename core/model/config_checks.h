// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"
#include "core/model/model_info.h"

#include <limits>

namespace core {

// What every form of a configuration must keep; `name` is the file for messages.

inline constexpr std::int64_t kLargestSize = std::numeric_limits<int>::max();
inline constexpr std::int64_t kMostBlocks = 1 << 16; // before any tensor is looked for

inline int blockCount(std::int64_t blocks, const std::string& name)
{
    if (blocks > kMostBlocks)
        throw Error(ErrorKind::Corrupt, std::to_string(blocks) + " blocks cannot be: 65536 are the most", name);
    return static_cast<int>(blocks);
}

inline void checkHeads(const ModelInfo& info, const std::string& name)
{
    if (info.heads % info.kvHeads != 0)
        throw Error(ErrorKind::Corrupt,
                    std::to_string(info.heads) + " attention heads cannot share " + std::to_string(info.kvHeads)
                        + " key/value heads evenly",
                    name);
    if (info.headDim % 2 != 0)
        throw Error(ErrorKind::Unsupported, "odd head size " + std::to_string(info.headDim) + " has no rotary pairs",
                    name);
}

} // namespace core
