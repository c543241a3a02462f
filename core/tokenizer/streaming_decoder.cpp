// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/utf8_decoding.h"

#include <utility>

namespace core {

StreamingDecoder::StreamingDecoder(std::shared_ptr<const Tokenizer> tokenizer)
    : m_tokenizer(std::move(tokenizer))
{
}

std::string StreamingDecoder::push(int id)
{
    m_pending += m_tokenizer->bytesOf(id);
    if (m_first && !m_pending.empty()) {
        m_first = false;
        if (m_tokenizer->dropsFirstSpace() && m_pending.front() == ' ')
            m_pending.erase(0, 1);
    }
    std::size_t certain = 0;
    while (certain < m_pending.size()) {
        const Utf8Character character = utf8At(m_pending, certain);
        if (character.state == Utf8State::Unfinished)
            break;
        certain += character.length;
    }
    const std::string text = toValidUtf8(std::string_view(m_pending).substr(0, certain));
    m_pending.erase(0, certain);
    return text;
}

std::string StreamingDecoder::finish()
{
    return toValidUtf8(std::exchange(m_pending, {}));
}

} // namespace core
