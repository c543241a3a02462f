// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace core {

inline constexpr int kFullPrecisionBits = 16; // "not quantized"

/** Bits of each kind of tensor: 2 to 8, or 16 for none. Weights are symmetric per output row (or per group along the
    input), activations symmetric per token, keys and values asymmetric per token and head (method.md 2.6). */
struct QuantScheme
{
    int weightBits = 4;
    int activationBits = 4;
    int keyBits = 4;
    int valueBits = 4;
    int weightGroup = 0; // inputs per scale; 0: the whole row

    bool operator==(const QuantScheme&) const = default;
};

} // namespace core
