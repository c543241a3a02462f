// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/transforms/transform_kind.h"

#include <string>
#include <string_view>
#include <vector>

namespace core {

/** One way to transform a module: what a plan's choice names and a search compares. */
struct Candidate
{
    TransformKind kind = TransformKind::Affine;
    RotationForm form = RotationForm::TwoFactor; // of a rotation; the default for other kinds
    int start = 0;                               // which random draw it starts from

    bool operator==(const Candidate&) const = default;
};

/** "affine", "rotation", "rotation:hadamard-start", with "#1" and so on behind for starts above 0. */
std::string toString(const Candidate& candidate);

/** The way back; throws Error(InvalidArgument) that names what was read. */
Candidate parseCandidate(std::string_view text);

/** Each candidate with `starts` starts, but identity, which has only one. The order of the kinds is kept, starts stand
    together. Throws Error(InvalidArgument) where one stands twice, there is none, or `starts` is below 1. */
std::vector<Candidate> withStarts(const std::vector<Candidate>& candidates, int starts);

} // namespace core
