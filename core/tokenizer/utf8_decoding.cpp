// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/utf8_decoding.h"

namespace core {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Lead
{
    std::size_t length = 0;         // 0: no character begins with this byte
    unsigned char secondLow = 0x80; // range of the second byte: it excludes overlong forms and surrogates
    unsigned char secondHigh = 0xBF;
};

Lead leadOf(unsigned char byte)
{
    if (byte < 0x80)
        return {1};
    if (byte >= 0xC2 && byte <= 0xDF)
        return {2};
    if (byte == 0xE0)
        return {3, 0xA0, 0xBF};
    if (byte == 0xED)
        return {3, 0x80, 0x9F};
    if (byte >= 0xE1 && byte <= 0xEF)
        return {3};
    if (byte == 0xF0)
        return {4, 0x90, 0xBF};
    if (byte >= 0xF1 && byte <= 0xF3)
        return {4};
    if (byte == 0xF4)
        return {4, 0x80, 0x8F};
    return {0};
}

} // namespace

Utf8Character utf8At(std::string_view text, std::size_t position)
{
    const auto first = static_cast<unsigned char>(text[position]);
    const Lead lead = leadOf(first);
    if (lead.length == 0)
        return {};
    if (lead.length == 1)
        return {Utf8State::Valid, 1, first};
    std::uint32_t codePoint = first & (0xFFu >> (lead.length + 1));
    for (std::size_t i = 1; i < lead.length; ++i) {
        if (position + i >= text.size())
            return {Utf8State::Unfinished, i, 0xFFFD};
        const auto byte = static_cast<unsigned char>(text[position + i]);
        const unsigned char low = i == 1 ? lead.secondLow : 0x80;
        const unsigned char high = i == 1 ? lead.secondHigh : 0xBF;
        if (byte < low || byte > high)
            return {Utf8State::Malformed, i, 0xFFFD};
        codePoint = codePoint << 6 | (byte & 0x3Fu);
    }
    return {Utf8State::Valid, lead.length, codePoint};
}

std::string toValidUtf8(std::string_view text)
{
    std::string valid;
    valid.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const Utf8Character character = utf8At(text, i);
        valid += character.state == Utf8State::Valid ? text.substr(i, character.length) : kReplacement;
        i += character.length;
    }
    return valid;
}

void appendUtf8(std::string& text, std::uint32_t codePoint)
{
    if (codePoint < 0x80) {
        text += static_cast<char>(codePoint);
    } else if (codePoint < 0x800) {
        text += static_cast<char>(0xC0 | codePoint >> 6);
        text += static_cast<char>(0x80 | (codePoint & 0x3F));
    } else if (codePoint < 0x10000) {
        text += static_cast<char>(0xE0 | codePoint >> 12);
        text += static_cast<char>(0x80 | (codePoint >> 6 & 0x3F));
        text += static_cast<char>(0x80 | (codePoint & 0x3F));
    } else {
        text += static_cast<char>(0xF0 | codePoint >> 18);
        text += static_cast<char>(0x80 | (codePoint >> 12 & 0x3F));
        text += static_cast<char>(0x80 | (codePoint >> 6 & 0x3F));
        text += static_cast<char>(0x80 | (codePoint & 0x3F));
    }
}

} // namespace core
