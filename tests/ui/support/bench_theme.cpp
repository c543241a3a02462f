// SPDX-License-Identifier: GPL-3.0-or-later
// How long the window's thread is held by another theme and by the presenter's letters, in a window whose pages were all shown
// over the fake engine's model: bench_theme [REPETITIONS]
#include "tests/ui/support/studio_fixture.h"

#include <QApplication>
#include <QElapsedTimer>

#include <cstdio>

namespace {

/** Until nothing is left to lay out or to draw. */
double timed(StudioFixture& studio, const std::function<void()>& work)
{
    QElapsedTimer clock;
    clock.start();
    work();
    const double called = 1e-6 * static_cast<double>(clock.nsecsElapsed());
    for (int i = 0; i < 5; ++i)
        QCoreApplication::processEvents();
    studio.window->grab();
    const double all = 1e-6 * static_cast<double>(clock.nsecsElapsed());
    std::printf("%8.1f ms in the call, %8.1f ms until drawn\n", called, all);
    return all;
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const int repetitions = argc > 1 ? std::atoi(argv[1]) : 3;
    StudioFixture studio;
    studio.window->resize(1280, 800);
    if (!studio.openModel())
        return 1;
    studio.document().select({5, core::Role::Down});
    for (int page = 0; page <= static_cast<int>(ui::Workspace::Teach); ++page) {
        studio.window->showWorkspace(static_cast<ui::Workspace>(page));
        QCoreApplication::processEvents();
    }
    studio.window->showWorkspace(ui::Workspace::Inspect);
    std::printf("%d widgets\n", static_cast<int>(QApplication::allWidgets().size()));
    for (int i = 0; i < repetitions; ++i) {
        std::printf("dark    ");
        timed(studio, [&] { studio.window->setTheme(ui::ThemeChoice::Dark); });
        std::printf("light   ");
        timed(studio, [&] { studio.window->setTheme(ui::ThemeChoice::Light); });
        std::printf("letters ");
        timed(studio, [&] { studio.window->setPresenting(true); });
        std::printf("back    ");
        timed(studio, [&] { studio.window->setPresenting(false); });
    }
    return 0;
}
