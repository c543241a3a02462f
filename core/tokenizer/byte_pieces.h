// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

namespace core {

/** The byte that a byte-fallback piece such as "<0x0A>" stands for. */
inline std::optional<char> byteOfPiece(std::string_view piece)
{
    unsigned value = 0;
    if (piece.size() != 6 || !piece.starts_with("<0x") || piece.back() != '>')
        return std::nullopt;
    const auto [end, problem] = std::from_chars(piece.data() + 3, piece.data() + 5, value, 16);
    return problem == std::errc() && end == piece.data() + 5 ? std::optional(static_cast<char>(value)) : std::nullopt;
}

inline std::string pieceOfByte(char byte)
{
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto value = static_cast<unsigned char>(byte);
    return {'<', '0', 'x', kDigits[value >> 4], kDigits[value & 15], '>'};
}

} // namespace core
