// SPDX-License-Identifier: Apache-2.0
#include "core/quant/gptq.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

namespace core {

namespace {

constexpr double kDamping = 0.01;
constexpr std::int64_t kBlockColumns = 128;

/** The upper Cholesky factor of the damped Hessian's inverse: its row j, divided by the diagonal, says how column j's error is
    spread over those behind it. */
at::Tensor inverseFactor(at::Tensor hessian)
{
    hessian.diagonal().add_(kDamping * hessian.diagonal().mean());
    const auto [factor, failed] = at::linalg_cholesky_ex(hessian);
    if (failed.item<int>() == 0) {
        const auto [upper, alsoFailed] = at::linalg_cholesky_ex(at::cholesky_inverse(factor), true);
        if (alsoFailed.item<int>() == 0)
            return upper;
    }
    throw Error(ErrorKind::Numeric,
                "the damped input moments of a layer of " + std::to_string(hessian.size(0))
                    + " inputs are not positive definite: the calibration inputs are not finite");
}

/** Grid of one group: what codesOn takes. */
struct ColumnGrid
{
    at::Tensor scales, zeros; // [out] float64

    ColumnGrid(const WeightGrid& grid, std::int64_t group)
        : scales(grid.scales.select(1, group).to(at::kDouble))
        , zeros(grid.zeros.defined() ? grid.zeros.select(1, group).to(at::kDouble) : at::Tensor())
    {
    }

    at::Tensor values(const at::Tensor& codes) const
    {
        return (zeros.defined() ? codes - zeros.unsqueeze(-1) : codes) * scales.unsqueeze(-1);
    }
};

void append(WeightGrid& grid, const WeightGrid& more)
{
    grid.scales = grid.scales.defined() ? at::cat({grid.scales, more.scales}, 1) : more.scales;
    if (more.zeros.defined())
        grid.zeros = grid.zeros.defined() ? at::cat({grid.zeros, more.zeros}, 1) : more.zeros;
}

} // namespace

void InputMoments::add(const at::Tensor& x)
{
    const at::NoGradGuard noGrad;
    const auto rows = x.reshape({-1, x.size(-1)});
    const auto sum = at::matmul(rows.mT(), rows).to(at::kDouble);
    m_sum = m_sum.defined() ? m_sum + sum : sum;
    m_count += rows.size(0);
}

at::Tensor InputMoments::hessian() const
{
    if (m_count == 0)
        throw Error(ErrorKind::InvalidArgument, "GPTQ needs inputs of the layer, and got none");
    return (m_sum * (2.0 / double(m_count))).to(at::kCPU);
}

PackedTensor gptqWeight(const at::Tensor& weight, const at::Tensor& hessian, int bits, int group, bool asymmetric)
{
    const at::NoGradGuard noGrad;
    auto grid = weightGrid(weight, bits, group, asymmetric); // also checks sizes and numbers
    const auto columns = weight.size(1);
    if (hessian.dim() != 2 || hessian.size(0) != columns || hessian.size(1) != columns)
        throw Error(ErrorKind::InvalidArgument,
                    "input moments are not " + std::to_string(columns) + " x " + std::to_string(columns));
    // Transposed: column operations then run over contiguous memory.
    auto rest = weight.detach().to(at::kCPU, at::kDouble).t().clone(at::MemoryFormat::Contiguous); // [in, out]
    auto moments = hessian.to(at::kCPU, at::kDouble).clone();
    const auto dead = moments.diagonal() == 0.0;
    moments.diagonal().masked_fill_(dead, 1.0);
    rest.masked_fill_(dead.unsqueeze(1), 0.0);
    const auto factor = inverseFactor(std::move(moments));

    // Whole groups in a block, so that a group's scale sees every update of its columns.
    const std::int64_t width = group > 0 ? group * std::max<std::int64_t>(1, kBlockColumns / group) : kBlockColumns;
    auto codes = at::empty_like(rest);
    ColumnGrid current(grid, 0);
    if (group > 0)
        grid = {};
    for (std::int64_t begin = 0; begin < columns; begin += width) {
        const auto end = std::min(columns, begin + width);
        auto errors = at::empty({end - begin, rest.size(1)}, rest.options());
        for (auto column = begin; column < end; ++column) {
            if (group > 0 && column % group == 0) {
                const auto next = weightGrid(rest.narrow(0, column, group).t(), bits, 0, asymmetric);
                current = ColumnGrid(next, 0);
                append(grid, next);
            }
            const auto value = rest[column];
            const auto code = codesOn(value.unsqueeze(1), current.scales, current.zeros, bits); // [out, 1]
            codes[column].copy_(code.squeeze(1));
            const auto error = (value - current.values(code).squeeze(1)) / factor[column][column];
            errors[column - begin].copy_(error);
            if (column + 1 < end)
                rest.narrow(0, column + 1, end - column - 1)
                    .addr_(factor[column].narrow(0, column + 1, end - column - 1), error, 1, -1);
        }
        if (end < columns)
            rest.narrow(0, end, columns - end)
                .addmm_(factor.narrow(0, begin, end - begin).narrow(1, end, columns - end).t(), errors, 1, -1);
    }
    return packCodes(codes.t(), grid, bits);
}

double outputError(const at::Tensor& weight, const at::Tensor& rounded, const at::Tensor& hessian)
{
    const auto moments = hessian.to(at::kCPU, at::kDouble);
    const auto wide = weight.detach().to(at::kCPU, at::kDouble);
    const auto energy = [&](const at::Tensor& matrix) {
        return (at::matmul(matrix, moments) * matrix).sum().item<double>();
    };
    const double whole = energy(wide);
    return whole > 0.0 ? energy(wide - rounded.to(at::kCPU, at::kDouble)) / whole : 0.0;
}

} // namespace core
