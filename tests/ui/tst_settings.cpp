// SPDX-License-Identifier: GPL-3.0-or-later
// What is remembered, the dialog that sets it, and the keys of commands.
#include "tests/ui/support/studio_fixture.h"
#include "ui/settings_dialog.h"
#include "ui/shortcuts_page.h"

#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QKeySequenceEdit>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTableWidget>
#include <QTextBrowser>

using ui::Settings;
using ui::ThemeChoice;

namespace {

ui::SettingsDialog& openDialog(StudioFixture& studio)
{
    QTest::keyClick(studio.window.get(), Qt::Key_Comma, Qt::ControlModifier);
    return *studio.window->settingsDialog();
}

void chooseCommand(ui::ShortcutsPage& page, const char* command)
{
    const auto found = page.table().findItems(QString::fromLatin1(command), Qt::MatchExactly);
    QCOMPARE(found.size(), 1);
    page.table().setCurrentItem(found.first());
}

} // namespace

class TstSettings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rememberWhatWasSet()
    {
        QTemporaryDir folder;
        const auto file = folder.filePath(QStringLiteral("a.ini"));
        {
            Settings settings(file);
            QCOMPARE(settings.theme(), ThemeChoice::System);
            QCOMPARE(settings.autosaveSeconds(), 30);
            settings.setTheme(ThemeChoice::HighContrast);
            settings.setLanguage(QStringLiteral("de"));
            settings.setAutosaveSeconds(5);
            settings.setNamedLayout(QStringLiteral("odd/name = %"), "state");
            settings.setShortcuts(QStringLiteral("file.save"), QList<QKeySequence>{QKeySequence(Qt::Key_F2)});
            settings.setShortcuts(QStringLiteral("file.quit"), QList<QKeySequence>());
        }
        const Settings settings(file);
        QCOMPARE(settings.theme(), ThemeChoice::HighContrast);
        QCOMPARE(settings.language(), QStringLiteral("de"));
        QCOMPARE(settings.autosaveSeconds(), 5);
        QCOMPARE(settings.namedLayouts(), QStringList{QStringLiteral("odd/name = %")});
        QCOMPARE(settings.namedLayout(QStringLiteral("odd/name = %")), QByteArray("state"));
        QCOMPARE(settings.shortcuts(QStringLiteral("file.save")), QList<QKeySequence>{QKeySequence(Qt::Key_F2)});
        QVERIFY(settings.shortcuts(QStringLiteral("file.quit"))->isEmpty()); // none at all, by the person's wish
        QVERIFY(!settings.shortcuts(QStringLiteral("file.open")));
    }

    void layoutsOfOtherVersionsAreNotRestored()
    {
        QTemporaryDir folder;
        Settings settings(folder.filePath(QStringLiteral("a.ini")));
        settings.setLayout(QStringLiteral("inspect"), "new");
        QCOMPARE(settings.layout(QStringLiteral("inspect")), QByteArray("new"));
        QSettings raw(folder.filePath(QStringLiteral("a.ini")), QSettings::IniFormat);
        raw.setValue(QStringLiteral("window/version"), Settings::kLayoutVersion - 1);
        raw.sync();
        const Settings again(folder.filePath(QStringLiteral("a.ini")));
        QVERIFY(again.layout(QStringLiteral("inspect")).isEmpty());
    }

    void exportedAndImportedWithoutThisMachinesFiles()
    {
        QTemporaryDir folder;
        Settings one(folder.filePath(QStringLiteral("one.ini")));
        one.setTheme(ThemeChoice::Dark);
        one.addRecent(QStringLiteral("/secret/model"));
        one.setLayerFilters({QStringLiteral("z>3.5")});
        one.exportTo(folder.filePath(QStringLiteral("out.ini")));
        QFile out(folder.filePath(QStringLiteral("out.ini")));
        QVERIFY(out.open(QIODevice::ReadOnly));
        QVERIFY(!out.readAll().contains("secret"));
        Settings two(folder.filePath(QStringLiteral("two.ini")));
        two.importFrom(folder.filePath(QStringLiteral("out.ini")));
        QCOMPARE(two.theme(), ThemeChoice::Dark);
        QCOMPARE(two.layerFilters(), QStringList{QStringLiteral("z>3.5")});
        QFile bad(folder.filePath(QStringLiteral("bad.ini")));
        QVERIFY(bad.open(QIODevice::WriteOnly));
        bad.write("\x01\x02 no settings at all");
        bad.close();
        QVERIFY_EXCEPTION_THROWN(two.importFrom(bad.fileName()), core::Error);
        QVERIFY_EXCEPTION_THROWN(two.importFrom(folder.filePath(QStringLiteral("none.ini"))), core::Error);
        QVERIFY_EXCEPTION_THROWN(two.exportTo(folder.filePath(QStringLiteral("bad.ini/x.ini"))), core::Error);
        QCOMPARE(two.theme(), ThemeChoice::Dark);
    }

    void dialogSetsAndResetsByKey()
    {
        StudioFixture studio;
        auto& dialog = openDialog(studio);
        QVERIFY(dialog.isVisible());
        dialog.theme().setFocus();
        QTest::keyClick(&dialog.theme(), Qt::Key_End);
        QCOMPARE(studio.window->settings().theme(), ThemeChoice::HighContrast);
        QCOMPARE(QApplication::palette().color(QPalette::Window), QColor(Qt::black));
        dialog.autosave().setFocus();
        dialog.autosave().selectAll();
        QTest::keyClicks(&dialog.autosave(), QStringLiteral("7"));
        QCOMPARE(studio.window->settings().autosaveSeconds(), 7);
        QTest::mouseClick(dialog.findChild<QPushButton*>(QStringLiteral("resetSettings")), Qt::LeftButton);
        QCOMPARE(studio.window->settings().theme(), ThemeChoice::System);
        QCOMPARE(dialog.autosave().value(), 30);
        QVERIFY(QApplication::palette().color(QPalette::Window) != QColor(Qt::black));
    }

    void keysAreReboundAndConflictsRefusedByName()
    {
        StudioFixture studio;
        auto& dialog = openDialog(studio);
        studio.window->showSettingsPage(QStringLiteral("keys"));
        auto& page = dialog.shortcuts();
        chooseCommand(page, "View: Inspect");
        page.keys().setKeySequence(QKeySequence(QStringLiteral("Ctrl+O")));
        QTest::mouseClick(&page.setButton(), Qt::LeftButton);
        QVERIFY(page.problem().contains(QStringLiteral("Open model folder")));
        auto* inspect = studio.window->actions().at(QStringLiteral("view.2"));
        QCOMPARE(inspect->shortcut(), QKeySequence(QStringLiteral("Ctrl+2")));
        page.keys().setKeySequence(QKeySequence(QStringLiteral("Ctrl+Alt+I")));
        QTest::mouseClick(&page.setButton(), Qt::LeftButton);
        QVERIFY(page.problem().isEmpty());
        QCOMPARE(inspect->shortcut(), QKeySequence(QStringLiteral("Ctrl+Alt+I")));
        dialog.close();
        studio.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(studio.window.get()));
        QTest::keyClick(studio.window.get(), Qt::Key_I, Qt::ControlModifier | Qt::AltModifier);
        QCOMPARE(studio.window->workspace(), ui::Workspace::Inspect);

        ui::StudioWindow again([shared = studio.behaviour] { return std::make_unique<FakeSession>(shared); },
                               studio.path(QStringLiteral("settings.ini")));
        QCOMPARE(again.actions().at(QStringLiteral("view.2"))->shortcut(), inspect->shortcut());
        studio.window->showSettingsPage(QStringLiteral("keys"));
        QTest::mouseClick(&page.defaultButton(), Qt::LeftButton);
        QCOMPARE(inspect->shortcut(), QKeySequence(QStringLiteral("Ctrl+2")));
        QVERIFY(!studio.window->settings().shortcuts(QStringLiteral("view.2")));
    }

    void cheatSheetListsTheKeysAsTheyAre()
    {
        StudioFixture studio;
        auto* inspect = studio.window->actions().at(QStringLiteral("view.2"));
        studio.window->actions().rebind(*inspect, {QKeySequence(QStringLiteral("Ctrl+Alt+I"))});
        QTest::keyClick(studio.window.get(), Qt::Key_Question, Qt::ControlModifier);
        auto* sheet = studio.window->findChild<QDialog*>(QStringLiteral("cheatSheet"));
        QVERIFY(sheet && sheet->isVisible());
        const auto text = sheet->findChild<QTextBrowser*>()->toPlainText();
        QVERIFY(text.contains(QStringLiteral("Ctrl+Alt+I")));
        QVERIFY(text.contains(QStringLiteral("Command palette")));
    }
};

QTEST_MAIN(TstSettings)
#include "tst_settings.moc"
