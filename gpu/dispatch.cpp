// SPDX-License-Identifier: Apache-2.0
#include "gpu/dispatch.h"

#include <ATen/ATen.h>

namespace gpu {

namespace {

ElementType elementTypeOf(const at::Tensor& values)
{
    switch (values.scalar_type()) {
    case at::kFloat: return ElementType::Float32;
    case at::kDouble: return ElementType::Float64;
    case at::kBFloat16: return ElementType::BFloat16;
    case at::kHalf: return ElementType::Float16;
    default: break;
    }
    TORCH_CHECK_VALUE(false, "statistics need floating-point values, not ", values.scalar_type());
}

} // namespace

void accumulateStatistics(Statistics& into, const at::Tensor& values)
{
    const auto type = elementTypeOf(values);
    TORCH_CHECK_VALUE(values.dim() > 0, "statistics need at least one axis, the channels");
    if (values.numel() == 0)
        return;
    const bool onGpu = values.is_cuda() && cuda::isBuilt();
    const auto readable = (onGpu ? values : values.cpu()).contiguous();
    const auto channels = readable.size(-1);
    const Matrix matrix{readable.const_data_ptr(), type, readable.numel() / channels, channels};
    if (onGpu)
        cuda::accumulateStatistics(into, matrix, readable.device().index());
    else
        cpu::accumulateStatistics(into, matrix);
}

} // namespace gpu
