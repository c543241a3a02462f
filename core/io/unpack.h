// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace core {

/** The content of a file that may be packed: gzip and bzip2 are known by their first bytes and unpacked, all members of
    them; anything else comes back as it is. Throws Error(Corrupt | Unsupported) naming `name`: damaged or cut short, or
    more than `limit` bytes (a small file can unpack to any length). */
std::string unpack(std::string bytes, const std::string& name, std::size_t limit);

} // namespace core
