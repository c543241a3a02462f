// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

namespace core {

/** A Hadamard matrix of order n (entries 1 and -1, H H^T = n I), [n, n] float64, by Sylvester doubling, Paley I (n - 1 a prime
    = 3 mod 4) and Paley II (n / 2 - 1 a prime = 1 mod 4); nothing where these do not reach n (52, 92, 156, 172 and
    more, and every n > 2 that is no multiple of 4). Source: Paley, On Orthogonal Matrices, 1933. */
std::optional<at::Tensor> hadamardMatrix(std::int64_t n);

/** (cos + sin)(2 pi j k / n) / sqrt n: symmetric and orthogonal for every n >= 1, [n, n] float64. */
at::Tensor hartleyMatrix(std::int64_t n);

/** D B: random signs on the rows of the normalised Hadamard matrix, or of the Hartley matrix where there is none;
    orthogonal to float64 rounding, [n, n] float64. */
at::Tensor randomHadamard(std::int64_t n, at::Generator& generator);

} // namespace core
