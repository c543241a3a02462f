// SPDX-License-Identifier: Apache-2.0
#include "gpu/kronecker_quantize.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace gpu::cpu {

namespace {

using Values = std::vector<double>;

Values valuesOf(const at::Tensor& tensor)
{
    const auto plain = tensor.to(at::kCPU, at::kDouble).contiguous();
    return {plain.const_data_ptr<double>(), plain.const_data_ptr<double>() + plain.numel()};
}

Values identity(std::int64_t n)
{
    Values matrix(n * n, 0.0);
    for (std::int64_t i = 0; i < n; ++i)
        matrix[i * n + i] = 1.0;
    return matrix;
}

void normalize(Values& x, const Values& gamma, double eps)
{
    double squares = 0.0;
    for (const double value : x)
        squares += value * value;
    const bool finite = squares <= std::numeric_limits<float>::max();
    const double factor = finite ? 1.0 / std::sqrt(squares / static_cast<double>(x.size()) + eps) : NAN;
    for (std::size_t i = 0; i < x.size(); ++i)
        x[i] *= factor * gamma[i];
}

/** z[a, c] = sum over k, l of left[k, a] x[k, l] right[l, c]. */
Values transform(const Values& x, const Values& left, const Values& right, std::int64_t n1, std::int64_t n2)
{
    Values w(n1 * n2, 0.0);
    for (std::int64_t k = 0; k < n1; ++k)
        for (std::int64_t l = 0; l < n2; ++l)
            for (std::int64_t c = 0; c < n2; ++c)
                w[k * n2 + c] += x[k * n2 + l] * right[l * n2 + c];
    Values z(n1 * n2, 0.0);
    for (std::int64_t k = 0; k < n1; ++k)
        for (std::int64_t a = 0; a < n1; ++a)
            for (std::int64_t c = 0; c < n2; ++c)
                z[a * n2 + c] += left[k * n1 + a] * w[k * n2 + c];
    return z;
}

/** The codes of one token, and its scale as the result. */
float quantize(const Values& z, const TokenQuantizer& quantizer, std::vector<int>& codes)
{
    double up = 0.0;
    double down = 0.0;
    codes.assign(z.size(), 0);
    for (const double value : z) {
        if (!(std::abs(value) <= std::numeric_limits<float>::max()))
            return std::numeric_limits<float>::quiet_NaN();
        up = std::max(up, value);
        down = std::max(down, -value);
    }
    const double qmax = (1 << (quantizer.bits - 1)) - 1;
    double scale = std::max(up * quantizer.shrinkMax, down * quantizer.shrinkMin) / qmax;
    if (scale < std::numeric_limits<float>::min())
        scale = 1.0;
    for (std::size_t i = 0; i < z.size(); ++i)
        codes[i] = static_cast<int>(std::clamp(std::nearbyint(z[i] / scale), -qmax - 1.0, qmax));
    return static_cast<float>(scale);
}

} // namespace

QuantizedTokens referenceKroneckerQuantize(const at::Tensor& x, const TokenNorm& norm, const at::Tensor& left,
                                           const at::Tensor& right, const TokenQuantizer& quantizer)
{
    const auto tokens = x.size(0);
    const auto n = x.size(1);
    const auto n1 = left.defined() ? left.size(0) : right.defined() ? n / right.size(0) : 1;
    const auto n2 = n / n1;
    const auto a = left.defined() ? valuesOf(left) : identity(n1);
    const auto b = right.defined() ? valuesOf(right) : identity(n2);
    const auto gamma = norm.gamma.defined() ? valuesOf(norm.gamma) : Values();
    const bool nibbles = quantizer.bits <= 4;
    QuantizedTokens out{nibbles ? at::zeros({tokens, n / 2}, at::kByte) : at::zeros({tokens, n}, at::kChar),
                        at::zeros({tokens}, at::kFloat)};
    std::vector<int> codes;
    for (std::int64_t token = 0; token < tokens; ++token) {
        auto values = valuesOf(x[token]);
        if (norm.gamma.defined())
            normalize(values, gamma, norm.eps);
        out.scales.data_ptr<float>()[token] = quantize(transform(values, a, b, n1, n2), quantizer, codes);
        for (std::int64_t i = 0; i < n; ++i) {
            if (nibbles)
                out.codes.data_ptr<std::uint8_t>()[(token * n + i) / 2] |=
                    static_cast<std::uint8_t>((codes[i] & 15) << (i % 2 * 4));
            else
                out.codes.data_ptr<std::int8_t>()[token * n + i] = static_cast<std::int8_t>(codes[i]);
        }
    }
    return out;
}

} // namespace gpu::cpu
