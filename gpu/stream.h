// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <c10/core/Device.h>

namespace gpu {

/** LibTorch's current stream on a CUDA device (a cudaStream_t): kernels started on it run in order with its operators. Make the
    device current first (c10::DeviceGuard). */
void* currentStream(c10::Device device);

} // namespace gpu
