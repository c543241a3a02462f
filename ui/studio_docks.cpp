// SPDX-License-Identifier: GPL-3.0-or-later
// The panels around the workspaces.
#include "ui/dock_layouts.h"
#include "ui/jobs/jobs_panel.h"
#include "ui/layer_card.h"
#include "ui/log_panel.h"
#include "ui/model_tree.h"
#include "ui/plot/plot_view.h"
#include "ui/plot_table.h"
#include "ui/studio_window.h"

#include <QDockWidget>
#include <QMouseEvent>
#include <QScrollArea>
#include <QStackedWidget>
#include <QUndoView>

namespace ui {

namespace {

constexpr const char* kWorkspaceNames[] = {"welcome",  "inspect", "transforms", "calibrate",
                                           "evaluate", "chat",    "export",     "teach"};

QScrollArea* scrolling(QWidget* content, QWidget* parent)
{
    auto* scroll = new QScrollArea(parent);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    scroll->setMinimumWidth(250);
    return scroll;
}

} // namespace

void StudioWindow::addDock(const QString& name, const QString& title, QWidget* content, Qt::DockWidgetArea area)
{
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(name + QStringLiteral("Dock"));
    dock->setWidget(content);
    dock->setToolTip(tr("A double click on the title gives the panel all the room, another gives it back"));
    content->setToolTip(QString());
    dock->installEventFilter(this);
    addDockWidget(area, dock);
    connect(dock->toggleViewAction(), &QAction::toggled, this, [this, name](bool isShown) {
        m_actions.at(QStringLiteral("dock.") + name)->setChecked(isShown);
        m_actions.update();
    });
}

void StudioWindow::buildDocks()
{
    m_modelTree = new ModelTree(m_studio, this);
    addDock(QStringLiteral("model"), tr("Model"), m_modelTree, Qt::LeftDockWidgetArea);
    addDock(QStringLiteral("layer"), tr("Layer"), scrolling(new LayerCard(m_studio.document(), this), this),
            Qt::RightDockWidgetArea);
    m_jobs = new JobsPanel(m_studio.jobs(), this);
    addDock(QStringLiteral("jobs"), tr("Jobs"), m_jobs, Qt::BottomDockWidgetArea);
    m_log = new LogPanel(m_studio.jobs(), this);
    addDock(QStringLiteral("log"), tr("Log"), m_log, Qt::BottomDockWidgetArea);
    auto* history = new QUndoView(&m_studio.document().plan().undoStack(), this);
    history->setEmptyLabel(tr("As the rule chose"));
    history->setAccessibleName(tr("Undo history"));
    addDock(QStringLiteral("history"), tr("History"), history, Qt::BottomDockWidgetArea);
    m_plotTable = new PlotTable(this);
    addDock(QStringLiteral("data"), tr("Data table"), m_plotTable, Qt::BottomDockWidgetArea);
    for (const auto* name : {"log", "history", "data"})
        tabifyDockWidget(dock(QStringLiteral("jobs")), dock(QString::fromLatin1(name)));
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
}

void StudioWindow::buildLayouts()
{
    m_layouts = new DockLayouts(*this, m_settings);
    resizeDocks({dock(QStringLiteral("model")), dock(QStringLiteral("layer"))}, {230, 262}, Qt::Horizontal);
    resizeDocks({dock(QStringLiteral("jobs"))}, {190}, Qt::Vertical);
    for (auto* dock : findChildren<QDockWidget*>(Qt::FindDirectChildrenOnly))
        dock->hide();
    for (const auto* name : kWorkspaceNames) {
        const bool aboutLayers = QLatin1String(name) == QLatin1String("inspect"); // elsewhere the room is worth more
        dock(QStringLiteral("layer"))->setVisible(aboutLayers);
        m_layouts->setDefault(QString::fromLatin1(name));
    }
    if (const auto geometry = m_settings.geometry(); !geometry.isEmpty())
        restoreGeometry(geometry);
}

QString StudioWindow::layoutName() const
{
    const bool isEmpty = m_stack->currentWidget() == m_empty;
    return QString::fromLatin1(kWorkspaceNames[isEmpty ? 0 : static_cast<int>(m_workspace)]);
}

QDockWidget* StudioWindow::dock(const QString& name) const
{
    return findChild<QDockWidget*>(name + QStringLiteral("Dock"), Qt::FindDirectChildrenOnly);
}

void StudioWindow::showDock(const QString& name)
{
    auto* shown = dock(name);
    shown->show();
    shown->raise();
    m_lastDock = shown;
    m_actions.update();
}

void StudioWindow::toggleDock(const QString& name)
{
    const bool isInSight = !dock(name)->visibleRegion().isEmpty(); // not behind another's tab
    if (isInSight && dock(name)->isVisible())
        dock(name)->hide();
    else
        showDock(name);
    m_actions.at(QStringLiteral("dock.") + name)->setChecked(dock(name)->isVisible());
}

QDockWidget* StudioWindow::focusedDock() const
{
    return m_lastDock && m_lastDock->isVisible() ? m_lastDock.data() : nullptr;
}

void StudioWindow::followFocus(QWidget* widget)
{
    for (auto* at = widget; at; at = at->parentWidget()) {
        if (auto* plot = qobject_cast<PlotView*>(at)) {
            m_lastPlot = plot;
            m_plotTable->follow(plot);
            m_actions.update();
        }
        if (auto* dock = qobject_cast<QDockWidget*>(at))
            m_lastDock = dock;
    }
}

bool StudioWindow::eventFilter(QObject* watched, QEvent* event)
{
    // What reaches the dock itself was meant for its title: its content takes its own clicks.
    if (event->type() == QEvent::MouseButtonDblClick)
        if (auto* dock = qobject_cast<QDockWidget*>(watched)) {
            m_lastDock = dock;
            m_layouts->toggleMaximised(dock);
            m_actions.update();
            return true;
        }
    return QMainWindow::eventFilter(watched, event);
}

} // namespace ui
