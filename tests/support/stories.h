// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/shared_data.h"

namespace support {

/** The smallest real model: 260 thousand parameters, five blocks, trained on simple stories. */
inline std::filesystem::path storiesModel()
{
    return sharedFolder() / "data/models/stories260k/hf";
}

/** Stories of the kind it was trained on. */
inline std::filesystem::path storiesText()
{
    return sharedFolder() / "data/text/tinystories-sample/tiny.utf8";
}

} // namespace support
