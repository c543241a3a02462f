// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/tokenizer_frame.h"

#include "core/base/error.h"
#include "core/io/utf8.h"
#include "core/tokenizer/utf8_decoding.h"

namespace core {

std::vector<int> FramedTokenizer::encode(std::string_view text, SpecialTokens special) const
{
    std::vector<int> ids;
    if (special == SpecialTokens::Add)
        ids = m_frame.before;
    ids.reserve(ids.size() + text.size() / 3 + 2);
    if (!text.empty()) {
        if (firstBadUtf8(text) == std::string_view::npos)
            encodeText(text, ids);
        else
            encodeText(toValidUtf8(text), ids);
    }
    if (special == SpecialTokens::Add)
        ids.insert(ids.end(), m_frame.behind.begin(), m_frame.behind.end());
    return ids;
}

std::string FramedTokenizer::decode(std::span<const int> ids) const
{
    std::string text;
    for (const int id : ids)
        text += bytesOf(id);
    if (dropsFirstSpace() && text.starts_with(' '))
        text.erase(0, 1);
    return firstBadUtf8(text) == std::string_view::npos ? text : toValidUtf8(text);
}

Vocabulary FramedTokenizer::vocabulary() const
{
    auto vocabulary = pieces();
    vocabulary.bosId = m_frame.bos;
    vocabulary.eosId = m_frame.eos;
    vocabulary.addsBos = m_frame.bos && m_frame.before == std::vector{*m_frame.bos};
    vocabulary.addsEos = m_frame.eos && m_frame.behind == std::vector{*m_frame.eos};
    return vocabulary;
}

void FramedTokenizer::requireId(int id) const
{
    if (id < 0 || id >= vocabSize())
        throw Error(ErrorKind::InvalidArgument,
                    "token id " + std::to_string(id) + " is outside the vocabulary of " + std::to_string(vocabSize())
                        + " tokens");
}

} // namespace core
