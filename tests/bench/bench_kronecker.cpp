// SPDX-License-Identifier: Apache-2.0
// The Kronecker transform in training, both directions: ours beside the same products left to LibTorch's own way back, and beside the
// time in which the device copies x once. Usage: bench_kronecker [cpu|cuda] [repetitions]
#include "core/transforms/kronecker.h"
#include "gpu/device.h"
#include "tests/bench/device_time.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

using namespace core;
using namespace bench;

namespace {

/** left^T (X right) as products of LibTorch alone. */
at::Tensor composed(const at::Tensor& x, const at::Tensor& left, const at::Tensor& right)
{
    const auto mixed = at::matmul(x.reshape({-1, right.size(0)}), right).view({-1, left.size(0), right.size(0)});
    return at::bmm(left.mT().expand({mixed.size(0), left.size(0), left.size(0)}), mixed).view(x.sizes());
}

void run(const Timer& timer, std::int64_t rows, std::int64_t n, at::ScalarType type, double copyBytesPerSecond)
{
    const auto options = at::TensorOptions().device(timer.device()).dtype(type);
    const auto sizes = kroneckerSizes(n, KroneckerRule::Balanced);
    const auto factor = [&](std::int64_t k) {
        return (at::randn({k, k}, options) / std::sqrt(double(k))).detach().requires_grad_();
    };
    const auto x = at::randn({rows, n}, options).requires_grad_();
    const auto left = factor(sizes.left);
    const auto right = factor(sizes.right);
    const auto gradient = at::randn({rows, n}, options);
    const auto forward = [&](const auto& product) {
        const at::NoGradGuard noGrad;
        return timer.secondsOf(1, [&](int) { product(x, left, right); });
    };
    const auto both = [&](const auto& product) {
        return timer.secondsOf(1, [&](int) {
            torch::autograd::grad({product(x, left, right)}, {x, left, right}, {gradient});
        });
    };
    const double copy = 2.0 * double(x.nbytes()) / copyBytesPerSecond;
    const double ours = both(applyKronecker);
    const double theirs = both(composed);
    std::printf("%6ldx%-6ld %-9s one copy %8.4f ms  forward %8.4f ms  both %9.4f ms  composed %9.4f ms  ratio %5.2f\n",
                long(rows), long(n), at::toString(type), copy * 1e3, forward(applyKronecker) * 1e3, ours * 1e3,
                theirs * 1e3, theirs / ours);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv)
{
    gpu::loadCuda(); // before LibTorch is asked for anything
    at::manual_seed(1);
    const auto device = gpu::chooseDevice(argc > 1 ? argv[1] : "auto");
    const Timer timer(device, argc > 2 ? std::max(1, std::atoi(argv[2])) : 9);
    const double copy = timer.copyBytesPerSecond();
    std::printf("device %s, %d thread(s), copy %.1f GB/s (read + written)\n", device.str().c_str(),
                at::get_num_threads(), copy / 1e9);
    if (device.is_cuda()) {
        for (const std::int64_t n : {4096, 14336})
            for (const auto type : {at::kFloat, at::kBFloat16})
                run(timer, 8192, n, type, copy);
    } else {
        for (const std::int64_t n : {256, 688, 4096})
            run(timer, 1024, n, at::kFloat, copy);
    }
}
