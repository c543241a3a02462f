// SPDX-License-Identifier: Apache-2.0
// The kernel of gpu/cpu/statistics.cpp on a GPU, without LibTorch headers. Two reads of the matrix: the first gives moments,
// extremes and the channels' maxima, the second fills the histogram, whose width the extremes set. Both are bound by memory.
#include "gpu/cuda/launch.h"
#include "gpu/kernels.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace gpu::cuda {

namespace {

constexpr int kThreads = 256;
constexpr int kValues = 16; // that a thread holds in registers while it takes their mean and powers

/** Memory of the current device, freed in the order of the default stream. */
template <typename T>
class DeviceArray
{
public:
    explicit DeviceArray(std::size_t count)
        : m_count(count)
    {
        check(cudaMalloc(&m_data, count * sizeof(T)), "allocate memory for statistics");
        if (const auto status = cudaMemsetAsync(m_data, 0, count * sizeof(T), nullptr); status != cudaSuccess) {
            cudaFree(m_data);
            check(status, "clear memory for statistics");
        }
    }
    ~DeviceArray() { cudaFree(m_data); }
    DeviceArray(const DeviceArray&) = delete;
    DeviceArray& operator=(const DeviceArray&) = delete;

    T* data() const { return m_data; }

    /** Waits for the kernels before it. */
    std::vector<T> read() const
    {
        std::vector<T> host(m_count);
        check(cudaMemcpy(host.data(), m_data, m_count * sizeof(T), cudaMemcpyDeviceToHost), "compute statistics");
        return host;
    }

private:
    T* m_data = nullptr;
    std::size_t m_count;
};

/** Makes a device current for one scope. */
class DeviceScope
{
public:
    explicit DeviceScope(int device)
    {
        check(cudaGetDevice(&m_before), "find the current device");
        check(cudaSetDevice(device), "choose the device");
    }
    ~DeviceScope() { cudaSetDevice(m_before); }
    DeviceScope(const DeviceScope&) = delete;
    DeviceScope& operator=(const DeviceScope&) = delete;

private:
    int m_before = 0;
};

/** Threads of a block stand side by side along the channels, `columns` of them, in kThreads / columns rows. */
struct Layout
{
    int columns = kThreads;
    int rowsAtOnce = 1;
    std::int64_t rowsPerBlock = 0;
    dim3 blocks;

