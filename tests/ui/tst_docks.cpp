// SPDX-License-Identifier: GPL-3.0-or-later
// Panels, their layouts, and the status bar, by mouse and keyboard.
#include "tests/ui/support/studio_fixture.h"
#include "ui/dock_layouts.h"
#include "ui/inspect/distribution_panel.h"
#include "ui/inspect/inspect_view.h"
#include "ui/log_panel.h"
#include "ui/model_tree.h"
#include "ui/plot/channel_plot.h"
#include "ui/plot_table.h"
#include "ui/status_line.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QTableView>
#include <QTreeWidget>

using ui::Workspace;

namespace {

bool isShown(StudioFixture& studio, const char* dock)
{
    return studio.window->dock(QString::fromLatin1(dock))->isVisible();
}

void drop(QWidget& widget, const QString& path)
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&widget, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&widget, &event);
}

} // namespace

class TstDocks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keysShowAndHidePanels_data()
    {
        QTest::addColumn<QString>("dock");
        QTest::addColumn<int>("key");
        QTest::addColumn<bool>("withShift");
        QTest::newRow("model") << QStringLiteral("model") << int(Qt::Key_M) << true;
        QTest::newRow("layer") << QStringLiteral("layer") << int(Qt::Key_L) << true;
        QTest::newRow("jobs") << QStringLiteral("jobs") << int(Qt::Key_J) << false;
        QTest::newRow("log") << QStringLiteral("log") << int(Qt::Key_J) << true;
        QTest::newRow("history") << QStringLiteral("history") << int(Qt::Key_H) << true;
        QTest::newRow("data") << QStringLiteral("data") << int(Qt::Key_D) << false;
    }
    void keysShowAndHidePanels()
    {
        QFETCH(QString, dock);
        QFETCH(int, key);
        QFETCH(bool, withShift);
        StudioFixture studio;
        auto* panel = studio.window->dock(dock);
        QVERIFY(!panel->isVisible());
        const auto modifiers = withShift ? Qt::ControlModifier | Qt::ShiftModifier : Qt::ControlModifier;
        QTest::keyClick(studio.window.get(), static_cast<Qt::Key>(key), modifiers);
        QTRY_VERIFY(panel->isVisible());
        QVERIFY(studio.window->actions().at(QStringLiteral("dock.") + dock)->isChecked());
        QCoreApplication::processEvents();
        QTest::keyClick(studio.window.get(), static_cast<Qt::Key>(key), modifiers);
        QVERIFY(!panel->isVisible());
        QVERIFY(!studio.window->actions().at(QStringLiteral("dock.") + dock)->isChecked());
    }

    void eachWorkspaceKeepsItsLayoutAlsoAfterARestart()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        QVERIFY(isShown(studio, "layer")); // the default of Inspect
        studio.window->showWorkspace(Workspace::Transforms);
        QVERIFY(!isShown(studio, "layer"));
        studio.window->showDock(QStringLiteral("history"));
        studio.window->showWorkspace(Workspace::Inspect);
        QVERIFY(!isShown(studio, "history"));
        studio.window->showWorkspace(Workspace::Transforms);
        QVERIFY(isShown(studio, "history"));
        QVERIFY(studio.window->close());

        ui::StudioWindow again([shared = studio.behaviour] { return std::make_unique<FakeSession>(shared); },
                               studio.path(QStringLiteral("settings.ini")));
        again.show();
        QDir().mkpath(studio.path(QStringLiteral("m")));
        again.openPath(studio.path(QStringLiteral("m")));
        QTRY_COMPARE(again.studio().document().readState(), ui::Document::ReadState::Ready);
        again.showWorkspace(Workspace::Transforms);
        QVERIFY(again.dock(QStringLiteral("history"))->isVisible());
        again.actions().at(QStringLiteral("view.resetLayout"))->trigger();
        QVERIFY(!again.dock(QStringLiteral("history"))->isVisible());
    }

    void layoutsOfAnotherWindowAreDiscarded()
    {
        StudioFixture studio;
        studio.window->settings().setLayout(QStringLiteral("inspect"), QByteArray("nonsense"));
        ui::StudioWindow again([shared = studio.behaviour] { return std::make_unique<FakeSession>(shared); },
                               studio.path(QStringLiteral("settings.ini")));
        again.show();
        QDir().mkpath(studio.path(QStringLiteral("m")));
        again.openPath(studio.path(QStringLiteral("m")));
        QTRY_COMPARE(again.studio().document().readState(), ui::Document::ReadState::Ready);
        QVERIFY(again.dock(QStringLiteral("layer"))->isVisible()); // the default
    }

    void aLayoutGetsANameAndComesBackByIt()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        studio.window->showDock(QStringLiteral("model"));
        studio.window->showDock(QStringLiteral("log"));
        studio.window->actions().at(QStringLiteral("view.saveLayout"))->trigger();
        auto* dialog = studio.window->findChild<QInputDialog*>();
        QVERIFY(dialog);
        QTest::keyClicks(dialog->findChild<QLineEdit*>(), QStringLiteral("wide"));
        QTest::keyClick(dialog, Qt::Key_Return);
        QCOMPARE(studio.window->layouts().names(), QStringList{QStringLiteral("wide")});
        studio.window->actions().at(QStringLiteral("view.resetLayout"))->trigger();
        QVERIFY(!isShown(studio, "log"));
        QVERIFY(studio.window->layouts().apply(QStringLiteral("wide")));
        QVERIFY(isShown(studio, "log") && isShown(studio, "model"));
        studio.window->layouts().remove(QStringLiteral("wide"));
        QVERIFY(!studio.window->layouts().apply(QStringLiteral("wide")));
    }

    void doubleClickOnATitleGivesAllTheRoomAndAnotherGivesItBack()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        studio.window->showDock(QStringLiteral("log"));
        auto* dock = studio.window->dock(QStringLiteral("log"));
        QTRY_VERIFY(dock->height() > 50);
        QCoreApplication::processEvents();
        const int before = dock->height();
        const QPoint title(dock->width() / 2, 6);
        QTest::mouseDClick(dock, Qt::LeftButton, {}, title);
        QTRY_VERIFY(dock->height() > 2 * before);
        QVERIFY(!studio.window->centralWidget()->isVisible());
        QVERIFY(!isShown(studio, "layer"));
        QVERIFY(!dock->isFloating());
        QTest::mouseDClick(dock, Qt::LeftButton, {}, title);
        QVERIFY(studio.window->centralWidget()->isVisible());
        QVERIFY(isShown(studio, "layer"));
        QTRY_COMPARE(dock->height(), before);
    }

    void f9MaximisesAndAWorkspaceKeyEndsIt()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        QTest::keyClick(studio.window.get(), Qt::Key_J, Qt::ControlModifier);
        QTRY_VERIFY(isShown(studio, "jobs"));
        QTest::keyClick(studio.window.get(), Qt::Key_F9);
        QVERIFY(!studio.window->centralWidget()->isVisible());
        QTest::keyClick(studio.window.get(), Qt::Key_3, Qt::ControlModifier);
        QVERIFY(studio.window->centralWidget()->isVisible());
        QCOMPARE(studio.window->workspace(), Workspace::Transforms);
    }

    void f11IsFullScreen()
    {
        StudioFixture studio;
        QTest::keyClick(studio.window.get(), Qt::Key_F11);
        QVERIFY(studio.window->isFullScreen());
        QTest::keyClick(studio.window.get(), Qt::Key_F11);
        QVERIFY(!studio.window->isFullScreen());
    }

    void treeAndTableSelectTheSameLayer()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        studio.window->showDock(QStringLiteral("model"));
        auto& tree = studio.window->modelTree().tree();
        QCOMPARE(tree.topLevelItemCount(), 10); // 8 blocks, embedding, head
        studio.document().select({3, core::Role::Down});
        QCOMPARE(tree.currentItem()->text(0), QStringLiteral("down"));
        QCOMPARE(tree.currentItem()->parent()->parent()->text(0), QStringLiteral("Block 3"));
        QCoreApplication::processEvents();
        QTest::keyClick(&tree, Qt::Key_Up);
        QCOMPARE(core::toString(*studio.document().selectedLayer()), std::string("3.up"));
        QVERIFY(studio.window->statusLine().selection().text().startsWith(QStringLiteral("3.up")));
    }

    void bundleDroppedOnSlotBIsComparedWith()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        studio.window->showDock(QStringLiteral("model"));
        QDir().mkpath(studio.path(QStringLiteral("toy.bundle")));
        drop(studio.window->modelTree().slotB(), studio.path(QStringLiteral("toy.bundle")));
        QTRY_COMPARE(studio.document().bundle(), studio.path(QStringLiteral("toy.bundle")));
        QVERIFY(studio.document().isBundleStale()); // of 3 bits, and the plan has 4
        QVERIFY(studio.window->statusLine().stale().isVisible());
        QTest::mouseClick(&studio.window->statusLine().stale(), Qt::LeftButton);
        QCOMPARE(studio.window->workspace(), Workspace::Calibrate);
        studio.behaviour->bundleBlocks = 4;
        QDir().mkpath(studio.path(QStringLiteral("other.bundle")));
        studio.window->showDock(QStringLiteral("model"));
        drop(studio.window->modelTree().slotB(), studio.path(QStringLiteral("other.bundle")));
        QTRY_VERIFY(studio.window->log().text().contains(QStringLiteral("4 blocks, the open model 8")));
        QCOMPARE(studio.document().bundle(), studio.path(QStringLiteral("toy.bundle")));
    }

    void dataTableFollowsTheFocusedPlot()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        auto& plot = studio.window->inspect().panel().channels();
        QVERIFY(!studio.window->actions().at(QStringLiteral("edit.exportPlot"))->isEnabled());
        plot.setFocus();
        QTRY_VERIFY(studio.window->actions().at(QStringLiteral("edit.exportPlot"))->isEnabled());
        QTest::keyClick(studio.window.get(), Qt::Key_D, Qt::ControlModifier);
        auto& table = studio.window->plotTable();
        QTRY_VERIFY(table.isVisible());
        QCOMPARE(table.plot(), &plot);
        const auto lines = plot.toCsv().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(table.table().model()->rowCount(), int(lines.size()) - 1);
        QCOMPARE(table.table().model()->index(0, 1).data().toString(), lines[1].section(QLatin1Char(','), 1, 1));
        studio.document().select({3, core::Role::Down}); // 172 channels
        QTRY_COMPARE(table.table().model()->rowCount(), 172);
        QTest::mouseClick(table.findChild<QPushButton*>(), Qt::LeftButton);
        QCOMPARE(QApplication::clipboard()->text().count(QLatin1Char('\n')), 173);
        QVERIFY(QApplication::clipboard()->text().contains(QLatin1Char('\t')));
    }

    void logShowsFromALevelOnAndCopiesEverything()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        studio.window->showDock(QStringLiteral("log"));
        auto& log = studio.window->log();
        studio.behaviour->describeError = core::Error(core::ErrorKind::Corrupt, "header is 12 bytes short", "x");
        studio.window->openPath(studio.path(QStringLiteral("m")));
        QTRY_VERIFY(log.text().contains(QStringLiteral("12 bytes short")));
        QVERIFY(log.text().contains(QStringLiteral("planish profile")));
        log.levels().setFocus();
        QTest::keyClick(&log.levels(), Qt::Key_End); // errors
        QVERIFY(!log.text().contains(QStringLiteral("planish profile")));
        QVERIFY(log.text().contains(QStringLiteral("12 bytes short")));
        QTest::mouseClick(log.findChild<QPushButton*>(QStringLiteral("copyDiagnostics")), Qt::LeftButton);
        const auto copied = QApplication::clipboard()->text();
        QVERIFY(copied.contains(QStringLiteral("Device cpu")));
        QVERIFY(copied.contains(QStringLiteral("planish profile"))); // whatever is shown
    }

    void statusBarTellsJobDeviceAndMemory()
    {
        StudioFixture studio;
        studio.behaviour->layersAllowed = 20;
        QDir().mkpath(studio.path(QStringLiteral("m")));
        studio.window->openPath(studio.path(QStringLiteral("m")));
        QTRY_COMPARE(studio.document().readLayerCount(), 20);
        QVERIFY(studio.window->statusLine().job().text().startsWith(QStringLiteral("Read m")));
        QTRY_VERIFY(studio.window->statusLine().job().text().contains(QStringLiteral("left")));
        QVERIFY(studio.window->statusLine().device().text().startsWith(QStringLiteral("cpu")));
        QVERIFY(studio.window->statusLine().device().text().contains(QStringLiteral("iB of ")));
        studio.behaviour->layersAllowed = 1000;
        QTRY_VERIFY(studio.window->statusLine().job().text().isEmpty());
    }
};

QTEST_MAIN(TstDocks)
#include "tst_docks.moc"
