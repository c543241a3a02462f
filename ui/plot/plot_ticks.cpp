// SPDX-License-Identifier: GPL-3.0-or-later
// Logarithmic axes, of plot_view.h.
#include "ui/plot/plot_view.h"

#include <qcustomplot.h>

namespace ui {

namespace {

/** Powers of ten are set as such where the exponent is written as in C: a German 1E+01 would stay as it is. */
class DecadeTicker : public QCPAxisTickerLog
{
protected:
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override
    {
        Q_UNUSED(locale)
        return QCPAxisTickerLog::getTickLabel(tick, QLocale::c(), format, precision);
    }
};

} // namespace

void PlotView::useDecadeTicks(QCPAxis& axis)
{
    axis.setTicker(QSharedPointer<DecadeTicker>::create());
    axis.setNumberFormat(QStringLiteral("eb"));
    axis.setNumberPrecision(0);
}

void PlotView::useLogarithmicTicks()
{
    const auto range = m_plot->yAxis->range();
    const bool isNarrow = range.upper < range.lower * 30.0; // decades alone would leave one label
    if (!isNarrow)
        return useDecadeTicks(*m_plot->yAxis);
    m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>::create());
    m_plot->yAxis->setNumberFormat(QStringLiteral("gb"));
    m_plot->yAxis->setNumberPrecision(4);
}

} // namespace ui
