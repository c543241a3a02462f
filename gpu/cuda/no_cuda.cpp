// SPDX-License-Identifier: Apache-2.0
// Stands in for gpu/cuda/*.cu in a build without a CUDA compiler. Who calls kernels asks isBuilt() and never comes here.
#include "gpu/cuda/fake_quant.h"
#include "gpu/cuda/statistics.h"
#include "gpu/token_kernels.h"

#include <stdexcept>

namespace gpu::cuda {

namespace {

[[noreturn]] void refuse()
{
    throw std::logic_error("this build has no CUDA kernels: it was made without a CUDA compiler");
}

} // namespace

bool isBuilt()
{
    return false;
}

std::size_t statisticsWorkspace(std::int64_t)
{
    refuse();
}

void accumulateStatistics(Statistics&, const Matrix&, void*, void*)
{
    refuse();
}

void quantizeRows(const RowsTask&, void*, float*)
{
    refuse();
}

void quantizeRowsBackward(const RowsTask&, const float*, const void*, void*, float*, float*, double*)
{
    refuse();
}

bool canFuseKronecker(ElementType, std::int64_t, std::int64_t)
{
    return false;
}

void quantizeTokens(const Matrix&, const TokenCodes&, void*)
{
    refuse();
}

void kroneckerQuantize(const KroneckerTokens&, const TokenCodes&, void*)
{
    refuse();
}

void hadamardTransform(const HadamardRows&, void*, void*)
{
    refuse();
}

void hadamardQuantize(const HadamardRows&, const TokenCodes&, void*)
{
    refuse();
}

} // namespace gpu::cuda
