// SPDX-License-Identifier: Apache-2.0
// The online transforms beside the same steps said in LibTorch's operators, and on a GPU beside what the machine can do, measured in the
// same run: a large copy (bytes read and written) and a large bfloat16 matrix product. Usage: bench_transform_kernels [repetitions]
#include "gpu/device.h"
#include "gpu/hadamard_transform.h"
#include "gpu/kernels.h"
#include "gpu/kronecker_quantize.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

namespace {

/** Keeps results alive for a while, so that the next ones are written elsewhere and not into lines that wait in the caches. */
class Ring
{
public:
    void keep(std::vector<at::Tensor> tensors)
    {
        m_kept.push_back(std::move(tensors));
        if (m_kept.size() > 24)
            m_kept.erase(m_kept.begin());
    }

private:
    std::vector<std::vector<at::Tensor>> m_kept;
};

using Work = std::function<void(int)>; // of the i-th repetition

/** Milliseconds on the GPU for one piece of work: the median of batches, each waiting behind a long product until all of it is
    in the queue, so that no gap between launches counts. */
double gpuMilliseconds(const Work& work, int perBatch, int batches)
{
    const c10::impl::VirtualGuardImpl guard(c10::DeviceType::CUDA);
    const auto stream = guard.getStream(c10::Device(c10::DeviceType::CUDA, 0));
    const auto blocker = at::randn({6144, 6144}, at::TensorOptions(at::kCUDA).dtype(at::kBFloat16));
    auto product = at::matmul(blocker, blocker);
    for (int i = 0; i < perBatch; ++i)
        work(i);
    std::vector<double> times;
    for (int batch = 0; batch < batches; ++batch) {
        c10::Event begin(c10::DeviceType::CUDA, c10::EventFlag::BACKEND_DEFAULT);
        c10::Event end(c10::DeviceType::CUDA, c10::EventFlag::BACKEND_DEFAULT);
        for (int i = 0; i < 4; ++i)
            at::matmul_out(product, blocker, blocker);
        begin.record(stream);
        for (int i = 0; i < perBatch; ++i)
            work(i);
        end.record(stream);
        end.synchronize();
        times.push_back(begin.elapsedTime(end) / perBatch);
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

double cpuMilliseconds(const Work& work, int repetitions)
{
    work(0);
    double best = 1e30;
    for (int i = 0; i < repetitions; ++i) {
        const auto start = std::chrono::steady_clock::now();
        work(i);
        best =
            std::min(best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
    return best;
}

struct Machine
{
    double copyRate = 0.0;    // bytes a second
    double productRate = 0.0; // operations a second
};

Machine measureMachine()
{
    Machine machine;
    const auto options = at::TensorOptions(at::kCUDA).dtype(at::kBFloat16);
    {
        const auto from = at::randn({1 << 29}, options);
        auto to = at::empty_like(from);
        machine.copyRate = 2.0 * double(from.nbytes()) / gpuMilliseconds([&](int) { to.copy_(from); }, 3, 7) * 1e3;
    }
    const auto a = at::randn({8192, 8192}, options);
    const auto b = at::randn({8192, 8192}, options);
    auto c = at::matmul(a, b);
    machine.productRate =
        2.0 * std::pow(8192.0, 3.0) / gpuMilliseconds([&](int) { at::matmul_out(c, a, b); }, 5, 7) * 1e3;
    return machine;
}

struct Factors
{
    at::Tensor left, right;
};

Factors randomFactors(std::int64_t n1, std::int64_t n2)
{
    return {at::randn({n1, n1}) / std::sqrt(double(n1)), at::randn({n2, n2}) / std::sqrt(double(n2))};
}

/** The same in LibTorch's operators, all in x's type. */
std::vector<at::Tensor> composed(const at::Tensor& x, const at::Tensor& left, const at::Tensor& right)
{
    const auto w = at::matmul(x.view({-1, right.size(0)}), right).view({x.size(0), left.size(0), right.size(0)});
    const auto z = at::bmm(left.mT().expand({x.size(0), left.size(0), left.size(0)}), w).view(x.sizes());
    const auto scale = z.abs().amax(1, true) / 7.0;
    const auto codes = (z / scale).round().clamp(-8, 7).to(at::kChar).view({x.size(0), -1, 2});
    const auto packed = codes.select(2, 0).bitwise_and(15).bitwise_or(codes.select(2, 1).bitwise_left_shift(4));
    return {packed, scale};
}

struct Shape
{
    std::int64_t tokens, n1, n2;

    std::int64_t channels() const { return n1 * n2; }
    double operations() const { return 2.0 * double(tokens * channels()) * double(n1 + n2); }
    double bytes(double in, double out) const { return double(tokens) * (double(channels()) * (in + out) + 4.0); }
};

constexpr Shape kShapes[] = {{2048, 64, 64},   {8192, 64, 64},   {16384, 64, 64},  {2048, 86, 128},  {8192, 86, 128},
                             {16384, 86, 128}, {2048, 112, 128}, {8192, 112, 128}, {16384, 112, 128}};

/** Inputs to take turns, together past any cache. */
std::vector<at::Tensor> inputs(const Shape& shape)
{
    constexpr double kTogether = 400e6;
    const auto count = std::max(2, static_cast<int>(std::ceil(kTogether / shape.bytes(2.0, 0.0))));
    std::vector<at::Tensor> all;
    for (int i = 0; i < count; ++i)
        all.push_back(at::randn({shape.tokens, shape.channels()}, at::TensorOptions(at::kCUDA).dtype(at::kBFloat16)));
    return all;
}

void printRow(const char* name, const Shape& shape, double milliseconds, double bytes, const Machine& machine,
              double reference)
{
    const double byBytes = bytes / machine.copyRate * 1e3;
    const double byProducts = shape.operations() / machine.productRate * 1e3;
    std::printf("%-22s %6lld %3lldx%-4lld %9.4f %7.0f %8.2f %8.2f %8.2f %9.1f\n", name, (long long)shape.tokens,
                (long long)shape.n1, (long long)shape.n2, milliseconds, bytes / milliseconds * 1e-6,
                byBytes / milliseconds, byProducts / milliseconds, std::max(byBytes, byProducts) / milliseconds,
                reference / milliseconds);
}

void benchKronecker(const Machine& machine, int batches)
{
    std::printf("%-22s %6s %-8s %9s %7s %8s %8s %8s %9s\n", "Kronecker + quantize", "tokens", "factors", "ms", "GB/s",
                "of copy", "of gemm", "of limit", "operators");
    for (const auto& shape : kShapes) {
        const auto [left, right] = randomFactors(shape.n1, shape.n2);
        const auto a = left.to(at::kCUDA);
        const auto b = right.to(at::kCUDA);
        const auto xs = inputs(shape);
        const gpu::TokenNorm norm{at::rand({shape.channels()}).to(at::kCUDA), 1e-5};
        const gpu::TokenQuantizer clipped{.bits = 4, .shrinkMax = 0.98f, .shrinkMin = 0.98f};
        const int perBatch = 24;
        const auto timed = [&](const std::function<gpu::QuantizedTokens(const at::Tensor&)>& run) {
            Ring ring;
            return gpuMilliseconds(
                [&](int i) {
                    const auto out = run(xs[i % xs.size()]);
                    ring.keep({out.codes, out.scales});
                },
                perBatch, batches);
        };
        const auto leftHalf = a.to(at::kBFloat16);
        const auto rightHalf = b.to(at::kBFloat16);
        const double reference = gpuMilliseconds([&](int i) { composed(xs[i % xs.size()], leftHalf, rightHalf); }, 4,
                                                 std::max(3, batches / 3));
        printRow("int4", shape, timed([&](const auto& x) { return gpu::kroneckerQuantize(x, a, b, clipped); }),
                 shape.bytes(2.0, 0.5), machine, reference);
        printRow("int8", shape, timed([&](const auto& x) {
                     return gpu::kroneckerQuantize(x, a, b, {.bits = 8, .shrinkMax = 0.98f, .shrinkMin = 0.98f});
                 }),
                 shape.bytes(2.0, 1.0), machine, reference);
        printRow("RMSNorm, int4", shape,
                 timed([&](const auto& x) { return gpu::kroneckerQuantize(x, norm, a, b, clipped); }),
                 shape.bytes(2.0, 0.5), machine, reference);
        printRow("quantizer alone, int4", {shape.tokens, 0, shape.channels()},
                 timed([&](const auto& x) { return gpu::quantizeTokens(x, clipped); }), shape.bytes(2.0, 0.5),
                 Machine{machine.copyRate, 1e30}, reference);
        Ring ring;
        printRow("a copy of the bytes", {shape.tokens, 0, shape.channels()},
                 gpuMilliseconds(
                     [&](int i) {
                         // As many bytes read and written, half each.
                         const auto half = static_cast<std::int64_t>(shape.bytes(2.0, 0.5) / 4.0);
                         ring.keep({xs[i % xs.size()].view(-1).narrow(0, 0, half).clone()});
                     },
                     perBatch, batches),
                 shape.bytes(2.0, 0.5), Machine{machine.copyRate, 1e30}, reference);
    }
}

/** Beside a dense product with the matrix, LibTorch's only way. */
void benchHadamard(const Machine& machine, int batches)
{
    std::printf("%-22s %6s %-8s %9s %7s %8s %8s %8s %9s\n", "Hadamard", "tokens", "factors", "ms", "GB/s", "of copy",
                "of gemm", "of limit", "operators");
    for (const auto& shape : {Shape{16384, 1, 1024}, Shape{2048, 1, 4096}, Shape{8192, 1, 4096}, Shape{16384, 1, 4096},
                              Shape{16384, 1, 8192}, Shape{8192, 28, 512}}) {
        auto xs = inputs(shape);
        const auto n = shape.channels();
        const auto dense = at::randn({n, n}, xs[0].options());
        gpu::HadamardTransform transform;
        if (shape.n1 > 1)
            transform.factor = at::sign(at::randn({shape.n1, shape.n1}, xs[0].options()));
        const double reference =
            gpuMilliseconds([&](int i) { at::matmul(xs[i % xs.size()], dense); }, 3, std::max(3, batches / 3));
        const Shape printed{shape.tokens, shape.n1, shape.n2};
        const Machine bytesOnly{machine.copyRate, 1e30};
        Ring ring;
        printRow("a new tensor", printed,
                 gpuMilliseconds([&](int i) { ring.keep({gpu::hadamardTransform(xs[i % xs.size()], transform)}); }, 12,
                                 batches),
                 shape.bytes(2.0, 2.0), bytesOnly, reference);
        printRow(
            "in place", printed,
            gpuMilliseconds([&](int i) { gpu::hadamardTransformInPlace(xs[i % xs.size()], transform); }, 12, batches),
            shape.bytes(2.0, 2.0), bytesOnly, reference);
        printRow("int4", printed,
                 gpuMilliseconds(
                     [&](int i) {
                         const auto out = gpu::hadamardQuantize(xs[i % xs.size()], transform, {});
                         ring.keep({out.codes, out.scales});
                     },
                     12, batches),
                 shape.bytes(2.0, 0.5), bytesOnly, reference);
    }
}

void benchCpu(int repetitions)
{
    std::printf("CPU, %d threads, float32\n%-22s %6s %-8s %9s %9s\n", at::get_num_threads(), "Kronecker + quantize",
                "tokens", "factors", "ms", "operators");
    for (const auto& shape : {Shape{1, 64, 64}, Shape{64, 64, 64}, Shape{512, 64, 64}, Shape{64, 86, 128},
                              Shape{512, 16, 16}, Shape{512, 24, 32}}) {
        const auto [left, right] = randomFactors(shape.n1, shape.n2);
        const auto x = at::randn({shape.tokens, shape.channels()});
        const double ours = cpuMilliseconds([&](int) { gpu::kroneckerQuantize(x, left, right, {}); }, repetitions);
        const double reference = cpuMilliseconds([&](int) { composed(x, left, right); }, repetitions);
        std::printf("%-22s %6lld %3lldx%-4lld %9.4f %9.1f\n", "int4", (long long)shape.tokens, (long long)shape.n1,
                    (long long)shape.n2, ours, reference / ours);
    }
    for (const std::int64_t n : {256, 1024, 4096}) {
        const auto x = at::randn({256, n});
        const auto dense = at::randn({n, n});
        const double ours = cpuMilliseconds([&](int) { gpu::hadamardTransform(x); }, repetitions);
        const double reference = cpuMilliseconds([&](int) { at::matmul(x, dense); }, repetitions);
        std::printf("%-22s %6d %8lld %9.4f %9.1f\n", "Hadamard", 256, (long long)n, ours, reference / ours);
    }
}

} // namespace

int main(int argc, char** argv)
{
    const int repetitions = argc > 1 ? std::max(1, std::atoi(argv[1])) : 9;
    const auto missing = gpu::loadCuda();
    const at::NoGradGuard guard;
    benchCpu(repetitions);
    if (!missing.empty() || !gpu::cuda::isBuilt()) {
        std::printf("no GPU: %s\n", missing.empty() ? "built without CUDA kernels" : missing.c_str());
        return 0;
    }
    const auto machine = measureMachine();
    std::printf("%s: copy %.0f GB/s, bfloat16 product %.0f TFLOP/s\n", gpu::listDevices().at(1).description.c_str(),
                machine.copyRate * 1e-9, machine.productRate * 1e-12);
    benchKronecker(machine, repetitions);
    benchHadamard(machine, repetitions);
    return 0;
}
