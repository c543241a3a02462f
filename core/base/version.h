// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace core {

/** The project's version, as in the top-level CMakeLists.txt. */
inline constexpr const char* kVersion = "0.1.0";

} // namespace core
