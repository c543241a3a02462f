// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/progress.h"

namespace support {

/** Stops at the given checkpoint, counted from 1. */
class StopAfter : public core::Progress
{
public:
    explicit StopAfter(int checkpoints)
        : m_left(checkpoints)
    {
    }
    void checkpoint() override
    {
        if (--m_left == 0)
            throw core::Cancelled();
    }

private:
    int m_left;
};

} // namespace support
