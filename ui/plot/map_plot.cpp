// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/map_plot.h"

#include <QAction>
#include <QKeyEvent>
#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace ui {

namespace {

constexpr double kDecades = 4.0; // of the logarithmic colours
constexpr int kAskAfterMs = 120; // of rest
constexpr int kRampSteps = 24;

QString shown(double value)
{
    return QLocale().toString(value, 'g', 4);
}

} // namespace

MapPlot::MapPlot(QWidget* parent)
    : PlotView(parent)
{
    m_logarithmic = new QAction(tr("&Logarithmic colours (Y)"), this);
    m_logarithmic->setCheckable(true);
    m_logarithmic->setChecked(true);
    addMenuAction(m_logarithmic);
    m_picture = new QCPColorMap(plot().xAxis, plot().yAxis);
    m_closer = new QCPColorMap(plot().xAxis, plot().yAxis);
    for (auto* picture : {m_picture, m_closer}) {
        picture->setInterpolate(false);
        picture->setAntialiased(false);
    }
    plot().yAxis->setRangeReversed(true);
    plot().xAxis->grid()->setVisible(false);
    plot().yAxis->grid()->setVisible(false);
    buildSlices();
    m_channelMarks = plot().addGraph();
    m_tokenMark = plot().addGraph();
    for (auto* marks : {m_channelMarks, m_tokenMark}) {
        marks->setLineStyle(QCPGraph::lsNone);
        marks->setLayer(QStringLiteral("overlay"));
    }
    m_asking.setSingleShot(true);
    m_asking.setInterval(kAskAfterMs);
    connect(&m_asking, &QTimer::timeout, this, &MapPlot::askForDetail);
    connect(m_logarithmic, &QAction::toggled, this, [this] {
        draw(m_picture, m_whole.get());
        draw(m_closer, m_detail.get());
        refresh();
    });
    connect(this, &PlotView::sampleHovered, this, &MapPlot::showSlices);
    connect(this, &PlotView::sampleClicked, this, [this](int sample) {
        const auto cell = cellAt(sample);
        const auto isInside = [&](const core::MapPeak& peak) {
            return peak.row >= cell.rowBegin && peak.row < cell.rowEnd && peak.column >= cell.columnBegin
                && peak.column < cell.columnEnd;
        };
        const auto& peaks = front()->peaks; // largest first
        const auto peak = std::find_if(peaks.begin(), peaks.end(), isInside);
        if (peak != peaks.end())
            Q_EMIT cellClicked(peak->row, peak->column);
        else
            Q_EMIT cellClicked(cell.rowBegin, cell.columnBegin);
    });
    setAxisLabels(tr("channel"), tr("token"));
    applyColors();
    fitView();
}

QCPAxisRect* MapPlot::addSlice(int row, int column)
{
    auto* slice = new QCPAxisRect(&plot());
    plot().plotLayout()->addElement(row, column, slice);
    slice->setRangeDrag({});
    slice->setRangeZoom({});
    slice->setMinimumMargins(QMargins(0, 0, 0, 0));
    for (auto* axis : slice->axes()) {
        axis->setLayer(QStringLiteral("axes"));
        axis->setTickLabels(false);
        axis->setTicks(false);
        axis->grid()->setVisible(false);
    }
    return slice;
}

