// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/device_memory.h"

#include <ATen/DeviceAccelerator.h>

namespace core {

void releaseCachedMemory(at::Device device)
{
    if (!device.is_cpu())
        at::accelerator::emptyCache();
}

void resetPeakDeviceMemory(at::Device device)
{
    if (!device.is_cpu())
        at::accelerator::resetPeakStats(device.index());
}

std::uint64_t peakDeviceMemory(at::Device device)
{
    if (device.is_cpu())
        return 0;
    constexpr auto kWhole = static_cast<std::size_t>(at::CachingAllocator::StatType::AGGREGATE);
    return std::uint64_t(at::accelerator::getDeviceStats(device.index()).allocated_bytes[kWhole].peak);
}

} // namespace core
