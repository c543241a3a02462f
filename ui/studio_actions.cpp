// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of the window: what the registry holds and when each can be used.
#include "ui/action_names.h"
#include "ui/calibrate/calibrate_view.h"
#include "ui/dock_layouts.h"
#include "ui/evaluate/evaluate_view.h"
#include "ui/export/export_view.h"
#include "ui/inspect/inspect_view.h"
#include "ui/jobs/jobs_panel.h"
#include "ui/plot/plot_view.h"
#include "ui/studio_window.h"

#include <QActionGroup>
#include <QDockWidget>
#include <QPushButton>
#include <QWhatsThis>

namespace ui {

QAction* StudioWindow::action(const ActionSpec& spec, void (StudioWindow::*slot)())
{
    return m_actions.add(spec, this, [this, slot] { (this->*slot)(); });
}

QPushButton* StudioWindow::startsHere() const
{
    switch (m_workspace) {
    case Workspace::Calibrate: return &m_calibrate->startButton();
    case Workspace::Evaluate: return &m_evaluate->startButton();
    case Workspace::Export: return &m_export->startButton();
    default: return nullptr;
    }
}

QString StudioWindow::needsModel() const
{
    const auto state = m_studio.document().readState();
    return state == Document::ReadState::Ready  ? QString()
        : state == Document::ReadState::Loading ? tr("Wait until the model is read")
        : state == Document::ReadState::Stopped ? tr("Reading was stopped: read the model again")
                                                : tr("Open a model first");
}

void StudioWindow::buildActions()
{
    m_actions.nameGroup(id("file"), tr("File"));
    m_actions.nameGroup(id("edit"), tr("Edit"));
    m_actions.nameGroup(id("view"), tr("View"));
    m_actions.nameGroup(id("theme"), tr("Theme"));
    m_actions.nameGroup(id("dock"), tr("Panels"));
    m_actions.nameGroup(id("layer"), tr("Layer"));
    m_actions.nameGroup(id("run"), tr("Run"));
    m_actions.nameGroup(id("help"), tr("Help"));
    buildFileActions();
    buildEditActions();
    buildWorkspaceActions();
    buildThemeActions();
    buildViewActions();
    buildDockActions();
    buildLayerActions();
    buildRunActions();
    buildJobActions();
    buildHelpActions();
}

void StudioWindow::buildFileActions()
{
    const auto model = [this] { return needsModel(); };
    action({.id = id("file.demo"),
            .text = tr("Open &demo model"),
            .tip = tr("A small trained model with planted outliers, made by this project"),
            .shortcuts = {keys("Ctrl+Shift+D")},
            .icon = id("demo")},
           &StudioWindow::openDemo);
    action({.id = id("file.openFolder"),
            .text = tr("&Open model folder\u2026"),
            .tip = tr("A Hugging Face folder or a bundle written by Planish"),
            .shortcuts = {keys("Ctrl+O")},
            .icon = id("folder")},
           &StudioWindow::chooseModelFolder);
    action({.id = id("file.openFile"),
            .text = tr("Open &file\u2026"),
            .tip = tr("A .gguf model or a Planish project"),
            .shortcuts = {keys("Ctrl+Shift+O")},
            .icon = id("file")},
           &StudioWindow::chooseFile);
    action({.id = id("file.openBundle"),
            .text = tr("Open quantized model in slot &B\u2026"),
            .tip = tr("A bundle that was quantized from the open model, to be compared with it"),
            .whyDisabled = model},
           &StudioWindow::chooseBundle);
    action({.id = id("file.save"),
            .text = tr("&Save project"),
            .tip = tr("Plan, results and notes as one file"),
            .shortcuts = {keys("Ctrl+S")},
            .icon = id("save"),
            .whyDisabled = model},
           &StudioWindow::save);
    action({.id = id("file.saveAs"),
            .text = tr("Save project &as\u2026"),
            .tip = tr("The project under another name"),
            .shortcuts = {keys("Ctrl+Shift+S")},
            .whyDisabled = model},
           &StudioWindow::saveAs);
    action({.id = id("file.importPlan"),
            .text = tr("&Import plan\u2026"),
            .tip = tr("The choices of a plan file; can be undone"),
            .whyDisabled = model},
           &StudioWindow::chooseImportPlan);
    action({.id = id("file.exportPlan"),
            .text = tr("&Export plan\u2026"),
            .tip = tr("The choices as a file that the command line takes"),
            .whyDisabled =
                [this] { return m_studio.document().plan().isEmpty() ? tr("There is no plan yet") : QString(); }},
           &StudioWindow::chooseExportPlan);
    m_actions.add(
        {.id = id("file.quit"), .text = tr("&Quit"), .tip = tr("Close the studio"), .shortcuts = {keys("Ctrl+Q")}},
        this, [this] { close(); });
}

void StudioWindow::buildEditActions()
{
    auto* stack = &m_studio.document().plan().undoStack();
    m_actions.add({.id = id("edit.undo"),
                   .text = tr("&Undo"),
                   .tip = tr("Takes the last choice back"),
                   .shortcuts = {keys("Ctrl+Z")},
                   .icon = id("undo"),
                   .whyDisabled = [stack] { return stack->canUndo() ? QString() : tr("Nothing was changed yet"); }},
                  this, [stack] { stack->undo(); });
    m_actions.add({.id = id("edit.redo"),
                   .text = tr("&Redo"),
                   .tip = tr("Makes the choice again"),
                   .shortcuts = {keys("Ctrl+Shift+Z")},
                   .icon = id("redo"),
                   .whyDisabled = [stack] { return stack->canRedo() ? QString() : tr("Nothing was taken back"); }},
                  this, [stack] { stack->redo(); });
    m_actions.add(
        {.id = id("edit.filter"),
         .text = tr("&Filter layers"),
         .tip = tr("Words and comparisons that choose rows of the layer table"),
         .shortcuts = {keys("Ctrl+F")},
         .whyDisabled = [this] { return m_studio.document().layers().empty() ? tr("Open a model first") : QString(); }},
        this, [this] {
            showWorkspace(Workspace::Inspect);
            m_inspect->focusFilter();
        });
    action({.id = id("edit.copyCommand"),
            .text = tr("&Copy as command"),
            .tip = tr("The planish line of the newest job"),
            .shortcuts = {keys("Ctrl+Shift+C")},
            .whyDisabled =
                [this] {
                    const auto* job = m_jobs ? m_jobs->chosen() : nullptr;
                    return job && !job->command().isEmpty() ? QString()
                                                            : tr("No job yet that the command line could repeat");
                }},
           &StudioWindow::copyCommand);
    action({.id = id("edit.exportPlot"),
            .text = tr("&Export plot\u2026"),
            .tip = tr("The plot that had the focus last, as PNG, SVG, PDF or CSV"),
            .shortcuts = {keys("Ctrl+E")},
            .whyDisabled = [this] { return m_lastPlot ? QString() : tr("Click the plot to export first"); }},
           &StudioWindow::exportPlot);
    action({.id = id("edit.settings"),
            .text = tr("&Settings\u2026"),
            .tip = tr("Colours, language, files and keys"),
            .shortcuts = {keys("Ctrl+,")},
            .icon = id("settings")},
           &StudioWindow::showSettings);
}

void StudioWindow::buildWorkspaceActions()
{
    struct Page
    {
        QString text, tip, icon;
    };
    const Page pages[] = {{tr("Welcome"), tr("Where to begin"), id("welcome")},
                          {tr("Inspect"), tr("Every layer in numbers and pictures"), id("inspect")},
                          {tr("Transforms"), tr("The rule, its threshold, and your choices"), id("transforms")},
                          {tr("Calibrate"), tr("Learn the transforms and quantize"), id("calibrate")},
                          {tr("Evaluate"), tr("What quantization costs"), id("evaluate")},
                          {tr("Chat"), tr("Talk to the model"), id("chat")},
                          {tr("Export"), tr("The quantized model for other programs"), id("export")},
                          {tr("Teach"), tr("For a class: large letters, the demo, pages to read"), id("teach")}};
    auto* workspaces = new QActionGroup(this);
    int number = 0;
    for (const auto& page : pages) {
        auto* action = m_actions.add({.id = QStringLiteral("view.%1").arg(number + 1),
                                      .text = page.text,
                                      .tip = page.tip,
                                      .shortcuts = {QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + number))},
                                      .icon = page.icon,
                                      .checkable = true},
                                     this, [this, number] { showWorkspace(static_cast<Workspace>(number)); });
        workspaces->addAction(action);
        ++number;
    }
}

