// SPDX-License-Identifier: Apache-2.0
#include "gpu/hadamard_transform.h"

#include "gpu/token_kernels.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#define PLANISH_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))

namespace gpu::cpu {

namespace {

constexpr std::int64_t kGrain = 16384; // values a thread should have at least
constexpr int kSmall = 16;             // neighbours that the first step mixes at once

/** Sylvester's matrix of order kSmall. */
constexpr auto kSigns = [] {
    struct
    {
        float rows[kSmall][kSmall];
    } signs{};
    for (unsigned i = 0; i < kSmall; ++i)
        for (unsigned j = 0; j < kSmall; ++j)
            signs.rows[i][j] = std::popcount(i & j) % 2 == 0 ? 1.0f : -1.0f;
    return signs;
}();

/** The four lowest bits of the index: each 16 neighbours times Sylvester's matrix, a vector of sums at once. */
PLANISH_CLONES void mixNeighbours(float* x, std::int64_t n)
{
    for (std::int64_t start = 0; start < n; start += kSmall) {
        float sums[kSmall] = {};
        for (int i = 0; i < kSmall; ++i)
            for (int j = 0; j < kSmall; ++j)
                sums[j] += x[start + i] * kSigns.rows[i][j];
        for (int j = 0; j < kSmall; ++j)
            x[start + j] = sums[j];
    }
}

/** Sums and differences of values `half` apart. */
PLANISH_CLONES void mixHalves(float* x, std::int64_t n, std::int64_t half)
{
    for (std::int64_t start = 0; start < n; start += 2 * half) {
        float* __restrict low = x + start;
        float* __restrict high = x + start + half;
        for (std::int64_t i = 0; i < half; ++i) {
            const float difference = low[i] - high[i];
            low[i] += high[i];
            high[i] = difference;
        }
    }
}

/** Two such steps in one sweep, `step` and 2 `step` apart. */
PLANISH_CLONES void mixQuarters(float* x, std::int64_t n, std::int64_t step)
{
    for (std::int64_t start = 0; start < n; start += 4 * step) {
        float* __restrict a = x + start;
        float* __restrict b = x + start + step;
        float* __restrict c = x + start + 2 * step;
        float* __restrict d = x + start + 3 * step;
        for (std::int64_t i = 0; i < step; ++i) {
            const float ab = a[i] + b[i];
            const float abDifference = a[i] - b[i];
            const float cd = c[i] + d[i];
            const float cdDifference = c[i] - d[i];
            a[i] = ab + cd;
            b[i] = abDifference + cdDifference;
            c[i] = ab - cd;
            d[i] = abDifference - cdDifference;
        }
    }
}

PLANISH_CLONES void scaleRow(const float* x, float* out, const float* signs, std::int64_t n, float factor)
{
    if (signs == nullptr)
        for (std::int64_t i = 0; i < n; ++i)
            out[i] = x[i] * factor;
    else
        for (std::int64_t i = 0; i < n; ++i)
            out[i] = x[i] * signs[i] * factor;
}

} // namespace

void hadamardTransform(const HadamardRows& rows, float* out)
{
    const auto n = std::int64_t{rows.inner} << rows.power;
    at::parallel_for(0, rows.rows, std::max<std::int64_t>(1, kGrain / n), [&](std::int64_t begin, std::int64_t end) {
        for (auto row = begin; row < end; ++row) {
            float* const values = out + row * n;
            // Scaled first: sums of large values then stay as finite as the result.
            scaleRow(static_cast<const float*>(rows.x) + row * n, values, rows.signs, n, rows.factor);
            std::int64_t step = rows.inner;
            if (rows.inner == 1 && n >= kSmall) {
                mixNeighbours(values, n);
                step = kSmall;
            }
            for (; 4 * step <= n; step *= 4)
                mixQuarters(values, n, step);
            if (2 * step <= n)
                mixHalves(values, n, step);
        }
    });
}

at::Tensor referenceHadamard(const at::Tensor& x, const HadamardTransform& transform)
{
    const auto n = x.size(-1);
    const auto factor = transform.factor.defined() ? transform.factor.to(at::kCPU, at::kDouble).contiguous()
                                                   : at::ones({1, 1}, at::kDouble);
    const auto m = factor.size(0);
    auto rows = x.to(at::kCPU, at::kDouble).reshape({-1, n});
    if (transform.signs.defined())
        rows = rows * transform.signs.to(at::kCPU, at::kDouble).view(-1);
    rows = rows.contiguous();
    auto out = at::zeros_like(rows);
    const auto* const f = factor.const_data_ptr<double>();
    for (std::int64_t row = 0; row < rows.size(0); ++row) {
        const auto* const from = rows.const_data_ptr<double>() + row * n;
        auto* const to = out.data_ptr<double>() + row * n;
        for (std::int64_t i = 0; i < n; ++i)
            for (std::int64_t j = 0; j < n; ++j) {
                const bool even = std::popcount(static_cast<std::uint64_t>((i / m) & (j / m))) % 2 == 0;
                to[j] += from[i] * f[i % m * m + j % m] * (even ? 1.0 : -1.0);
            }
        for (std::int64_t j = 0; j < n; ++j)
            to[j] /= std::sqrt(static_cast<double>(n));
    }
    return out.view(x.sizes());
}

} // namespace gpu::cpu
