// SPDX-License-Identifier: Apache-2.0
// Stands in for gpu/cuda/*.cu in a build without a CUDA compiler. gpu/dispatch.cpp asks isBuilt() and never comes here.
#include "gpu/kernels.h"

#include <stdexcept>

namespace gpu::cuda {

bool isBuilt()
{
    return false;
}

void accumulateStatistics(Statistics&, const Matrix&, int)
{
    throw std::logic_error("this build has no CUDA kernels: it was made without a CUDA compiler");
}

} // namespace gpu::cuda
