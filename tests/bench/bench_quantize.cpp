// SPDX-License-Identifier: Apache-2.0
// The fused row quantizers beside the composed operators, and the ways to apply a Kronecker pair, each with its gradient.
// Usage: bench_quantize [repetitions]
#include "core/quant/quantizer.h"
#include "core/transforms/kronecker.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

using namespace core;

namespace {

/** Shortest of `repetitions` runs after two that warm up: on a shared machine the run that was disturbed least. */
double secondsOf(int repetitions, const std::function<void()>& work)
{
    using Clock = std::chrono::steady_clock;
    work();
    work();
    double shortest = 1e30;
    for (int i = 0; i < repetitions; ++i) {
        const auto start = Clock::now();
        work();
        shortest = std::min(shortest, std::chrono::duration<double>(Clock::now() - start).count());
    }
    return shortest;
}

int runsFor(int repetitions, const at::Tensor& x)
{
    return static_cast<int>(std::max<std::int64_t>(repetitions, repetitions * 2000000 / x.numel()));
}

void print(const char* name, const at::Tensor& x, const char* reference, double ours, double theirs)
{
    std::printf("%-22s [%4ld x %4ld] float32 cpu %d thread(s)  ours %8.3f ms  %-16s %8.3f ms  ratio %6.2f\n", name,
                long(x.size(0)), long(x.size(1)), at::get_num_threads(), ours * 1e3, reference, theirs * 1e3,
                theirs / ours);
}

using Quantizer = at::Tensor (*)(const at::Tensor&, int, const ClipLogits&);

void benchQuantizer(const char* name, Quantizer fused, Quantizer composed, const at::Tensor& start, int repetitions)
{
    const auto x = start.detach().clone().requires_grad_();
    const ClipLogits clip{at::full({}, 4.0).requires_grad_(), at::full({}, 4.0).requires_grad_()};
    const auto gradient = at::randn_like(start);
    const auto both = [&](Quantizer quantize) {
        return secondsOf(runsFor(repetitions, x), [&] {
            torch::autograd::grad({quantize(x, 4, clip)}, {x, clip.max, clip.min}, {gradient});
        });
    };
    const at::NoGradGuard noGrad;
    const auto forward = [&](Quantizer quantize) {
        return secondsOf(runsFor(repetitions, x), [&] { quantize(x, 4, clip); });
    };
    print(name, x, "composed", forward(fused), forward(composed));
    const at::AutoGradMode gradMode(true);
    print((std::string(name) + " + gradient").c_str(), x, "composed", both(fused), both(composed));
}

at::Tensor expanded(const at::Tensor& x, const at::Tensor& left, const at::Tensor& right)
{
    return at::matmul(x, at::kron(left, right));
}

at::Tensor broadcast(const at::Tensor& x, const at::Tensor& left, const at::Tensor& right)
{
    const auto mixed = at::matmul(x.view({-1, left.size(0), right.size(0)}), right);
    return at::matmul(left.mT(), mixed).view(x.sizes());
}

at::Tensor transposed(const at::Tensor& x, const at::Tensor& left, const at::Tensor& right)
{
    const auto mixed = at::matmul(x.reshape({-1, right.size(0)}), right).view({-1, left.size(0), right.size(0)});
    return at::matmul(mixed.transpose(1, 2), left).transpose(1, 2).reshape(x.sizes());
}

void benchKronecker(const at::Tensor& start, int repetitions)
{
    const auto sizes = kroneckerSizes(start.size(1), KroneckerRule::Balanced);
    const auto x = start.detach().clone().requires_grad_();
    const auto left = (at::randn({sizes.left, sizes.left}) / std::sqrt(double(sizes.left))).requires_grad_();
    const auto right = (at::randn({sizes.right, sizes.right}) / std::sqrt(double(sizes.right))).requires_grad_();
    const auto gradient = at::randn_like(start);
    using Product = std::function<at::Tensor(const at::Tensor&, const at::Tensor&, const at::Tensor&)>;
    const auto forward = [&](const Product& product) {
        const at::NoGradGuard noGrad;
        return secondsOf(runsFor(repetitions, x), [&] { product(x, left, right); });
    };
    const auto both = [&](const Product& product) {
        return secondsOf(runsFor(repetitions, x), [&] {
            torch::autograd::grad({product(x, left, right)}, {x, left, right}, {gradient});
        });
    };
    const std::pair<const char*, Product> variants[] = {
        {"expanded", expanded}, {"matmul", broadcast}, {"transposed", transposed}};
    const double ours = forward(applyKronecker);
    const double oursBoth = both(applyKronecker);
    for (const auto& [name, product] : variants) {
        if (start.size(1) > 1024 && std::string_view(name) == "expanded")
            continue; // 16 million products a row
        print("kronecker", x, name, ours, forward(product));
        print("kronecker + gradient", x, name, oursBoth, both(product));
    }
}

} // namespace

int main(int argc, char** argv)
{
    const int repetitions = argc > 1 ? std::max(1, std::atoi(argv[1])) : 9;
    at::manual_seed(1);
    for (const int threads : {1, 2}) {
        at::set_num_threads(threads);
        for (const auto& [rows, columns] : {std::pair{1024, 64}, {1024, 172}, {1024, 256}, {1024, 688}, {2048, 4096}}) {
            const auto x = at::randn({rows, columns});
            benchQuantizer(
                "activation",
                [](const at::Tensor& in, int bits, const ClipLogits& clip) {
                    return quantizeActivation(in, bits, clip);
                },
                quantizeActivationComposed, x, repetitions);
            benchQuantizer(
                "cache",
                [](const at::Tensor& in, int bits, const ClipLogits& clip) { return quantizeCache(in, bits, clip); },
                quantizeCacheComposed, x, repetitions);
            benchKronecker(x, repetitions);
        }
    }
}
