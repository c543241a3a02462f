// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/progress.h"

#include <chrono>
#include <string>

namespace cli {

/** SIGINT and SIGTERM ask for a stop at the next checkpoint; the second one ends the program at once with 130. */
void watchSignals();
bool stopRequested();
void forgetStop(); // an interactive program that goes on after a stop

/** Progress on stderr: a bar on a terminal, otherwise a line a second; both say what is done, the time spent and, after a
    while, the time left. Work of less than half a second prints nothing. */
class ConsoleProgress : public core::Progress
{
public:
    enum class Output { Shown, Quiet };

    explicit ConsoleProgress(Output output);
    ~ConsoleProgress() override;

    void report(double fraction, std::string_view text) override;
    void checkpoint() override; // throws core::Cancelled after a signal
    void clear();               // takes the bar off the terminal before anything else is printed

private:
    std::string line(double fraction, double spent, std::string_view text) const;

    using Clock = std::chrono::steady_clock;

    Output m_output;
    bool m_terminal;
    bool m_barShown = false;
    Clock::time_point m_start;
    Clock::time_point m_lastShown;
};

} // namespace cli
