// SPDX-License-Identifier: Apache-2.0
#include "gpu/dispatch.h"

#include "gpu/cuda/statistics.h"
#include "gpu/stream.h"

#include <ATen/ATen.h>
#include <c10/core/DeviceGuard.h>

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
    if (!onGpu)
        return cpu::accumulateStatistics(into, matrix);
    const c10::DeviceGuard guard(readable.device());
    const auto bytes = static_cast<std::int64_t>(cuda::statisticsWorkspace(channels));
    const auto workspace = at::empty({bytes}, readable.options().dtype(at::kByte));
    cuda::accumulateStatistics(into, matrix, workspace.mutable_data_ptr(), currentStream(readable.device()));
}

} // namespace gpu
