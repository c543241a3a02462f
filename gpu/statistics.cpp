// SPDX-License-Identifier: Apache-2.0
#include "gpu/kernels.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace gpu {

std::int64_t byteSize(ElementType type)
{
    switch (type) {
    case ElementType::Float32: return 4;
    case ElementType::Float64: return 8;
    case ElementType::BFloat16:
    case ElementType::Float16: return 2;
    }
    throw std::invalid_argument("not an element type");
}

void merge(Statistics& into, const Statistics& part)
{
    if (into.channelAbsmax.size() != part.channelAbsmax.size())
        throw std::invalid_argument("statistics of " + std::to_string(part.channelAbsmax.size())
                                    + " channels do not merge into those of "
                                    + std::to_string(into.channelAbsmax.size()));
    merge(into.moments, part.moments);
    into.histogram.merge(part.histogram);
    for (std::size_t i = 0; i < part.channelAbsmax.size(); ++i)
        into.channelAbsmax[i] = std::max(into.channelAbsmax[i], part.channelAbsmax[i]);
    into.rowKurtosisSum += part.rowKurtosisSum;
    into.rowKurtosisCount += part.rowKurtosisCount;
}

} // namespace gpu