void StudioWindow::buildThemeActions()
{
    auto* themes = new QActionGroup(this);
    const std::pair<ThemeChoice, QString> choices[] = {{ThemeChoice::System, tr("As the &system")},
                                                       {ThemeChoice::Light, tr("&Light")},
                                                       {ThemeChoice::Dark, tr("&Dark")},
                                                       {ThemeChoice::HighContrast, tr("High &contrast")}};
    for (const auto& [choice, text] : choices)
        themes->addAction(m_actions.add({.id = QStringLiteral("theme.%1").arg(static_cast<int>(choice)),
                                         .text = text,
                                         .tip = tr("Colours of the window and its plots"),
                                         .checkable = true},
                                        this, [this, choice = choice] { setTheme(choice); }));
    m_actions.add({.id = id("theme.switch"),
                   .text = tr("Switch light and dark"),
                   .tip = tr("The other theme"),
                   .shortcuts = {keys("Ctrl+T")},
                   .icon = id("theme")},
                  this, [this] { setTheme(isDark(palette()) ? ThemeChoice::Light : ThemeChoice::Dark); });
}

void StudioWindow::buildViewActions()
{
    action({.id = id("view.palette"),
            .text = tr("&Command palette\u2026"),
            .tip = tr("Every command by its name"),
            .shortcuts = {keys("Ctrl+Shift+P")}},
           &StudioWindow::showPalette);
    action({.id = id("view.goTo"),
            .text = tr("&Go to\u2026"),
            .tip = tr("Layers, runs, plots, settings and help by their names"),
            .shortcuts = {keys("Ctrl+K")},
            .icon = id("search")},
           &StudioWindow::showQuickOpen);
    m_actions.add({.id = id("view.maximise"),
                   .text = tr("Ma&ximise panel"),
                   .tip = tr("The panel that has the focus gets all the room, or gives it back"),
                   .shortcuts = {keys("F9")},
                   .whyDisabled =
                       [this] {
                           return m_layouts && !m_layouts->maximised() && !focusedDock() ? tr("Show a panel first")
                                                                                         : QString();
                       }},
                  this, [this] { m_layouts->toggleMaximised(focusedDock()); });
    action({.id = id("view.saveLayout"),
            .text = tr("&Save layout as\u2026"),
            .tip = tr("Keeps where the panels stand under a name")},
           &StudioWindow::saveLayout);
    m_actions.add({.id = id("view.resetLayout"),
                   .text = tr("&Restore default layout"),
                   .tip = tr("Panels where they were at first, in all workspaces")},
                  this, [this] { m_layouts->restoreDefaults(); });
    m_actions.add({.id = id("view.presenter"),
                   .text = tr("Prese&nter"),
                   .tip = tr("All letters half as large again, for a projector"),
                   .shortcuts = {keys("F8")},
                   .checkable = true},
                  this, [this] { setPresenting(!isPresenting()); });
    m_actions.add({.id = id("view.fullScreen"),
                   .text = tr("&Full screen"),
                   .tip = tr("Without frame"),
                   .shortcuts = {keys("F11")},
                   .checkable = true},
                  this, [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); });
}

