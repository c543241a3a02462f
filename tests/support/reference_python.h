// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace support {

/** The Python with torch, transformers and lm-eval: the one that PLANISH_REFERENCE_PYTHON names, else the one that
    packaging/reference.sh made; empty where there is neither. */
inline std::string referencePython()
{
    if (const char* named = std::getenv("PLANISH_REFERENCE_PYTHON"); named && *named)
        return named;
    std::filesystem::path cache;
    if (const char* folder = std::getenv("XDG_CACHE_HOME"); folder && *folder)
        cache = folder;
    else if (const char* home = std::getenv("HOME"))
        cache = std::filesystem::path(home) / ".cache";
    const auto place = cache / "planish/reference";
    return std::filesystem::exists(place / "complete") ? (place / "bin/python").string() : std::string();
}

} // namespace support
