// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gpu {

struct Device
{
    std::string name = {};        // "cpu", "cuda:0"
    std::string description = {}; // the maker's name; for the CPU also its threads
    std::uint64_t memoryBytes = 0;
    std::string computeCapability = {}; // "9.0"; empty for the CPU
    std::string driver = {};            // "580.65 (CUDA 13.0)"; empty for the CPU
};

/** Loads LibTorch's CUDA half where a driver and a GPU are there. LibTorch looks for it once, at its first question about
    CUDA, so this must come before any tensor is made; later calls repeat the first answer. Returns an empty text where
    CUDA works, else one sentence that says why not. Milliseconds on a machine without a driver. */
const std::string& loadCuda();

/** The CPU first, then every GPU that the driver shows, also those that loadCuda() cannot use. */
std::vector<Device> listDevices();

/** "auto" (the first GPU where CUDA works, else the CPU), "cpu", "cuda", "cuda:N". Throws std::invalid_argument for another
    name, for a number past the last GPU, and for CUDA where it does not work, saying why. */
c10::Device chooseDevice(std::string_view name);

} // namespace gpu
