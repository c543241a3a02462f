// SPDX-License-Identifier: GPL-3.0-or-later
// Menus, tool bar and title, made from the registry, and what keeps them true.
#include "ui/dock_layouts.h"
#include "ui/studio_window.h"

#include <QFileInfo>
#include <QInputDialog>
#include <QMenuBar>
#include <QPushButton>
#include <QToolBar>
#include <QToolButton>

namespace ui {

void StudioWindow::buildMenus()
{
    const auto fill = [this](QMenu* menu, std::initializer_list<const char*> ids) {
        menu->setToolTipsVisible(true);
        for (const auto* id : ids) {
            if (QLatin1String(id) == QLatin1String("-"))
                menu->addSeparator();
            else
                menu->addAction(m_actions.at(QString::fromLatin1(id)));
        }
        return menu;
    };
    auto* file =
        fill(menuBar()->addMenu(tr("&File")), {"file.demo", "file.openFolder", "file.openFile", "file.openBundle"});
    m_recentMenu = file->addMenu(tr("&Recent"));
    m_recentMenu->setToolTipsVisible(true);
    connect(m_recentMenu, &QMenu::aboutToShow, this, &StudioWindow::fillRecentMenu);
    fill(file, {"-", "file.save", "file.saveAs", "-", "file.importPlan", "file.exportPlan", "-", "file.quit"});
    fill(menuBar()->addMenu(tr("&Edit")),
         {"edit.undo", "edit.redo", "-", "edit.filter", "-", "edit.copyCommand", "edit.exportPlot", "-",
          "edit.settings"});
    auto* view = menuBar()->addMenu(tr("&View"));
    for (int i = 1; m_actions.at(QStringLiteral("view.%1").arg(i)); ++i)
        view->addAction(m_actions.at(QStringLiteral("view.%1").arg(i)));
    fill(view, {"-", "view.goTo", "view.palette", "-"});
    fill(view->addMenu(tr("&Panels")),
         {"dock.model", "dock.layer", "dock.jobs", "dock.log", "dock.history", "dock.data", "-", "view.maximise"});
    m_layoutMenu = view->addMenu(tr("La&yout"));
    connect(m_layoutMenu, &QMenu::aboutToShow, this, &StudioWindow::fillLayoutMenu);
    fill(view->addMenu(tr("&Theme")), {"theme.0", "theme.1", "theme.2", "theme.3", "-", "theme.switch"});
    fill(view, {"-", "view.presenter", "view.fullScreen"});
    fill(menuBar()->addMenu(tr("&Layer")),
         {"layer.back", "layer.forward", "-", "layer.heatMap", "layer.compare", "-", "layer.whatIf", "layer.search"});
    fill(menuBar()->addMenu(tr("&Run")),
         {"run.here", "run.resume", "run.activations", "run.stale", "run.sideBySide", "run.report", "-", "run.pause",
          "run.cancel", "run.cancelAll"});
    fill(menuBar()->addMenu(tr("&Help")), {"help.topic", "help.whatsThis", "help.keys", "-", "help.about"});
}

void StudioWindow::fillRecentMenu()
{
    m_recentMenu->clear();
    for (const auto& path : m_settings.recents()) {
        auto* entry = m_recentMenu->addAction(QFileInfo(path).fileName(), this, [this, path] { openPath(path); });
        const bool exists = QFileInfo::exists(path);
        entry->setEnabled(exists);
        entry->setToolTip(exists ? path : tr("%1 is not there any more; the start page can look for it").arg(path));
    }
    m_recentMenu->setEnabled(true);
    if (m_recentMenu->isEmpty())
        m_recentMenu->addAction(tr("Nothing yet"))->setEnabled(false);
}

void StudioWindow::fillLayoutMenu()
{
    m_layoutMenu->clear();
    for (const auto& name : m_layouts->names())
        m_layoutMenu->addAction(QString(name).replace(QLatin1Char('&'), QStringLiteral("&&")), this, [this, name] {
            if (!m_layouts->apply(name))
                say(tr("%1 was saved by a window with other panels").arg(name));
        });
    if (!m_layouts->names().isEmpty()) {
        auto* forget = m_layoutMenu->addMenu(tr("&Forget"));
        for (const auto& name : m_layouts->names())
            forget->addAction(name, this, [this, name] { m_layouts->remove(name); });
        m_layoutMenu->addSeparator();
    }
    m_layoutMenu->addAction(m_actions.at(QStringLiteral("view.saveLayout")));
    m_layoutMenu->addAction(m_actions.at(QStringLiteral("view.resetLayout")));
}

void StudioWindow::saveLayout()
{
    auto* dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Save layout"));
    dialog->setLabelText(tr("Name of the layout"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& name) {
        if (!name.trimmed().isEmpty())
            m_layouts->saveAs(name.trimmed());
    });
    dialog->open();
}

void StudioWindow::buildToolBar()
{
    auto* bar = addToolBar(tr("Workspaces"));
    bar->setObjectName(QStringLiteral("workspaceBar"));
    bar->setMovable(false);
    bar->toggleViewAction()->setVisible(false); // it is the way between the workspaces
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->setIconSize(QSize(18, 18));
    for (int i = 1; m_actions.at(QStringLiteral("view.%1").arg(i)); ++i)
        bar->addAction(m_actions.at(QStringLiteral("view.%1").arg(i)));
    auto* space = new QWidget(bar);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    for (const auto* id : {"view.goTo", "edit.undo", "edit.redo", "file.save", "theme.switch"}) {
        auto* command = m_actions.at(QString::fromLatin1(id));
        bar->addAction(command);
        auto* button = qobject_cast<QToolButton*>(bar->widgetForAction(command));
        const bool isEntrance = command == m_actions.at(QStringLiteral("view.goTo")); // to everything: it says so
        button->setToolButtonStyle(isEntrance ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
        button->setAccessibleName(plainText(*command));
    }
    for (auto* button : bar->findChildren<QToolButton*>()) // reached by Tab, but a click leaves the focus where it was
        button->setFocusPolicy(Qt::TabFocus);
}

void StudioWindow::updateActions()
{
    m_actions.update();
    const auto at = [this](const char* id) { return m_actions.at(QString::fromLatin1(id)); };
    const auto& stack = m_studio.document().plan().undoStack();
    at("edit.undo")->setText(stack.canUndo() ? tr("&Undo %1").arg(stack.undoText()) : tr("&Undo"));
    at("edit.redo")->setText(stack.canRedo() ? tr("&Redo %1").arg(stack.redoText()) : tr("&Redo"));
    m_actions.at(QStringLiteral("theme.%1").arg(static_cast<int>(m_settings.theme())))->setChecked(true);
}

void StudioWindow::updateTitle()
{
    const auto& document = m_studio.document();
    auto name = m_studio.projectPath().isEmpty() ? document.modelName() : QFileInfo(m_studio.projectPath()).fileName();
    setWindowTitle(name.isEmpty() ? tr("Planish") : tr("%1[*] \u2013 Planish").arg(name));
    setWindowModified(document.isModified());
}

} // namespace ui
