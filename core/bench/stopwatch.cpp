// SPDX-License-Identifier: Apache-2.0
#include "core/bench/stopwatch.h"

#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace core {

namespace {

void finish(at::Device device)
{
    if (!device.is_cpu())
        c10::impl::VirtualGuardImpl(device.type()).synchronizeDevice(std::max<c10::DeviceIndex>(0, device.index()));
}

} // namespace

double secondsOf(const std::function<void(int)>& work, at::Device device, int repeat, Progress& progress)
{
    constexpr double kSample = 5e-3;
    constexpr int kMostCalls = 200;
    using Clock = std::chrono::steady_clock;
    int number = 0;
    const auto sample = [&](int calls) {
        progress.checkpoint();
        finish(device);
        const auto start = Clock::now();
        for (int i = 0; i < calls; ++i)
            work(number++);
        finish(device);
        return std::chrono::duration<double>(Clock::now() - start).count() / calls;
    };
    sample(1);
    const double first = std::max(sample(1), 1e-9);
    const int calls = std::clamp(static_cast<int>(kSample / first), 1, kMostCalls);
    sample(calls);
    std::vector<double> seconds;
    for (int i = 0; i < std::max(1, repeat); ++i)
        seconds.push_back(sample(calls));
    std::nth_element(seconds.begin(), seconds.begin() + seconds.size() / 2, seconds.end());
    return seconds[seconds.size() / 2];
}

} // namespace core