void MapPlot::buildSlices()
{
    auto* layout = plot().plotLayout();
    m_rowSlice = addSlice(1, 0);
    m_columnSlice = addSlice(0, 1);
    layout->setRowStretchFactor(1, 0.2);
    layout->setColumnStretchFactor(1, 0.12);
    layout->setRowSpacing(2);
    layout->setColumnSpacing(2);
    auto* across = new QCPMarginGroup(&plot());
    auto* down = new QCPMarginGroup(&plot());
    auto* main = plot().axisRect();
    for (auto* rect : {main, m_rowSlice})
        rect->setMarginGroup(QCP::msLeft | QCP::msRight, across);
    for (auto* rect : {main, m_columnSlice})
        rect->setMarginGroup(QCP::msTop | QCP::msBottom, down);
    m_rowGraph = plot().addGraph(m_rowSlice->axis(QCPAxis::atBottom), m_rowSlice->axis(QCPAxis::atLeft));
    m_columnGraph = plot().addGraph(m_columnSlice->axis(QCPAxis::atLeft), m_columnSlice->axis(QCPAxis::atBottom));
    m_columnSlice->axis(QCPAxis::atLeft)->setRangeReversed(true);
    for (auto* graph : {m_rowGraph, m_columnGraph}) {
        graph->setLineStyle(QCPGraph::lsStepCenter);
        graph->setLayer(QStringLiteral("overlay"));
    }
    const auto follow = [](QCPAxis* from, QCPAxis* to) {
        connect(from, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), to,
                qOverload<const QCPRange&>(&QCPAxis::setRange));
    };
    follow(plot().xAxis, m_rowSlice->axis(QCPAxis::atBottom));
    follow(plot().yAxis, m_columnSlice->axis(QCPAxis::atLeft));
}

bool MapPlot::isLogarithmic() const
{
    return m_logarithmic->isChecked();
}

double MapPlot::shade(float magnitude) const
{
    if (std::isnan(magnitude) || !(m_largest > 0.0f))
        return std::isnan(magnitude) ? std::numeric_limits<double>::quiet_NaN() : 0.0;
    if (!isLogarithmic())
        return magnitude / m_largest;
    return magnitude > 0.0f ? std::max(0.0, 1.0 + std::log10(magnitude / m_largest) / kDecades) : 0.0;
}

void MapPlot::draw(QCPColorMap* picture, const core::MagnitudeMap* map)
{
    picture->setVisible(map != nullptr);
    if (!map)
        return;
    auto* data = picture->data();
    data->setSize(map->gridColumns, map->gridRows);
    const auto centers = [](std::int64_t begin, std::int64_t end, int cells) {
        const double half = 0.5 * static_cast<double>(end - begin) / cells;
        return QCPRange(static_cast<double>(begin) + half - 0.5, static_cast<double>(end) - half - 0.5);
    };
    data->setRange(centers(map->columnBegin, map->columnEnd, map->gridColumns),
                   centers(map->rowBegin, map->rowEnd, map->gridRows));
    const auto* cell = map->cells.data();
    for (int row = 0; row < map->gridRows; ++row)
        for (int column = 0; column < map->gridColumns; ++column)
            data->setCell(column, row, shade(*cell++));
    picture->setDataRange(QCPRange(0.0, 1.0));
}

void MapPlot::setMap(Pointer map, Axis rows, const QString& valueName)
{
    const bool sameSize =
        map && m_whole && map->rows == m_whole->rows && map->columns == m_whole->columns && rows == m_rows;
    m_whole = std::move(map);
    m_detail.reset();
    m_rows = rows;
    m_valueName = valueName;
    m_largest = 0.0f;
    if (m_whole)
        for (const float value : m_whole->cells)
            if (value > m_largest) // NaN is not
                m_largest = value;
    draw(m_picture, m_whole.get());
    draw(m_closer, nullptr);
    setAxisLabels(rows == Axis::Tokens ? tr("channel") : tr("input channel"),
                  rows == Axis::Tokens ? tr("token") : tr("output channel"));
    setDetail(m_whole && m_whole->nonFinite > 0
                  ? tr("%n NaN or infinite", nullptr, static_cast<int>(m_whole->nonFinite))
                  : m_whole ? tr("|%1| up to %2").arg(valueName, shown(m_largest))
                            : QString());
    if (!sameSize)
        fitView();
    showSlices(-1);
    markSelection();
    refresh();
    if (sameSize)
        m_asking.start(); // the part in view, of the new values
}

void MapPlot::setCloser(Pointer map)
{
    m_detail = std::move(map);
    draw(m_closer, m_detail.get());
    refresh();
}

