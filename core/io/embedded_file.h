// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace core {

/** A file of the sources inside the program. */
struct EmbeddedFile
{
    std::string path; // relative to the embedded folder, with slashes
    std::string_view content;
};

} // namespace core
