// SPDX-License-Identifier: Apache-2.0
#include "tests/support/paths.h"

namespace support {

std::string sourceFolder()
{
    return PLANISH_SOURCE_DIR;
}

std::string binaryFolder()
{
    return PLANISH_BINARY_DIR;
}

} // namespace support