void MapPlot::setSelected(const QVector<int>& channels, int token)
{
    m_channels = channels;
    m_token = token;
    markSelection();
    replotOverlay();
}

void MapPlot::markSelection()
{
    QVector<double> x;
    for (const int channel : m_channels)
        if (m_whole && channel < m_whole->columns)
            x.append(channel);
    const auto range = plot().yAxis->range();
    m_channelMarks->setData(x, QVector<double>(x.size(), range.lower), true);
    const bool hasToken = m_whole && m_rows == Axis::Tokens && m_token >= 0 && m_token < m_whole->rows;
    m_tokenMark->data()->clear();
    if (hasToken)
        m_tokenMark->addData(plot().xAxis->range().lower, m_token);
}

MapPlot::Cell MapPlot::cellAt(int sample) const
{
    const auto& map = *front();
    const int row = sample / map.gridColumns;
    const int column = sample % map.gridColumns;
    const auto edge = [](std::int64_t begin, std::int64_t end, int cells, int cell) {
        const auto size = end - begin;
        return begin + (cell * size + cells - 1) / cells;
    };
    return {edge(map.rowBegin, map.rowEnd, map.gridRows, row), edge(map.rowBegin, map.rowEnd, map.gridRows, row + 1),
            edge(map.columnBegin, map.columnEnd, map.gridColumns, column),
            edge(map.columnBegin, map.columnEnd, map.gridColumns, column + 1),
            map.cells[static_cast<std::size_t>(sample)]};
}

int MapPlot::sampleAt(double row, double column) const
{
    const auto* map = front();
    if (!map)
        return -1;
    const auto y = static_cast<std::int64_t>(std::floor(row + 0.5));
    const auto x = static_cast<std::int64_t>(std::floor(column + 0.5));
    if (y < map->rowBegin || y >= map->rowEnd || x < map->columnBegin || x >= map->columnEnd)
        return -1;
    const auto gridRow = (y - map->rowBegin) * map->gridRows / (map->rowEnd - map->rowBegin);
    const auto gridColumn = (x - map->columnBegin) * map->gridColumns / (map->columnEnd - map->columnBegin);
    return static_cast<int>(gridRow * map->gridColumns + gridColumn);
}

int MapPlot::nearestSample(const QPointF& pixel) const
{
    const auto at = valueAt(pixel);
    return sampleAt(at.y(), at.x());
}

void MapPlot::showSlices(int sample)
{
    QVector<double> columns;
    QVector<double> rowValues;
    QVector<double> rows;
    QVector<double> columnValues;
    if (sample >= 0) {
        const auto& map = *front();
        const int row = sample / map.gridColumns;
        const int column = sample % map.gridColumns;
        for (int i = 0; i < map.gridColumns; ++i) {
            const auto cell = cellAt(row * map.gridColumns + i);
            columns.append(0.5 * static_cast<double>(cell.columnBegin + cell.columnEnd - 1));
            rowValues.append(cell.value);
        }
        for (int i = 0; i < map.gridRows; ++i) {
            const auto cell = cellAt(i * map.gridColumns + column);
            rows.append(0.5 * static_cast<double>(cell.rowBegin + cell.rowEnd - 1));
            columnValues.append(cell.value);
        }
    }
    m_rowGraph->setData(columns, rowValues, true);
    m_columnGraph->setData(rows, columnValues, true);
    const QCPRange values(0.0, m_largest > 0.0f ? 1.05 * m_largest : 1.0);
    m_rowSlice->axis(QCPAxis::atLeft)->setRange(values);
    m_columnSlice->axis(QCPAxis::atBottom)->setRange(values);
}

void MapPlot::brushed(const QRectF& area)
{
    if (!m_whole)
        return;
    const auto clamped = [&](double value) {
        return std::clamp(static_cast<int>(std::lround(value)), 0, static_cast<int>(m_whole->columns) - 1);
    };
    Q_EMIT channelsBrushed(clamped(std::min(area.left(), area.right())), clamped(std::max(area.left(), area.right())));
}

