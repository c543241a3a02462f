// SPDX-License-Identifier: Apache-2.0
#include "app/cli/console_progress.h"

#include "app/cli/table.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>

namespace cli {

namespace {

std::atomic<bool> stopFlag{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch a lock-free flag");

void onSignal(int)
{
    if (stopFlag.exchange(true))
        _exit(130);
}

std::size_t terminalColumns()
{
    winsize size{};
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

} // namespace

void watchSignals()
{
    struct sigaction action
    {
    };
    action.sa_handler = onSignal; // without SA_RESTART: a waiting read ends, so that an interactive program notices
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    // A closed pipe and a limit on file sizes are errors of the write, which are told and cleaned up after.
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, nullptr);
    sigaction(SIGXFSZ, &action, nullptr);
}

bool stopRequested()
{
    return stopFlag.load();
}

void forgetStop()
{
    stopFlag.store(false);
}

ConsoleProgress::ConsoleProgress(Output output)
    : m_output(output)
    , m_terminal(isatty(STDERR_FILENO) != 0)
    , m_start(Clock::now())
    , m_lastShown(m_start)
{
}

ConsoleProgress::~ConsoleProgress()
{
    clear();
}

void ConsoleProgress::report(double fraction, std::string_view text)
{
    if (m_output == Output::Quiet)
        return;
    const auto now = Clock::now();
    const double spent = std::chrono::duration<double>(now - m_start).count();
    const double sinceShown = std::chrono::duration<double>(now - m_lastShown).count();
    if (spent < 0.5 || sinceShown < (m_terminal ? 0.1 : 1.0))
        return;
    m_lastShown = now;
    fraction = std::clamp(fraction, 0.0, 1.0);
    const auto content = line(fraction, spent, text);
    if (m_terminal) {
        std::fprintf(stderr, "\r\033[K%s", content.c_str());
        m_barShown = true;
    } else {
        std::fprintf(stderr, "%s\n", content.c_str());
    }
    std::fflush(stderr);
}

void ConsoleProgress::checkpoint()
{
    if (stopRequested())
        throw core::Cancelled();
}

void ConsoleProgress::clear()
{
    if (m_barShown)
        std::fputs("\r\033[K", stderr);
    m_barShown = false;
}

std::string ConsoleProgress::line(double fraction, double spent, std::string_view text) const
{
    char percent[16];
    std::snprintf(percent, sizeof percent, "%3.0f %%", 100.0 * fraction);
    std::string times = seconds(spent) + " spent";
    if (fraction > 0.005)
        times += ", " + seconds(spent * (1.0 - fraction) / fraction) + " left";
    if (!m_terminal)
        return std::string(percent) + " done, " + times + ": " + std::string(text);
    constexpr int kWidth = 24;
    const auto filled = static_cast<std::size_t>(fraction * kWidth);
    auto bar = "[" + std::string(filled, '#') + std::string(kWidth - filled, '.') + "] " + percent + "  " + times + "  "
        + std::string(text);
    const auto columns = terminalColumns() - 1; // a full line would wrap and could not be taken off again
    if (bar.size() > columns)
        bar.resize(columns);
    return bar;
}

} // namespace cli
