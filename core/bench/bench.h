// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/progress.h"
#include "core/bench/bench_report.h"

#include <c10/core/Device.h>

namespace core {

/** Measures kernels on `device` beside LibTorch's operators, and what memory and matrix units of the machine can do, all in this
    run. Throws Error(InvalidArgument) for an unknown kernel or a shape that does not suit it. */
BenchReport runBench(const BenchSpec& spec, at::Device device, const BenchObserver& observer, Progress& progress);

} // namespace core
