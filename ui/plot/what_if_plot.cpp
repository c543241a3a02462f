// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/what_if_plot.h"

#include "ui/convert.h"
#include "ui/plot/kind_text.h"

#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr double kNormal95 = 1.96;
constexpr double kDecibel = 10.0;
constexpr double kPercent = 100.0;

QString number(double value, int significant)
{
    return QLocale().toString(value, 'g', significant);
}

} // namespace

WhatIfPlot::WhatIfPlot(QWidget* parent)
    : PlotView(parent)
{
    for (std::size_t i = 0; i < core::kTransformKinds.size(); ++i) {
        auto* bars = new QCPBars(plot().xAxis, plot().yAxis);
        bars->setWidth(0.62);
        m_bars.append(bars);
        auto* label = new QCPItemText(&plot());
        label->setPositionAlignment(Qt::AlignBottom | Qt::AlignHCenter);
        label->setPadding(QMargins(0, 0, 0, 3));
        label->setVisible(false);
        m_labels.append(label);
    }
    m_starts = plot().addGraph();
    m_starts->setLineStyle(QCPGraph::lsNone);
    m_tops = plot().addGraph();
    m_tops->setLineStyle(QCPGraph::lsNone);
    m_spreads = new QCPErrorBars(plot().xAxis, plot().yAxis);
    m_spreads->setDataPlottable(m_tops);
    m_spreads->removeFromLegend();
    plot().xAxis->setTicker(QSharedPointer<QCPAxisTickerText>::create());
    connect(this, &PlotView::sampleClicked, this, [this](int sample) { Q_EMIT kindClicked(kindAt(sample).kind); });
    setMetric(Metric::Error);
}

void WhatIfPlot::show(std::shared_ptr<const core::WhatIf> answer)
{
    m_answer = std::move(answer);
    setCursor(-1);
    draw();
}

void WhatIfPlot::setMetric(Metric metric)
{
    m_metric = metric;
    const QString names[] = {tr("output error (MSE)"), tr("SQNR, dB"), tr("more multiply-adds, %"),
                             tr("added memory, KiB"), tr("training time, s")};
    setAxisLabels(QString(), names[static_cast<int>(metric)]);
    draw();
}

void WhatIfPlot::setPlanned(std::optional<core::TransformKind> kind)
{
    if (m_planned == kind)
        return;
    m_planned = kind;
    draw();
}

void WhatIfPlot::setMarked(std::optional<core::TransformKind> kind)
{
    if (m_marked == kind)
        return;
    m_marked = kind;
    applyColors();
    refresh();
}

double WhatIfPlot::value(const core::WhatIfKind& kind) const
{
    switch (m_metric) {
    case Metric::Error: return kind.error;
    case Metric::Sqnr: return kind.sqnr;
    case Metric::Macs: return kind.onlineShare * kPercent;
    case Metric::Bytes: return static_cast<double>(kind.addedBytes) / 1024.0;
    case Metric::Seconds: return kind.seconds;
    }
    return 0.0;
}

double WhatIfPlot::spread(const core::WhatIfKind& kind) const
{
    if (m_metric == Metric::Error)
        return kNormal95 * kind.errorStderr;
    if (m_metric == Metric::Sqnr && kind.error > 0.0) // d(10 log10 e) = 10 / ln 10 * de / e
        return kNormal95 * kDecibel / std::log(10.0) * kind.errorStderr / kind.error;
    return 0.0;
}

void WhatIfPlot::draw()
{
    const auto ticker = qSharedPointerDynamicCast<QCPAxisTickerText>(plot().xAxis->ticker());
    ticker->clear();
    for (auto* bars : m_bars)
        bars->data()->clear();
    for (auto* label : m_labels)
        label->setVisible(false);
    m_tops->data()->clear();
    m_starts->data()->clear();
    m_spreads->data()->clear();
    for (int i = 0; i < sampleCount(); ++i) {
        const auto& kind = kindAt(i);
        const auto name = kindName(kind.kind);
        ticker->addTick(i, m_planned == kind.kind ? tr("%1\n(planned)").arg(name) : name);
        const double top = value(kind);
        if (!std::isfinite(top))
            continue;
        m_bars[static_cast<int>(kind.kind)]->addData(i, top);
        m_tops->addData(i, top);
        m_spreads->addData(spread(kind));
        if (m_metric == Metric::Error && kind.errorStart > 0.0)
            m_starts->addData(i, kind.errorStart);
        auto* label = m_labels[i];
        label->setText(number(top, 3));
        label->position->setCoords(i, std::max(0.0, top + spread(kind)));
        label->setVisible(true);
    }
    applyColors();
    fitView();
    refresh();
}

