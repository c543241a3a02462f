// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/hand.h"
#include "tests/ui/support/studio_fixture.h"
#include "ui/help_window.h"
#include "ui/teach/teach_view.h"

#include <QListWidget>
#include <QPushButton>

class TstTeachView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ctrl8ShowsItWithoutAModel()
    {
        StudioFixture studio;
        Hand hand(*studio.window);
        hand.key(Qt::Key_8, Qt::ControlModifier);
        QCOMPARE(studio.window->workspace(), ui::Workspace::Teach);
        QVERIFY(studio.window->teach().isVisible());
    }

    void aPageIsOpenedByMouseAndByKey()
    {
        StudioFixture studio;
        Hand hand(*studio.window);
        studio.window->showWorkspace(ui::Workspace::Teach);
        QCoreApplication::processEvents();
        auto& pages = studio.window->teach().pages();
        QVERIFY(pages.count() >= 6);
        hand.click(*pages.viewport(), pages.visualItemRect(pages.item(0)).center());
        QVERIFY(studio.window->help() && studio.window->help()->isVisible());
        QCOMPARE(studio.window->help()->current(), QStringLiteral("kurtosis"));
        studio.window->help()->close();
        studio.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(studio.window.get()));
        pages.setFocus();
        hand.key(Qt::Key_Down);
        hand.key(Qt::Key_Return);
        QCOMPARE(studio.window->help()->current(), QStringLiteral("robust-z"));
        QVERIFY(studio.window->help()->isVisible());
    }

    void theDemoStartsFromHere()
    {
        StudioFixture studio;
        Hand hand(*studio.window);
        studio.window->showWorkspace(ui::Workspace::Teach);
        QCoreApplication::processEvents();
        for (auto* button : studio.window->teach().findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Open demo model"))
                hand.click(*button);
        QTRY_COMPARE(studio.document().readState(), ui::Document::ReadState::Ready);
    }
};

QTEST_MAIN(TstTeachView)
#include "tst_teach_view.moc"
