// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/select/held_out_losses.h"

#include <array>
#include <map>

namespace core {

/** Held-out loss of each kind over affine's, by kind; NaN where there is no such candidate or none trained to a finite loss. */
using KindLosses = std::array<double, kTransformKinds.size()>;

/** What the files of one model and bit setting say together: each file's losses relative to its own affine ones, then the mean over
    files. Throws Error(InvalidArgument) for a module without a finite affine candidate. */
std::map<ModuleId, KindLosses> relativeLosses(const std::vector<const HeldOutLosses*>& files);

/** Relative standard deviation of the loss over the starts of one candidate, pooled over the modules of `kind` and all affine and
    rotation candidates with at least two finite starts; NaN where there are none. */
double restartSpread(const std::vector<const HeldOutLosses*>& files, ModuleKind kind);

} // namespace core
