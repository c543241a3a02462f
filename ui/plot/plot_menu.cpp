// SPDX-License-Identifier: GPL-3.0-or-later
// What every plot offers in its menu.
#include "ui/plot/plot_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QToolButton>
#include <qcustomplot.h>

namespace ui {

void PlotView::buildMenu()
{
    m_menu = new QMenu(this);
    m_menuButton = new QToolButton(this);
    m_menuButton->setText(QStringLiteral("\u22ee"));
    m_menuButton->setObjectName(QStringLiteral("plotMenu"));
    m_menuButton->setAutoRaise(true);
    m_menuButton->setStyleSheet(QStringLiteral("QToolButton::menu-indicator { image: none; }"));
    m_menuButton->setPopupMode(QToolButton::InstantPopup);
    m_menuButton->setMenu(m_menu);
    m_menuButton->setToolTip(tr("Pin, copy, export"));
    m_menuButton->setAccessibleName(tr("Menu of the plot"));
    m_menuButton->setFocusPolicy(Qt::TabFocus);
    m_header->addWidget(m_menuButton);
    m_pinAction = m_menu->addAction(tr("&Pin: keep what it shows"));
    m_pinAction->setCheckable(true);
    connect(m_pinAction, &QAction::toggled, this, &PlotView::setPinned);
    m_menu->addSeparator();
    m_menu->addAction(tr("Whole &range"), this, &PlotView::resetView)->setShortcut(Qt::Key_Home);
    m_menu->addAction(tr("&Copy picture and values"), this, &PlotView::copy)->setShortcut(QKeySequence::Copy);
    const auto offerExport = [this](const QString& text, const QString& suffix) {
        connect(m_menu->addAction(text), &QAction::triggered, this, [this, suffix] {
            setFocus(); // what is exported is the plot that has the focus
            Q_EMIT exportRequested(suffix);
        });
    };
    offerExport(tr("Save as &SVG"), QStringLiteral("svg"));
    offerExport(tr("&Export\u2026"), {});
    for (auto* action : m_menu->actions())
        action->setShortcutContext(Qt::WidgetShortcut); // shown; the keys are the plot's own
    setContextMenuPolicy(Qt::CustomContextMenu);
    connect(this, &QWidget::customContextMenuRequested, this,
            [this](const QPoint& at) { m_menu->popup(mapToGlobal(at)); });
}

void PlotView::addMenuAction(QAction* action)
{
    action->setParent(m_menu);
    m_menu->insertAction(m_pinAction, action);
}

void PlotView::setPinnable(bool on)
{
    m_pinAction->setVisible(on);
}

void PlotView::setPinned(bool on)
{
    if (m_pinned == on)
        return;
    m_pinned = on;
    m_pinAction->setChecked(on);
    m_title->setText(on ? m_titleText + tr(" \u2014 pinned") : m_titleText);
    Q_EMIT pinnedChanged(on);
}

void PlotView::copy()
{
    auto* data = new QMimeData;
    data->setImageData(toImage());
    data->setText(toCsv());
    QGuiApplication::clipboard()->setMimeData(data);
}

} // namespace ui
