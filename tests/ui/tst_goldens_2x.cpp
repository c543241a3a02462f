// SPDX-License-Identifier: GPL-3.0-or-later
// One workspace where a point has two pixels, against its committed picture; see tst_goldens.cpp.
#include "tests/ui/support/goldens.h"

#include <QApplication>

class TstGoldens2x : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void inspectLooksAsItShould()
    {
        if (const auto reason = golden::whyNot(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
        StudioFixture studio;
        studio.window->resize(1280, 800);
        studio.window->setTheme(ui::ThemeChoice::Light);
        QTRY_VERIFY(studio.window->studio().engine());
        QVERIFY(golden::makeReady(studio));
        const auto problem = golden::judge(golden::grab(studio, ui::Workspace::Inspect, 2 * golden::kPicture),
                                           QStringLiteral("inspect-ready-light-2x.png"));
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
};

int main(int argc, char** argv)
{
    qputenv("QT_SCALE_FACTOR", "2"); // before there is an application
    QApplication application(argc, argv);
    TstGoldens2x test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_goldens_2x.moc"
