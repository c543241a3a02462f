// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace support {

// Compiled once: a test that had these paths in its own command line could not be shared between two clones by a compiler cache.
std::string sourceFolder(); // of the project
std::string binaryFolder(); // of this build

} // namespace support
