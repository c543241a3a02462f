// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace ui {

std::uint64_t usedMemory();    // resident, of this process, in bytes; 0 where the system does not tell
std::uint64_t machineMemory(); // of the whole machine

} // namespace ui
