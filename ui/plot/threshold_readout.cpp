// SPDX-License-Identifier: GPL-3.0-or-later
// What the plot of a threshold says in words and as a table.
#include "ui/convert.h"
#include "ui/plot/kind_text.h"
#include "ui/plot/threshold_plot.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace ui {

QString ThresholdPlot::sampleText(int sample) const
{
    const auto& point = m_points[sample];
    const auto z = std::isfinite(point.robustZ) ? QLocale().toString(point.robustZ, 'f', 2) : tr("not available");
    auto text = tr("%1: z %2, excess kurtosis %3, %4")
                    .arg(toQString(core::toString(point.module)), z, QLocale().toString(point.kurtosis, 'g', 4),
                         kindName(point.kind));
    const auto larger = std::count_if(m_points.begin(), m_points.end(),
                                      [&](const auto& other) { return other.robustZ > point.robustZ; });
    if (std::isfinite(point.robustZ))
        text += tr(", rank %1 of %2").arg(larger + 1).arg(m_points.size());
    if (std::isfinite(point.otherZ))
        text += tr(", z of the quantized model %1").arg(QLocale().toString(point.otherZ, 'f', 2));
    return point.isOverride ? text + tr(" (yours)") : text;
}

QStringList ThresholdPlot::csvColumns() const
{
    QStringList columns{QStringLiteral("module"), QStringLiteral("robust_z"), QStringLiteral("kurtosis"),
                        QStringLiteral("kind"), QStringLiteral("origin")};
    if (isComparing())
        columns << QStringLiteral("quantized_z");
    return columns;
}

QStringList ThresholdPlot::csvCells(int sample) const
{
    const auto& point = m_points[sample];
    QStringList cells{toQString(core::toString(point.module)), csvNumber(point.robustZ), csvNumber(point.kurtosis),
                      toQString(core::toString(point.kind)),
                      point.isOverride ? QStringLiteral("user") : QStringLiteral("automatic")};
    if (isComparing())
        cells << csvNumber(point.otherZ);
    return cells;
}

QString ThresholdPlot::summary() const
{
    const auto rotated = std::count_if(m_points.begin(), m_points.end(),
                                       [](const auto& point) { return point.kind == core::TransformKind::Rotation; });
    return tr("%1 of %n module(s) rotated, threshold %2", nullptr, static_cast<int>(m_points.size()))
        .arg(rotated)
        .arg(QLocale().toString(m_rule.beta, 'f', 2));
}

QVector<PlotView::LegendEntry> ThresholdPlot::legend() const
{
    QVector<LegendEntry> entries;
    for (const auto kind : {core::TransformKind::Affine, core::TransformKind::Rotation, core::TransformKind::Hadamard,
                            core::TransformKind::Identity}) {
        const auto isUsed = [kind](const auto& point) { return point.kind == kind; };
        if (std::any_of(m_points.begin(), m_points.end(), isUsed))
            entries.append({kindGlyph(kind), kindName(kind), colors().ofKind(kind)});
    }
    if (std::any_of(m_points.begin(), m_points.end(), [](const auto& point) { return point.isOverride; }))
        entries.append({QStringLiteral("\u25ef"), tr("yours"), colors().text});
    if (isComparing())
        entries.append({QStringLiteral("\u25a1"), tr("quantized"), colors().after});
    const auto without = std::count_if(m_points.begin(), m_points.end(),
                                       [](const auto& point) { return !std::isfinite(point.robustZ); });
    if (without > 0)
        entries.append(
            {QStringLiteral("\u2013"), tr("%n without z", nullptr, static_cast<int>(without)), colors().muted});
    return entries;
}

bool ThresholdPlot::isComparing() const
{
    return std::any_of(m_points.begin(), m_points.end(), [](const auto& point) { return std::isfinite(point.otherZ); });
}

} // namespace ui
