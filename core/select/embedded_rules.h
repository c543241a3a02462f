// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/embedded_file.h"

#include <span>
#include <vector>

namespace core {

/** All files of resources/rules, by name. */
std::span<const EmbeddedFile> embeddedRules();

} // namespace core
