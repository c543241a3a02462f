// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace core {

/** Thrown by Progress::checkpoint() when the person asked to stop. Not an error: what is finished is kept. */
class Cancelled
{
};

/** How long work talks to whoever started it: the last parameter of everything that takes longer than a moment.
    The default does nothing, which is what tests want. */
class Progress
{
public:
    virtual ~Progress() = default;

    /** `fraction` of the whole in [0, 1]; `text` says what is being done ("block 3 of 8, epoch 2"). */
    virtual void report(double fraction, std::string_view text) {}

    /** Called at least every few hundred milliseconds of work. Throws Cancelled when the work should stop; a short
        interactive job may run inside before a long one goes on. */
    virtual void checkpoint() {}
};

/** Maps the [0, 1] of a part of the work onto [begin, end] of the whole. */
class ProgressPart : public Progress
{
public:
    ProgressPart(Progress& whole, double begin, double end)
        : m_whole(whole)
        , m_begin(begin)
        , m_end(end)
    {
    }

    void report(double fraction, std::string_view text) override
    {
        m_whole.report(m_begin + (m_end - m_begin) * fraction, text);
    }
    void checkpoint() override { m_whole.checkpoint(); }

private:
    Progress& m_whole;
    double m_begin;
    double m_end;
};

} // namespace core
