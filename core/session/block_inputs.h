// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/progress.h"
#include "core/model/model.h"

#include <map>

namespace core {

/** Full-precision inputs of the blocks looked at last, so that the next question about the same windows need not run the model
    again. */
class BlockInputs
{
public:
    /** [windows, tokens, hidden] for `windows` [windows, tokens] int64; starts from the nearest block before that is kept. */
    at::Tensor at(const std::shared_ptr<const Model>& model, const at::Tensor& windows, int block, Progress& progress);

private:
    static constexpr std::size_t kKept = 8;

    std::shared_ptr<const Model> m_model;
    at::Tensor m_windows;
    std::map<int, at::Tensor> m_inputs; // by block
};

} // namespace core
