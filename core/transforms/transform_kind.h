// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/words.h"

namespace core {

enum class TransformKind { Identity, Affine, Rotation, Hadamard };
inline constexpr std::array kTransformKinds{TransformKind::Identity, TransformKind::Affine, TransformKind::Rotation,
                                            TransformKind::Hadamard};

inline std::string_view toString(TransformKind kind)
{
    constexpr std::string_view names[] = {"identity", "affine", "rotation", "hadamard"};
    return names[static_cast<int>(kind)];
}

/** Throws Error(InvalidArgument) that names what was read and what is allowed. */
inline TransformKind parseTransformKind(std::string_view text)
{
    for (const auto kind : kTransformKinds)
        if (text == toString(kind))
            return kind;
    throw Error(ErrorKind::InvalidArgument,
                "'" + std::string(text) + "' is not a transform kind: identity, affine, rotation or hadamard");
}

/** How a size is split into two Kronecker factors. */
enum class KroneckerRule {
    Balanced, // largest divisor not above sqrt(n) on the left
    Fermat,   // FlatQuant's: both factors of one parity; Balanced where n = 2 (mod 4)
};
inline constexpr Words<KroneckerRule, 2> kKroneckerRules{
    {{"balanced", KroneckerRule::Balanced}, {"fermat", KroneckerRule::Fermat}}};

/** How an affine matrix is parameterised. */
enum class AffineForm {
    Svd,    // U diag(exp t) V^T: the inverse is free of rounding trouble
    Direct, // a free matrix, inverted in float64
};
inline constexpr Words<AffineForm, 2> kAffineForms{{{"svd", AffineForm::Svd}, {"direct", AffineForm::Direct}}};

/** How a rotation is parameterised and where it starts. */
enum class RotationForm {
    TwoFactor,         // U V^T, both by Cayley from a random start
    HadamardStart,     // a signed Hadamard matrix times one Cayley factor
    HadamardTwoFactor, // a signed Hadamard matrix times U V^T, where U = V at the start
    TwoFactorUnscaled, // the same three without a channel scale: pure rotations
    HadamardStartUnscaled,
    HadamardTwoFactorUnscaled,
};
inline constexpr std::array kRotationForms{
    RotationForm::TwoFactor,         RotationForm::HadamardStart,         RotationForm::HadamardTwoFactor,
    RotationForm::TwoFactorUnscaled, RotationForm::HadamardStartUnscaled, RotationForm::HadamardTwoFactorUnscaled};

inline std::string_view toString(RotationForm form)
{
    constexpr std::string_view names[] = {
        "two-factor",          "hadamard-start",          "hadamard-two-factor",
        "two-factor-unscaled", "hadamard-start-unscaled", "hadamard-two-factor-unscaled"};
    return names[static_cast<int>(form)];
}

/** Throws Error(InvalidArgument) that names what was read and what is allowed. */
inline RotationForm parseRotationForm(std::string_view text)
{
    std::string allowed;
    for (const auto form : kRotationForms) {
        if (text == toString(form))
            return form;
        allowed += (allowed.empty() ? "" : ", ") + std::string(toString(form));
    }
    throw Error(ErrorKind::InvalidArgument, "'" + std::string(text) + "' is not a form of rotation: " + allowed);
}

} // namespace core
