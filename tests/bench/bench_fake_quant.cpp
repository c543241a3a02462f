// SPDX-License-Identifier: Apache-2.0
// Rows to their grids and back with learned clips: the fused kernels beside the composed operators, in both directions, and beside the time
// in which the device copies as many bytes. Shapes of LLaMA-3-8B on a GPU, smaller ones on the CPU.
// Usage: bench_fake_quant [cpu|cuda] [repetitions]
#include "core/quant/quantizer.h"
#include "gpu/device.h"
#include "gpu/fake_quant.h"
#include "tests/bench/device_time.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

using namespace core;
using namespace bench;

namespace {

struct Case
{
    const char* name;
    gpu::Grid grid;
    gpu::Clip clip;
    std::int64_t rows;
    std::int64_t n;
};

const Case kGpuCases[] = {{"activation", gpu::Grid::Symmetric, gpu::Clip::Range, 8192, 4096},
                          {"activation", gpu::Grid::Symmetric, gpu::Clip::Range, 8192, 14336},
                          {"cache", gpu::Grid::Asymmetric, gpu::Clip::Range, 8192 * 8, 128},
                          {"weight", gpu::Grid::SymmetricFloor, gpu::Clip::Values, 4096, 4096},
                          {"weight", gpu::Grid::SymmetricFloor, gpu::Clip::Values, 14336, 4096},
                          {"weight", gpu::Grid::SymmetricFloor, gpu::Clip::Values, 4096, 14336}};

const Case kCpuCases[] = {{"activation", gpu::Grid::Symmetric, gpu::Clip::Range, 1024, 256},
                          {"activation", gpu::Grid::Symmetric, gpu::Clip::Range, 512, 4096},
                          {"cache", gpu::Grid::Asymmetric, gpu::Clip::Range, 4096, 128},
                          {"weight", gpu::Grid::SymmetricFloor, gpu::Clip::Values, 688, 256},
                          {"weight", gpu::Grid::SymmetricFloor, gpu::Clip::Values, 1024, 4096}};

at::Tensor composed(const Case& row, const at::Tensor& x, const ClipLogits& clip)
{
    switch (row.grid) {
    case gpu::Grid::Symmetric: return quantizeActivationComposed(x, 4, clip);
    case gpu::Grid::Asymmetric: return quantizeCacheComposed(x, 4, clip);
    case gpu::Grid::SymmetricFloor: break;
    }
    return quantizeWeightComposed(clampWeight(x, clip), 4, 0);
}

at::Tensor differentiable(const Case& row, const at::Tensor& x, const ClipLogits& clip)
{
    switch (row.grid) {
    case gpu::Grid::Symmetric: return quantizeActivation(x, 4, clip);
    case gpu::Grid::Asymmetric: return quantizeCache(x, 4, clip);
    case gpu::Grid::SymmetricFloor: break;
    }
    return clampAndQuantizeWeight(x, clip, 4, 0);
}

void run(const Case& row, at::ScalarType type, Timer& timer, double copyBytesPerSecond)
{
    const auto options = at::TensorOptions().device(timer.device()).dtype(type);
    // Several inputs in turn, so that none is still in a cache.
    const auto elementBytes = double(at::elementSize(type));
    const double bytes = double(row.rows) * double(row.n) * elementBytes;
    const int copies = timer.device().is_cuda() ? std::max(2, int(200e6 / bytes) + 1) : 1;
    std::vector<at::Tensor> inputs;
    std::vector<at::Tensor> gradients;
    std::vector<gpu::QuantizedRows> outputs;
    const auto logits =
        row.clip == gpu::Clip::Values ? std::vector<std::int64_t>{row.rows} : std::vector<std::int64_t>{};
    const auto logit = at::full(logits, 3.0, options.dtype(at::kFloat)).requires_grad_();
    const ClipLogits clip{logit, at::full_like(logit, 2.0).requires_grad_()};
    const gpu::RowQuantizer quantizer{
        .grid = row.grid, .bits = 4, .clip = row.clip, .maxLogit = clip.max.detach(), .minLogit = clip.min.detach()};
    for (int i = 0; i < copies; ++i) {
        inputs.push_back(at::randn({row.rows, row.n}, options));
        gradients.push_back(at::randn({row.rows, row.n}, options));
        outputs.push_back(gpu::quantizeRows(inputs.back(), quantizer));
        outputs.back().values = at::Tensor();
        inputs.back().requires_grad_();
    }
    double forward = 0.0;
    double backward = 0.0;
    double composedForward = 0.0;
    {
        const at::NoGradGuard noGrad;
        forward = timer.secondsOf(copies, [&](int i) { gpu::quantizeRows(inputs[i], quantizer); });
        backward = timer.secondsOf(
            copies, [&](int i) { gpu::quantizeRowsBackward(inputs[i], outputs[i].extremes, gradients[i], quantizer); });
        composedForward = timer.secondsOf(copies, [&](int i) { composed(row, inputs[i], clip); });
    }
    const auto both = [&](const auto& quantize) {
        return timer.secondsOf(copies, [&](int i) {
            torch::autograd::grad({quantize(row, inputs[i], clip)}, {inputs[i], clip.max, clip.min}, {gradients[i]});
        });
    };
    const double fusedBoth = both(differentiable);
    const double composedBoth = both(composed);
    std::printf("%-11s %6ldx%-6ld %-9s fwd %8.4f ms %7.1f GB/s %4.2f of copy, composed %8.3f (%5.1fx)  bwd %8.4f ms "
                "%7.1f GB/s %4.2f"
                "  both %8.4f, composed %8.3f (%5.1fx)\n",
                row.name, long(row.rows), long(row.n), at::toString(type), forward * 1e3, 2.0 * bytes / forward / 1e9,
                2.0 * bytes / forward / copyBytesPerSecond, composedForward * 1e3, composedForward / forward,
                backward * 1e3, 3.0 * bytes / backward / 1e9, 3.0 * bytes / backward / copyBytesPerSecond,
                fusedBoth * 1e3, composedBoth * 1e3, composedBoth / fusedBoth);
    std::fflush(stdout);
}

} // namespace

int main(int argc, char** argv)
{
    gpu::loadCuda(); // before LibTorch is asked for anything
    at::manual_seed(1);
    const auto device = gpu::chooseDevice(argc > 1 ? argv[1] : "auto");
    Timer timer(device, argc > 2 ? std::max(1, std::atoi(argv[2])) : 9);
    const double copy = timer.copyBytesPerSecond();
    std::printf("device %s, %d thread(s), copy %.1f GB/s (read + written)\n", device.str().c_str(),
                at::get_num_threads(), copy / 1e9);
    if (device.is_cuda()) {
        for (const auto& row : kGpuCases)
            for (const auto type : {at::kFloat, at::kBFloat16})
                run(row, type, timer, copy);
    } else {
        for (const auto& row : kCpuCases)
            run(row, at::kFloat, timer, copy);
    }
}
