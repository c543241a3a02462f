// SPDX-License-Identifier: Apache-2.0
#include "core/search/model_tail.h"

#include "core/model/predictions.h"

#include <ATen/ATen.h>

namespace core {

at::Tensor ModelTail::final(const at::Tensor& outputs, Progress& progress) const
{
    return runRest(m_model, m_block + 1, outputs, progress);
}

std::vector<double> ModelTail::divergence(const at::Tensor& reference, const at::Tensor& other,
                                          Progress& progress) const
{
    std::vector<double> windows;
    for (std::int64_t window = 0; window < reference.size(0); ++window) {
        double sum = 0.0;
        forEachSlice(reference.size(1), 2 * m_model.info().vocab, [&](std::int64_t begin, std::int64_t count) {
            progress.checkpoint();
            const auto logP = logProbabilities(m_model, reference[window].narrow(0, begin, count));
            const auto logQ = logProbabilities(m_model, other[window].narrow(0, begin, count));
            sum += divergences(logP.exp(), logP, logQ).sum().item<double>();
        });
        windows.push_back(sum / double(reference.size(1)));
    }
    return windows;
}

} // namespace core
