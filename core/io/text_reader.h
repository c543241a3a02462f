// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace core {

/** A text for calibration or evaluation: UTF-8, `.jsonl` (or `.json` of the same form) with a `text` key a line, or
    either packed by gzip or bzip2. A plain file is one document, kept byte by byte. At most 4 GB, unpacked. Throws Error naming file,
    line and the first bad byte where it is not UTF-8. */
std::vector<std::string> readDocuments(const std::filesystem::path& path);

/** The documents as one text, joined by blank lines ("\n\n"), as GPTQ and FlatQuant join theirs. */
std::string readText(const std::filesystem::path& path);

} // namespace core
