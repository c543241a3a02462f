// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of a layer by mouse and keyboard, one selection in all of them, and B over A.
#include "tests/ui/support/heartbeat.h"
#include "tests/ui/support/studio_fixture.h"
#include "ui/calibrate/calibrate_view.h"
#include "ui/calibrate/calibration_form.h"
#include "ui/inspect/inspect_view.h"
#include "ui/inspect/layer_browser.h"
#include "ui/model/kind_table.h"
#include "ui/model/layer_table_model.h"
#include "ui/model/peak_table_model.h"
#include "ui/plot/channel_plot.h"
#include "ui/plot/histogram_plot.h"
#include "ui/plot/map_plot.h"
#include "ui/plot/quantile_plot.h"
#include "ui/plot/ridge_plot.h"
#include "ui/plot/threshold_plot.h"
#include "ui/transforms/transforms_view.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QToolButton>

using core::Role;
using Part = ui::PlotBoard::Part;

namespace {

constexpr double kLimitMs = 100.0;

/** An open model with a text, and its pictures. */
struct Pictures
{
    StudioFixture studio;
    ui::InspectView& view = studio.window->inspect();
    ui::PlotBoard& board = view.panel();
    ui::Selection& selection = studio.document().selection();
    bool ready = open();
    Heartbeat heart;

    bool open()
    {
        const bool opened = studio.openModel();
        studio.giveText();
        studio.window->resize(1600, 1000);
        studio.window->showWorkspace(ui::Workspace::Inspect);
        studio.document().select({5, Role::Down});
        for (int i = 0; i < 4; ++i) // shown and painted
            QCoreApplication::processEvents();
        return opened;
    }
    void show(Part part)
    {
        if (!board.isShown(part))
            QTest::mouseClick(&board.button(part), Qt::LeftButton);
    }
    bool beats() const
    {
        qInfo("longest pause %.1f ms", heart.longestBlockedMs());
        return heart.longestBlockedMs() < kLimitMs;
    }
};

/** Press, two moves and release: what a person's drag is made of. */
void drag(QWidget* canvas, const QPointF& from, const QPointF& to, Qt::KeyboardModifiers modifiers)
{
    QTest::mousePress(canvas, Qt::LeftButton, modifiers, from.toPoint());
    for (const auto& at : {(from + to) / 2, to}) {
        QMouseEvent move(QEvent::MouseMove, at, canvas->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, modifiers);
        QCoreApplication::sendEvent(canvas, &move);
    }
    QTest::mouseRelease(canvas, Qt::LeftButton, modifiers, to.toPoint());
}

/** 100 x 2000 values pooled to 50 x 500, the largest (8) in row 30, column 700; cell (0, 0) not finite. */
std::shared_ptr<const core::MagnitudeMap> pooledMap()
{
    auto map = std::make_shared<core::MagnitudeMap>();
    map->rows = map->rowEnd = 100;
    map->columns = map->columnEnd = 2000;
    map->gridRows = 50;
    map->gridColumns = 500;
    map->cells.assign(50 * 500, 0.5f);
    map->cells[0] = std::numeric_limits<float>::quiet_NaN();
    map->cells[15 * 500 + 175] = 8.0f; // row 30 / 2, column 700 / 4
    map->nonFinite = 1;
    map->peaks = {{30, 700, -8.0f}};
    return map;
}

} // namespace

