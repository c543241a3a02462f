// SPDX-License-Identifier: Apache-2.0
#include "core/bench/bench.h"

#include "core/base/error.h"
#include "core/bench/bench_context.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

namespace core {

namespace {

struct Entry
{
    BenchKernel kernel;
    Shape onCpu;
    Shape onGpu;
    void (*measure)(const BenchContext&, const Shape&);
};

const std::vector<Entry>& entries()
{
    static const std::vector<Entry> kEntries{
        {{"statistics", "rows x channels of a weight"}, {4096, 4096}, {14336, 4096}, benchStatistics},
        {{"round", "tokens x channels"}, {2048, 4096}, {8192, 4096}, benchRounding},
        {{"w4a4", "tokens x in x out"},
         {256, 2048, 2048},
         {4096, 4096, 4096},
         [](const BenchContext& context, const Shape& shape) { benchIntegerProduct(context, shape, 4); }},
        {{"w8a8", "tokens x in x out"},
         {256, 2048, 2048},
         {4096, 4096, 4096},
         [](const BenchContext& context, const Shape& shape) { benchIntegerProduct(context, shape, 8); }},
        {{"w4a16", "tokens x in x out"}, {1, 4096, 11008}, {1, 8192, 28672}, benchPackedWeights},
        {{"kv4", "key heads x query heads of each x keys x width"},
         {8, 4, 4096, 128},
         {8, 4, 32768, 128},
         benchPackedAttention},
        {{"attention", "key heads x query heads of each x tokens x width"},
         {2, 4, 1024, 64},
         {8, 4, 2048, 128},
         benchAttention},
        {{"decode", "hidden x intermediate x blocks x heads"},
         {2048, 5632, 4, 16},
         {4096, 14336, 4, 32},
         benchDecoding},
    };
    return kEntries;
}

void measureLimits(const BenchContext& context)
{
    const auto options = at::TensorOptions().device(context.device);
    const auto large = at::rand({std::int64_t(1) << 26}, options); // 256 MB
    auto copy = at::empty_like(large);
    const auto bytes = static_cast<double>(large.nbytes());
    context.report.readBandwidth = bytes / context.seconds([&](int) { large.sum(); });
    context.report.copyBandwidth = 2.0 * bytes / context.seconds([&](int) { copy.copy_(large); });
    const std::int64_t n = context.device.is_cpu() ? 1024 : 8192;
    const double operations = 2.0 * static_cast<double>(n) * n * n;
    if (context.device.is_cpu()) {
        const auto a = at::randn({n, n}, options);
        context.report.matrixRate = operations / context.seconds([&](int) { at::matmul(a, a); });
    } else {
        const auto a = at::randint(-128, 128, {n, n}, options.dtype(at::kChar));
        context.report.matrixRate = operations / context.seconds([&](int) { at::_int_mm(a, a.t()); });
    }
}

std::vector<const Entry*> chosen(const BenchSpec& spec)
{
    std::vector<const Entry*> result;
    for (const auto& entry : entries())
        if (spec.kernels.empty()
            || std::find(spec.kernels.begin(), spec.kernels.end(), entry.kernel.name) != spec.kernels.end())
            result.push_back(&entry);
    for (const auto& name : spec.kernels)
        if (std::none_of(result.begin(), result.end(), [&](const auto* entry) { return entry->kernel.name == name; })) {
            std::string known;
            for (const auto& entry : entries())
                known += (known.empty() ? "" : ", ") + entry.kernel.name;
            throw Error(ErrorKind::InvalidArgument, "there is no kernel \"" + name + "\", only " + known);
        }
    for (const auto* entry : result)
        if (!spec.shape.empty()
            && (spec.shape.size() != entry->onCpu.size()
                || std::any_of(spec.shape.begin(), spec.shape.end(), [](auto size) { return size < 1; })))
            throw Error(ErrorKind::InvalidArgument,
                        "the shape of " + entry->kernel.name + " is " + entry->kernel.shape + ": "
                            + std::to_string(entry->onCpu.size()) + " numbers of at least 1");
    return result;
}

} // namespace

std::vector<at::Tensor> BenchContext::copies(const at::Tensor& tensor) const
{
    constexpr double kBytes = 512e6;
    const auto count = std::clamp(static_cast<int>(kBytes / static_cast<double>(tensor.nbytes())), 1, 32);
    std::vector<at::Tensor> result{tensor};
    for (int i = 1; i < count; ++i)
        result.push_back(tensor.clone());
    return result;
}

std::vector<BenchKernel> benchKernels()
{
    std::vector<BenchKernel> kernels;
    for (const auto& entry : entries())
        kernels.push_back(entry.kernel);
    return kernels;
}

BenchReport runBench(const BenchSpec& spec, at::Device device, const BenchObserver& observer, Progress& progress)
{
    const at::NoGradGuard withoutGradients;
    const auto kernels = chosen(spec);
    BenchReport report{.lines = {}, .threads = at::get_num_threads()};
    const BenchContext context{device, spec.repeat, report, observer, progress};
    progress.report(0.0, "memory and matrix units");
    measureLimits(context);
    for (std::size_t i = 0; i < kernels.size(); ++i) {
        const auto& entry = *kernels[i];
        progress.report(double(i + 1) / double(kernels.size() + 1), entry.kernel.name);
        entry.measure(context, !spec.shape.empty() ? spec.shape : device.is_cpu() ? entry.onCpu : entry.onGpu);
    }
    return report;
}

} // namespace core
