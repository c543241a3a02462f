// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of the window: what the registry holds, and the menus and bars made from it.
#include "ui/format.h"
#include "ui/inspect/inspect_view.h"
#include "ui/plot/plot_colors.h"
#include "ui/studio_window.h"

#include <QActionGroup>
#include <QDockWidget>
#include <QFileInfo>
#include <QLabel>
#include <QMenuBar>
#include <QProgressBar>
#include <QToolBar>
#include <QToolButton>

namespace ui {

namespace {

QKeySequence keys(const char* text)
{
    return QKeySequence(QString::fromLatin1(text));
}

} // namespace

QAction* StudioWindow::action(const ActionSpec& spec, void (StudioWindow::*slot)())
{
    return m_actions.add(spec, this, [this, slot] { (this->*slot)(); });
}

void StudioWindow::buildFileActions()
{
    const auto id = [](const char* text) { return QString::fromLatin1(text); };
    action({id("file.demo"),
            tr("Open &demo model"),
            tr("A small trained model with planted outliers, made by this project"),
            {keys("Ctrl+Shift+D")},
            id("demo")},
           &StudioWindow::openDemo);
    action({id("file.openFolder"),
            tr("&Open model folder\u2026"),
            tr("A Hugging Face folder or a bundle written by Planish"),
            {keys("Ctrl+O")},
            id("folder")},
           &StudioWindow::chooseModelFolder);
    action({id("file.openFile"),
            tr("Open &file\u2026"),
            tr("A .gguf model or a Planish project"),
            {keys("Ctrl+Shift+O")},
            id("file")},
           &StudioWindow::chooseFile);
    action(
        {id("file.save"), tr("&Save project"), tr("Plan, results and notes as one file"), {keys("Ctrl+S")}, id("save")},
        &StudioWindow::save);
    action(
        {id("file.saveAs"), tr("Save project &as\u2026"), tr("The project under another name"), {keys("Ctrl+Shift+S")}},
        &StudioWindow::saveAs);
    action({id("file.importPlan"), tr("&Import plan\u2026"), tr("The choices of a plan file; can be undone")},
           &StudioWindow::chooseImportPlan);
    action({id("file.exportPlan"), tr("&Export plan\u2026"), tr("The choices as a file that the command line takes")},
           &StudioWindow::chooseExportPlan);
    m_actions.add({id("file.quit"), tr("&Quit"), tr("Close the studio"), {keys("Ctrl+Q")}}, this, [this] { close(); });
}

void StudioWindow::buildEditActions()
{
    const auto id = [](const char* text) { return QString::fromLatin1(text); };
    auto* stack = &m_studio.document().plan().undoStack();
    m_actions.add({id("edit.undo"), tr("&Undo"), tr("Takes the last choice back"), {keys("Ctrl+Z")}, id("undo")}, this,
                  [stack] { stack->undo(); });
    m_actions.add({id("edit.redo"), tr("&Redo"), tr("Makes the choice again"), {keys("Ctrl+Shift+Z")}, id("redo")},
                  this, [stack] { stack->redo(); });
    m_actions.add({id("edit.filter"),
                   tr("&Filter layers"),
                   tr("Words and comparisons that choose rows of the layer table"),
                   {keys("Ctrl+F")}},
                  this, [this] {
                      showWorkspace(Workspace::Inspect);
                      m_inspect->focusFilter();
                  });
    action({id("edit.copyCommand"),
            tr("&Copy as command"),
            tr("The planish line of the newest job"),
            {keys("Ctrl+Shift+C")}},
           &StudioWindow::copyCommand);
    action({id("edit.exportPlot"),
            tr("&Export plot\u2026"),
            tr("The focused plot as PNG, SVG, PDF or CSV"),
            {keys("Ctrl+E")}},
           &StudioWindow::exportPlot);
}

void StudioWindow::buildViewActions()
{
    const auto id = [](const char* text) { return QString::fromLatin1(text); };
    struct Page
    {
        QString text, tip, icon;
    };
    const Page pages[] = {{tr("Welcome"), tr("Where to begin"), id("welcome")},
                          {tr("Inspect"), tr("Every layer in numbers and pictures"), id("inspect")},
                          {tr("Transforms"), tr("The rule, its threshold, and your choices"), id("transforms")},
                          {tr("Calibrate"), tr("Learn the transforms and quantize"), id("calibrate")},
                          {tr("Evaluate"), tr("What quantization costs"), id("evaluate")},
                          {tr("Chat"), tr("Talk to the model"), id("chat")}};
    auto* workspaces = new QActionGroup(this);
    for (int i = 0; i < 6; ++i) {
        auto* page = m_actions.add({QStringLiteral("view.%1").arg(i + 1),
                                    pages[i].text,
                                    pages[i].tip,
                                    {QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + i))},
                                    pages[i].icon,
                                    true},
                                   this, [this, i] { showWorkspace(static_cast<Workspace>(i)); });
        workspaces->addAction(page);
    }
    auto* themes = new QActionGroup(this);
    const std::pair<ThemeChoice, QString> choices[] = {{ThemeChoice::System, tr("As the &system")},
                                                       {ThemeChoice::Light, tr("&Light")},
                                                       {ThemeChoice::Dark, tr("&Dark")}};
    for (const auto& [choice, text] : choices) {
        auto* theme = m_actions.add({QStringLiteral("view.theme.%1").arg(static_cast<int>(choice)),
                                     text,
                                     tr("Colours of the window and its plots"),
                                     {},
                                     {},
                                     true},
                                    this, [this, choice = choice] { setTheme(choice); });
        themes->addAction(theme);
    }
    m_actions.add(
        {id("view.switchTheme"), tr("Switch light and dark"), tr("The other theme"), {keys("Ctrl+T")}, id("theme")},
        this, [this] { setTheme(isDark(palette()) ? ThemeChoice::Light : ThemeChoice::Dark); });
    m_actions.add({id("view.layer"), tr("&Layer card"), tr("The selected layer in numbers, and notes"), {}, {}, true},
                  this, [this] { showPage(); });
    m_actions.at(id("view.layer"))->setChecked(true);
    m_actions.add({id("view.jobs"), tr("&Jobs"), tr("What runs, what waits, what is done"), {keys("Ctrl+J")}, {}, true},
                  this, [this] {
                      m_jobsDock->setVisible(m_actions.at(QStringLiteral("view.jobs"))->isChecked());
                      m_jobsDock->raise();
                  });
    m_actions.add({id("view.resetLayout"), tr("&Restore default layout"), tr("Docks where they were at first")}, this,
                  [this] { resetLayout(); });
    m_actions.add({id("view.fullScreen"), tr("&Full screen"), tr("Without frame"), {keys("F11")}, {}, true}, this,
                  [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); });
}

