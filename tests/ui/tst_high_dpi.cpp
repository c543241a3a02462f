// SPDX-License-Identifier: GPL-3.0-or-later
// Two device pixels a point: the window fills the same room in points, and pictures have twice the pixels.
#include "tests/ui/support/studio_fixture.h"

#include <QApplication>
#include <QToolBar>
#include <QToolButton>

class TstHighDpi : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void grabsHaveTwiceThePixels()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        studio.window->showWorkspace(ui::Workspace::Inspect);
        studio.window->resize(1600, 900);
        const auto picture = studio.window->grab();
        QCOMPARE(picture.devicePixelRatio(), 2.0);
        QCOMPARE(picture.size(), QSize(3200, 1800));
        QCOMPARE(studio.window->size(), QSize(1600, 900));
    }

    void iconsAreDrawnForThePixels()
    {
        StudioFixture studio;
        int looked = 0;
        for (const auto* button : studio.window->findChild<QToolBar*>()->findChildren<QToolButton*>()) {
            if (button->icon().isNull())
                continue;
            const auto pixmap = button->icon().pixmap(button->iconSize(), 2.0);
            QVERIFY2(pixmap.width() >= 2 * button->iconSize().width() - 4, qPrintable(button->text()));
            ++looked;
        }
        QVERIFY(looked > 8);
    }
};

int main(int argc, char** argv)
{
    qputenv("QT_SCALE_FACTOR", "2"); // before there is an application
    QApplication application(argc, argv);
    TstHighDpi test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_high_dpi.moc"
