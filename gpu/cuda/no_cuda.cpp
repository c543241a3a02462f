// SPDX-License-Identifier: Apache-2.0
// Stands in for gpu/cuda/*.cu in a build without a CUDA compiler. Who calls kernels asks isBuilt() and never comes here.
#include "gpu/cuda/fake_quant.h"
#include "gpu/cuda/packed_kernels.h"
#include "gpu/cuda/statistics.h"
#include "gpu/kernels.h"
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

void multiplyCodes(const std::int8_t*, const float*, std::int64_t, const PackedWeight&, const float*, std::int32_t*,
                   float*, void*)
{
    refuse();
}

void kroneckerQuantize(const KroneckerTokens&, const TokenCodes&, void*)
{
    refuse();
}

void kroneckerQuantizeByWarps(const KroneckerTokens&, const TokenCodes&, void*)
{
    refuse();
}

void kroneckerQuantizeByWarpgroups(const KroneckerTokens&, const TokenCodes&, void*)
{
    refuse();
}

bool multiplyFloats(const float*, std::int64_t, const PackedWeight&, const float*, float*, void*)
{
    refuse();
}

void hadamardTransform(const HadamardRows&, void*, void*)
{
    refuse();
}

void quantizeToCodes(const CodesTask&, std::int8_t*, float*, void*)
{
    refuse();
}

void packGroups(const CodesTask&, int, std::uint8_t*, float*, std::uint8_t*, void*)
{
    refuse();
}

std::int64_t attentionScratch(const AttentionShape&, const PackedSide&, const PackedSide&)
{
    refuse();
}

void hadamardQuantize(const HadamardRows&, const TokenCodes&, void*)
{
    refuse();
}

void attendPacked(const float*, const PackedSide&, const PackedSide&, const AttentionShape&, float*, float*, void*)
{
    refuse();
}

} // namespace gpu::cuda
