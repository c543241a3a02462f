// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace core {

/** Python's random.Random(seed) for a seed of at most 32 bits: the Mersenne twister MT19937, seeded by init_by_array as
    CPython does (Matsumoto and Nishimura's mt19937ar.c). */
class PythonRandom
{
public:
    explicit PythonRandom(std::uint32_t seed);

    std::uint32_t word(); // the next 32 bits: getrandbits(32)

    /** random(): in [0, 1), 53 bits of two words. */
    double uniform()
    {
        const auto high = word() >> 5;
        const auto low = word() >> 6;
        return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0);
    }

private:
    static constexpr int kWords = 624;

    void refill();

    std::array<std::uint32_t, kWords> m_state{};
    int m_next = kWords;
};

} // namespace core
