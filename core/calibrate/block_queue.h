// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ranks/ranks.h"

#include <vector>

namespace core {

/** The blocks to be worked on, one after another; among ranks each is dealt to one of them, in ascending order. */
class BlockQueue
{
public:
    /** `ranks` may be null: this process alone. With ranks it enters `phase`. */
    BlockQueue(Ranks* ranks, const std::string& phase, std::vector<int> blocks)
        : m_ranks(ranks)
        , m_blocks(std::move(blocks))
    {
        if (m_ranks) {
            m_ranks->enter(phase);
            advance();
        }
    }

    /** Whether `block` is this rank's next. */
    bool isNext(int block) const { return m_next < std::ssize(m_blocks) && m_blocks[std::size_t(m_next)] == block; }

    void advance() { m_next = m_ranks ? m_ranks->take("blocks") : m_next + 1; }

private:
    Ranks* m_ranks;
    std::vector<int> m_blocks;
    std::int64_t m_next = 0;
};

/** "1, 4" */
std::string listOf(const std::vector<int>& numbers);

/** Throws Error(Io): these blocks are missing because these ranks fell silent, and how to go on. */
[[noreturn]] void refuseMissingBlocks(const std::vector<int>& missing, const std::vector<int>& gone,
                                      const std::string& advice, const std::string& context);

} // namespace core
