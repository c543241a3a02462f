// SPDX-License-Identifier: Apache-2.0
#include "core/session/block_inputs.h"

#include <ATen/ATen.h>

namespace core {

at::Tensor BlockInputs::at(const std::shared_ptr<const Model>& model, const at::Tensor& windows, int block,
                           Progress& progress)
{
    const at::NoGradGuard noGrad;
    if (m_model != model || !m_windows.defined() || !at::equal(m_windows, windows)) {
        m_model = model;
        m_windows = windows;
        m_inputs.clear();
    }
    auto nearest = m_inputs.upper_bound(block);
    const bool found = nearest != m_inputs.begin();
    int place = found ? (--nearest)->first : 0;
    auto hidden = found ? nearest->second : model->embed(windows);
    for (; place < block; ++place) {
        progress.report(double(place) / double(block), "input of block " + std::to_string(block));
        std::vector<at::Tensor> outputs;
        for (const auto& window : hidden.split(1)) {
            progress.checkpoint();
            outputs.push_back(model->forward(place, window));
        }
        hidden = at::cat(outputs);
    }
    if (m_inputs.size() >= kKept)
        m_inputs.erase(m_inputs.begin());
    m_inputs[block] = hidden;
    return hidden;
}

} // namespace core