void WhatIfPlot::fitView()
{
    double low = 0.0;
    double high = 0.0;
    for (int i = 0; i < sampleCount(); ++i) {
        const double top = value(kindAt(i));
        if (!std::isfinite(top))
            continue;
        low = std::min(low, top - spread(kindAt(i)));
        high = std::max(high, top + spread(kindAt(i)));
    }
    // A start that is far worse would flatten what the training reached: it may leave the picture, its number stays in the table.
    for (int i = 0; m_metric == Metric::Error && i < sampleCount(); ++i)
        if (kindAt(i).errorStart < 2.0 * high)
            high = std::max(high, kindAt(i).errorStart);
    if (!(high > low))
        high = low + 1.0;
    plot().xAxis->setRange(-0.6, std::max(3, sampleCount() - 1) + 0.6);
    plot().yAxis->setRange(low < 0.0 ? low * 1.1 : 0.0, high * 1.2);
}

QPointF WhatIfPlot::samplePosition(int sample) const
{
    return {static_cast<double>(sample), value(kindAt(sample))};
}

int WhatIfPlot::nearestSample(const QPointF& pixel) const
{
    const int nearest = static_cast<int>(std::lround(valueAt(pixel).x()));
    return nearest >= 0 && nearest < sampleCount() && std::isfinite(value(kindAt(nearest))) ? nearest : -1;
}

QString WhatIfPlot::kindText(const core::WhatIfKind& kind)
{
    return tr("%1: error %2 \u00b1 %3 (untrained %4), SQNR %5 dB, %6 % more multiply-adds, %7 KiB")
        .arg(kindName(kind.kind), number(kind.error, 4), number(kNormal95 * kind.errorStderr, 2),
             number(kind.errorStart, 4), QLocale().toString(kind.sqnr, 'f', 2),
             QLocale().toString(kind.onlineShare * kPercent, 'f', 2),
             QLocale().toString(static_cast<double>(kind.addedBytes) / 1024.0, 'f', 1));
}

QString WhatIfPlot::sampleText(int sample) const
{
    return kindText(kindAt(sample));
}

QStringList WhatIfPlot::csvColumns() const
{
    return {QStringLiteral("kind"),         QStringLiteral("error_start"), QStringLiteral("error"),
            QStringLiteral("error_stderr"), QStringLiteral("sqnr_db"),     QStringLiteral("online_share"),
            QStringLiteral("added_bytes"),  QStringLiteral("seconds")};
}

QStringList WhatIfPlot::csvCells(int sample) const
{
    const auto& kind = kindAt(sample);
    return {toQString(core::toString(kind.kind)), csvNumber(kind.errorStart), csvNumber(kind.error),
            csvNumber(kind.errorStderr),          csvNumber(kind.sqnr),       csvNumber(kind.onlineShare),
            QString::number(kind.addedBytes),     csvNumber(kind.seconds)};
}

QString WhatIfPlot::summary() const
{
    QStringList parts;
    for (int i = 0; i < sampleCount(); ++i)
        parts += sampleText(i);
    return parts.join(QStringLiteral("; "));
}

void WhatIfPlot::applyColors()
{
    for (std::size_t i = 0; i < core::kTransformKinds.size(); ++i) {
        const auto kind = core::kTransformKinds[i];
        auto* bars = m_bars[static_cast<int>(kind)];
        auto color = colors().ofKind(kind);
        bars->setPen(QPen(m_marked == kind ? colors().text : color, 1));
        if (m_marked && m_marked != kind)
            color.setAlpha(120);
        bars->setBrush(color);
        m_labels[static_cast<int>(i)]->setColor(colors().text);
        m_labels[static_cast<int>(i)]->setFont(plot().xAxis->tickLabelFont());
    }
    m_tops->setScatterStyle(QCPScatterStyle::ssNone);
    m_spreads->setPen(QPen(colors().text, 1));
    m_starts->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDiamond, QPen(colors().fit, 1), Qt::NoBrush, 8));
    plot().xAxis->setTickLabelColor(colors().text);
}

QVector<PlotView::LegendEntry> WhatIfPlot::legend() const
{
    if (!m_answer || m_metric != Metric::Error)
        return {};
    return {{QStringLiteral("\u25c7"), tr("untrained"), colors().fit},
            {QStringLiteral("I"), tr("95 % interval"), colors().text}};
}

} // namespace ui
