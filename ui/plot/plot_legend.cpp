// SPDX-License-Identifier: GPL-3.0-or-later
// The legend in the header, of plot_view.h.
#include "ui/plot/elided_label.h"
#include "ui/plot/plot_view.h"

#include <QHBoxLayout>
#include <QLabel>

namespace ui {

void PlotView::showLegend()
{
    QString text;
    for (const auto& entry : legend())
        text +=
            QStringLiteral("<span style=\"color:%1\">%2</span>&nbsp;<span style=\"color:%3\">%4</span>&nbsp;&nbsp; ")
                .arg(entry.color.name(), entry.glyph, m_colors.muted.name(), entry.text.toHtmlEscaped());
    m_legend->setText(text);
    m_legend->setVisible(!text.isEmpty());
    placeLegend();
}

void PlotView::placeLegend()
{
    if (m_header->indexOf(m_detail) < 0)
        return; // a widget has the header: legend and detail stand below for good
    const bool isBelow = m_header->indexOf(m_legend) < 0;
    const int own = m_legend->isHidden() ? 0 : m_legend->sizeHint().width() + m_header->spacing();
    m_header->invalidate(); // it learns of a changed text later
    const int needed = m_header->sizeHint().width() + (isBelow ? own : 0);
    const bool wantedBelow = own > 0 && needed > width();
    if (wantedBelow == isBelow)
        return;
    if (wantedBelow)
        m_subheader->addWidget(m_legend, 0, Qt::AlignLeft);
    else
        m_header->insertWidget(1, m_legend);
}

void PlotView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    placeLegend();
}

} // namespace ui