void StudioWindow::buildDockActions()
{
    const auto dock = [this](const char* name, const QString& text, const QString& tip, const char* shortcut) {
        auto* action = m_actions.add(
            {.id = id("dock.") + id(name), .text = text, .tip = tip, .shortcuts = {keys(shortcut)}, .checkable = true},
            this, [this, name = id(name)] { toggleDock(name); });
        return action;
    };
    dock("model", tr("&Model"), tr("The model as a tree, and what it is compared with"), "Ctrl+Shift+M");
    dock("layer", tr("&Layer card"), tr("The selected layer in numbers, and notes"), "Ctrl+Shift+L");
    dock("jobs", tr("&Jobs"), tr("What runs, what waits, what is done"), "Ctrl+J");
    dock("log", tr("L&og"), tr("What was done, one line an event"), "Ctrl+Shift+J");
    dock("history", tr("Undo &history"), tr("Every choice in order; a click goes back to it"), "Ctrl+Shift+H");
    dock("data", tr("&Data table"), tr("The plot that had the focus last as a table"), "Ctrl+D");
}

void StudioWindow::buildHelpActions()
{
    action({.id = id("help.topic"),
            .text = tr("&Help on this workspace"),
            .tip = tr("What is shown here and how it is measured"),
            .shortcuts = {keys("F1")}},
           &StudioWindow::showHelp);
    m_actions.add({.id = id("help.whatsThis"),
                   .text = tr("&What's this?"),
                   .tip = tr("The next click explains what it meets"),
                   .shortcuts = {keys("Shift+F1")}},
                  this, [] { QWhatsThis::enterWhatsThisMode(); });
    action({.id = id("help.keys"),
            .text = tr("&Keyboard"),
            .tip = tr("All commands with their keys"),
            .shortcuts = {keys("Ctrl+?")}},
           &StudioWindow::showCheatSheet);
    action({.id = id("help.about"), .text = tr("&About Planish"), .tip = tr("Version and licence")},
           &StudioWindow::showAbout);
}

} // namespace ui
