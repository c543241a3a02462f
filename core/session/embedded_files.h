// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/embedded_file.h"

#include <span>
#include <vector>

namespace core {

/** All files of resources/demo, by path. Empty in a build whose sources lack the folder. */
std::span<const EmbeddedFile> embeddedFiles();

} // namespace core