    Layout(const Matrix& values)
    {
        while (columns > 32 && columns / 2 >= values.channels)
            columns /= 2;
        rowsAtOnce = kThreads / columns;
        const auto strips = (values.channels + columns - 1) / columns;
        // Enough blocks to fill any GPU, few enough that merging their results costs nothing.
        constexpr std::int64_t kBlocksWanted = 4096;
        const auto groups = std::max<std::int64_t>(1, std::min<std::int64_t>(65535, kBlocksWanted / strips));
        const std::int64_t unit = std::int64_t{rowsAtOnce} * kValues;
        rowsPerBlock = ((values.rows + groups - 1) / groups + unit - 1) / unit * unit;
        blocks =
            dim3(static_cast<unsigned>(strips), static_cast<unsigned>((values.rows + rowsPerBlock - 1) / rowsPerBlock));
    }
};

/** The moments of up to kValues numbers about their own mean. */
__device__ Moments momentsOf(const float (&values)[kValues], int held)
{
    Moments moments;
    double sum = 0.0;
    for (int i = 0; i < kValues; ++i) {
        if (i >= held)
            break;
        if (!isfinite(values[i])) {
            ++moments.nonFinite;
            continue;
        }
        ++moments.count;
        sum += values[i];
        moments.min = fminf(moments.min, values[i]);
        moments.max = fmaxf(moments.max, values[i]);
    }
    if (moments.count == 0)
        return moments;
    moments.mean = sum / static_cast<double>(moments.count);
    for (int i = 0; i < kValues; ++i) {
        if (i >= held)
            break;
        if (!isfinite(values[i]))
            continue;
        const double d = values[i] - moments.mean;
        const double square = d * d;
        moments.m2 += square;
        moments.m3 += square * d;
        moments.m4 += square * square;
    }
    return moments;
}

template <typename T>
__global__ void reduceMoments(const T* data, std::int64_t rows, std::int64_t channels, int columns,
                              std::int64_t rowsPerBlock, Moments* results, unsigned* channelAbsmax)
{
    // Raw bytes: an array of a type with initializers may not stand in shared memory.
    __shared__ alignas(16) unsigned char storage[kThreads * sizeof(Moments)];
    auto* const shared = reinterpret_cast<Moments*>(storage);
    const int rowsAtOnce = kThreads / columns;
    const std::int64_t channel = std::int64_t{blockIdx.x} * columns + threadIdx.x % columns;
    const std::int64_t end = min(rows, (blockIdx.y + std::int64_t{1}) * rowsPerBlock);

    Moments mine;
    std::int64_t row = blockIdx.y * rowsPerBlock + threadIdx.x / columns;
    while (channel < channels && row < end) {
        float values[kValues];
        int held = 0;
#pragma unroll
        for (int i = 0; i < kValues; ++i, row += rowsAtOnce) {
            if (row < end) {
                values[i] = toFloat(data[row * channels + channel]);
                held = i + 1;
            }
        }
        merge(mine, momentsOf(values, held));
    }
    // Floats that are not negative order as their bits do.
    if (mine.count > 0)
        atomicMax(channelAbsmax + channel, __float_as_uint(mine.absmax()));

    shared[threadIdx.x] = mine;
    for (int half = kThreads / 2; half > 0; half /= 2) {
        __syncthreads();
        if (threadIdx.x < half)
            merge(shared[threadIdx.x], shared[threadIdx.x + half]);
    }
    if (threadIdx.x == 0)
        results[std::int64_t{blockIdx.y} * gridDim.x + blockIdx.x] = shared[0];
}

template <typename T>
__global__ void countBins(const T* data, std::int64_t count, float inverseWidth, unsigned long long* counts)
{
    __shared__ unsigned shared[DyadicHistogram::kBins];
    for (int bin = threadIdx.x; bin < DyadicHistogram::kBins; bin += kThreads)
        shared[bin] = 0;
    __syncthreads();
    for (std::int64_t i = std::int64_t{blockIdx.x} * kThreads + threadIdx.x; i < count;
         i += std::int64_t{gridDim.x} * kThreads) {
        const float x = toFloat(data[i]);
        if (isfinite(x))
            atomicAdd(shared + static_cast<int>(floorf(x * inverseWidth)) + DyadicHistogram::kHalf, 1u);
    }
    __syncthreads();
    for (int bin = threadIdx.x; bin < DyadicHistogram::kBins; bin += kThreads)
        if (shared[bin] != 0)
            atomicAdd(counts + bin, static_cast<unsigned long long>(shared[bin]));
}

template <typename T>
void accumulate(Statistics& into, const Matrix& values)
{
    const Layout layout(values);
    const auto* data = static_cast<const T*>(values.data);
    const DeviceArray<Moments> results(std::size_t{layout.blocks.x} * layout.blocks.y);
    const DeviceArray<unsigned> absmax(values.channels);
    reduceMoments<T><<<layout.blocks, kThreads>>>(data, values.rows, values.channels, layout.columns,
                                                  layout.rowsPerBlock, results.data(), absmax.data());
    check(cudaGetLastError(), "start the moments kernel");
    for (const auto& result : results.read())
        merge(into.moments, result);
    const auto bits = absmax.read();
    for (std::size_t i = 0; i < bits.size(); ++i)
        into.channelAbsmax[i] = std::max(into.channelAbsmax[i], __builtin_bit_cast(float, bits[i]));

    into.histogram.widenTo(DyadicHistogram::exponentFor(into.moments.absmax()));
    const std::int64_t count = values.rows * values.channels;
    // A block's 32-bit counters hold its share of up to 2^32 * kMaxBlocks values.
    constexpr std::int64_t kMaxBlocks = 1024;
    const auto blocks = std::min(kMaxBlocks, (count + kThreads - 1) / kThreads);
    const DeviceArray<unsigned long long> counts(DyadicHistogram::kBins);
    countBins<T><<<static_cast<unsigned>(blocks), kThreads>>>(data, count, std::ldexp(1.0f, -into.histogram.exponent),
                                                              counts.data());
    check(cudaGetLastError(), "start the histogram kernel");
    const auto added = counts.read();
    for (int bin = 0; bin < DyadicHistogram::kBins; ++bin)
        into.histogram.counts[bin] += added[bin];
}

} // namespace

bool isBuilt()
{
    return true;
}

void accumulateStatistics(Statistics& into, const Matrix& values, int device)
{
    if (static_cast<std::int64_t>(into.channelAbsmax.size()) != values.channels)
        throw std::invalid_argument("a matrix of " + std::to_string(values.channels)
                                    + " channels does not go into statistics of "
                                    + std::to_string(into.channelAbsmax.size()));
    if (values.rows == 0 || values.channels == 0)
        return;
    const DeviceScope scope(device);
    switch (values.type) {
    case ElementType::Float32: return accumulate<float>(into, values);
    case ElementType::Float64: return accumulate<double>(into, values);
    case ElementType::BFloat16: return accumulate<__nv_bfloat16>(into, values);
    case ElementType::Float16: return accumulate<__half>(into, values);
    }
}

} // namespace gpu::cuda
