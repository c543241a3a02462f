// SPDX-License-Identifier: Apache-2.0
// The kernel of gpu/cpu/statistics.cpp on a GPU, without LibTorch headers: one read of the matrix. A sample of it sets a centre and a
// scale for the powers, which then are plain sums (float32 over 32 values, float64 beyond), and the histogram's width. The few values
// that turn out to lie outside its range go to a list; where they are too many, the matrix is read again with what is known now.
#include "gpu/cuda/statistics.h"
#include "gpu/cuda/statistics_kernels.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace gpu::cuda {

using namespace statistics;

namespace {

/** One call's way through the workspace. */
template <typename T>
class Call
{
public:
    Call(const Matrix& values, void* workspace, void* stream)
        : m_values(values)
        , m_layout(values.channels)
        , m_memory(static_cast<std::byte*>(workspace))
        , m_stream(asStream(stream))
    {
    }

    /** One read of the matrix with bins of at least 2^leastExponent; the results are on the host then. */
    void read(int leastExponent)
    {
        constexpr int kWide = 16 / sizeof(T);
        if (isAligned16(m_values.data) && m_values.channels % kWide == 0)
            start<kWide>(leastExponent);
        else
            start<1>(leastExponent);
        m_host.resize(m_layout.parts + m_blocks * sizeof(Part));
        check(cudaMemcpyAsync(m_host.data(), m_memory, m_host.size(), cudaMemcpyDeviceToHost, m_stream),
              "read statistics back");
        check(cudaStreamSynchronize(m_stream), "compute statistics");
    }

    const Choice& choice() const { return *reinterpret_cast<const Choice*>(m_host.data()); }
    const std::uint64_t* counts() const { return at<std::uint64_t>(m_layout.counts); }
    float absmax(std::int64_t channel) const { return at<float>(m_layout.absmax)[channel]; }

    std::vector<float> list() const
    {
        std::vector<float> values(std::min<unsigned>(choice().listed, kListed));
        if (!values.empty()) {
            check(cudaMemcpyAsync(values.data(), m_memory + m_layout.list, values.size() * sizeof(float),
                                  cudaMemcpyDeviceToHost, m_stream),
                  "read outliers back");
            check(cudaStreamSynchronize(m_stream), "list outliers");
        }
        return values;
    }

    Part total() const
    {
        Part sum;
        for (int block = 0; block < m_blocks; ++block) {
            const auto& part = at<Part>(m_layout.parts)[block];
            for (int power = 0; power < 4; ++power)
                sum.sums[power] += part.sums[power];
            sum.nonFinite += part.nonFinite;
            sum.min = std::min(sum.min, part.min);
            sum.max = std::max(sum.max, part.max);
        }
        return sum;
    }

private:
    template <typename Value>
    const Value* at(std::size_t offset) const
    {
        return reinterpret_cast<const Value*>(m_host.data() + offset);
    }

    template <int kPack>
    void start(int leastExponent)
    {
        const auto* data = static_cast<const T*>(m_values.data);
        const Grid2d grid(m_values.rows, m_values.channels / kPack);
        auto* const choice = reinterpret_cast<Choice*>(m_memory);
        auto* const counts = reinterpret_cast<unsigned long long*>(m_memory + m_layout.counts);
        auto* const absmax = reinterpret_cast<unsigned*>(m_memory + m_layout.absmax);
        chooseFromSample<T, kPack><<<1, kSampleThreads, 0, m_stream>>>(
            data, m_values.rows * grid.packsPerRow, m_values.channels, leastExponent, choice, counts, absmax);
        checkLaunch("start the sample of a matrix");
        allowSharedMemory(readOnce<T, kPack>, kTableBytes);
        readOnce<T, kPack><<<grid.blocks, kThreads, kTableBytes, m_stream>>>(
            data, m_values.rows, grid, choice, counts, absmax, reinterpret_cast<Part*>(m_memory + m_layout.parts),
            reinterpret_cast<float*>(m_memory + m_layout.list));
        checkLaunch("start the statistics kernel");
        m_blocks = grid.blocks;
    }

    const Matrix& m_values;
    Layout m_layout;
    std::byte* m_memory;
    cudaStream_t m_stream;
    int m_blocks = 0;
    std::vector<std::byte> m_host;
};

/** Central sums of x from those of d = x * scale - centre. */
Moments momentsOf(const Part& part, const Choice& choice, std::int64_t elements)
{
    Moments moments;
    moments.nonFinite = static_cast<std::int64_t>(part.nonFinite);
    moments.count = elements - moments.nonFinite;
    if (moments.count == 0)
        return moments;
    const double n = static_cast<double>(moments.count);
    const double unit = 1.0 / choice.scale;
    const auto& s = part.sums;
    const double shift = s[0] / n;
    moments.min = part.min;
    moments.max = part.max;
    moments.mean = (choice.centre + shift) * unit;
    moments.m2 = std::max(0.0, s[1] - n * shift * shift) * unit * unit;
    moments.m3 = (s[2] - 3.0 * shift * s[1] + 2.0 * n * shift * shift * shift) * unit * unit * unit;
    moments.m4 = std::max(0.0, s[3] - 4.0 * shift * s[2] + 6.0 * shift * shift * s[1] - 3.0 * n * std::pow(shift, 4))
        * unit * unit * unit * unit;
    return moments;
}

template <typename T>
void accumulate(Statistics& into, const Matrix& values, void* workspace, void* stream)
{
    Call<T> call(values, workspace, stream);
    call.read(DyadicHistogram::kMinExponent);
    auto part = call.total();
    const auto largestOf = [](const Part& all) { return all.min > all.max ? 0.0f : std::max(-all.min, all.max); };
    const int exponent = DyadicHistogram::exponentFor(largestOf(part));
    // The sample missed too much: its successor knows the largest value.
    if (call.choice().listed > kListed || !std::isfinite(part.sums[3])) {
        call.read(exponent);
        part = call.total();
    }
    merge(into.moments, momentsOf(part, call.choice(), values.rows * values.channels));
    for (std::int64_t channel = 0; channel < values.channels; ++channel)
        into.channelAbsmax[channel] = std::max(into.channelAbsmax[channel], call.absmax(channel));
    DyadicHistogram histogram;
    histogram.exponent = call.choice().exponent;
    std::copy_n(call.counts(), kBins, histogram.counts.begin());
    histogram.widenTo(exponent);
    for (const float x : call.list())
        ++histogram.counts[static_cast<int>(std::floor(std::ldexp(x, -histogram.exponent))) + DyadicHistogram::kHalf];
    into.histogram.merge(histogram);
}

} // namespace

bool isBuilt()
{
    return true;
}

std::size_t statisticsWorkspace(std::int64_t channels)
{
    return Layout(channels).end;
}

void accumulateStatistics(Statistics& into, const Matrix& values, void* workspace, void* stream)
{
    if (static_cast<std::int64_t>(into.channelAbsmax.size()) != values.channels)
        throw std::invalid_argument("a matrix of " + std::to_string(values.channels)
                                    + " channels does not go into statistics of "
                                    + std::to_string(into.channelAbsmax.size()));
    if (values.rows == 0 || values.channels == 0)
        return;
    switch (values.type) {
    case ElementType::Float32: return accumulate<float>(into, values, workspace, stream);
    case ElementType::Float64: return accumulate<double>(into, values, workspace, stream);
    case ElementType::BFloat16: return accumulate<__nv_bfloat16>(into, values, workspace, stream);
    case ElementType::Float16: return accumulate<__half>(into, values, workspace, stream);
    }
}

} // namespace gpu::cuda
