// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/device_memory.h"

#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <cstdint>

namespace core {

/** float32 memory of the host for windows [windows, tokens, hidden], which are many times what a block computes on at once:
    page-locked where `device` is a GPU, so that batches cross the bus while it computes. */
at::Tensor hostWindows(at::IntArrayRef sizes, at::Device device);

/** The windows [begin, begin + count) in the memory of `device`; the same memory where they are there already. */
at::Tensor windowsOn(at::Device device, const at::Tensor& windows, std::int64_t begin, std::int64_t count);

/** work(begin, count) for part after part of `total`, at most `most` at once. Where the memory of `device` does not hold a part,
    halves `most` and does that part again, so `work` must leave nothing behind that counts twice; c10::OutOfMemoryError at a
    part of one. */
template <typename Work>
void inParts(at::Device device, std::int64_t total, std::int64_t& most, Work work)
{
    for (std::int64_t begin = 0; begin < total;) {
        const auto count = std::min(most, total - begin);
        try {
            work(begin, count);
            begin += count;
            continue;
        } catch (const c10::OutOfMemoryError&) {
            if (count == 1)
                throw;
        }
        releaseCachedMemory(device);
        most = (count + 1) / 2;
    }
}

} // namespace core
