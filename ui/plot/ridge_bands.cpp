// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the ridge as bands of percentiles: thinner to read where there are many.
#include "ui/plot/ridge_plot.h"

#include <QAction>
#include <QKeyEvent>
#include <qcustomplot.h>

#include <algorithm>
#include <limits>

namespace ui {

namespace {

const std::vector<double> kShares{0.0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1.0};

} // namespace

void RidgePlot::setQuantiles(Quantiles quantiles)
{
    m_quantiles = std::move(quantiles);
    m_bandsAction->setEnabled(m_quantiles != nullptr);
}

void RidgePlot::setBands(bool on)
{
    if (!m_quantiles || m_showsBands == on)
        return;
    m_showsBands = on;
    m_bandsAction->setChecked(on);
    rebuild();
}

void RidgePlot::drawBands()
{
    const auto along = [this](auto&& member) { // a row's values in its own standard deviations, share by share
        std::vector<QVector<double>> values(kShares.size());
        for (const auto& row : m_rows) {
            const auto& distribution = member(row);
            const bool isKnown = distribution && distribution->std > 0.0;
            const auto found = isKnown ? m_quantiles(*distribution, kShares) : std::vector<double>();
            for (std::size_t i = 0; i < kShares.size(); ++i)
                values[i].append(isKnown ? toAxis((found[i] - distribution->mean) / distribution->std)
                                         : std::numeric_limits<double>::quiet_NaN());
        }
        return values;
    };
    QVector<double> rows;
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        rows.append(static_cast<double>(i));
    const auto draw = [&](const QVector<double>& values) {
        auto* graph = plot().addGraph(plot().yAxis, plot().xAxis);
        graph->setAdaptiveSampling(false);
        graph->setData(rows, values, true);
        return graph;
    };
    for (const auto& values : along([](const Row& row) -> const auto& { return row.distribution; }))
        m_bands.append(draw(values));
    for (qsizetype i = 0; i < m_bands.size() / 2; ++i)
        m_bands[i]->setChannelFillGraph(m_bands[m_bands.size() - 1 - i]);
    const auto hasOther = [](const Row& row) { return row.other != nullptr; };
    if (std::any_of(m_rows.begin(), m_rows.end(), hasOther)) {
        const auto others = along([](const Row& row) -> const auto& { return row.other; });
        m_otherBands = {draw(others.front()), draw(others.back())};
    }
    m_marks = draw({});
    m_marks->setLineStyle(QCPGraph::lsNone);
    markSelected();
}

void RidgePlot::markSelected()
{
    if (!m_marks)
        return;
    m_marks->data()->clear();
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        if (std::find(m_selected.begin(), m_selected.end(), m_rows[i].layer) != m_selected.end())
            m_marks->addData(static_cast<double>(i), 0.0);
}

void RidgePlot::colorBands()
{
    for (qsizetype i = 0; i < m_bands.size(); ++i) {
        auto fill = colors().before;
        fill.setAlpha(40);
        const bool isMiddle = i == m_bands.size() / 2;
        auto line = colors().before;
        line.setAlpha(isMiddle ? 255 : 110);
        m_bands[i]->setPen(QPen(line, 0));
        m_bands[i]->setBrush(i < m_bands.size() / 2 ? QBrush(fill) : Qt::NoBrush);
    }
    for (auto* band : m_otherBands)
        band->setPen(QPen(colors().after, 1));
    if (m_marks)
        m_marks->setScatterStyle(
            QCPScatterStyle(QCPScatterStyle::ssDiamond, QPen(colors().text, 1), QBrush(colors().text), 9));
}

void RidgePlot::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_P && event->modifiers() == Qt::NoModifier)
        setBands(!m_showsBands);
    else
        PlotView::keyPressEvent(event);
}

} // namespace ui
