// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

namespace core {

/** Owns an open file descriptor: closed on every way out. */
class Descriptor
{
public:
    explicit Descriptor(int value)
        : m_value(value)
    {
    }
    ~Descriptor()
    {
        if (m_value >= 0)
            ::close(m_value);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int get() const { return m_value; }

    /** Takes another one in place of an empty one. */
    void reset(int value) { m_value = value; }

    /** Gives the descriptor up without closing it. */
    int release()
    {
        const int value = m_value;
        m_value = -1;
        return value;
    }

private:
    int m_value;
};

} // namespace core
