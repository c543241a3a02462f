// SPDX-License-Identifier: Apache-2.0
// Seconds a training step takes: bench_calibration MODEL_FOLDER [batch] [tokens] [threads]. Random ids; all-affine, W4A4KV4, Fermat sizes.
// For stories260k at batch 4 and 256 tokens, FlatQuant's own code under PyTorch 2.11 needs 0.055 s on one thread
// (shared/reference/flatquant/NOTES.md); the ratio is printed for that case.
#include "core/calibrate/calibrator.h"
#include "core/select/overrides.h"

#include <torch/torch.h>

#include <cstdio>
#include <cstdlib>

using namespace core;

int main(int argc, char** argv)
{
    if (argc < 2) {
        std::fprintf(stderr, "bench_calibration MODEL_FOLDER [batch] [tokens] [threads]\n");
        return 2;
    }
    const auto argument = [&](int index, int otherwise) { return argc > index ? std::atoi(argv[index]) : otherwise; };
    const int batch = argument(2, 4);
    const int tokens = argument(3, 256);
    at::set_num_threads(argument(4, 1));
    const auto files = ModelFiles::open(argv[1]);
    const auto& info = files->info();
    const Rope rope(info, at::kCPU);
    const auto weights = readBlock(files, 0, at::kFloat, at::kCPU);
    auto plan = uniformPlan(TransformKind::Affine, info.blocks, {4, 4, 4, 4, 0});
    plan.kronecker = KroneckerRule::Fermat;
    CalibrationOptions options;
    options.batch = batch;
    options.epochs = 5;
    const auto inputs = torch::randn({8 * batch, tokens, info.hidden});
    at::Tensor targets;
    {
        const at::NoGradGuard noGrad;
        targets = forwardBlock({.info = info, .rope = rope}, weights, inputs);
    }
    auto parameters = makeBlockParameters(info, plan, 0, options);
    Progress progress;
    const BlockProblem problem{info, rope, weights, plan.scheme, 0, inputs, targets};
    const auto report = trainBlock(
        problem, parameters, options, [](const LossPoint&) {}, progress);
    const double step = report.seconds / (8 * options.epochs);
    std::printf("calibration step  hidden %lld  batch %d x %d tokens  %d threads  fp32 cpu  %.4f s",
                static_cast<long long>(info.hidden), batch, tokens, at::get_num_threads(), step);
    if (info.hidden == 64 && batch == 4 && tokens == 256)
        std::printf("  FlatQuant 0.0550 s  ratio %.2f", 0.055 / step);
    std::printf("\n");
    return 0;
}
