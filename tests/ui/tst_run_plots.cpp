// SPDX-License-Identifier: GPL-3.0-or-later
// Plots of what a calibration did: errors by block and layer, memory over time.
#include "ui/plot/error_plot.h"
#include "ui/plot/memory_plot.h"

#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include <cmath>

class TstRunPlots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void errorsAreOrderedByDepthOrBySizeByMouseAndByKey()
    {
        ui::ErrorPlot plot;
        plot.resize(500, 300);
        plot.setRows({{QStringLiteral("0.q"), 0.1},
                      {QStringLiteral("0.k"), 0.4},
                      {QStringLiteral("0.v"), std::nan("")},
                      {QStringLiteral("1.q"), 0.2}},
                     QStringLiteral("w4"), {}, QStringLiteral("error"));
        plot.show();
        const auto names = [&] {
            QStringList all;
            for (int i = 0; i < 4; ++i)
                all << plot.nameAt(i);
            return all.join(QLatin1Char(' '));
        };
        QCOMPARE(names(), QStringLiteral("0.q 0.k 0.v 1.q"));
        QTest::mouseClick(&plot.bySize(), Qt::LeftButton);
        QCOMPARE(names(), QStringLiteral("0.k 1.q 0.q 0.v")); // what was not measured last
        QTest::keyClick(&plot, Qt::Key_S);
        QCOMPARE(names(), QStringLiteral("0.q 0.k 0.v 1.q"));
        QVERIFY(plot.summary().contains(QStringLiteral("0.k: 0.4, rank 1 of 4")));
        QSignalSpy clicked(&plot, &ui::ErrorPlot::rowClicked);
        plot.setFocus();
        QTest::keyClick(&plot, Qt::Key_Right);
        QTest::keyClick(&plot, Qt::Key_Return);
        QCOMPARE(clicked.takeFirst().first().toString(), QStringLiteral("0.q"));
    }

    void errorsOfTwoRunsStandBesideEachOther()
    {
        ui::ErrorPlot plot;
        plot.setRows({{QStringLiteral("0"), 0.1, 0.05}, {QStringLiteral("1"), 0.2}}, QStringLiteral("first"),
                     QStringLiteral("second"), QStringLiteral("error"));
        const auto lines = plot.toCsv().split(QLatin1Char('\n'));
        QCOMPARE(lines[0], QStringLiteral("name,error,other_error"));
        QCOMPARE(lines[1], QStringLiteral("0,0.1,0.05"));
        QVERIFY(plot.summary().contains(QStringLiteral("1: 0.2"))); // the largest, not measured in the other
    }

    /** Times of blocks follow one another; a point without a figure is no sample. */
    void memoryIsDrawnOverAllBlocks()
    {
        ui::MemoryPlot plot;
        constexpr std::uint64_t kMebibyte = 1 << 20;
        plot.addPoints({{0, 0, 2, 1.0, 1.0, 100 * kMebibyte},
                        {0, 1, 2, 0.5, 2.0, 120 * kMebibyte},
                        {1, 0, 2, 1.0, 1.0, 110 * kMebibyte},
                        {1, 1, 2, 0.5, 2.0, 0}});
        QCOMPARE(plot.blockCount(), 2);
        const auto lines = plot.toCsv().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 4);
        QCOMPARE(lines[0], QStringLiteral("seconds,bytes,block,step"));
        QCOMPARE(lines[3], QStringLiteral("3,115343360,1,0"));
        QVERIFY2(plot.summary().contains(QStringLiteral("120")), qPrintable(plot.summary()));
        plot.clear();
        QVERIFY(plot.isEmpty());
        QCOMPARE(plot.blockCount(), 0);
    }
};

QTEST_MAIN(TstRunPlots)
#include "tst_run_plots.moc"
