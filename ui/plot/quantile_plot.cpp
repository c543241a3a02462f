// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/quantile_plot.h"

#include <QAction>
#include <QKeyEvent>
#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr double kMiddle = 4.0; // deviations

double standardized(const core::QuantilePlot& quantiles, std::size_t place)
{
    return quantiles.std > 0.0 ? (quantiles.value[place] - quantiles.mean) / quantiles.std : 0.0;
}

} // namespace

QuantilePlot::QuantilePlot(QWidget* parent)
    : PlotView(parent)
    , m_beforeGraph(plot().addGraph())
    , m_afterGraph(plot().addGraph())
    , m_lineGraph(plot().addGraph())
{
    for (auto* graph : {m_beforeGraph, m_afterGraph})
        graph->setLineStyle(QCPGraph::lsNone);
    m_lineGraph->setData({-1e3, 1e3}, {-1e3, 1e3}, true);
    m_middleAction = new QAction(tr("&Middle only (T)"), this);
    m_middleAction->setCheckable(true);
    connect(m_middleAction, &QAction::toggled, this, &PlotView::resetView);
    addMenuAction(m_middleAction);
    setAxisLabels(tr("normal quantile, standard deviations"), tr("value, standard deviations"));
    applyColors();
    fitView();
}

void QuantilePlot::setQuantiles(Pointer before, Pointer after, const QString& valueName)
{
    if (before == m_before && after == m_after && valueName == m_valueName)
        return; // the view stays as the person left it
    m_before = std::move(before);
    m_after = std::move(after);
    m_valueName = valueName;
    draw(m_beforeGraph, m_before);
    draw(m_afterGraph, m_after);
    setAxisLabels(tr("normal quantile, standard deviations"), tr("%1, standard deviations").arg(valueName));
    const auto& shown = leading();
    setDetail(shown && shown->nonFinite > 0 ? tr("%n NaN or infinite", nullptr, static_cast<int>(shown->nonFinite))
                                            : QString());
    fitView();
    refresh();
}

void QuantilePlot::draw(QCPGraph* graph, const Pointer& quantiles)
{
    QVector<double> x;
    QVector<double> y;
    for (std::size_t i = 0; quantiles && i < quantiles->value.size(); ++i) {
        x.append(quantiles->normal[i]);
        y.append(standardized(*quantiles, i));
    }
    graph->setData(x, y, true);
}

void QuantilePlot::fitView()
{
    double reachX = kMiddle;
    double reachY = kMiddle;
    for (const auto& quantiles : {m_before, m_after})
        for (std::size_t i = 0; quantiles && !showsMiddle() && i < quantiles->value.size(); ++i) {
            reachX = std::max(reachX, std::abs(quantiles->normal[i]));
            reachY = std::max(reachY, std::abs(standardized(*quantiles, i)));
        }
    plot().xAxis->setRange(-reachX * 1.05, reachX * 1.05);
    plot().yAxis->setRange(-reachY * 1.05, reachY * 1.05);
}

bool QuantilePlot::showsMiddle() const
{
    return m_middleAction->isChecked();
}

int QuantilePlot::sampleCount() const
{
    return leading() ? static_cast<int>(leading()->value.size()) : 0;
}

QPointF QuantilePlot::samplePosition(int sample) const
{
    const auto place = static_cast<std::size_t>(sample);
    return {leading()->normal[place], standardized(*leading(), place)};
}

QString QuantilePlot::sampleText(int sample) const
{
    const auto place = static_cast<std::size_t>(sample);
    const auto shown = [](double value) { return QLocale().toString(value, 'g', 4); };
    const auto& quantiles = *leading();
    return tr("%1 %2 (%3 \u03c3) where a normal distribution has %4 (%5 \u03c3)")
        .arg(m_valueName, shown(quantiles.value[place]), shown(standardized(quantiles, place)),
             shown(quantiles.mean + quantiles.std * quantiles.normal[place]), shown(quantiles.normal[place]));
}

QStringList QuantilePlot::csvColumns() const
{
    QStringList columns{QStringLiteral("normal"), QStringLiteral("value")};
    if (m_before && m_after)
        columns << QStringLiteral("normal_after") << QStringLiteral("value_after");
    return columns;
}

QStringList QuantilePlot::csvCells(int sample) const
{
    const auto place = static_cast<std::size_t>(sample);
    QStringList cells{csvNumber(leading()->normal[place]), csvNumber(leading()->value[place])};
    if (m_before && m_after && place < m_after->value.size())
        cells << csvNumber(m_after->normal[place]) << csvNumber(m_after->value[place]);
    return cells;
}

QString QuantilePlot::summary() const
{
    const auto& quantiles = *leading();
    const auto shown = [](double value) { return QLocale().toString(value, 'g', 3); };
    const auto last = [](const core::QuantilePlot& of) { return of.value.size() - 1; };
    auto text =
        tr("%1 against a normal distribution: the smallest lies at %2, the largest at %3 standard deviations, where "
           "normal ones would lie at %4 and %5")
            .arg(m_valueName, shown(standardized(quantiles, 0)), shown(standardized(quantiles, last(quantiles))),
                 shown(quantiles.normal.front()), shown(quantiles.normal.back()));
    if (m_before && m_after)
        text += tr("; after: at %1 and %2")
                    .arg(shown(standardized(*m_after, 0)), shown(standardized(*m_after, last(*m_after))));
    return text;
}

QVector<PlotView::LegendEntry> QuantilePlot::legend() const
{
    QVector<LegendEntry> entries;
    if (m_before && m_after) {
        entries.append({QStringLiteral("\u25cf"), tr("before"), colors().before});
        entries.append({QStringLiteral("\u25cb"), tr("after"), colors().after});
    }
    if (leading())
        entries.append({QStringLiteral("\u2504"), tr("normal"), colors().fit});
    return entries;
}

void QuantilePlot::applyColors()
{
    using Shape = QCPScatterStyle::ScatterShape;
    m_beforeGraph->setScatterStyle(
        QCPScatterStyle(Shape::ssDisc, QPen(colors().before, 0), QBrush(colors().before), 4));
    m_afterGraph->setScatterStyle(QCPScatterStyle(Shape::ssCircle, QPen(colors().after, 0), Qt::NoBrush, 5));
    m_lineGraph->setPen(QPen(colors().fit, 1, Qt::DashLine));
}

void QuantilePlot::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_T)
        m_middleAction->toggle();
    else
        PlotView::keyPressEvent(event);
}

} // namespace ui
