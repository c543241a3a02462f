// SPDX-License-Identifier: GPL-3.0-or-later
// The command palette and the quick open, by keys and mouse.
#include "tests/ui/support/studio_fixture.h"
#include "ui/finder.h"
#include "ui/help_window.h"
#include "ui/inspect/inspect_view.h"
#include "ui/model/kind_table.h"
#include "ui/settings_dialog.h"

#include <QApplication>
#include <QDockWidget>
#include <QLineEdit>
#include <QListWidget>

using ui::Finder;
using ui::Workspace;

namespace {

constexpr auto kPalette = Qt::ControlModifier | Qt::ShiftModifier;

QListWidgetItem* row(Finder& finder, const char* beginning)
{
    for (int i = 0; i < finder.list().count(); ++i)
        if (finder.list().item(i)->text().startsWith(QString::fromUtf8(beginning)))
            return finder.list().item(i);
    return nullptr;
}

} // namespace

class TstFinder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void paletteRunsACommandByItsLetters()
    {
        StudioFixture studio;
        QTest::keyClick(studio.window.get(), Qt::Key_P, kPalette);
        auto& finder = studio.window->finder();
        QVERIFY(finder.isVisible());
        QTRY_VERIFY(finder.query().hasFocus());
        QTest::keyClicks(&finder.query(), QStringLiteral("inspc"));
        QCOMPARE(finder.list().currentItem()->text(), QStringLiteral("View: Inspect"));
        QCOMPARE(finder.list().currentItem()->data(Finder::kDetailRole).toString(), QStringLiteral("Ctrl+2"));
        QTest::keyClick(&finder.query(), Qt::Key_Return);
        QVERIFY(!finder.isVisible());
        QCOMPARE(studio.window->workspace(), Workspace::Inspect);
    }

    void paletteSaysWhyACommandCannotRun()
    {
        StudioFixture studio;
        QTest::keyClick(studio.window.get(), Qt::Key_P, kPalette);
        auto& finder = studio.window->finder();
        QTest::keyClicks(&finder.query(), QStringLiteral("save project as"));
        QCOMPARE(finder.list().currentItem()->data(Finder::kWhyDisabledRole).toString(),
                 QStringLiteral("Open a model first"));
        QTest::keyClick(&finder.query(), Qt::Key_Return); // stays, with the reason in sight
        QVERIFY(finder.isVisible());
        QTest::keyClick(&finder.query(), Qt::Key_Escape);
        QVERIFY(!finder.isVisible());
    }

    /** "sa" is in what "Stop current job" explains of itself, which nothing runs for; Enter is for what is named so. */
    void whatIsNamedSoAndCanRunComesFirst()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        QTest::keyClick(studio.window.get(), Qt::Key_P, kPalette);
        auto& finder = studio.window->finder();
        QTest::keyClicks(&finder.query(), QStringLiteral("sa"));
        const auto* chosen = finder.list().currentItem();
        QVERIFY(chosen);
        QVERIFY(chosen->data(Finder::kWhyDisabledRole).toString().isEmpty());
        QVERIFY2(chosen->text().contains(QStringLiteral("sa"), Qt::CaseInsensitive), qPrintable(chosen->text()));
    }

    void escapeGivesTheFocusBack()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        auto& table = studio.window->inspect().table();
        table.setFocus();
        QTest::keyClick(studio.window.get(), Qt::Key_K, Qt::ControlModifier);
        QTRY_VERIFY(studio.window->finder().query().hasFocus());
        QTest::keyClick(&studio.window->finder().query(), Qt::Key_Escape);
        QTRY_VERIFY(table.hasFocus());
    }

    void goesToTheWorstModuleInThreeKeys()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        studio.window->showWorkspace(Workspace::Welcome);
        QTest::keyClick(studio.window.get(), Qt::Key_K, Qt::ControlModifier);
        auto& finder = studio.window->finder();
        QTest::keyClicks(&finder.query(), QStringLiteral("worst"));
        QTest::keyClick(&finder.query(), Qt::Key_Return);
        QCOMPARE(studio.window->workspace(), Workspace::Inspect);
        QCOMPARE(studio.document().selectedLayer()->block, 5); // z 7.5 in the fake model
    }

    void findsLayersRunsPlotsSettingsAndHelp()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        auto& finder = studio.window->finder();
        const auto look = [&](const char* text) {
            QTest::keyClick(studio.window.get(), Qt::Key_K, Qt::ControlModifier);
            finder.query().clear();
            QTest::keyClicks(&finder.query(), QString::fromUtf8(text));
        };
        look("3.down");
        QTest::mouseClick(finder.list().viewport(), Qt::LeftButton, {},
                          finder.list().visualItemRect(row(finder, "3.down")).center());
        QCOMPARE(core::toString(*studio.document().selectedLayer()), std::string("3.down"));
        look("read toy");
        QVERIFY(row(finder, "Read toy-8b"));
        QTest::keyClick(&finder.query(), Qt::Key_Return);
        QVERIFY(studio.window->dock(QStringLiteral("jobs"))->isVisible());
        look("robust z");
        QVERIFY(row(finder, "Robust z"));
        finder.list().setCurrentItem(row(finder, "Robust z"));
        QTest::keyClick(&finder.query(), Qt::Key_Return);
        QVERIFY(studio.window->help()->isVisible());
        QCOMPARE(studio.window->help()->current(), QStringLiteral("robust-z"));
        studio.window->help()->close();
        look("settings keys");
        QTest::keyClick(&finder.query(), Qt::Key_Return);
        QVERIFY(studio.window->settingsDialog()->isVisible());
    }

    void arrowsGoThroughTheListAndNothingFoundIsSaid()
    {
        StudioFixture studio;
        QTest::keyClick(studio.window.get(), Qt::Key_P, kPalette);
        auto& finder = studio.window->finder();
        QTest::keyClick(&finder.query(), Qt::Key_Down);
        QTest::keyClick(&finder.query(), Qt::Key_Down);
        QCOMPARE(finder.list().currentRow(), 2);
        QTest::keyClicks(&finder.query(), QStringLiteral("qqqqqq"));
        QCOMPARE(finder.list().count(), 0);
        QVERIFY(!finder.list().isVisible());
    }
};

QTEST_MAIN(TstFinder)
#include "tst_finder.moc"
