// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace core {

/** What a calibration will need, beside what there is. Bytes and seconds. */
struct PreflightReport
{
    std::uint64_t memory = 0;          // largest resident set of the process
    std::uint64_t memoryAvailable = 0; // what it may grow to; 0: unknown
    std::uint64_t disk = 0;            // the bundle and, while it is written, the finished blocks beside it
    std::uint64_t diskAvailable = 0;
    double seconds = 0.0;
    double stepSeconds = 0.0;          // measured: one training step of one block
    std::vector<std::string> warnings; // what will not fit, and what helps

    // What the run then took; 0 before it.
    std::uint64_t measuredMemory = 0;
    std::uint64_t measuredDisk = 0;
    double measuredSeconds = 0.0;

    bool fits() const { return warnings.empty(); }
};

} // namespace core
