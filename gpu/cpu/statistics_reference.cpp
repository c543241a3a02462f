// SPDX-License-Identifier: Apache-2.0
// The definitions of gpu/kernels.h, written down: what the fast versions on CPU and GPU are tested against.
#include "gpu/kernels.h"

#include <c10/util/BFloat16.h>
#include <c10/util/Half.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <stdexcept>

namespace gpu::cpu {

namespace {

template <typename Stored>
std::vector<float> decodeAs(const Matrix& values)
{
    const auto* bytes = static_cast<const std::byte*>(values.data);
    std::vector<float> all(values.rows * values.channels);
    for (std::size_t i = 0; i < all.size(); ++i) {
        Stored stored;
        std::memcpy(&stored, bytes + i * sizeof stored, sizeof stored);
        all[i] = static_cast<float>(stored);
    }
    return all;
}

std::vector<float> decodeAll(const Matrix& values)
{
    switch (values.type) {
    case ElementType::Float32: return decodeAs<float>(values);
    case ElementType::Float64: return decodeAs<double>(values);
    case ElementType::BFloat16: return decodeAs<c10::BFloat16>(values);
    case ElementType::Float16: return decodeAs<c10::Half>(values);
    }
    throw std::invalid_argument("not an element type");
}

double power(double x, int exponent)
{
    return exponent == 0 ? 1.0 : x * power(x, exponent - 1);
}

Moments referenceMoments(const std::vector<float>& values)
{
    Moments moments;
    double sum = 0.0;
    for (const float x : values) {
        if (!std::isfinite(x)) {
            ++moments.nonFinite;
            continue;
        }
        ++moments.count;
        sum += x;
        moments.min = std::min(moments.min, x);
        moments.max = std::max(moments.max, x);
    }
    if (moments.count == 0)
        return moments;
    moments.mean = sum / static_cast<double>(moments.count);
    for (const float x : values) {
        if (!std::isfinite(x))
            continue;
        moments.m2 += power(x - moments.mean, 2);
        moments.m3 += power(x - moments.mean, 3);
        moments.m4 += power(x - moments.mean, 4);
    }
    return moments;
}

} // namespace

Statistics referenceStatistics(const Matrix& values)
{
    Statistics result(values.channels);
    const auto all = decodeAll(values);
    result.moments = referenceMoments(all);
    result.histogram.widenTo(DyadicHistogram::exponentFor(result.moments.absmax()));
    for (std::int64_t row = 0; row < values.rows; ++row) {
        const auto begin = all.begin() + row * values.channels;
        const double kurtosis = excessKurtosis(referenceMoments({begin, begin + values.channels}));
        if (values.channels >= Statistics::kMinRowLength && std::isfinite(kurtosis)) {
            result.rowKurtosisSum += kurtosis;
            ++result.rowKurtosisCount;
        }
        for (std::int64_t channel = 0; channel < values.channels; ++channel) {
            const float x = begin[channel];
            if (!std::isfinite(x))
                continue;
            const double bin = std::floor(std::ldexp(static_cast<double>(x), -result.histogram.exponent));
            ++result.histogram.counts[static_cast<int>(bin) + DyadicHistogram::kHalf];
            result.channelAbsmax[channel] = std::max(result.channelAbsmax[channel], std::fabs(x));
        }
    }
    return result;
}

} // namespace gpu::cpu