class TstInspectPlots : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mapShowsTokensAndTheirPeaks()
    {
        Pictures at;
        QVERIFY(at.ready);
        at.show(Part::Map);
        at.view.setSource(ui::InspectView::Source::Inputs);
        QTRY_VERIFY(at.board.map().map());
        QTRY_COMPARE(at.board.map().map()->tokens.size(), std::size_t{32});
        QCOMPARE(at.board.peaks().index(0, ui::PeakTableModel::Token).data().toString(), QStringLiteral("\u00b7word5"));
        QCOMPARE(at.board.peaks().index(0, ui::PeakTableModel::Row).data().toInt(), 5); // the token that stands out
        const auto first = at.board.peakTable().visualRect(at.board.peaks().index(0, ui::PeakTableModel::Channel));
        QTest::mouseClick(at.board.peakTable().viewport(), Qt::LeftButton, {}, first.center());
        QCOMPARE(at.selection.token(), 5);
        QVERIFY(at.selection.channels() == QVector<int>{11} || at.selection.channels() == QVector<int>{40});
        QTest::keyClick(&at.board.peakTable(), Qt::Key_Down);
        QCOMPARE(at.selection.token(), at.board.peaks().index(1, ui::PeakTableModel::Row).data().toInt());
        QVERIFY(at.beats());
    }

    void clickInTheMapSelectsTokenAndChannel()
    {
        Pictures at;
        at.show(Part::Map);
        at.view.setSource(ui::InspectView::Source::Inputs);
        auto& map = at.board.map();
        QTRY_VERIFY(map.map());
        QCoreApplication::processEvents();
        QSignalSpy hovered(&at.view, &ui::InspectView::hovered);
        const auto pixel = map.pixelAt(40, 5);
        QTest::mouseMove(map.canvas(), (pixel - QPointF(1, 0)).toPoint());
        QTest::mouseMove(map.canvas(), pixel.toPoint());
        QTRY_VERIFY(!hovered.isEmpty());
        const auto said = hovered.last().first().toString();
        QVERIFY2(said.contains(QStringLiteral("word5")) && said.contains(QStringLiteral("channel 40")),
                 qPrintable(said));
        QTest::mouseClick(map.canvas(), Qt::LeftButton, {}, pixel.toPoint());
        QCOMPARE(at.selection.token(), 5);
        QCOMPARE(at.selection.channels(), QVector<int>{40});
        QTest::keyClick(&at.view, Qt::Key_Left, Qt::AltModifier); // the token, then the channels, go back
        QVERIFY(at.selection.token() == -1 || at.selection.channels().isEmpty());
        QVERIFY(at.beats());
    }

    void mapAsksForDetailWhereItIsLookedAtClosely()
    {
        ui::MapPlot plot;
        plot.resize(700, 400);
        plot.setMap(pooledMap(), ui::MapPlot::Axis::Tokens, QStringLiteral("activation"));
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        QVERIFY(plot.summary().contains(QStringLiteral("-8")));
        QSignalSpy wanted(&plot, &ui::MapPlot::detailWanted);
        const auto at = plot.pixelAt(700, 30);
        QWheelEvent wheel(at, plot.canvas()->mapToGlobal(at), {}, QPoint(0, 480), Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(plot.canvas(), &wheel);
        QTRY_COMPARE(wanted.size(), 1);
        const auto asked = wanted.first();
        QVERIFY(asked[0].toLongLong() <= 30 && asked[1].toLongLong() > 30 && asked[1].toLongLong() < 100);
        QVERIFY(asked[2].toLongLong() <= 700 && asked[3].toLongLong() > 700 && asked[3].toLongLong() < 2000);
        auto detail = std::make_shared<core::MagnitudeMap>(*pooledMap());
        detail->rowBegin = asked[0].toLongLong();
        detail->rowEnd = asked[1].toLongLong();
        detail->columnBegin = asked[2].toLongLong();
        detail->columnEnd = asked[3].toLongLong();
        detail->gridRows = 2;
        detail->gridColumns = 2;
        detail->cells = {1.0f, 8.0f, 0.5f, 0.5f};
        plot.setCloser(detail);
        QCOMPARE(plot.toCsv().count(QLatin1Char('\n')), 1 + 4); // the finer cells
        QTest::keyClick(&plot, Qt::Key_Home);
        QTRY_VERIFY(!plot.closer()); // the whole again
    }

    /** A long text: the whole of it pooled, and each token where one comes closer. */
    void mapShowsMoreThan256TokensAndRefinesThem()
    {
        Pictures at;
        QVERIFY(at.ready);
        at.studio.behaviour->textTokens = 1000;
        at.show(Part::Map);
        at.view.setSource(ui::InspectView::Source::Inputs);
        auto& map = at.board.map();
        QTRY_VERIFY(map.map());
        QTRY_VERIFY(map.map() && map.map()->rows == 256);
        auto& tokens = at.view.tokens();
        QVERIFY(tokens.isVisible());
        tokens.setFocus();
        QTest::keyClick(&tokens, Qt::Key_Down);
        QTRY_VERIFY(map.map() && map.map()->rows == 1000);
        QCOMPARE(map.map()->gridRows, 512);
        QTest::qWait(50); // the first replot
        const auto place = map.pixelAt(20, 800);
        QWheelEvent wheel(place, map.canvas()->mapToGlobal(place), {}, QPoint(0, 960), Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(map.canvas(), &wheel);
        QTRY_VERIFY(map.closer());
        QCOMPARE(map.closer()->rowEnd - map.closer()->rowBegin, map.closer()->gridRows); // a row a token
        QVERIFY(map.closer()->rowBegin <= 800 && map.closer()->rowEnd > 800);
        at.view.setSource(ui::InspectView::Source::Weights);
        QVERIFY(!tokens.isVisible());
    }

    void mapIsDrawnWithAnAlarmWhereValuesAreNotFinite()
    {
        ui::MapPlot plot;
        plot.resize(700, 400);
        auto map = std::make_shared<core::MagnitudeMap>(*pooledMap());
        for (int row = 0; row < 10; ++row) // wider than a pixel
            for (int column = 0; column < 50; ++column)
                map->cells[static_cast<std::size_t>(row * 500 + column)] = std::numeric_limits<float>::quiet_NaN();
        plot.setMap(map, ui::MapPlot::Axis::Tokens, QStringLiteral("activation"));
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        QCoreApplication::processEvents();
        const auto picture = plot.canvas()->grab().toImage();
        const auto pixel = plot.pixelAt(100, 10).toPoint();
        QCOMPARE(picture.pixelColor(pixel), plot.colors().alarm);
        QVERIFY(picture.pixelColor(plot.pixelAt(1000, 60).toPoint()) != plot.colors().alarm);
    }

    void brushingChannelsSelectsThem()
    {
        Pictures at;
        auto& plot = at.board.channels();
        QCoreApplication::processEvents();
        drag(plot.canvas(), plot.pixelAt(9.5, 0.0), plot.pixelAt(12.5, 0.0) - QPointF(0, 60), Qt::ControlModifier);
        QCOMPARE(at.selection.channels(), (QVector<int>{10, 11, 12}));
        at.show(Part::Map);
        QTRY_VERIFY(at.board.map().map());
        QTest::mouseClick(plot.canvas(), Qt::LeftButton, {}, plot.pixelAt(40, 0.1).toPoint());
        QCOMPARE(at.selection.channels(), QVector<int>{40});
        QVERIFY(at.beats());
    }

    void outlierChannelsAreCounted()
    {
        Pictures at;
        const int row = at.view.browser().model().rowOf({5, Role::Down});
        QCOMPARE(at.view.browser().model().index(row, ui::LayerTableModel::WeightOutliers).data().toString(),
                 QStringLiteral("2"));
    }

    void ridgeSelectsTheLayerThatIsClicked()
    {
        Pictures at;
        at.show(Part::Ridge);
        auto& ridge = at.board.ridge();
        QTRY_COMPARE(ridge.rowCount(), 56);
        QCoreApplication::processEvents();
        const auto pixel = ridge.pixelAt(0.0, 9.2).toPoint(); // 1.v, the tenth
        QTest::mouseMove(ridge.canvas(), pixel - QPoint(2, 0));
        QTest::mouseMove(ridge.canvas(), pixel);
        QTRY_VERIFY(at.selection.hovered() == (core::LayerId{1, Role::V}));
        QTest::mouseClick(ridge.canvas(), Qt::LeftButton, {}, pixel);
        QVERIFY(at.selection.current() == (core::LayerId{1, Role::V}));
        QVERIFY(at.board.histogram().title().startsWith(QStringLiteral("1.v")));
        QVERIFY(at.beats());
    }

    void quantilesLeaveTheLineWhereTailsAreHeavy()
    {
        Pictures at;
        at.show(Part::Quantiles);
        auto& plot = at.board.quantiles();
        QTRY_VERIFY(!plot.isEmpty());
        QVERIFY(plot.summary().contains(QStringLiteral("against a normal distribution")));
        QVERIFY(!plot.showsMiddle());
        const auto before = plot.pixelAt(2.0, 2.0);
        QTest::keyClick(&plot, Qt::Key_T);
        QVERIFY(plot.showsMiddle());
        QVERIFY(plot.pixelAt(2.0, 2.0) != before);
        QVERIFY(at.beats());
    }

    void aPinnedPlotStays()
    {
        Pictures at;
        auto& plot = at.board.histogram();
        QVERIFY(plot.title().startsWith(QStringLiteral("5.down")));
        auto* menu = &plot.menu();
        menu->popup(at.studio.window->mapToGlobal(QPoint(200, 200)));
        const auto actions = menu->actions();
        const auto pin = std::find_if(actions.begin(), actions.end(), [](const QAction* action) {
            return action->isCheckable() && action->text().contains(QStringLiteral("Pin"));
        });
        QVERIFY(pin != actions.end());
        QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(*pin).center());
        QVERIFY(plot.isPinned());
        at.studio.document().select({0, Role::Q});
        QVERIFY(plot.title().startsWith(QStringLiteral("5.down")));
        QVERIFY(at.board.channels().title().startsWith(QStringLiteral("0.q"))); // the others go on
        plot.setPinned(false);
        QVERIFY(plot.title().startsWith(QStringLiteral("0.q")));
    }

    void copiesPictureAndValues()
    {
        Pictures at;
        at.board.channels().setFocus();
        QTest::keyClick(&at.board.channels(), Qt::Key_C, Qt::ControlModifier);
        const auto* data = QApplication::clipboard()->mimeData();
        QVERIFY(data->hasImage());
        QVERIFY(data->text().startsWith(QStringLiteral("channel,absmax\n")));
    }

    void gridOfTheSchemeIsMarked()
    {
        Pictures at;
        QCOMPARE(at.board.histogram().gridLines(), 15); // 4 bits, symmetric: -7 to 7
        auto scheme = at.studio.plan().plan().scheme;
        scheme.weightBits = 3;
        at.studio.plan().changeScheme(scheme);
        QCOMPARE(at.board.histogram().gridLines(), 7);
    }

    void quantizedModelStandsBesideTheOriginal()
    {
        Pictures at;
        at.studio.window->showWorkspace(ui::Workspace::Calibrate);
        at.studio.window->calibrate().form().output().setText(at.studio.path(QStringLiteral("out")));
        QTest::mouseClick(&at.studio.window->calibrate().startButton(), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!at.studio.document().bundle().isEmpty(), 60'000);
        at.studio.window->showWorkspace(ui::Workspace::Inspect);
        at.view.other().setFocus();
        QTest::keyClick(&at.view.other(), Qt::Key_Down);
        at.view.table().setFocus();
        QTest::keyClick(&at.view.table(), Qt::Key_B);
        QVERIFY(at.view.isComparing());
        QTRY_VERIFY(at.studio.document().bundleProfile());
        auto& model = at.view.browser().model();
        QTRY_VERIFY(model.isComparing());
        const auto cell = model.index(model.rowOf({5, Role::Down}), ui::LayerTableModel::WeightKurtosis);
        QVERIFY2(cell.data().toString().contains(QChar(0x25bc)), qPrintable(cell.data().toString())); // the tails went
        QVERIFY(at.board.channels().toCsv().startsWith(QStringLiteral("channel,absmax,channel_after,absmax_after")));
        QCOMPARE(model.index(model.rowOf({5, Role::Down}), ui::LayerTableModel::Sqnr).data().toString(),
                 QStringLiteral("12.5")); // the fake's 20 - 7.5 dB
        QTest::keyClick(&at.view.table(), Qt::Key_B);
        QVERIFY(!model.isComparing());
        QVERIFY(at.beats());
    }

    void rubberBandSelectsModules()
    {
        Pictures at;
        at.studio.window->showWorkspace(ui::Workspace::Transforms);
        auto& plot = at.studio.window->transforms().plot(core::ModuleKind::Mlp);
        QCoreApplication::processEvents();
        const auto range = [&](double block, double z) { return plot.pixelAt(block, z); };
        drag(plot.canvas(), range(4.5, 8.0), range(5.5, 5.0), Qt::ControlModifier); // block 5 alone has z 7.5
        QCOMPARE(at.selection.layers().size(), std::size_t{1});
        QVERIFY(at.studio.document().selectedModule() == (core::ModuleId{5, core::ModuleKind::Mlp}));
        QVERIFY(at.beats());
    }
};

QTEST_MAIN(TstInspectPlots)
#include "tst_inspect_plots.moc"
