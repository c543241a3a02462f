// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/dyadic_histogram.h"
#include "gpu/moments.h"

#include <cstdint>
#include <vector>

/** The narrow kernel interface: plain memory in, plain values out. For each kernel gpu/cpu holds a readable reference and
    what runs on a CPU, gpu/cuda what runs on a GPU under the same name; where there is no CUDA compiler,
    gpu/cuda/no_cuda.cpp stands in. gpu/dispatch.h chooses by where a tensor lives. */
namespace gpu {

enum class ElementType { Float32, Float64, BFloat16, Float16 };

std::int64_t byteSize(ElementType type);

/** `rows` times `channels` elements, row after row without gaps. The address need not be aligned. */
struct Matrix
{
    const void* data = nullptr;
    ElementType type = ElementType::Float32;
    std::int64_t rows = 0;
    std::int64_t channels = 0;
};

/** What one pass over a matrix tells; statistics of parts with the same channels merge into those of the whole. float64
    elements count as the float32 that models compute with. */
struct Statistics
{
    explicit Statistics(std::int64_t channels)
        : channelAbsmax(channels, 0.0f)
    {
    }

    Moments moments;
    DyadicHistogram histogram;
    std::vector<float> channelAbsmax; // [channels], 0 where a channel holds no finite value
    // Sum and number of the excess kurtoses of single rows, where they exist (kMinRowLength, not all values equal).
    double rowKurtosisSum = 0.0;
    std::int64_t rowKurtosisCount = 0;

    static constexpr std::int64_t kMinRowLength = 32; // the kurtosis of shorter rows says nothing
};

void merge(Statistics& into, const Statistics& part);

namespace cpu {

/** Adds `values` to `into` in one read of the memory, on all threads of LibTorch's pool. The result does not depend on the
    number of threads. Moments are float64, taken about the mean of each row segment of at most 2048 values and merged:
    relative error of the kurtosis about 1e-13. `into` has the channels of `values`. */
void accumulateStatistics(Statistics& into, const Matrix& values);

/** The same by the definitions: the mean first, then powers of the differences, one value at a time. For tests. */
Statistics referenceStatistics(const Matrix& values);

} // namespace cpu

namespace cuda {

/** False in a build without a CUDA compiler: the functions of gpu/cuda's headers then throw std::logic_error. */
bool isBuilt();

} // namespace cuda

} // namespace gpu
