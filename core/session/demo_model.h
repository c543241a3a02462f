// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace core {

/** Writes the embedded demo model, its texts and task items into `folder`: whole or not at all where the folder is new or
    empty, file by file where it holds an earlier demo model. Throws Error(InvalidArgument) where it holds anything else,
    Error(Io) with path and reason where the disk refuses. */
void writeDemoModel(const std::filesystem::path& folder);

} // namespace core
