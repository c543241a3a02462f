// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace demo {

/** SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every machine, which the standard distributions do not
    promise. It adds up the information of its choices, so that the entropy of what was written is known. */
class Random
{
public:
    explicit Random(std::uint64_t seed)
        : m_state(seed)
    {
    }

    std::uint64_t next()
    {
        std::uint64_t z = (m_state += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }

    /** Uniform in [0, n). The bias of the remainder is below 2^-50 for the sizes used here. */
    std::size_t below(std::size_t n)
    {
        if (n <= 1)
            return 0;
        m_nats += std::log(static_cast<double>(n));
        return static_cast<std::size_t>(next() % n);
    }

    /** An index with probability weights[i] / sum. */
    std::size_t weighted(const std::vector<int>& weights)
    {
        std::uint64_t sum = 0;
        for (const int weight : weights)
            sum += static_cast<std::uint64_t>(weight);
        std::uint64_t at = next() % sum;
        std::size_t index = 0;
        for (; at >= static_cast<std::uint64_t>(weights[index]); ++index)
            at -= static_cast<std::uint64_t>(weights[index]);
        m_nats -= std::log(static_cast<double>(weights[index]) / static_cast<double>(sum));
        return index;
    }

    template <typename List>
    const auto& pick(const List& list)
    {
        return list[below(list.size())];
    }

    template <typename List>
    void shuffle(List& list)
    {
        for (std::size_t i = list.size(); i > 1; --i)
            std::swap(list[i - 1], list[below(i)]);
    }

    /** Information of all choices so far, in nats. */
    double nats() const { return m_nats; }
    void setNats(double nats) { m_nats = nats; }

private:
    std::uint64_t m_state;
    double m_nats = 0.0;
};

/** FNV-1a, for rules that must not depend on the order of generation ("is this question held out?"). */
inline std::uint64_t hashOf(std::string_view text)
{
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char character : text)
        hash = (hash ^ static_cast<unsigned char>(character)) * 1099511628211ULL;
    return hash ^ (hash >> 29);
}

} // namespace demo
