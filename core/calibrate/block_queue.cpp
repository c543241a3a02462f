// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/block_queue.h"

#include "core/base/error.h"

namespace core {

std::string listOf(const std::vector<int>& numbers)
{
    std::string list;
    for (const int number : numbers)
        list += (list.empty() ? "" : ", ") + std::to_string(number);
    return list;
}

void refuseMissingBlocks(const std::vector<int>& missing, const std::vector<int>& gone, const std::string& advice,
                         const std::string& context)
{
    throw Error(ErrorKind::Io,
                "blocks " + listOf(missing) + " are not finished: rank "
                    + (gone.empty() ? "of another run" : listOf(gone)) + " fell silent. " + advice,
                context);
}

} // namespace core