void StudioWindow::buildRunActions()
{
    const auto id = [](const char* text) { return QString::fromLatin1(text); };
    action({id("run.activations"), tr("&Measure activations"), tr("Statistics of what enters each layer, over a text")},
           &StudioWindow::measureActivations);
    m_actions.add({id("run.cancel"),
                   tr("&Stop current job"),
                   tr("Stops at the next checkpoint; finished parts are kept"),
                   {keys("Ctrl+.")},
                   id("stop")},
                  this, [this] { m_studio.jobs().cancelCurrent(); });
    action({id("help.about"), tr("&About Planish"), tr("Version and licence")}, &StudioWindow::showAbout);
}

void StudioWindow::buildMenus()
{
    const auto fill = [this](const QString& title, std::initializer_list<const char*> ids) {
        auto* menu = menuBar()->addMenu(title);
        menu->setToolTipsVisible(true);
        for (const auto* id : ids) {
            if (QLatin1String(id) == QLatin1String("-"))
                menu->addSeparator();
            else
                menu->addAction(m_actions.at(QString::fromLatin1(id)));
        }
        return menu;
    };
    fill(tr("&File"),
         {"file.demo", "file.openFolder", "file.openFile", "-", "file.save", "file.saveAs", "-", "file.importPlan",
          "file.exportPlan", "-", "file.quit"});
    fill(tr("&Edit"), {"edit.undo", "edit.redo", "-", "edit.filter", "-", "edit.copyCommand", "edit.exportPlot"});
    auto* view =
        fill(tr("&View"), {"view.1", "view.2", "view.3", "view.4", "view.5", "view.6", "-", "view.layer", "view.jobs"});
    view->addAction(m_logDock->toggleViewAction());
    view->addAction(m_historyDock->toggleViewAction());
    auto* theme = view->addMenu(tr("&Theme"));
    for (int i = 0; i < 3; ++i)
        theme->addAction(m_actions.at(QStringLiteral("view.theme.%1").arg(i)));
    theme->addSeparator();
    theme->addAction(m_actions.at(QStringLiteral("view.switchTheme")));
    view->addSeparator();
    view->addAction(m_actions.at(QStringLiteral("view.resetLayout")));
    view->addAction(m_actions.at(QStringLiteral("view.fullScreen")));
    fill(tr("&Run"), {"run.activations", "-", "run.cancel"});
    fill(tr("&Help"), {"help.about"});
    connect(m_jobsDock, &QDockWidget::visibilityChanged, m_actions.at(QStringLiteral("view.jobs")),
            &QAction::setChecked);
}

