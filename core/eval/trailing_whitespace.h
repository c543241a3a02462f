// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace core {

/** How many bytes of a UTF-8 text Python's str.rstrip() leaves: it takes off every character for which str.isspace() holds,
    Unicode's White_Space and the four separators U+001C to U+001F. */
std::size_t lengthWithoutTrailingWhitespace(std::string_view text);

} // namespace core
