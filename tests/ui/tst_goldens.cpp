// SPDX-License-Identifier: GPL-3.0-or-later
// Every workspace, in light and dark, empty, ready and after an error, and ready in high contrast, against committed pictures.
// They are compared smaller than they are and with a tolerance: a changed word passes, a panel that is gone, a colour of the
// wrong theme or a plot that is not drawn does not. What differs is marked in a picture of the build folder.
// PLANISH_UPDATE_GOLDENS=1 writes them anew, to be looked at before they are committed.
#include "tests/ui/support/goldens.h"

#include <QPainter>

class TstGoldens : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (const auto reason = golden::whyNot(); !reason.isEmpty())
            QSKIP(qPrintable(reason));
    }

    /** The judge is judged: a panel that is gone is seen, another word is not. */
    void aMissingPanelIsSeenAndAnotherWordIsNot()
    {
        QImage picture(golden::kPicture, QImage::Format_RGB32);
        picture.fill(Qt::white);
        QVERIFY(!golden::compare(picture, picture).isVisible());
        auto word = picture;
        QPainter(&word).fillRect(20, 20, 40, 8, Qt::black);
        QVERIFY(!golden::compare(word, picture).isVisible());
        auto panel = picture;
        QPainter(&panel).fillRect(200, 100, 90, 60, Qt::black);
        const auto difference = golden::compare(panel, picture);
        QVERIFY(difference.isVisible());
        QCOMPARE(difference.all, 90.0 * 60.0 / (480.0 * 300.0));
        QCOMPARE(difference.cell, QPoint(240, 120)); // the one cell it fills most
        QCOMPARE(QColor(difference.marked.pixel(250, 130)), QColor(220, 0, 0));
        auto theme = picture;
        theme.fill(Qt::darkGray);
        QVERIFY(golden::compare(theme, picture).isVisible());
    }

    void workspacesLookAsTheyShould_data()
    {
        QTest::addColumn<int>("theme");
        QTest::addColumn<QString>("state");
        for (const auto& [theme, name] :
             {std::pair(ui::ThemeChoice::Light, "light"), std::pair(ui::ThemeChoice::Dark, "dark")})
            for (const auto* state : {"empty", "ready", "error"})
                QTest::addRow("%s-%s", state, name) << static_cast<int>(theme) << QString::fromLatin1(state);
        QTest::newRow("ready-contrast") << static_cast<int>(ui::ThemeChoice::HighContrast) << QStringLiteral("ready");
    }
    void workspacesLookAsTheyShould()
    {
        QFETCH(int, theme);
        QFETCH(QString, state);
        StudioFixture studio;
        studio.window->resize(1280, 800);
        studio.window->setTheme(static_cast<ui::ThemeChoice>(theme));
        QTRY_VERIFY(studio.window->studio().engine());
        QVERIFY(state == QLatin1String("empty")
                || (state == QLatin1String("ready") ? golden::makeReady(studio) : golden::makeError(studio)));
        QStringList problems;
        for (const auto& [workspace, name] : golden::kWorkspaces) {
            const auto problem = golden::judge(
                golden::grab(studio, workspace, golden::kPicture),
                QStringLiteral("%1-%2.png").arg(QLatin1String(name), QLatin1String(QTest::currentDataTag())));
            if (!problem.isEmpty())
                problems += problem;
        }
        QVERIFY2(problems.isEmpty(), qPrintable(problems.join(QLatin1Char('\n'))));
    }
};

QTEST_MAIN(TstGoldens)
#include "tst_goldens.moc"