void MapPlot::zoomed()
{
    if (!m_whole) // also while the base is made
        return;
    markSelection();
    m_asking.start();
}

void MapPlot::askForDetail()
{
    if (!m_whole)
        return;
    const auto part = [](const QCPRange& range, std::int64_t size) {
        const auto begin =
            std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(range.lower + 0.5)), 0, size - 1);
        const auto end =
            std::clamp<std::int64_t>(static_cast<std::int64_t>(std::floor(range.upper + 0.5)) + 1, begin + 1, size);
        return std::pair(begin, end);
    };
    const auto [columnBegin, columnEnd] = part(plot().xAxis->range(), m_whole->columns);
    const auto [rowBegin, rowEnd] = part(plot().yAxis->range(), m_whole->rows);
    const bool isPooled = m_whole->gridRows < m_whole->rows || m_whole->gridColumns < m_whole->columns;
    const bool isWhole = columnEnd - columnBegin == m_whole->columns && rowEnd - rowBegin == m_whole->rows;
    if (!isPooled || isWhole) {
        if (m_detail)
            setCloser(nullptr);
        return;
    }
    if (m_detail && m_detail->rowBegin == rowBegin && m_detail->rowEnd == rowEnd && m_detail->columnBegin == columnBegin
        && m_detail->columnEnd == columnEnd)
        return;
    Q_EMIT detailWanted(rowBegin, rowEnd, columnBegin, columnEnd);
}

void MapPlot::fitView()
{
    plot().xAxis->setRange(-0.5, m_whole ? static_cast<double>(m_whole->columns) - 0.5 : 1.0);
    plot().yAxis->setRange(-0.5, m_whole ? static_cast<double>(m_whole->rows) - 0.5 : 1.0);
}

int MapPlot::sampleCount() const
{
    return front() ? static_cast<int>(front()->cells.size()) : 0;
}

QPointF MapPlot::samplePosition(int sample) const
{
    const auto cell = cellAt(sample);
    return {0.5 * static_cast<double>(cell.columnBegin + cell.columnEnd - 1),
            0.5 * static_cast<double>(cell.rowBegin + cell.rowEnd - 1)};
}

void MapPlot::applyColors()
{
    QCPColorGradient gradient;
    gradient.clearColorStops();
    for (int step = 0; step <= kRampSteps; ++step)
        gradient.setColorStopAt(static_cast<double>(step) / kRampSteps,
                                rampColor(static_cast<double>(step) / kRampSteps, isDark(palette())));
    gradient.setNanHandling(QCPColorGradient::nhNanColor);
    gradient.setNanColor(colors().alarm);
    for (auto* picture : {m_picture, m_closer})
        picture->setGradient(gradient);
    for (auto* graph : {m_rowGraph, m_columnGraph})
        graph->setPen(QPen(colors().before, 0));
    for (auto* slice : {m_rowSlice, m_columnSlice})
        for (auto* axis : slice->axes())
            axis->setBasePen(QPen(colors().border, 0));
    using Shape = QCPScatterStyle::ScatterShape;
    m_channelMarks->setScatterStyle(
        QCPScatterStyle(Shape::ssTriangleInverted, QPen(colors().text, 1), QBrush(colors().text), 9));
    m_tokenMark->setScatterStyle(QCPScatterStyle(Shape::ssDiamond, QPen(colors().text, 1), QBrush(colors().text), 9));
}

void MapPlot::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Y)
        m_logarithmic->toggle();
    else if ((event->key() == Qt::Key_Up || event->key() == Qt::Key_Down) && cursorSample() >= 0) {
        const int step = front()->gridColumns * (event->key() == Qt::Key_Down ? 1 : -1);
        if (const int next = cursorSample() + step; next >= 0 && next < sampleCount())
            setCursor(next);
    } else
        PlotView::keyPressEvent(event);
}

} // namespace ui
