// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

#include <cstdint>

namespace core {

/** Gives what LibTorch keeps for later back to `device`, after its memory ran out; nothing on the CPU. */
void releaseCachedMemory(at::Device device);

/** Starts measuring the peak anew from what tensors hold now. */
void resetPeakDeviceMemory(at::Device device);

/** Most bytes that tensors on `device` held at once since then; 0 on the CPU, whose memory process_memory.h measures. */
std::uint64_t peakDeviceMemory(at::Device device);

} // namespace core
