// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include <functional>

namespace support {

/** |a - b| / |b| in the Frobenius norm, computed in float64; NaN where either has one. */
inline double relativeError(const at::Tensor& a, const at::Tensor& b)
{
    const auto expected = b.detach().to(at::kDouble);
    return (a.detach().to(at::kDouble) - expected).norm().item<double>() / expected.norm().item<double>();
}

inline double largestDifference(const at::Tensor& a, const at::Tensor& b)
{
    return (a.detach().to(at::kDouble) - b.detach().to(at::kDouble)).abs().max().item<double>();
}

/** Largest entry of |M^T M - I|, computed in float64. */
inline double orthogonalityError(const at::Tensor& matrix)
{
    const auto wide = matrix.detach().to(at::kDouble);
    return largestDifference(at::matmul(wide.mT(), wide), at::eye(wide.size(-1), at::kDouble));
}

inline at::Tensor normal(at::IntArrayRef shape, std::uint64_t seed, at::ScalarType dtype = at::kDouble)
{
    auto generator = at::detail::createCPUGenerator(seed);
    return at::randn(shape, generator, at::TensorOptions().dtype(at::kDouble)).to(dtype);
}

/** Central differences of `loss` in every element of `at` (float64, contiguous): error about step^2. */
inline at::Tensor finiteDifferences(const std::function<double(const at::Tensor&)>& loss, const at::Tensor& at,
                                    double step = 1e-5)
{
    const at::NoGradGuard noGrad;
    auto moved = at.detach().clone();
    auto gradient = at::empty_like(moved);
    auto* value = moved.mutable_data_ptr<double>();
    auto* slope = gradient.mutable_data_ptr<double>();
    for (std::int64_t i = 0; i < moved.numel(); ++i) {
        const double kept = value[i];
        value[i] = kept + step;
        const double above = loss(moved);
        value[i] = kept - step;
        slope[i] = (above - loss(moved)) / (2.0 * step);
        value[i] = kept;
    }
    return gradient;
}

} // namespace support

/** Shows the number where it is too large (or NaN). */
#define PLANISH_AT_MOST(value, bound)                                                                                  \
    do {                                                                                                               \
        const double planishValue = (value);                                                                           \
        QVERIFY2(planishValue <= (bound), qPrintable(QStringLiteral(#value " = %1").arg(planishValue)));               \
    } while (false)
