// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/gate_plot.h"

#include "ui/plot/kind_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>

namespace ui {

QString candidateName(const core::Candidate& candidate)
{
    auto name = kindName(candidate.kind);
    if (candidate.kind == core::TransformKind::Rotation && candidate.form != core::RotationForm::TwoFactor) {
        const auto form = core::toString(candidate.form);
        name += QStringLiteral(" (%1)").arg(QString::fromLatin1(form.data(), static_cast<qsizetype>(form.size())));
    }
    return candidate.start > 0 ? QCoreApplication::translate("ui::Kind", "%1, start %2").arg(name).arg(candidate.start)
                               : name;
}

GatePlot::GatePlot(QWidget* parent)
    : PlotView(parent)
{
    setAxisLabels(tr("gate step"), tr("probability"));
    fitView();
}

void GatePlot::show(const std::vector<core::Candidate>& candidates, const std::vector<core::GatePoint>& points)
{
    const bool isNew = candidates != m_candidates || points.empty() || m_points.empty()
        || !(points.front().module == m_points.front().module) || points.front().steps != m_points.front().steps;
    m_candidates = candidates;
    m_points.clear();
    for (const auto& point : points)
        if (point.probabilities.size() == candidates.size())
            m_points.push_back(point);
    plot().clearGraphs();
    m_graphs.clear();
    for (std::size_t k = 0; k < m_candidates.size(); ++k) {
        m_graphs.append(plot().addGraph());
        for (const auto& point : m_points)
            m_graphs.last()->addData(point.step, point.probabilities[k]);
    }
    setDetail(m_points.empty() ? QString()
                               : tr("step %1 of %2, temperature %3")
                                     .arg(m_points.back().step + 1)
                                     .arg(m_points.back().steps)
                                     .arg(QLocale().toString(m_points.back().temperature, 'f', 2)));
    applyColors();
    if (isNew) {
        setCursor(-1);
        fitView();
    }
    refresh();
}

const core::GatePoint& GatePlot::pointAt(int sample) const
{
    return m_points[static_cast<std::size_t>(sample) / m_candidates.size()];
}

double GatePlot::probability(int sample) const
{
    return pointAt(sample).probabilities[candidateAt(sample)];
}

QPointF GatePlot::samplePosition(int sample) const
{
    return {static_cast<double>(pointAt(sample).step), probability(sample)};
}

QString GatePlot::sampleText(int sample) const
{
    return tr("step %1: %2 %3, temperature %4")
        .arg(pointAt(sample).step + 1)
        .arg(candidateName(m_candidates[candidateAt(sample)]), QLocale().toString(probability(sample), 'f', 3),
             QLocale().toString(pointAt(sample).temperature, 'f', 2));
}

QStringList GatePlot::csvColumns() const
{
    return {QStringLiteral("step"), QStringLiteral("candidate"), QStringLiteral("probability"),
            QStringLiteral("temperature")};
}

QStringList GatePlot::csvCells(int sample) const
{
    return {QString::number(pointAt(sample).step), candidateName(m_candidates[candidateAt(sample)]),
            csvNumber(probability(sample)), csvNumber(pointAt(sample).temperature)};
}

QString GatePlot::summary() const
{
    if (m_points.empty())
        return {};
    QStringList parts;
    for (std::size_t k = 0; k < m_candidates.size(); ++k)
        parts += tr("%1 ends at %2")
                     .arg(candidateName(m_candidates[k]), QLocale().toString(m_points.back().probabilities[k], 'f', 2));
    return parts.join(QStringLiteral("; "));
}

void GatePlot::fitView()
{
    plot().xAxis->setRange(-0.5, m_points.empty() ? 10.0 : std::max(1, m_points.front().steps - 1) + 0.5);
    plot().yAxis->setRange(-0.03, 1.03);
}

void GatePlot::applyColors()
{
    for (qsizetype k = 0; k < m_graphs.size(); ++k) {
        const auto& candidate = m_candidates[static_cast<std::size_t>(k)];
        QPen pen(colors().ofKind(candidate.kind), 1);
        const auto unusual = candidate.start > 0 || candidate.form != core::RotationForm::TwoFactor;
        pen.setStyle(unusual ? Qt::DashLine : Qt::SolidLine);
        m_graphs[k]->setPen(pen);
        if (m_points.size() < 40) // few enough to tell the steps apart
            m_graphs[k]->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, pen.color(), pen.color(), 3));
    }
}

QVector<PlotView::LegendEntry> GatePlot::legend() const
{
    QVector<LegendEntry> entries;
    for (const auto& candidate : m_points.empty() ? std::vector<core::Candidate>() : m_candidates)
        entries.append({kindGlyph(candidate.kind), candidateName(candidate), colors().ofKind(candidate.kind)});
    return entries;
}

} // namespace ui
