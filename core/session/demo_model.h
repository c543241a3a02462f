// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace core {

/** Writes the embedded demo model, its texts and task items into `folder`. */
void writeDemoModel(const std::filesystem::path& folder);

} // namespace core
