// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/progress.h"

#include <c10/core/Device.h>

#include <functional>

namespace core {

/** Median seconds of one call of `work`, over `repeat` samples of as many calls as take about 5 ms, after warming up. Each call is told its
    number, so that it can go round among copies that together do not fit the caches. On a GPU a sample ends when the device has
    finished: the calls inside it are queued one behind the other. */
double secondsOf(const std::function<void(int)>& work, at::Device device, int repeat, Progress& progress);

} // namespace core
