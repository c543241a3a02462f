// SPDX-License-Identifier: Apache-2.0
#include "core/stats/accumulator.h"

#include "core/base/error.h"
#include "core/stats/outlier_channels.h"
#include "gpu/dispatch.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

namespace core {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/** The types that the kernel reads in place. */
std::optional<gpu::ElementType> elementTypeOf(DType type)
{
    switch (type) {
    case DType::F32: return gpu::ElementType::Float32;
    case DType::F64: return gpu::ElementType::Float64;
    case DType::F16: return gpu::ElementType::Float16;
    case DType::BF16: return gpu::ElementType::BFloat16;
    default: return std::nullopt;
    }
}

std::string contextOf(const TensorView& tensor)
{
    return tensor.file + ": " + tensor.name;
}

/** Rows [begin, begin + rows) of a matrix. */
TensorView rowsOf(const TensorView& tensor, std::int64_t channels, std::int64_t begin, std::int64_t rows)
{
    TensorView part = tensor;
    part.shape = {rows, channels};
    part.bytes =
        tensor.bytes.subspan(byteCount(tensor.dtype, begin * channels), byteCount(tensor.dtype, rows * channels));
    return part;
}

} // namespace

Accumulator::Accumulator(std::int64_t channels)
    : m_statistics(channels)
{
}

void Accumulator::add(const at::Tensor& values)
{
    gpu::accumulateStatistics(m_statistics, values);
}

void Accumulator::add(const TensorView& tensor, Progress& progress)
{
    const auto channels = static_cast<std::int64_t>(m_statistics.channelAbsmax.size());
    const auto last = tensor.shape.empty() ? 1 : tensor.shape.back();
    if (last != channels)
        throw Error(ErrorKind::InvalidArgument,
                    "a tensor of " + std::to_string(last) + " channels was added to statistics of "
                        + std::to_string(channels),
                    contextOf(tensor));
    const auto elements = tensor.elementCount();
    if (elements == 0)
        return;
    if (tensor.dtype == DType::Other)
        throw Error(ErrorKind::Unsupported, "no statistics for elements of type " + tensor.typeName, contextOf(tensor));
    if (tensor.bytes.size() != byteCount(tensor.dtype, elements))
        throw Error(ErrorKind::Corrupt,
                    "the shape counts " + std::to_string(elements) + " elements of "
                        + std::string(toString(tensor.dtype)) + ", the file holds "
                        + std::to_string(tensor.bytes.size()) + " bytes",
                    contextOf(tensor));

    const auto inPlace = elementTypeOf(tensor.dtype);
    const auto rows = elements / channels;
    // Steps between two looks at `progress`; whole blocks of 32 elements whatever the channels.
    const std::int64_t stepValues = inPlace ? 1 << 25 : 1 << 20;
    const auto stepRows = std::max<std::int64_t>(32, stepValues / channels / 32 * 32);
    std::vector<float> decoded;
    for (std::int64_t begin = 0; begin < rows; begin += stepRows) {
        progress.checkpoint();
        const auto count = std::min(stepRows, rows - begin);
        const auto part = rowsOf(tensor, channels, begin, count);
        gpu::Matrix matrix{part.bytes.data(), gpu::ElementType::Float32, count, channels};
        if (inPlace) {
            matrix.type = *inPlace;
        } else {
            decoded.resize(count * channels);
            readAsFloat(part, decoded);
            matrix.data = decoded.data();
        }
        gpu::cpu::accumulateStatistics(m_statistics, matrix);
    }
}

void Accumulator::merge(const Accumulator& other)
{
    gpu::merge(m_statistics, other.m_statistics);
}

Distribution Accumulator::distribution() const
{
    const auto& moments = m_statistics.moments;
    Distribution result;
    result.count = moments.count;
    result.nonFinite = moments.nonFinite;
    result.channelAbsmax = m_statistics.channelAbsmax;
    result.outlierChannels = outlierChannels(result.channelAbsmax);
    result.kurtosis = gpu::excessKurtosis(moments);
    if (m_statistics.rowKurtosisCount > 0)
        result.rowKurtosis = m_statistics.rowKurtosisSum / static_cast<double>(m_statistics.rowKurtosisCount);
    if (moments.count == 0) {
        result.mean = result.std = result.min = result.max = kNaN;
        return result;
    }
    result.mean = moments.mean;
    result.std = std::sqrt(moments.m2 / static_cast<double>(moments.count));
    result.min = moments.min;
    result.max = moments.max;
    result.absmax = moments.absmax();
    result.histogram = toHistogram(m_statistics.histogram);
    if (moments.absmax() == 0.0f) // the narrowest bin that floats have is no use to anyone who draws it
        result.histogram = {.low = 0.0, .high = 1.0, .counts = {static_cast<std::uint64_t>(moments.count)}};
    return result;
}

Histogram toHistogram(const gpu::DyadicHistogram& dyadic, int wanted)
{
    auto grid = dyadic;
    for (;;) {
        const auto isUsed = [](std::uint64_t count) { return count != 0; };
        const auto first = std::find_if(grid.counts.begin(), grid.counts.end(), isUsed);
        if (first == grid.counts.end())
            return {};
        const auto end = std::find_if(grid.counts.rbegin(), grid.counts.rend(), isUsed).base();
        if (end - first < 2 * wanted) {
            const auto edge = [&](auto bin) {
                return std::ldexp(static_cast<double>(bin - grid.counts.begin() - gpu::DyadicHistogram::kHalf),
                                  grid.exponent);
            };
            return {.low = edge(first), .high = edge(end), .counts = {first, end}};
        }
        grid.widenTo(grid.exponent + 1);
    }
}

} // namespace core
