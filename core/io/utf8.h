// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace core {

/** Position of the first byte that starts no well-formed UTF-8 sequence (RFC 3629: no overlong forms, no surrogates,
    nothing above U+10FFFF, nothing cut short at the end), or npos where the whole text is well-formed. */
std::size_t firstBadUtf8(std::string_view text);

} // namespace core
