// SPDX-License-Identifier: Apache-2.0
#include "core/io/tensor_view.h"

namespace core {

std::int64_t TensorView::elementCount() const
{
    std::int64_t count = 1;
    for (const auto size : shape)
        count *= size;
    return count;
}

} // namespace core
