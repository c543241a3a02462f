// SPDX-License-Identifier: GPL-3.0-or-later
// What a hand can do in the plots of layers: clip the grid, see bands instead of outlines.
#include "tests/ui/support/plot_samples.h"
#include "ui/plot/histogram_plot.h"
#include "ui/plot/ridge_plot.h"
#include "ui/plot/threshold_plot.h"

#include <QMenu>
#include <QSignalSpy>
#include <QTest>

#include <cmath>

using samples::distribution;
using samples::points;

class TstLayerPlots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theGridIsClippedByMouseAndByKey()
    {
        ui::HistogramPlot plot;
        plot.resize(500, 300);
        auto values = std::make_shared<core::Distribution>(*distribution());
        values->absmax = 1.0;
        plot.setDistributions(values, nullptr, QStringLiteral("weight"));
        plot.setGridBits(4);
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        QTest::qWait(50); // the first replot
        QTest::keyClick(&plot, Qt::Key_Left, Qt::ShiftModifier);
        QVERIFY(!plot.hasClip()); // nobody says what it would do
        plot.setClipPreview([](const core::Distribution&, int bits, double clip) { return 10.0 * bits * clip; });
        QCOMPARE(plot.clip(), 1.0);
        const auto at = [&](double value) { return plot.pixelAt(value, 0.5).toPoint(); };
        QTest::mousePress(plot.canvas(), Qt::LeftButton, {}, at(0.99));
        QTest::mouseMove(plot.canvas(), at(0.7));
        QTest::mouseMove(plot.canvas(), at(0.5));
        QTest::mouseRelease(plot.canvas(), Qt::LeftButton, {}, at(0.5));
        QVERIFY2(std::abs(plot.clip() - 0.5) < 0.01, qPrintable(QString::number(plot.clip())));
        QVERIFY2(plot.clipText().contains(QStringLiteral("40.0 dB unclipped")), qPrintable(plot.clipText()));
        QVERIFY(plot.summary().endsWith(plot.clipText()));
        const double dragged = plot.clip();
        plot.setFocus();
        QTest::keyClick(&plot, Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(std::abs(plot.clip() - dragged - 0.02) < 1e-9);
        plot.setDistributions(distribution(), nullptr, QStringLiteral("weight"));
        QVERIFY(!plot.hasClip()); // of another layer
    }

    void layersAreDrawnAsBandsOfPercentilesByMenuAndByKey()
    {
        ui::RidgePlot plot;
        plot.resize(500, 300);
        const auto row = [](int block) {
            return ui::RidgePlot::Row{{block, core::Role::Q}, QStringLiteral("%1.q").arg(block), distribution(), {}};
        };
        plot.setRows({row(0), row(1), row(2)}, QStringLiteral("weight"));
        plot.show();
        QTest::keyClick(&plot, Qt::Key_P);
        QVERIFY(!plot.showsBands()); // without quantiles there are none
        int asked = 0;
        plot.setQuantiles([&asked](const core::Distribution&, const std::vector<double>& shares) {
            ++asked;
            return std::vector<double>(shares.size(), 0.1);
        });
        QTest::keyClick(&plot, Qt::Key_P);
        QVERIFY(plot.showsBands());
        QCOMPARE(asked, 3); // once a layer
        QTest::qWait(50);   // the first replot
        QSignalSpy clicked(&plot, &ui::RidgePlot::layerClicked);
        QTest::mouseClick(plot.canvas(), Qt::LeftButton, {}, plot.pixelAt(0.0, 1.2).toPoint());
        QCOMPARE(clicked.size(), 1);
        QVERIFY(clicked.first().first().value<core::LayerId>() == (core::LayerId{1, core::Role::Q}));
        for (auto* action : plot.menu().actions())
            if (action->text().startsWith(QStringLiteral("Percentile")))
                action->trigger();
        QVERIFY(!plot.showsBands());
    }

    void modulesWithoutAZAreNotDrawn()
    {
        auto made = points();
        made[1].robustZ = std::nan("");
        made[2].otherZ = 0.25;
        ui::ThresholdPlot plot;
        plot.resize(500, 300);
        plot.setPoints(made);
        plot.show();
        QTest::qWait(50); // the first replot
        QSignalSpy clicked(&plot, &ui::ThresholdPlot::moduleClicked);
        QTest::mouseClick(plot.canvas(), Qt::LeftButton, {}, plot.pixelAt(1.0, 0.0).toPoint());
        QVERIFY(clicked.isEmpty() || clicked.first().first().value<core::ModuleId>() != made[1].module);
        QVERIFY(plot.toCsv().contains(QStringLiteral("quantized_z")));
        QVERIFY(plot.toCsv().contains(QStringLiteral("automatic,0.25")));
    }
};

QTEST_MAIN(TstLayerPlots)
#include "tst_layer_plots.moc"
