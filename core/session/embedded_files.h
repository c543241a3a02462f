// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/** A file of resources/demo inside the program. */
struct EmbeddedFile
{
    std::string path; // relative, with slashes
    std::string_view content;
};

/** All of them, by path. Empty in a build whose sources lack the folder. */
std::span<const EmbeddedFile> embeddedFiles();

} // namespace core
