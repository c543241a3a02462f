// SPDX-License-Identifier: Apache-2.0
#include "core/search/model_tail.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace core {

at::Tensor ModelTail::final(at::Tensor outputs, Progress& progress) const
{
    for (int block = m_block + 1; block < m_model.info().blocks; ++block) {
        progress.checkpoint();
        outputs = m_model.forward(block, outputs);
    }
    return rmsNorm(outputs, m_model.parts().finalNorm, m_model.info().normEps);
}

std::vector<double> ModelTail::divergence(const at::Tensor& reference, const at::Tensor& other,
                                          Progress& progress) const
{
    constexpr std::int64_t kElements = 1 << 20; // of logits at a time
    const auto rows = std::max<std::int64_t>(32, kElements / m_model.info().vocab);
    const auto logProbabilities = [this](const at::Tensor& hidden) {
        return m_model.logits(hidden).to(at::kDouble).log_softmax(-1);
    };
    std::vector<double> windows;
    for (std::int64_t window = 0; window < reference.size(0); ++window) {
        double sum = 0.0;
        for (std::int64_t begin = 0; begin < reference.size(1); begin += rows) {
            progress.checkpoint();
            const auto count = std::min(rows, reference.size(1) - begin);
            const auto logP = logProbabilities(reference[window].narrow(0, begin, count));
            const auto logQ = logProbabilities(other[window].narrow(0, begin, count));
            const auto p = logP.exp();
            // Where p is 0 the term is 0, however small q is: 0 * inf must not become NaN.
            const auto terms = at::where(p.eq(0.0), at::zeros({}, p.options()), p * (logP - logQ));
            sum += terms.sum().item<double>();
        }
        windows.push_back(sum / double(reference.size(1)));
    }
    return windows;
}

} // namespace core
