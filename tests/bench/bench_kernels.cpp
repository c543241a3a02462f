// SPDX-License-Identifier: Apache-2.0
// The steps of the statistics kernel one by one, for every instruction set of this machine, on blocks that stay in L1.
// Usage: bench_kernels [repetitions]
#include "gpu/cpu/statistics_block.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>

namespace {

double threadSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/** The best of `repetitions`: for work this short everything else only adds. */
double secondsOf(int repetitions, double (*clock)(), const std::function<void()>& work)
{
    work();
    double best = 1e30;
    for (int i = 0; i < repetitions; ++i) {
        const double start = clock();
        work();
        best = std::min(best, clock() - start);
    }
    return best;
}

void printStep(const char* steps, const char* name, double seconds, double reference)
{
    std::printf("%-10s %-16s %10.3f %16.3f %8.1f\n", steps, name, seconds * 1e9, reference * 1e9, reference / seconds);
}

/** Nanoseconds for each value, beside the LibTorch operators for the same step on the same block. */
void benchSteps(const gpu::cpu::BlockSteps& steps, int repetitions)
{
    constexpr int kBlocks = 2000;
    constexpr double kValues = double(kBlocks) * gpu::cpu::kBlock;
    const auto block = at::randn({gpu::cpu::kBlock}) * 0.02;
    const auto half = block.to(at::kHalf);
    const auto bfloat = block.to(at::kBFloat16);
    const auto* x = block.const_data_ptr<float>();
    auto decoded = at::empty_like(block);
    auto absmax = at::zeros_like(block);
    std::vector<std::uint32_t> counts(gpu::cpu::kBinTables * gpu::DyadicHistogram::kBins);
    volatile double sink = 0.0;
    const auto perValue = [&](const std::function<void()>& once) {
        return secondsOf(repetitions, threadSeconds,
                         [&] {
                             for (int i = 0; i < kBlocks; ++i)
                                 once();
                         })
            / kValues;
    };
    const auto decode = [&](const at::Tensor& from, gpu::ElementType type) {
        return perValue(
            [&] { steps.decode(from.const_data_ptr(), type, gpu::cpu::kBlock, decoded.data_ptr<float>()); });
    };
    printStep(steps.name, "decode bfloat16", decode(bfloat, gpu::ElementType::BFloat16),
              perValue([&] { decoded.copy_(bfloat); }));
    printStep(steps.name, "decode float16", decode(half, gpu::ElementType::Float16),
              perValue([&] { decoded.copy_(half); }));
    printStep(steps.name, "sum, min, max", perValue([&] { sink = steps.measure(x, gpu::cpu::kBlock).sum; }),
              perValue([&] { at::aminmax(block), block.sum(at::kDouble); }));
    printStep(steps.name, "powers", perValue([&] { sink = steps.sumPowers(x, gpu::cpu::kBlock, 1e-4).m4; }),
              perValue([&] {
                  const auto d = block.to(at::kDouble) - 1e-4;
                  const auto square = d * d;
                  square.sum(), (square * d).sum(), (square * square).sum();
              }));
    printStep(steps.name, "bins",
              perValue([&] { steps.countBins(x, gpu::cpu::kBlock, 4096.0f, counts.data(), gpu::cpu::kBinTables); }),
              perValue([&] { at::histc(block, 512, -0.1, 0.1); }));
    printStep(steps.name, "channel absmax",
              perValue([&] { steps.raiseAbsmax(x, gpu::cpu::kBlock, absmax.data_ptr<float>()); }),
              perValue([&] { at::maximum_out(absmax, absmax, block.abs()); }));
}

} // namespace

int main(int argc, char** argv)
{
    const int repetitions = argc > 1 ? std::max(1, std::atoi(argv[1])) : 5;
    at::set_num_threads(1);
    int count = 0;
    const auto* const steps = gpu::cpu::allBlockSteps(count);
    std::printf("%-10s %-16s %10s %16s %8s\n", "set", "step", "ns/value", "operators ns", "ratio");
    for (int i = 0; i < count; ++i)
        benchSteps(steps[i], repetitions);
    return 0;
}
