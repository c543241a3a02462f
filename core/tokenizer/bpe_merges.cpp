// SPDX-License-Identifier: Apache-2.0
#include "core/tokenizer/bpe_merges.h"

#include <queue>

#include <algorithm>
#include <bit>
#include <climits>
#include <tuple>

namespace core {
namespace {

constexpr std::size_t kShortWord = 32; // up to here scanning all pairs beats a heap

std::uint64_t pairKey(int left, int right)
{
    return (std::uint64_t{static_cast<std::uint32_t>(left)} << 32 | static_cast<std::uint32_t>(right)) + 1;
}

std::uint64_t scatter(std::uint64_t key)
{
    key *= 0x9E3779B97F4A7C15u;
    return key ^ key >> 29;
}

} // namespace

BpeMerges::BpeMerges(const std::vector<BpeMerge>& rules)
    : m_slots(std::bit_ceil(rules.size() * 2 + 2))
    , m_mask(m_slots.size() - 1)
{
    for (std::size_t rank = 0; rank < rules.size(); ++rank) {
        const std::uint64_t key = pairKey(rules[rank].left, rules[rank].right);
        std::uint64_t place = scatter(key) & m_mask;
        while (m_slots[place].pair != 0 && m_slots[place].pair != key)
            place = (place + 1) & m_mask;
        if (m_slots[place].pair == 0)
            m_slots[place] = {key, static_cast<int>(rank), rules[rank].merged};
    }
}

std::vector<BpeMerge> BpeMerges::rules() const
{
    std::vector<const Slot*> used;
    for (const Slot& slot : m_slots) {
        if (slot.pair != 0)
            used.push_back(&slot);
    }
    std::sort(used.begin(), used.end(), [](const Slot* a, const Slot* b) { return a->rank < b->rank; });
    std::vector<BpeMerge> rules;
    for (const Slot* slot : used) {
        const std::uint64_t pair = slot->pair - 1;
        rules.push_back({static_cast<int>(pair >> 32), static_cast<int>(pair & 0xffffffffu), slot->merged});
    }
    return rules;
}

const BpeMerges::Slot* BpeMerges::find(int left, int right) const
{
    if (m_slots.empty())
        return nullptr;
    const std::uint64_t key = pairKey(left, right);
    for (std::uint64_t place = scatter(key) & m_mask; m_slots[place].pair != 0; place = (place + 1) & m_mask) {
        if (m_slots[place].pair == key)
            return &m_slots[place];
    }
    return nullptr;
}

void BpeMerges::apply(std::vector<int>& word) const
{
    if (word.size() <= kShortWord)
        applyToShort(word);
    else
        applyToLong(word);
}

void BpeMerges::applyToShort(std::vector<int>& word) const
{
    const Slot* slots[kShortWord]; // slots[i]: the rule for word[i], word[i + 1]
    for (std::size_t i = 0; i + 1 < word.size(); ++i)
        slots[i] = find(word[i], word[i + 1]);
    while (word.size() > 1) {
        const std::size_t pairs = word.size() - 1;
        std::size_t best = pairs;
        for (std::size_t i = 0; i < pairs; ++i) {
            if (slots[i] && (best == pairs || slots[i]->rank < slots[best]->rank))
                best = i;
        }
        if (best == pairs)
            return;
        word[best] = slots[best]->merged;
        word.erase(word.begin() + static_cast<std::ptrdiff_t>(best) + 1);
        for (std::size_t i = best + 1; i + 1 < pairs; ++i)
            slots[i] = slots[i + 1];
        if (best > 0)
            slots[best - 1] = find(word[best - 1], word[best]);
        if (best + 1 < word.size())
            slots[best] = find(word[best], word[best + 1]);
    }
}

void BpeMerges::applyToLong(std::vector<int>& word) const
{
    const int count = static_cast<int>(word.size());
    std::vector<int> previous(word.size()), next(word.size());
    for (int i = 0; i < count; ++i) {
        previous[i] = i - 1;
        next[i] = i + 1 < count ? i + 1 : -1;
    }
    struct Candidate
    {
        int rank, position, left, right, merged;

        bool operator>(const Candidate& other) const
        {
            return std::tie(rank, position) > std::tie(other.rank, other.position);
        }
    };
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates;
    const auto offer = [&](int position) {
        if (position < 0 || next[position] < 0)
            return;
        const int right = word[next[position]];
        if (const Slot* slot = find(word[position], right))
            candidates.push({slot->rank, position, word[position], right, slot->merged});
    };
    for (int i = 0; i + 1 < count; ++i)
        offer(i);
    constexpr int kGone = INT_MIN;
    while (!candidates.empty()) {
        const Candidate best = candidates.top();
        candidates.pop();
        const int right = next[best.position];
        if (word[best.position] != best.left || right < 0 || word[right] != best.right)
            continue; // one of the two has been merged since
        word[best.position] = best.merged;
        word[right] = kGone;
        next[best.position] = next[right];
        if (next[right] >= 0)
            previous[next[right]] = best.position;
        next[right] = -1;
        offer(previous[best.position]);
        offer(best.position);
    }
    std::erase(word, kGone);
}

} // namespace core
