// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/process_memory.h"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace core {

namespace {

/** The number after `key` in one of Linux's tables; 0 where there is none. */
std::uint64_t entryOf(const char* file, const std::string& key)
{
    std::ifstream table(file);
    for (std::string word; table >> word;)
        if (word == key) {
            std::uint64_t value = 0;
            table >> value;
            return value;
        }
    return 0;
}

std::uint64_t numberIn(const char* file)
{
    std::uint64_t value = 0; // stays 0 for "max" and for a file that is not there
    std::ifstream(file) >> value;
    return value;
}

} // namespace

std::uint64_t peakMemoryBytes()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return std::uint64_t(usage.ru_maxrss) * 1024; // Linux counts kilobytes
}

bool resetPeakMemory()
{
    std::ofstream file("/proc/self/clear_refs");
    file << "5" << std::flush; // Linux: proc_pid_clear_refs(5)
    return file.good();
}

std::uint64_t residentMemoryBytes()
{
    return entryOf("/proc/self/status", "VmRSS:") * 1024;
}

std::uint64_t availableMemoryBytes()
{
    auto available = entryOf("/proc/meminfo", "MemAvailable:") * 1024;
    const auto limit = numberIn("/sys/fs/cgroup/memory.max");
    const auto files = entryOf("/sys/fs/cgroup/memory.stat", "inactive_file"); // bytes here; given back when needed
    const auto used = numberIn("/sys/fs/cgroup/memory.current");
    if (limit > used)
        available = std::min(available, limit - used + std::min(used, files));
    return available;
}

} // namespace core
