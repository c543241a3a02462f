// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace core {

/** The spelling of bytes in byte-level BPE vocabularies: each byte is one visible character. Printable Latin-1 bytes stand for
    themselves, the other 68 are U+0100 and on in byte order, so a space is "Ġ". Source: bytes_to_unicode() of GPT-2's
    encoder.py. */
std::string spellBytes(std::string_view bytes);

/** The bytes that a piece spells, or nothing where it holds a character outside that alphabet. */
std::optional<std::string> bytesOfSpelling(std::string_view piece);

} // namespace core
