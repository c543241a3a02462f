// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/run_measurement.h"

#include "core/calibrate/process_memory.h"

namespace core {

namespace {

std::uint64_t bytesIn(const std::filesystem::path& folder)
{
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            bytes += entry.file_size();
    return bytes;
}

} // namespace

RunMeasurement::RunMeasurement()
{
    resetPeakMemory();
}

void RunMeasurement::writeTo(CalibrationReport& report, const std::filesystem::path& folder) const
{
    report.peakMemoryBytes = peakMemoryBytes();
    if (!report.preflight)
        return;
    report.preflight->measuredMemory = report.peakMemoryBytes;
    report.preflight->measuredDisk = folder.empty() ? 0 : bytesIn(folder);
    report.preflight->measuredSeconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count();
}

} // namespace core
