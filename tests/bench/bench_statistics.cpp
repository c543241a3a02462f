// SPDX-License-Identifier: Apache-2.0
// The one-pass statistics kernel beside the chain of LibTorch operators that gives the same numbers: on one thread, and on a GPU
// where there is one, there also beside LibTorch's sum of the same matrix, which reads it once.
// Usage: bench_statistics [cpu|cuda] [repetitions]
#include "gpu/cpu/statistics_block.h"
#include "gpu/device.h"
#include "gpu/dispatch.h"
#include "tests/bench/device_time.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>

namespace {

/** Seconds that this thread computed: what else runs on the machine does not count. */
double threadSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/** Median of `repetitions` runs after one that warms up. */
double secondsOf(int repetitions, const std::function<void()>& work)
{
    work();
    std::vector<double> seconds;
    for (int i = 0; i < repetitions; ++i) {
        const double start = threadSeconds();
        work();
        seconds.push_back(threadSeconds() - start);
    }
    std::nth_element(seconds.begin(), seconds.begin() + repetitions / 2, seconds.end());
    return seconds[repetitions / 2];
}

/** Finite count, four moments, extremes, 512 bins and channel maxima by operators, computed in `precision`. */
void runOperators(const at::Tensor& weight, at::ScalarType precision)
{
    const auto x = weight.to(precision);
    const auto finite = at::isfinite(x).sum();
    const auto [low, high] = at::aminmax(x);
    const auto d = x - x.mean();
    const auto square = d * d;
    const auto m2 = square.mean();
    const auto m3 = (square * d).mean();
    const auto m4 = (square * square).mean();
    const auto counts = at::histc(x, 512, low.item(), high.item());
    const auto channelAbsmax = x.abs().amax(0);
}

/** The read bandwidth of one thread: the limit of any kernel that reads its input once. */
double readBytesPerSecond()
{
    const auto words = at::ones({1 << 24}, at::kLong); // 128 MiB
    const double seconds = secondsOf(5, [&] {
        const auto* data = words.const_data_ptr<std::int64_t>();
        std::int64_t sum[8] = {};
        for (std::int64_t i = 0; i < words.numel(); i += 8)
            for (int lane = 0; lane < 8; ++lane)
                sum[lane] += data[i + lane];
        volatile std::int64_t kept = sum[0] + sum[1] + sum[2] + sum[3] + sum[4] + sum[5] + sum[6] + sum[7];
        (void)kept;
    });
    return static_cast<double>(words.nbytes()) / seconds;
}

/** Whole calls, until the numbers are on the host. */
void benchGpu(at::Device device, int repetitions)
{
    const bench::Timer timer(device, repetitions);
    std::printf("GPU, copy %.1f GB/s (read + written)\n", timer.copyBytesPerSecond() / 1e9);
    std::printf("%-14s %-9s %10s %9s %10s %9s %8s %14s %8s\n", "shape", "dtype", "ours ms", "GB/s", "sum ms", "GB/s",
                "of read", "operators ms", "ratio");
    for (const auto& [rows, channels] : {std::pair{4096, 4096}, {14336, 4096}, {4096, 14336}, {128256, 4096}})
        for (const auto dtype : {at::kFloat, at::kBFloat16}) {
            const double bytes = double(rows) * channels * double(at::elementSize(dtype));
            std::vector<at::Tensor> weights; // in turn, so that none is still in the cache
            for (int i = 0; i < std::max(2, int(200e6 / bytes) + 1); ++i)
                weights.push_back(
                    (at::randn({rows, channels}, at::TensorOptions().device(device).dtype(dtype)) * 0.02));
            const int variants = int(weights.size());
            const double ours = timer.secondsOf(variants, [&](int i) {
                gpu::Statistics statistics(weights[i].size(1));
                gpu::accumulateStatistics(statistics, weights[i]);
            });
            const double read = timer.secondsOf(variants, [&](int i) { weights[i].sum(); });
            const double operators = timer.secondsOf(2, [&](int i) { runOperators(weights[i], at::kFloat); });
            std::printf("%-14s %-9s %10.4f %9.1f %10.4f %9.1f %8.2f %14.4f %8.1f\n",
                        (std::to_string(rows) + "x" + std::to_string(channels)).c_str(), at::toString(dtype),
                        ours * 1e3, bytes / ours / 1e9, read * 1e3, bytes / read / 1e9, read / ours, operators * 1e3,
                        operators / ours);
            std::fflush(stdout);
        }
}

/** On one thread, beside the operators. */
void benchCpu(int repetitions)
{
    at::set_num_threads(1);
    const double bandwidth = readBytesPerSecond();
    std::printf("statistics in one pass (%s), one thread, read bandwidth %.1f GB/s\n", gpu::cpu::blockSteps().name,
                bandwidth / 1e9);
    std::printf("%-14s %-9s %11s %15s %8s %15s %8s %8s %9s\n", "shape", "dtype", "ours ms", "operators ms", "ratio",
                "in float64 ms", "ratio", "GB/s", "of limit");
    for (const auto& [rows, channels] : {std::pair{64, 172}, {4096, 4096}, {14336, 4096}})
        for (const auto dtype : {at::kFloat, at::kBFloat16}) {
            const auto weight = (at::randn({rows, channels}) * 0.02).to(dtype);
            const int runs = weight.numel() < 100000 ? repetitions * 50 : repetitions;
            const double ours = secondsOf(runs, [&] {
                gpu::Statistics statistics(weight.size(1));
                gpu::accumulateStatistics(statistics, weight);
            });
            const double operators = secondsOf(runs, [&] { runOperators(weight, at::kFloat); });
            const double exact = secondsOf(runs, [&] { runOperators(weight, at::kDouble); });
            const double rate = static_cast<double>(weight.nbytes()) / ours;
            std::printf("%-14s %-9s %11.4f %15.4f %8.1f %15.4f %8.1f %8.2f %9.2f\n",
                        (std::to_string(rows) + "x" + std::to_string(channels)).c_str(), at::toString(dtype),
                        ours * 1e3, operators * 1e3, operators / ours, exact * 1e3, exact / ours, rate / 1e9,
                        rate / bandwidth);
        }
}

} // namespace

int main(int argc, char** argv)
{
    gpu::loadCuda(); // before LibTorch is asked for anything
    const auto device = gpu::chooseDevice(argc > 1 ? argv[1] : "auto");
    const int repetitions = argc > 2 ? std::max(1, std::atoi(argv[2])) : 7;
    device.is_cuda() ? benchGpu(device, repetitions) : benchCpu(repetitions);
    return 0;
}
