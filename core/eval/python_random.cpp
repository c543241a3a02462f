// SPDX-License-Identifier: Apache-2.0
#include "core/eval/python_random.h"

namespace core {

PythonRandom::PythonRandom(std::uint32_t seed)
{
    m_state[0] = 19650218u;
    for (std::uint32_t i = 1; i < kWords; ++i)
        m_state[i] = 1812433253u * (m_state[i - 1] ^ (m_state[i - 1] >> 30)) + i;
    const auto previous = [&](std::uint32_t i) { return m_state[i - 1] ^ (m_state[i - 1] >> 30); };
    std::uint32_t i = 1;
    const auto step = [&] {
        if (++i >= kWords) {
            m_state[0] = m_state[kWords - 1];
            i = 1;
        }
    };
    for (int k = 0; k < kWords; ++k, step())
        m_state[i] = (m_state[i] ^ (previous(i) * 1664525u)) + seed; // one key word: its index is always 0
    for (int k = 1; k < kWords; ++k, step())
        m_state[i] = (m_state[i] ^ (previous(i) * 1566083941u)) - i;
    m_state[0] = 0x80000000u;
}

void PythonRandom::refill()
{
    constexpr int kShift = 397;
    const auto mixed = [](std::uint32_t high, std::uint32_t low, std::uint32_t other) {
        const auto joined = (high & 0x80000000u) | (low & 0x7fffffffu);
        return other ^ (joined >> 1) ^ ((low & 1u) ? 0x9908b0dfu : 0u);
    };
    int i = 0;
    for (; i < kWords - kShift; ++i)
        m_state[i] = mixed(m_state[i], m_state[i + 1], m_state[i + kShift]);
    for (; i < kWords - 1; ++i)
        m_state[i] = mixed(m_state[i], m_state[i + 1], m_state[i + kShift - kWords]);
    m_state[kWords - 1] = mixed(m_state[kWords - 1], m_state[0], m_state[kShift - 1]);
    m_next = 0;
}

std::uint32_t PythonRandom::word()
{
    if (m_next == kWords)
        refill();
    auto y = m_state[m_next++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
}

} // namespace core