void StudioWindow::buildToolBar()
{
    auto* bar = addToolBar(tr("Workspaces"));
    bar->setObjectName(QStringLiteral("workspaceBar"));
    bar->setMovable(false);
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->setIconSize(QSize(18, 18));
    for (int i = 1; i <= 6; ++i)
        bar->addAction(m_actions.at(QStringLiteral("view.%1").arg(i)));
    auto* space = new QWidget(bar);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    for (const auto* id : {"edit.undo", "edit.redo", "file.save", "view.switchTheme"}) {
        auto* command = m_actions.at(QString::fromLatin1(id));
        bar->addAction(command);
        auto* button = qobject_cast<QToolButton*>(bar->widgetForAction(command));
        button->setToolButtonStyle(Qt::ToolButtonIconOnly);
        button->setAccessibleName(command->text().remove(QLatin1Char('&')));
    }
    for (auto* button : bar->findChildren<QToolButton*>()) // reached by Tab, but a click leaves the focus where it was
        button->setFocusPolicy(Qt::TabFocus);
}

void StudioWindow::updateActions()
{
    const auto& document = m_studio.document();
    const auto at = [this](const char* id) { return m_actions.at(QString::fromLatin1(id)); };
    const bool ready = document.readState() == Document::ReadState::Ready;
    const auto& stack = document.plan().undoStack();
    at("edit.undo")->setEnabled(stack.canUndo());
    at("edit.undo")->setText(stack.canUndo() ? tr("&Undo %1").arg(stack.undoText()) : tr("&Undo"));
    at("edit.redo")->setEnabled(stack.canRedo());
    at("edit.redo")->setText(stack.canRedo() ? tr("&Redo %1").arg(stack.redoText()) : tr("&Redo"));
    at("file.save")->setEnabled(ready);
    at("file.saveAs")->setEnabled(ready);
    at("file.importPlan")->setEnabled(ready);
    at("file.exportPlan")->setEnabled(!document.plan().isEmpty());
    at("run.activations")->setEnabled(ready);
    at("edit.filter")->setEnabled(!document.layers().empty());
    at(qPrintable(QStringLiteral("view.theme.%1").arg(static_cast<int>(m_settings.theme()))))->setChecked(true);
    if (m_stale)
        m_stale->setVisible(document.isBundleStale());
}

void StudioWindow::updateTitle()
{
    const auto& document = m_studio.document();
    auto name = m_studio.projectPath().isEmpty() ? document.modelName() : QFileInfo(m_studio.projectPath()).fileName();
    setWindowTitle(name.isEmpty() ? tr("Planish") : tr("%1[*] \u2013 Planish").arg(name));
    setWindowModified(document.isModified());
}

void StudioWindow::updateJob()
{
    const auto* job = m_studio.jobs().current();
    m_jobBar->setVisible(job);
    m_jobStop->setVisible(job);
    m_actions.at(QStringLiteral("run.cancel"))->setEnabled(job && job->state() != Job::State::Stopping);
    if (!job) {
        m_jobText->clear();
        return;
    }
    m_jobBar->setValue(static_cast<int>(job->fraction() * 1000.0));
    const auto left = job->leftMs();
    m_jobText->setText(
        job->state() == Job::State::Stopping ? tr("%1: stopping\u2026").arg(job->title())
            : left
            ? tr("%1: %2 spent, %3 left").arg(job->title(), formatDuration(job->spentMs()), formatDuration(*left))
            : job->title());
    m_jobText->setToolTip(job->text());
}

} // namespace ui
