// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <string>

namespace core {

/** The figures in what LibTorch says where memory ran out: "you tried to allocate 8589934592 bytes" on the host, "Tried to
    allocate 2.00 GiB. GPU 0 has a total capacity of 79.11 GiB of which 1.25 GiB is free" on a device. What the text does not
    name is 0; on the host the system is asked what is there. */
MemoryShortage memoryShortage(const std::string& text);

/** Error(OutOfMemory) in one sentence with those figures. */
Error outOfMemory(const std::string& text);

} // namespace core
