// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/progress.h"
#include "core/io/tensor_view.h"
#include "core/stats/profile.h"
#include "gpu/kernels.h"

#include <ATen/core/Tensor.h>

namespace core {

/** Statistics of values that arrive in parts, in one read of each part and in memory that depends on the channels alone.
    Moments are float64 (gpu/kernels.h); the histogram's range grows with the data without losing a count, so nothing needs
    to be known beforehand. */
class Accumulator
{
public:
    /** `channels`: the last axis of everything added. */
    explicit Accumulator(std::int64_t channels);

    /** Floating-point values [..., channels] on any device. */
    void add(const at::Tensor& values);

    /** A whole tensor of a model file, [rows, channels] or [channels], from the mapped bytes: F32, F16, BF16 and F64 as they
        stand there, F8 and Q types a few rows at a time. Throws Error(Unsupported) for types that are no numbers,
        Error(Corrupt) for a tensor whose bytes its shape does not explain, Error(InvalidArgument) for other channels. */
    void add(const TensorView& tensor, Progress& progress);

    /** As if everything given to `other` had been given to this one. */
    void merge(const Accumulator& other);

    const gpu::Moments& moments() const { return m_statistics.moments; }
    Distribution distribution() const;

private:
    gpu::Statistics m_statistics;
};

/** The part of the grid that holds counts, its bins joined in pairs while that leaves at least `wanted`: as fine as
    bfloat16 is in its outer half, so that no comb shows. No bins where
    there are no counts. */
Histogram toHistogram(const gpu::DyadicHistogram& dyadic, int wanted = 256);

} // namespace core
