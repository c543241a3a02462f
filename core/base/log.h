// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace core {

/** The log of core and gpu. Core never prints: what a person must know is in a result, what helps to find a fault is here,
    one line a step with its numbers. Silent until a program opens a file. (LibTorch brings an older fmt, so spdlog's own
    headers stay out of sight.) */
void logInfo(std::string_view line);
void logWarning(std::string_view line);

/** Appends to `path` from now on. Throws Error(NotFound) without its folder, Error(Io) where it cannot be opened. */
void openLogFile(const std::string& path);

} // namespace core
