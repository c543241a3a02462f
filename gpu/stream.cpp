// SPDX-License-Identifier: Apache-2.0
#include "gpu/stream.h"

#include <c10/core/impl/VirtualGuardImpl.h>

namespace gpu {

void* currentStream(c10::Device device)
{
    return c10::impl::VirtualGuardImpl(device.type()).getStream(device).native_handle();
}

} // namespace gpu
