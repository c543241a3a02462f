// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/byte_alphabet.h"

#include "core/tokenizer/utf8_decoding.h"

#include <array>

namespace core {
namespace {

struct Alphabet
{
    std::array<std::string, 256> spelling;
    std::array<int, 0x144> byte{}; // by code point; -1: none

    Alphabet()
    {
        byte.fill(-1);
        std::uint32_t next = 0x100;
        for (std::uint32_t value = 0; value < 256; ++value) {
            const bool printable = (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || value >= 0xAE;
            const std::uint32_t codePoint = printable ? value : next++;
            appendUtf8(spelling[value], codePoint);
            byte[codePoint] = static_cast<int>(value);
        }
    }
};

const Alphabet& alphabet()
{
    static const Alphabet kAlphabet;
    return kAlphabet;
}

} // namespace

std::string spellBytes(std::string_view bytes)
{
    std::string piece;
    piece.reserve(bytes.size() * 2);
    for (const char byte : bytes)
        piece += alphabet().spelling[static_cast<unsigned char>(byte)];
    return piece;
}

std::optional<std::string> bytesOfSpelling(std::string_view piece)
{
    std::string bytes;
    bytes.reserve(piece.size());
    for (std::size_t i = 0; i < piece.size();) {
        const Utf8Character character = utf8At(piece, i);
        if (character.state != Utf8State::Valid || character.codePoint >= alphabet().byte.size()
            || alphabet().byte[character.codePoint] < 0)
            return std::nullopt;
        bytes += static_cast<char>(alphabet().byte[character.codePoint]);
        i += character.length;
    }
    return bytes;
}

} // namespace core
