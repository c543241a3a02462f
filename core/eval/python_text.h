// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace core {

// What Python does with texts, in which the rules of the evaluation harness are written. All texts are UTF-8.

/** How many bytes str.rstrip() leaves: it takes off every character for which str.isspace() holds, Unicode's White_Space and
    the four separators U+001C to U+001F. */
std::size_t lengthWithoutTrailingWhitespace(std::string_view text);

/** str.strip(): the same characters at both ends. */
std::string_view strip(std::string_view text);

/** str.capitalize(): the first character in title case, all others in lower case, with Unicode's simple mappings (which
    leave the few characters that become several as they are: "ß"). */
std::string capitalize(std::string_view text);

/** len(): Unicode characters, not bytes. */
std::size_t characterCount(std::string_view text);

} // namespace core
