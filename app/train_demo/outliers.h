// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/json.h"
#include "core/model/model.h"

namespace demo {

/** Makes the model hard to quantize, as large ones are, without changing its function: some channels of the norms'
    gains, of the rows of up, of the values and of the rotary pairs of the keys are multiplied by a power of two, and
    what reads them is divided by it. All products are exact, so only the order of rounding in sums can differ.
    Different kinds and strengths stand in different blocks; two blocks stay clean. Returns what was planted, as
    `planted.json` stores it. */
core::Json plantOutliers(core::Model::Parts& parts, std::uint64_t seed);

} // namespace demo
