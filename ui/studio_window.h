// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/actions.h"
#include "ui/model/comparisons.h"
#include "ui/settings.h"
#include "ui/studio.h"

#include <QMainWindow>

class QDockWidget;
class QFileDialog;
class QLabel;
class QProgressBar;
class QStackedWidget;
class QToolButton;

namespace ui {

class CalibrateView;
class ChatView;
class ErrorCard;
class EvaluateView;
class InspectView;
class JobsPanel;
class TransformsView;
class WelcomeView;

enum class Workspace { Welcome, Inspect, Transforms, Calibrate, Evaluate, Chat };

/** The window: workspaces in the middle, docks around them, one list of commands behind menus and tool bar. All work goes
    through the studio; the engine is made by `factory` on the compute lane after the first paint. */
class StudioWindow : public QMainWindow
{
    Q_OBJECT

public:
    StudioWindow(SessionFactory factory, const QString& settingsFile = {}, QWidget* parent = nullptr);
    ~StudioWindow() override;

    void openPath(const QString& path); // a model, a bundle, a project, or a text for calibration
    void openDemo();
    void showWorkspace(Workspace workspace);
    Workspace workspace() const { return m_workspace; }
    void setTheme(ThemeChoice theme);

    Studio& studio() { return m_studio; }
    ActionRegistry& actions() { return m_actions; }
    Settings& settings() { return m_settings; }
    InspectView& inspect() { return *m_inspect; }
    TransformsView& transforms() { return *m_transforms; }
    CalibrateView& calibrate() { return *m_calibrate; }
    EvaluateView& evaluate() { return *m_evaluate; }
    ChatView& chat() { return *m_chat; }
    ErrorCard& errorCard() { return *m_error; }
    /** Asked before unsaved work is given up; the default is a dialog. */
    void setDiscardQuestion(std::function<bool()> question) { m_mayDiscard = std::move(question); }

protected:
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void buildFileActions();
    void buildEditActions();
    void buildViewActions();
    void buildRunActions();
    void buildMenus();
    void buildToolBar();
    void buildWorkspaces();
    QWidget* buildEmptyPage();
    void buildDocks();
    QDockWidget* addDock(const QString& name, const QString& title, QWidget* content, Qt::DockWidgetArea area);
    void buildStatusBar();
    void connectStudio();
    void connectViews();

    QAction* action(const ActionSpec& spec, void (StudioWindow::*slot)());
    void chooseModelFolder();
    void chooseFile();
    void save();
    void saveAs();
    void chooseImportPlan();
    void chooseExportPlan();
    void exportPlot();
    void copyCommand();
    void measureActivations();
    void showAbout();
    void restoreLayout();
    void resetLayout();
    bool mayDiscard();
    /** Runs `work`; what it throws becomes the error card. */
    void guarded(const QString& title, const std::function<void()>& work);
    void showFailure(const QString& title, const Failure& failure, std::function<void()> retry);
    void showPage();
    void updateActions();
    void updateTitle();
    void updateJob();
    void say(const QString& text);

    Settings m_settings;
    ActionRegistry m_actions;
    Studio m_studio;
    Comparisons m_comparisons;
    std::function<bool()> m_mayDiscard;
    Workspace m_workspace = Workspace::Welcome;

    ErrorCard* m_error = nullptr;
    QStackedWidget* m_stack = nullptr;
    QWidget* m_empty = nullptr;
    WelcomeView* m_welcome = nullptr;
    InspectView* m_inspect = nullptr;
    TransformsView* m_transforms = nullptr;
    CalibrateView* m_calibrate = nullptr;
    EvaluateView* m_evaluate = nullptr;
    ChatView* m_chat = nullptr;
    JobsPanel* m_jobs = nullptr;
    QDockWidget* m_layerDock = nullptr;
    QDockWidget* m_jobsDock = nullptr;
    QDockWidget* m_logDock = nullptr;
    QDockWidget* m_historyDock = nullptr;
    QLabel* m_hover = nullptr;
    QLabel* m_stale = nullptr;
    QLabel* m_jobText = nullptr;
    QProgressBar* m_jobBar = nullptr;
    QToolButton* m_jobStop = nullptr;
    QLabel* m_device = nullptr;
    QByteArray m_defaultLayout;
};

} // namespace ui
