// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/ids.h"

namespace core {

inline constexpr int kFullPrecisionBits = 16; // "not quantized"

/** Bits of each kind of tensor: 2 to 8, or 16 for none. Weights have a scale per output row (or per group along the input),
    activations one per token, keys and values a scale and a zero per token and head (or per group of a head's channels).
    Weights and activations are symmetric unless asked otherwise. */
struct QuantScheme
{
    int weightBits = 4;
    int activationBits = 4;
    int keyBits = 4;
    int valueBits = 4;
    int weightGroup = 0; // inputs per scale; 0: the whole row
    int kvGroup = 0;     // channels of a head per scale; 0: the whole head
    bool weightAsymmetric = false;
    bool activationAsymmetric = false;

    bool operator==(const QuantScheme&) const = default;
};

/** A block's two halves may be quantized differently. Keys and values belong to the attention. */
struct BlockScheme
{
    BlockScheme(const QuantScheme& both)
        : attention(both)
        , mlp(both)
    {
    }
    BlockScheme(const QuantScheme& attention, const QuantScheme& mlp)
        : attention(attention)
        , mlp(mlp)
    {
    }

    const QuantScheme& of(ModuleKind module) const { return module == ModuleKind::Attention ? attention : mlp; }
    const QuantScheme& of(Role role) const { return of(moduleOf(role)); }

    bool operator==(const BlockScheme&) const = default;

    QuantScheme attention;
    QuantScheme mlp;
};

} // namespace core
