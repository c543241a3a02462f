// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bench/bench_report.h"
#include "core/bench/stopwatch.h"

#include <ATen/core/Tensor.h>

namespace core {

/** What the measurements share. */
struct BenchContext
{
    at::Device device;
    int repeat;
    BenchReport& report;
    const BenchObserver& observer;
    Progress& progress;

    double seconds(const std::function<void(int)>& work) const { return secondsOf(work, device, repeat, progress); }

    void add(BenchLine line) const
    {
        report.lines.push_back(std::move(line));
        if (observer)
            observer(report.lines.back());
    }

    /** `tensor` as often as it takes to fill more than any cache: calls go round among the copies. */
    std::vector<at::Tensor> copies(const at::Tensor& tensor) const;
};

using Shape = std::vector<std::int64_t>;

// One function for each kernel; `shape` as benchKernels() says.
void benchStatistics(const BenchContext& context, const Shape& shape);
void benchRounding(const BenchContext& context, const Shape& shape);
void benchIntegerProduct(const BenchContext& context, const Shape& shape, int bits);
void benchPackedWeights(const BenchContext& context, const Shape& shape);
void benchPackedAttention(const BenchContext& context, const Shape& shape);
void benchAttention(const BenchContext& context, const Shape& shape); // on a processor alone
void benchDecoding(const BenchContext& context, const Shape& shape);

} // namespace core
