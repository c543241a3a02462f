// SPDX-License-Identifier: GPL-3.0-or-later
// Unsaved work outlives the program: it is killed for real while it writes, and another one finds the work.
#include "tests/ui/support/studio_fixture.h"
#include "ui/autosave.h"
#include "ui/notice_bar.h"
#include "ui/project.h"

#include <QApplication>
#include <QDir>
#include <QFileDialog>
#include <QListWidget>
#include <QProcess>
#include <QPushButton>

namespace {

const core::ModuleId kModule{2, core::ModuleKind::Attention};

/** The victim: opens the model, overrides a choice, and writes aside without end. */
int runVictim(const QString& folder)
{
    qputenv("XDG_STATE_HOME", folder.toUtf8());
    auto behaviour = std::make_shared<FakeBehaviour>();
    ui::StudioWindow window([=] { return std::make_unique<FakeSession>(behaviour); },
                            folder + QStringLiteral("/s.ini"));
    window.show();
    window.openPath(folder + QStringLiteral("/toy-8b"));
    auto& document = window.studio().document();
    if (!QTest::qWaitFor([&] { return document.readState() == ui::Document::ReadState::Ready; }, 60'000))
        return 1;
    document.plan().overrideKind({kModule}, core::TransformKind::Hadamard);
    for (int i = 0;; ++i) {
        document.setNotes(QStringLiteral("note %1 ").arg(i).repeated(2000));
        window.autosave().saveNow();
        if (i == 0)
            puts("saving");
        fflush(stdout);
    }
}

QPushButton* button(const QWidget& in, const char* text)
{
    for (auto* each : in.findChildren<QPushButton*>())
        if (each->text() == QLatin1String(text))
            return each;
    return nullptr;
}

} // namespace

class TstRecovery : public QObject
{
    Q_OBJECT

    static void killWhileSaving(const QString& folder, int afterMs)
    {
        QDir().mkpath(folder + QStringLiteral("/toy-8b"));
        QProcess victim;
        victim.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        victim.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--victim"), folder});
        QVERIFY(victim.waitForReadyRead(60'000));
        QVERIFY(!victim.waitForFinished(afterMs)); // it saves on and on
        victim.kill();
        QVERIFY(victim.waitForFinished());
        QVERIFY(victim.exitStatus() == QProcess::CrashExit);
    }

private Q_SLOTS:
    void killedWhileSavingTheWorkIsWhole()
    {
        for (const int after : {3, 11, 17}) {
            QTemporaryDir folder;
            killWhileSaving(folder.path(), after);
            qputenv("XDG_STATE_HOME", folder.path().toUtf8());
            const auto found = ui::Autosave::recoveries();
            QCOMPARE(found.size(), 1);
            QCOMPARE(found.first().name, QStringLiteral("toy-8b"));
            const auto project = ui::loadProject(found.first().file); // throws where it is cut short
            QVERIFY(project.planText.find("hadamard") != std::string::npos);
            QVERIFY(project.notes.startsWith(QStringLiteral("note ")));
        }
    }

    void bannerRecoversWithOneClick()
    {
        StudioFixture studio;
        killWhileSaving(studio.path(QStringLiteral("state")), 5);
        studio.window->hide();
        studio.window->show(); // looks again
        auto& notice = studio.window->notice();
        QTRY_VERIFY(notice.isVisible());
        QVERIFY(notice.text().contains(QStringLiteral("toy-8b")));
        QTest::mouseClick(button(notice, "Recover"), Qt::LeftButton);
        QTRY_COMPARE(studio.document().readState(), ui::Document::ReadState::Ready);
        QVERIFY(studio.kindOf(kModule) == core::TransformKind::Hadamard);
        QVERIFY(studio.window->isWindowModified());        // it is still unsaved
        QTRY_VERIFY(ui::Autosave::recoveries().isEmpty()); // this run's copy is alive
        QVERIFY(QFile::exists(studio.window->autosave().file()));
        QVERIFY(!notice.isVisible());
    }

    /** The 18th journey: one press, by mouse as above or by key, and at most 30 s of work are lost. */
    void bannerRecoversWithOneKey()
    {
        StudioFixture studio;
        QVERIFY(studio.window->settings().autosaveSeconds() <= 30);
        killWhileSaving(studio.path(QStringLiteral("state")), 5);
        studio.window->hide();
        studio.window->show();
        QTRY_VERIFY(studio.window->notice().isVisible());
        auto* recover = button(studio.window->notice(), "Recover");
        QTRY_COMPARE(studio.window->focusWidget(), recover); // the key needs no way there
        QTest::keyClick(recover, Qt::Key_Space);
        QTRY_COMPARE(studio.document().readState(), ui::Document::ReadState::Ready);
        QVERIFY(studio.kindOf(kModule) == core::TransformKind::Hadamard);
    }

    void discardDeletesIt()
    {
        StudioFixture studio;
        killWhileSaving(studio.path(QStringLiteral("state")), 5);
        studio.window->hide();
        studio.window->show();
        QTRY_VERIFY(studio.window->notice().isVisible());
        QTest::mouseClick(button(studio.window->notice(), "Discard"), Qt::LeftButton);
        QVERIFY(ui::Autosave::recoveries().isEmpty());
        QVERIFY(!studio.window->notice().isVisible());
    }

    void savedAfterEachJobAndGoneOnceSaved()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        QVERIFY(!QFile::exists(studio.window->autosave().file())); // nothing to lose
        studio.plan().overrideKind({kModule}, core::TransformKind::Identity);
        studio.giveText();
        studio.window->studio().measureActivations(64, 32);
        QTRY_VERIFY(QFile::exists(studio.window->autosave().file()));
        studio.window->studio().saveProject(studio.path(QStringLiteral("a.planish")));
        QVERIFY(!QFile::exists(studio.window->autosave().file()));
        studio.document().setNotes(QStringLiteral("more"));
        studio.window->autosave().saveNow();
        QVERIFY(QFile::exists(studio.window->autosave().file()));
        QVERIFY(studio.window->close());
        QVERIFY(!QFile::exists(studio.window->autosave().file())); // a clean end leaves nothing
    }

    void neverWhereThePersonSaidSo()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        studio.window->settings().setAutosaveSeconds(0);
        studio.document().setNotes(QStringLiteral("x"));
        studio.window->autosave().saveNow();
        QVERIFY(!QFile::exists(studio.window->autosave().file()));
    }

    void missingRecentIsGreyAndCanBeLocated()
    {
        StudioFixture studio;
        const auto gone = studio.path(QStringLiteral("gone"));
        QDir().mkpath(gone);
        studio.window->settings().addRecent(gone);
        QDir().rmdir(gone);
        studio.window->settings().addRecent(studio.path(QString())); // shows the list anew
        auto* recents = studio.window->findChild<QListWidget*>(QStringLiteral("recents"));
        auto* item = recents->item(1);
        QVERIFY(item->text().contains(QStringLiteral("Locate")));
        QTest::mouseClick(recents->viewport(), Qt::LeftButton, {}, recents->visualItemRect(item).center());
        auto* dialog = studio.window->findChild<QFileDialog*>();
        QVERIFY(dialog);
        QDir().mkpath(studio.path(QStringLiteral("moved")));
        Q_EMIT dialog->fileSelected(studio.path(QStringLiteral("moved")));
        QTRY_COMPARE(studio.document().modelName(), QStringLiteral("moved"));
        QVERIFY(!studio.window->settings().recents().contains(gone));
    }

    /** Two windows of the same settings would overwrite each other's projects: the second asks. */
    void aSecondWindowAsksByMouseAndByKey()
    {
        StudioFixture first;
        first.window->claimSession();
        QVERIFY(!first.window->notice().isVisible());
        const auto open = [&first] {
            auto window = std::make_unique<ui::StudioWindow>(
                [behaviour = first.behaviour] { return std::make_unique<FakeSession>(behaviour); },
                first.path(QStringLiteral("settings.ini")));
            window->show();
            window->claimSession();
            return window;
        };
        auto second = open();
        QVERIFY(QTest::qWaitForWindowActive(second.get()));
        QVERIFY(second->notice().isVisible());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space); // the first choice: work in this one too
        QVERIFY(!second->notice().isVisible() && second->isVisible());
        auto third = open();
        QTest::mouseClick(button(third->notice(), "Close this one"), Qt::LeftButton);
        QVERIFY(!third->isVisible());
        third.reset();
        second.reset();
        first.window.reset();
        auto alone = open();
        QVERIFY(!alone->notice().isVisible());
    }
};

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    if (argc == 3 && QByteArray(argv[1]) == "--victim")
        return runVictim(QString::fromLocal8Bit(argv[2]));
    TstRecovery test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_recovery.moc"
