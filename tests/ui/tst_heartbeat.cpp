// SPDX-License-Identifier: GPL-3.0-or-later
// The promise of the window: its thread is never blocked over 100 ms, whatever the engine does. The only tests that look at
// a clock.
#include "tests/ui/support/heartbeat.h"
#include "tests/ui/support/studio_fixture.h"
#include "ui/calibrate/calibrate_view.h"
#include "ui/calibrate/calibration_form.h"
#include "ui/inspect/filter_edit.h"
#include "ui/inspect/inspect_view.h"
#include "ui/inspect/layer_browser.h"
#include "ui/model/kind_table.h"
#include "ui/plot/threshold_plot.h"
#include "ui/transforms/transforms_view.h"

#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QToolButton>

namespace {

constexpr double kLimitMs = 100.0;

} // namespace

class TstHeartbeat : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void staysAliveWhileABigModelIsRead()
    {
        StudioFixture studio;
        studio.behaviour->blocks = 40; // 282 layers of real work
        studio.behaviour->burnMsPerLayer = 3;
        studio.window->showWorkspace(ui::Workspace::Inspect);
        QVERIFY(QTest::qWaitForWindowExposed(studio.window.get()));
        QCoreApplication::processEvents();
        Heartbeat heart;
        QVERIFY(studio.openModel());
        QVERIFY(heart.beats() > 10);
        qInfo("longest pause %.1f ms", heart.longestBlockedMs());
        QVERIFY(heart.longestBlockedMs() < kLimitMs);
    }

    void staysAliveWhileThousandsOfLossesArrive()
    {
        StudioFixture studio;
        studio.behaviour->burnUsPerStep = 20;
        QVERIFY(studio.openModel());
        studio.giveText();
        studio.window->showWorkspace(ui::Workspace::Calibrate);
        studio.window->calibrate().form().output().setText(studio.path(QStringLiteral("out")));
        studio.window->calibrate().form().epochs().setValue(600); // 8 blocks of 9,600 steps
        QCoreApplication::processEvents();
        Heartbeat heart;
        QTest::mouseClick(&studio.window->calibrate().startButton(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!studio.document().bundle().isEmpty(), 60'000);
        QVERIFY(heart.beats() > 3);
        qInfo("longest pause %.1f ms", heart.longestBlockedMs());
        QVERIFY(heart.longestBlockedMs() < kLimitMs);
    }

    /** The layers and channels of a model of 70 billion parameters. */
    void staysAliveWhileALongTableIsWalkedThrough()
    {
        StudioFixture studio;
        studio.behaviour->blocks = 80;
        studio.behaviour->intermediate = 28'672;
        QVERIFY(studio.openModel());
        studio.window->showWorkspace(ui::Workspace::Inspect);
        auto& browser = studio.window->inspect().browser();
        auto& table = browser.table();
        QCOMPARE(table.model()->rowCount(), 80 * 7 + 2);
        QCoreApplication::processEvents();
        Heartbeat heart;
        table.setFocus();
        for (int i = 0; i < 20; ++i) {
            QTest::keyClick(&table, i % 2 ? Qt::Key_Down : Qt::Key_PageDown);
            QCoreApplication::processEvents();
        }
        QTest::keyClicks(&browser.filter(), QStringLiteral("role:down"));
        QCOMPARE(table.model()->rowCount(), 80);
        QTest::mouseClick(&browser.heatButton(), Qt::LeftButton);
        for (int i = 0; i < 10; ++i) {
            QTest::keyClick(&browser.heatMap(), Qt::Key_PageDown);
            QCoreApplication::processEvents();
        }
        qInfo("longest pause %.1f ms", heart.longestBlockedMs());
        QVERIFY(heart.longestBlockedMs() < kLimitMs);
    }

    void staysAliveWhileTheThresholdIsDragged()
    {
        StudioFixture studio;
        studio.behaviour->blocks = 80;
        QVERIFY(studio.openModel());
        studio.window->showWorkspace(ui::Workspace::Transforms);
        auto& plot = studio.window->transforms().plot(core::ModuleKind::Attention);
        QCoreApplication::processEvents();
        Heartbeat heart;
        const auto at = [&](double z) { return plot.pixelAt(2.5, z).toPoint(); };
        QTest::mousePress(plot.canvas(), Qt::LeftButton, {}, at(plot.lineValue()));
        for (int i = 0; i < 60; ++i) {
            QTest::mouseMove(plot.canvas(), at(3.5 - i * 0.06));
            QCoreApplication::processEvents();
        }
        QTest::mouseRelease(plot.canvas(), Qt::LeftButton, {}, at(0.0));
        qInfo("longest pause %.1f ms", heart.longestBlockedMs());
        QVERIFY(heart.longestBlockedMs() < kLimitMs);
    }
};

QTEST_MAIN(TstHeartbeat)
#include "tst_heartbeat.moc"
