// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/plot_samples.h"
#include "ui/plot/channel_plot.h"
#include "ui/plot/histogram_plot.h"
#include "ui/plot/loss_plot.h"
#include "ui/plot/perplexity_plot.h"
#include "ui/plot/threshold_plot.h"
#include "ui/theme.h"

#include <QApplication>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

#include <array>
#include <cmath>

using samples::distribution;
using samples::points;

class TstPlots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { ui::applyTheme(ui::ThemeChoice::Light); }

    void histogramReadsOutTheNearestBin()
    {
        ui::HistogramPlot plot;
        plot.resize(500, 300);
        plot.setDistributions(distribution(), nullptr, QStringLiteral("weight"));
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        QSignalSpy hovered(&plot, &ui::PlotView::hovered);
        const auto pixel = plot.pixelAt(0.25, 1.0).toPoint(); // centre of the third bin
        QTest::mouseMove(plot.canvas(), pixel - QPoint(3, 0));
        QTest::mouseMove(plot.canvas(), pixel);
        QTRY_VERIFY(!hovered.isEmpty());
        QCOMPARE(plot.cursorSample(), 2);
        QVERIFY(hovered.last().first().toString().contains(QStringLiteral("5 values")));
    }

    void histogramDensityIsCountPerValueAndWidth()
    {
        ui::HistogramPlot plot;
        plot.setDistributions(distribution(), nullptr, QStringLiteral("weight"));
        const auto lines = plot.toCsv().split(QLatin1Char('\n'));
        QCOMPARE(lines[0], QStringLiteral("value,count,density"));
        QCOMPARE(lines[2], QStringLiteral("-0.25,4,0.8")); // 4 / (10 * 0.5)
        QCOMPARE(lines[4], QStringLiteral("0.75,0,0"));
    }

    void arrowKeysMoveTheCursorSampleBySample()
    {
        ui::ChannelPlot plot;
        plot.setDistributions(distribution(), nullptr, QStringLiteral("weight"));
        plot.show();
        plot.setFocus();
        QTest::keyClick(&plot, Qt::Key_Right);
        QTest::keyClick(&plot, Qt::Key_Right);
        QCOMPARE(plot.cursorSample(), 1);
        QTest::keyClick(&plot, Qt::Key_Left);
        QTest::keyClick(&plot, Qt::Key_Left);
        QCOMPARE(plot.cursorSample(), 0); // stays at the end
    }

    void keysSwitchScaleAndNormalCurve()
    {
        ui::HistogramPlot plot;
        plot.setDistributions(distribution(), nullptr, QStringLiteral("weight"));
        QVERIFY(plot.isLogarithmic());
        QTest::keyClick(&plot, Qt::Key_Y);
        QVERIFY(!plot.isLogarithmic());
        QTest::keyClick(&plot, Qt::Key_G);
        QVERIFY(!plot.showsNormal());
    }

    void sortedChannelsKeepTheirNumbers()
    {
        ui::ChannelPlot plot;
        plot.setDistributions(distribution(), nullptr, QStringLiteral("weight"));
        plot.setSorted(true);
        QCOMPARE(plot.toCsv(), QStringLiteral("channel,absmax\n1,2\n2,1\n0,0.5\n"));
    }

    void wheelZoomsAndHomeRestores()
    {
        ui::HistogramPlot plot;
        plot.resize(500, 300);
        plot.setDistributions(distribution(), nullptr, QStringLiteral("weight"));
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        const auto before = plot.pixelAt(0.5, 1.0);
        const QPointF at = plot.pixelAt(0.0, 1.0);
        QWheelEvent wheel(at, plot.canvas()->mapToGlobal(at), {}, QPoint(0, 240), Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(plot.canvas(), &wheel);
        QVERIFY(plot.pixelAt(0.5, 1.0).x() > before.x() + 5);
        QTest::keyClick(&plot, Qt::Key_Home);
        QCOMPARE(plot.pixelAt(0.5, 1.0), before);
    }

    void thresholdFollowsTheDragByPixels()
    {
        ui::ThresholdPlot plot;
        plot.resize(600, 400);
        plot.setPoints(points());
        plot.setRule({.mode = core::GroupRule::Mode::Threshold, .sign = 1, .beta = 3.0});
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        QSignalSpy dragged(&plot, &ui::ThresholdPlot::thresholdDragged);
        QSignalSpy released(&plot, &ui::ThresholdPlot::thresholdReleased);
        const QPoint from = plot.pixelAt(2.5, 3.0).toPoint();
        const QPoint to = plot.pixelAt(2.5, 1.3).toPoint();
        QTest::mousePress(plot.canvas(), Qt::LeftButton, {}, from);
        QTest::mouseMove(plot.canvas(), (from + to) / 2);
        QTest::mouseMove(plot.canvas(), to);
        QTest::mouseRelease(plot.canvas(), Qt::LeftButton, {}, to);
        QVERIFY(dragged.size() >= 2);
        QCOMPARE(released.size(), 1);
        // One pixel is the precision of a drag: about 6 z over 300 pixels.
        QVERIFY(std::abs(released.first().first().toDouble() - 1.3) < 0.04);
    }

    void thresholdCanBeDraggedBesideAnEnormousOutlier()
    {
        ui::ThresholdPlot plot;
        plot.resize(600, 400);
        auto many = points();
        many.last().robustZ = 950.0; // as planted outliers give
        plot.setPoints(many);
        plot.setRule({.mode = core::GroupRule::Mode::Threshold, .sign = 1, .beta = 1.0});
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        QSignalSpy released(&plot, &ui::ThresholdPlot::thresholdReleased);
        // Far out the axis is asinh(z): 3 is drawn at asinh 3, and the pixels between 1 and 3 are enough to aim.
        const QPoint from = plot.pixelAt(2.5, std::asinh(1.0)).toPoint();
        const QPoint to = plot.pixelAt(2.5, std::asinh(3.0)).toPoint();
        QVERIFY(from.y() - to.y() > 20);
        QTest::mousePress(plot.canvas(), Qt::LeftButton, {}, from);
        QTest::mouseMove(plot.canvas(), to);
        QTest::mouseRelease(plot.canvas(), Qt::LeftButton, {}, to);
        QVERIFY(std::abs(released.first().first().toDouble() - 3.0) < 0.15);
    }

    void thresholdSnapsToCustomaryValues()
    {
        ui::ThresholdPlot plot;
        plot.resize(600, 400);
        plot.setPoints(points());
        plot.setRule({.mode = core::GroupRule::Mode::Threshold, .sign = 1, .beta = 1.0});
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        QSignalSpy released(&plot, &ui::ThresholdPlot::thresholdReleased);
        const QPoint to = plot.pixelAt(2.5, 2.5).toPoint() + QPoint(0, 2);
        QTest::mousePress(plot.canvas(), Qt::LeftButton, {}, plot.pixelAt(2.5, 1.0).toPoint());
        QTest::mouseMove(plot.canvas(), to);
        QTest::mouseRelease(plot.canvas(), Qt::LeftButton, {}, to);
        QCOMPARE(released.first().first().toDouble(), 2.5);
    }

    void escapeGivesTheDragUp()
    {
        ui::ThresholdPlot plot;
        plot.resize(600, 400);
        plot.setPoints(points());
        plot.setRule({.mode = core::GroupRule::Mode::Threshold, .sign = 1, .beta = 3.0});
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        QSignalSpy aborted(&plot, &ui::ThresholdPlot::thresholdAborted);
        QSignalSpy released(&plot, &ui::ThresholdPlot::thresholdReleased);
        QTest::mousePress(plot.canvas(), Qt::LeftButton, {}, plot.pixelAt(2.5, 3.0).toPoint());
        QTest::mouseMove(plot.canvas(), plot.pixelAt(2.5, 1.0).toPoint());
        QTest::keyClick(&plot, Qt::Key_Escape);
        QTest::mouseRelease(plot.canvas(), Qt::LeftButton, {}, plot.pixelAt(2.5, 1.0).toPoint());
        QCOMPARE(aborted.size(), 1);
        QCOMPARE(released.size(), 0);
    }

    void negativeSignDrawsTheLineBelowZero()
    {
        ui::ThresholdPlot plot;
        plot.setPoints(points());
        plot.setRule({.mode = core::GroupRule::Mode::Threshold, .sign = -1, .beta = 0.5});
        QCOMPARE(plot.lineValue(), -0.5);
    }

    void plusAndMinusMoveTheThresholdByATenth()
    {
        ui::ThresholdPlot plot;
        plot.setPoints(points());
        plot.setRule({.mode = core::GroupRule::Mode::Threshold, .sign = 1, .beta = 3.0});
        QSignalSpy released(&plot, &ui::ThresholdPlot::thresholdReleased);
        QTest::keyClick(&plot, Qt::Key_Plus);
        QCOMPARE(released.first().first().toDouble(), 3.1);
        QTest::keyClick(&plot, Qt::Key_Minus);
        QCOMPARE(released.last().first().toDouble(), 3.0);
    }

    void clickingAPointNamesItsModule()
    {
        ui::ThresholdPlot plot;
        plot.resize(600, 400);
        plot.setPoints(points());
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        core::ModuleId clicked;
        connect(&plot, &ui::ThresholdPlot::moduleClicked, this,
                [&](const core::ModuleId& module) { clicked = module; });
        QTest::mouseClick(plot.canvas(), Qt::LeftButton, {}, plot.pixelAt(4.0, 2.0).toPoint());
        QCOMPARE(clicked.block, 4);
    }

    /** The colours that carry meaning stay apart for eyes without one kind of cones. Simulation: Machado, Oliveira and Fernandes 2009,
        table of severity 1.0, on linear sRGB; distance: CIE 1976 in L*a*b* (D65), where 2.3 is just noticeable. Ten is easily seen. */
    void coloursStayApartForColourBlindEyes()
    {
        using Matrix = std::array<std::array<double, 3>, 3>;
        constexpr std::array<Matrix, 4> kEyes{
            Matrix{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
            Matrix{{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
            Matrix{{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
            Matrix{
                {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}}};
        constexpr Matrix kXyz{
            {{0.4124564, 0.3575761, 0.1804375}, {0.2126729, 0.7151522, 0.0721750}, {0.0193339, 0.1191920, 0.9503041}}};
        const auto times = [](const Matrix& matrix, const std::array<double, 3>& v) {
            std::array<double, 3> result{};
            for (std::size_t row = 0; row < 3; ++row)
                for (std::size_t column = 0; column < 3; ++column)
                    result[row] += matrix[row][column] * v[column];
            return result;
        };
        const auto labOf = [&](const QColor& color, const Matrix& eye) {
            const auto linear = [](double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); };
            auto seen = times(eye, {linear(color.redF()), linear(color.greenF()), linear(color.blueF())});
            for (auto& value : seen)
                value = std::clamp(value, 0.0, 1.0);
            const auto xyz = times(kXyz, seen);
            const auto f = [](double t) {
                return t > 216.0 / 24389.0 ? std::cbrt(t) : (24389.0 / 27.0 * t + 16.0) / 116.0;
            };
            const double x = f(xyz[0] / 0.95047), y = f(xyz[1]), z = f(xyz[2] / 1.08883);
            return std::array{116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)};
        };
        for (const auto theme : {ui::ThemeChoice::Light, ui::ThemeChoice::Dark, ui::ThemeChoice::HighContrast}) {
            ui::applyTheme(theme);
            const auto colors = ui::plotColors(QApplication::palette());
            const std::vector<std::vector<QColor>> groups{
                {colors.affine, colors.rotation, colors.hadamard, colors.identity},
                {colors.before, colors.after, colors.alarm}};
            for (std::size_t eye = 0; eye < kEyes.size(); ++eye)
                for (const auto& group : groups)
                    for (std::size_t i = 0; i < group.size(); ++i)
                        for (std::size_t j = i + 1; j < group.size(); ++j) {
                            const auto a = labOf(group[i], kEyes[eye]);
                            const auto b = labOf(group[j], kEyes[eye]);
                            const double distance = std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
                            QVERIFY2(distance >= 10.0,
                                     qPrintable(QStringLiteral("theme %1, eye %2: %3 and %4 are %5 apart")
                                                    .arg(int(theme))
                                                    .arg(eye)
                                                    .arg(group[i].name(), group[j].name())
                                                    .arg(distance)));
                        }
        }
        ui::applyTheme(ui::ThemeChoice::System);
    }

    void exportsEveryFormat_data()
    {
        QTest::addColumn<QByteArray>("suffix");
        QTest::addColumn<QByteArray>("magic"); // first bytes by each format's specification
        QTest::newRow("png") << QByteArray(".png") << QByteArray("\x89PNG");
        QTest::newRow("svg") << QByteArray(".svg") << QByteArray("<?xml");
        QTest::newRow("pdf") << QByteArray(".pdf") << QByteArray("%PDF");
        QTest::newRow("csv") << QByteArray(".csv") << QByteArray("block,step,loss");
    }
    void exportsEveryFormat()
    {
        QFETCH(QByteArray, suffix);
        QFETCH(QByteArray, magic);
        QTemporaryDir folder;
        ui::LossPlot plot;
        plot.resize(500, 300);
        plot.addPoints({{0, 0, 3, 1.0}, {0, 1, 3, 0.5}, {0, 2, 3, 0.25}});
        const auto path = folder.filePath(QStringLiteral("plot") + QString::fromLatin1(suffix));
        QString error;
        QVERIFY2(plot.exportTo(path, &error), qPrintable(error));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll().startsWith(magic));
    }
    void refusesUnknownFormats()
    {
        ui::LossPlot plot;
        QString error;
        QVERIFY(!plot.exportTo(QStringLiteral("plot.bmp"), &error));
        QVERIFY(error.contains(QStringLiteral("plot.bmp")));
    }

    void lossesThatALogAxisCannotShowAreLeftOut()
    {
        ui::LossPlot plot;
        plot.addPoints({{0, 0, 2, 1.0}, {0, 1, 2, 0.0}, {1, 0, 2, std::nan("")}});
        QCOMPARE(plot.pointCount(), 1);
    }

    void themeRecoloursTheCanvas()
    {
        ui::PerplexityPlot plot;
        plot.resize(300, 200);
        plot.setBars({{QStringLiteral("fp"), 5.0, 0.1, true}, {QStringLiteral("w4"), 6.0, 0.1, false}});
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        const auto corner = [&] { return plot.canvas()->grab().toImage().pixelColor(2, 2); };
        QTRY_COMPARE(corner(), QColor(Qt::white));
        ui::applyTheme(ui::ThemeChoice::Dark);
        QTRY_VERIFY(corner().lightness() < 60);
        ui::applyTheme(ui::ThemeChoice::Light);
        QTRY_COMPARE(corner(), QColor(Qt::white));
    }

    /** The same picture where the fonts are others: no letters that need one, but what they say is there. */
    void svgHasItsLettersAsPaths()
    {
        QTemporaryDir folder;
        ui::LossPlot plot;
        plot.resize(500, 300);
        plot.setTitle(QStringLiteral("Loss & more"));
        plot.addPoints({{0, 0, 3, 1.0}, {0, 1, 3, 0.5}});
        QString error;
        const auto path = folder.filePath(QStringLiteral("plot.svg"));
        QVERIFY2(plot.exportTo(path, &error), qPrintable(error));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto svg = file.readAll();
        QVERIFY(!svg.contains("<text"));
        QVERIFY(svg.contains("aria-label=\"Loss &amp; more\" d=\"M"));
        QVERIFY(svg.contains("aria-label=\"step\""));
        QXmlStreamReader reader(svg); // still well-formed
        while (!reader.atEnd())
            reader.readNext();
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    }

    void everyPlotHasANameAndASummary()
    {
        ui::PerplexityPlot plot;
        plot.setTitle(QStringLiteral("Perplexity"));
        plot.setBars({{QStringLiteral("fp"), 5.0, 0.1, true}});
        QCOMPARE(plot.accessibleName(), QStringLiteral("Perplexity"));
        QVERIFY(plot.accessibleDescription().contains(QStringLiteral("5.000")));
    }
};

QTEST_MAIN(TstPlots)
#include "tst_plots.moc"
