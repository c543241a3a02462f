// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/window_store.h"

#include <ATen/ATen.h>

namespace core {

at::Tensor hostWindows(at::IntArrayRef sizes, at::Device device)
{
    return at::empty(sizes, at::TensorOptions().dtype(at::kFloat).pinned_memory(device.is_cuda()));
}

at::Tensor windowsOn(at::Device device, const at::Tensor& windows, std::int64_t begin, std::int64_t count)
{
    return windows.narrow(0, begin, count).to(device, /*non_blocking=*/windows.is_cpu());
}

} // namespace core
