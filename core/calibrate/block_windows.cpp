// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/block_windows.h"

#include "core/base/error.h"
#include "core/calibrate/channel_maxima.h"
#include "core/calibrate/window_store.h"

#include <ATen/ATen.h>

#include <cmath>

namespace core {

namespace {

/** Windows that go through a block at once where no gradient is needed. */
constexpr std::int64_t kForwardBatch = 4;

std::string largestWeight(const BlockWeights& weights)
{
    Role worst = Role::Q;
    double largest = 0.0;
    for (const auto role : kBlockRoles) {
        const double reach = weights.matrix(role).abs().max().item<double>();
        if (!(reach <= largest)) {
            worst = role;
            largest = reach;
        }
        if (std::isnan(reach))
            break;
    }
    return ", the largest is " + std::to_string(largest) + " in " + std::string(toString(worst));
}

} // namespace

BlockWindows forwardWindows(const ModelInfo& info, const Rope& rope, const BlockWeights& weights, int block,
                            const at::Tensor& inputs, std::int64_t measured, Progress& progress)
{
    const at::NoGradGuard noGrad;
    BlockWindows result{.targets = hostWindows(inputs.sizes(), weights.q.device()), .maxima = {}};
    std::int64_t wanted = 0; // windows of the batch that count for the maxima
    const auto counted = maximaTap(result.maxima);
    const Tap tap = [&](const SiteId& id, const at::Tensor& x) {
        if (wanted > 0)
            counted(id, x.narrow(0, 0, wanted));
    };
    const BlockContext context{.info = info, .rope = rope, .block = block, .tap = &tap};
    auto most = kForwardBatch;
    bool finite = true;
    inParts(weights.q.device(), inputs.size(0), most, [&](std::int64_t begin, std::int64_t count) {
        progress.checkpoint();
        wanted = std::min(count, measured - begin);
        const auto outputs = forwardBlock(context, weights, windowsOn(weights.q.device(), inputs, begin, count));
        finite = finite && at::isfinite(outputs).all().item<bool>();
        result.targets.narrow(0, begin, count).copy_(outputs);
    });
    if (!finite)
        throw Error(ErrorKind::Numeric,
                    "the full-precision output of block " + std::to_string(block)
                        + " is not finite on the calibration windows: a weight that is NaN or too large"
                        + largestWeight(weights));
    return result;
}

at::Tensor embedWindows(const std::shared_ptr<const ModelFiles>& files, const at::Tensor& windows, at::Device device)
{
    const auto embedding = readTensor(files, files->matrix({-1, Role::Embedding}), at::kFloat, at::kCPU);
    auto embedded = hostWindows({windows.size(0), windows.size(1), embedding.size(1)}, device);
    auto rows = embedded.view({-1, embedding.size(1)});
    at::index_select_out(rows, embedding, 0, windows.reshape({-1}));
    return embedded;
}

} // namespace core
