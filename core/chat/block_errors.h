// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/chat/generation.h"
#include "core/model/model.h"

namespace core {

/** What each block of `model` does wrong at one token of a text, the block being given the input that it has in `reference`: so every
    number is that block's own doing. `ids` is the text, at least one token; `position` the token that was chosen badly,
    1 <= position < ids.size(): the blocks are looked at where they predict it, at position - 1. Blocks in order.
    Throws Error(InvalidArgument) where the models differ in shape or the position is outside the text. */
std::vector<BlockError> blockErrorsAt(const Model& reference, const Model& model, const std::vector<int>& ids,
                                      std::int64_t position, Progress& progress);

} // namespace core
