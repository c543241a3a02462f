// SPDX-License-Identifier: Apache-2.0
#include "core/transforms/hadamard.h"

#include <ATen/ATen.h>

#include <cmath>
#include <numbers>

namespace core {

namespace {

bool isPrime(std::int64_t q)
{
    if (q < 2)
        return false;
    for (std::int64_t d = 2; d * d <= q; ++d)
        if (q % d == 0)
            return false;
    return true;
}

/** Q with Q[i][j] = chi(i - j), chi the quadratic character mod the prime q. */
at::Tensor jacobsthal(std::int64_t q)
{
    std::vector<double> character(q, -1.0);
    character[0] = 0.0;
    for (std::int64_t i = 1; i < q; ++i)
        character[i * i % q] = 1.0;
    auto matrix = at::empty({q, q}, at::kDouble);
    auto cells = matrix.accessor<double, 2>();
    for (std::int64_t i = 0; i < q; ++i)
        for (std::int64_t j = 0; j < q; ++j)
            cells[i][j] = character[((i - j) % q + q) % q];
    return matrix;
}

/** [0 1; +-1 Q]: symmetric for q = 1 (mod 4), skew for q = 3 (mod 4). */
at::Tensor borderedJacobsthal(std::int64_t q)
{
    auto matrix = at::zeros({q + 1, q + 1}, at::kDouble);
    matrix.slice(0, 1).slice(1, 1).copy_(jacobsthal(q));
    matrix[0].slice(0, 1).fill_(1.0);
    matrix.slice(0, 1).select(1, 0).fill_(q % 4 == 3 ? -1.0 : 1.0);
    return matrix;
}

at::Tensor paleyTwo(std::int64_t q)
{
    const auto conference = borderedJacobsthal(q);
    const auto plus = at::tensor({1.0, 1.0, 1.0, -1.0}, at::kDouble).view({2, 2});
    const auto minus = at::tensor({1.0, -1.0, -1.0, -1.0}, at::kDouble).view({2, 2});
    return at::kron(conference, plus) + at::kron(at::eye(q + 1, at::kDouble), minus);
}

} // namespace

std::optional<at::Tensor> hadamardMatrix(std::int64_t n)
{
    if (n == 1)
        return at::ones({1, 1}, at::kDouble);
    if (n < 2 || (n > 2 && n % 4 != 0))
        return std::nullopt;
    if (const auto half = hadamardMatrix(n / 2)) {
        const auto top = at::cat({*half, *half}, 1);
        return at::cat({top, at::cat({*half, -*half}, 1)}, 0);
    }
    if (isPrime(n - 1) && (n - 1) % 4 == 3)
        return at::eye(n, at::kDouble) + borderedJacobsthal(n - 1);
    if (isPrime(n / 2 - 1) && (n / 2 - 1) % 4 == 1)
        return paleyTwo(n / 2 - 1);
    return std::nullopt;
}

at::Tensor hartleyMatrix(std::int64_t n)
{
    const auto index = at::arange(n, at::kLong);
    // j k mod n keeps the argument small and so exact.
    const auto angles = at::outer(index, index).remainder(n).to(at::kDouble) * (2.0 * std::numbers::pi / double(n));
    return (angles.cos() + angles.sin()) / std::sqrt(double(n));
}

at::Tensor randomHadamard(std::int64_t n, at::Generator& generator)
{
    const auto found = hadamardMatrix(n);
    const auto basis = found ? *found / std::sqrt(double(n)) : hartleyMatrix(n);
    const auto signs = at::randint(0, 2, {n, 1}, generator, at::TensorOptions().dtype(at::kDouble)) * 2.0 - 1.0;
    return signs * basis;
}

} // namespace core
