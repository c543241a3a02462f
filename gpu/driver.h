// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/device.h"

#include <string>
#include <vector>

namespace gpu {

/** What NVIDIA's driver says. It is opened while the program runs: nothing here needs CUDA to be installed. */
struct Driver
{
    std::string whyNot;  // empty where it can be used and shows a GPU
    int cudaVersion = 0; // newest that it serves, 1000 * major + 10 * minor
    std::vector<Device> devices;
};

/** Asks once; the driver is never closed. `library` is its file: another name only in tests. */
Driver askDriver(const char* library = "libcuda.so.1");

/** "13.0" of 13000. */
std::string cudaVersionText(int version);

} // namespace gpu
