// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/block_transforms.h"

namespace core {

/** A tap for forward passes of one block that raises `maxima` to the largest |x| of each channel; `maxima` must outlive it. */
Tap maximaTap(ChannelMaxima& maxima);

} // namespace core
