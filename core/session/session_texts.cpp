// SPDX-License-Identifier: Apache-2.0
#include "core/session/session_texts.h"

#include "core/base/error.h"
#include "core/io/json.h"
#include "core/io/text_reader.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace core {

EncodedText encodeText(ModelStore& store, const std::string& model, const std::string& path)
{
    const auto text = readText(path);
    return {store.tokenizer(model)->encode(text, SpecialTokens::Add), sha256(text)};
}

std::size_t borderNear(const std::string& text, double fraction)
{
    const auto cut = std::size_t(double(text.size()) * fraction);
    auto border = std::min(text.find('\n', cut), text.size());
    if (border == text.size()) // one long line
        for (border = cut; border < text.size() && (static_cast<unsigned char>(text[border]) & 0xC0u) == 0x80u;)
            ++border;
    return border;
}

at::Tensor leadingWindows(const std::vector<int>& ids, std::int64_t seqlen, std::int64_t tokens,
                          const std::string& text)
{
    const auto available = std::int64_t(ids.size()) / std::max<std::int64_t>(seqlen, 1);
    if (seqlen < 1 || available < 1)
        throw Error(
            ErrorKind::InvalidArgument,
            "the text has " + std::to_string(ids.size()) + " tokens, one window needs " + std::to_string(seqlen), text);
    const auto windows = std::clamp<std::int64_t>(tokens / seqlen, 1, available);
    const auto all = at::tensor(at::ArrayRef<int>(ids.data(), std::size_t(windows * seqlen)), at::kLong);
    return all.view({windows, seqlen});
}

} // namespace core
