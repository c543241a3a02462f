// SPDX-License-Identifier: Apache-2.0
#include "core/model/predictions.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace core {

at::Tensor runRest(const Model& model, int first, at::Tensor hidden, Progress& progress)
{
    for (int block = first; block < model.info().blocks; ++block) {
        progress.checkpoint();
        hidden = model.forward(block, hidden);
    }
    return rmsNorm(hidden, model.parts().finalNorm, model.info().normEps);
}

void forEachSlice(std::int64_t rows, std::int64_t vocab,
                  const std::function<void(std::int64_t begin, std::int64_t count)>& use)
{
    constexpr std::int64_t kElements = 1 << 20; // what a processor's cache keeps
    constexpr std::int64_t kFewest = 32;        // fewer would read a large head again and again
    const auto slice = std::max(kFewest, kElements / std::max<std::int64_t>(1, vocab));
    for (std::int64_t begin = 0; begin < rows; begin += slice)
        use(begin, std::min(slice, rows - begin));
}

at::Tensor logProbabilities(const Model& model, const at::Tensor& hidden)
{
    return model.logits(hidden).to(at::kFloat).to(at::kDouble).log_softmax(-1);
}

at::Tensor divergences(const at::Tensor& p, const at::Tensor& logP, const at::Tensor& logQ)
{
    return at::where(p.eq(0.0), at::zeros({}, p.options()), p * (logP - logQ)).sum(-1); // 0 * inf must not become NaN
}

} // namespace core
