// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace core {

struct BpeMerge
{
    int left = 0;
    int right = 0;
    int merged = 0;
};

/** The merge rules of a BPE vocabulary, and their application. */
class BpeMerges
{
public:
    BpeMerges() = default;
    /** In order of rank: the first rule goes first. Of two rules for one pair the first stays. */
    explicit BpeMerges(const std::vector<BpeMerge>& rules);

    /** Applies the rules to the ids of a word: always the lowest rank, the leftmost of equals, until none fits.
        O(n log n) for long words. */
    void apply(std::vector<int>& word) const;

    /** In order of rank. */
    std::vector<BpeMerge> rules() const;

private:
    struct Slot
    {
        std::uint64_t pair = 0; // left and right, plus 1 so that 0 is free
        int rank = 0;
        int merged = 0;
    };

    const Slot* find(int left, int right) const; // null: no rule
    void applyToShort(std::vector<int>& word) const;
    void applyToLong(std::vector<int>& word) const;

    std::vector<Slot> m_slots; // open addressing, a power of two of them
    std::uint64_t m_mask = 0;
};

} // namespace core
