// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/session/model_store.h"

#include <ATen/core/Tensor.h>

namespace core {

struct EncodedText
{
    std::vector<int> ids;
    std::string hash; // of the text
};

/** A text file in the tokens of `model`. */
EncodedText encodeText(ModelStore& store, const std::string& model, const std::string& path);

/** Where a text is cut near `fraction` of it: behind the next end of a line, in one long line at the next letter. */
std::size_t borderNear(const std::string& text, double fraction);

/** The first whole windows of a text, at most `tokens` tokens and at least one window: [windows, seqlen] int64. Throws
    Error(InvalidArgument) naming `text` where it is shorter than one window. */
at::Tensor leadingWindows(const std::vector<int>& ids, std::int64_t seqlen, std::int64_t tokens,
                          const std::string& text);

} // namespace core
