// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/error_plot.h"

#include <QKeyEvent>
#include <QLocale>
#include <QToolButton>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ui {

namespace {

constexpr int kMostNames = 16; // along the axis; of more every n-th

bool isDrawn(double value)
{
    return std::isfinite(value) && value > 0.0; // a logarithmic axis has no place for others
}

QString shown(double value)
{
    return QLocale().toString(value, 'g', 3);
}

/** Largest first, what was not measured last. */
double weightOf(const ErrorRow& row)
{
    return isDrawn(row.value) ? row.value : 0.0;
}

} // namespace

ErrorPlot::ErrorPlot(QWidget* parent)
    : PlotView(parent)
{
    setPinnable(false);
    m_links = plot().addGraph();
    m_ring = plot().addGraph();
    m_otherDots = plot().addGraph();
    m_dots = plot().addGraph();
    for (auto* graph : {m_ring, m_otherDots, m_dots})
        graph->setLineStyle(QCPGraph::lsNone);
    m_links->setAdaptiveSampling(false); // would join what a gap parts
    plot().yAxis->setScaleType(QCPAxis::stLogarithmic);
    plot().xAxis->setTicker(QSharedPointer<QCPAxisTickerText>::create());
    m_bySize = new QToolButton(this);
    m_bySize->setText(tr("Largest first"));
    m_bySize->setProperty("segment", true);
    m_bySize->setCheckable(true);
    m_bySize->setAccessibleName(m_bySize->text());
    m_bySize->setToolTip(tr("Orders them by their error instead of their depth (S)"));
    addHeaderWidget(m_bySize);
    connect(m_bySize, &QToolButton::toggled, this, [this](bool on) { setOrder(on ? Order::Size : Order::Depth); });
    connect(this, &PlotView::sampleClicked, this, [this](int sample) { Q_EMIT rowClicked(rowAt(sample).name); });
    applyColors();
    fitView();
}

void ErrorPlot::setRows(const QVector<ErrorRow>& rows, const QString& name, const QString& otherName,
                        const QString& measure)
{
    m_rows = rows;
    m_name = name;
    m_otherName = otherName;
    setAxisLabels(m_rows.isEmpty() || m_rows.front().name.contains(QLatin1Char('.')) ? tr("layer") : tr("block"),
                  measure);
    applyColors(); // one run or two
    sort();
}

void ErrorPlot::setSelected(const QString& name)
{
    if (m_selected == name)
        return;
    m_selected = name;
    draw();
    plot().replot(QCustomPlot::rpQueuedReplot);
}

void ErrorPlot::setOrder(Order order)
{
    if (m_order == order)
        return;
    m_order = order;
    m_bySize->setChecked(order == Order::Size);
    sort();
}

void ErrorPlot::sort()
{
    m_places.resize(m_rows.size());
    std::iota(m_places.begin(), m_places.end(), 0);
    if (m_order == Order::Size)
        std::stable_sort(m_places.begin(), m_places.end(),
                         [this](int left, int right) { return weightOf(m_rows[left]) > weightOf(m_rows[right]); });
    const auto ticker = qSharedPointerDynamicCast<QCPAxisTickerText>(plot().xAxis->ticker());
    ticker->clear();
    const int step = std::max(1, (sampleCount() + kMostNames - 1) / kMostNames);
    for (int i = 0; i < sampleCount(); i += step)
        ticker->addTick(i, rowAt(i).name);
    draw();
    fitView();
    refresh();
}

void ErrorPlot::draw()
{
    for (auto* graph : {m_dots, m_otherDots, m_links, m_ring})
        graph->data()->clear();
    for (int i = 0; i < sampleCount(); ++i) {
        const auto& row = rowAt(i);
        if (isDrawn(row.value))
            m_dots->addData(i, row.value);
        if (isDrawn(row.other))
            m_otherDots->addData(i, row.other);
        if (isDrawn(row.value) && isDrawn(row.other)) {
            m_links->addData(i, row.value);
            m_links->addData(i, row.other);
            m_links->addData(i + 0.5, std::nan("")); // a gap
        }
        if (!m_selected.isEmpty() && row.name == m_selected && isDrawn(row.value))
            m_ring->addData(i, row.value);
    }
}

QPointF ErrorPlot::samplePosition(int sample) const
{
    const auto& row = rowAt(sample);
    return {static_cast<double>(sample), isDrawn(row.value) ? row.value : plot().yAxis->range().lower};
}

QString ErrorPlot::sampleText(int sample) const
{
    const auto& row = rowAt(sample);
    if (!isDrawn(row.value))
        return tr("%1: not measured").arg(row.name);
    const auto larger =
        std::count_if(m_rows.begin(), m_rows.end(), [&](const auto& other) { return weightOf(other) > weightOf(row); });
    const auto text = isDrawn(row.other)
        ? tr("%1: %2 %3, %4 %5").arg(row.name, m_name, shown(row.value), m_otherName, shown(row.other))
        : tr("%1: %2").arg(row.name, shown(row.value));
    return tr("%1, rank %2 of %3").arg(text).arg(larger + 1).arg(m_rows.size());
}

QStringList ErrorPlot::csvColumns() const
{
    QStringList columns{QStringLiteral("name"), QStringLiteral("error")};
    if (!m_otherName.isEmpty())
        columns << QStringLiteral("other_error");
    return columns;
}

QStringList ErrorPlot::csvCells(int sample) const
{
    const auto& row = rowAt(sample);
    QStringList cells{row.name, csvNumber(row.value)};
    if (!m_otherName.isEmpty())
        cells << csvNumber(row.other);
    return cells;
}

QString ErrorPlot::summary() const
{
    int largest = 0;
    for (int i = 1; i < sampleCount(); ++i)
        if (weightOf(rowAt(i)) > weightOf(rowAt(largest)))
            largest = i;
    return tr("the largest error of %n: ", nullptr, sampleCount()) + sampleText(largest);
}

void ErrorPlot::fitView()
{
    double low = std::numeric_limits<double>::infinity();
    double high = 0.0;
    for (const auto& row : std::as_const(m_rows))
        for (const double value : {row.value, row.other})
            if (isDrawn(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
    if (!(high > 0.0)) {
        low = 1e-3;
        high = 1.0;
    }
    plot().xAxis->setRange(-0.7, std::max(1, sampleCount()) - 0.3);
    plot().yAxis->setRange(low * 0.7, high * 1.4);
    useLogarithmicTicks();
}

void ErrorPlot::applyColors()
{
    using Style = QCPScatterStyle;
    const bool two = !m_otherName.isEmpty();
    const auto first = two ? colors().before : colors().after;
    m_dots->setScatterStyle(Style(Style::ssDisc, QPen(first, 1), QBrush(first), 7));
    m_otherDots->setScatterStyle(Style(Style::ssSquare, QPen(colors().after, 1), QBrush(colors().after), 7));
    m_links->setPen(QPen(colors().muted, 1));
    m_ring->setScatterStyle(Style(Style::ssCircle, QPen(colors().text, 1), Qt::NoBrush, 14));
}

QVector<PlotView::LegendEntry> ErrorPlot::legend() const
{
    if (m_otherName.isEmpty() || isEmpty())
        return {};
    return {{QStringLiteral("\u25cf"), m_name, colors().before},
            {QStringLiteral("\u25a0"), m_otherName, colors().after}};
}

void ErrorPlot::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_S && event->modifiers() == Qt::NoModifier)
        m_bySize->toggle();
    else
        PlotView::keyPressEvent(event);
}

} // namespace ui
