// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace core {

/** Largest resident set of this process so far, or since resetPeakMemory(). Bytes, like all below. */
std::uint64_t peakMemoryBytes();

/** Starts measuring the peak anew from what is resident now. False where the system does not allow it: the peak then stays that
    of the whole process. */
bool resetPeakMemory();

std::uint64_t residentMemoryBytes();

/** What this process could still take without swapping, within the limits of its control group; 0 where it cannot be told. */
std::uint64_t availableMemoryBytes();

} // namespace core
