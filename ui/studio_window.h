// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/actions.h"
#include "ui/model/comparisons.h"
#include "ui/settings.h"
#include "ui/studio.h"

#include <QHash>
#include <QMainWindow>
#include <QPointer>

#include <memory>

class QDockWidget;
class QFileDialog;
class QMenu;
class QPushButton;
class QStackedWidget;

namespace ui {

class Autosave;
class CalibrateView;
class ChatView;
class DockLayouts;
class ErrorCard;
class EvaluateView;
class ExportView;
class Finder;
class HelpWindow;
class InspectView;
class InstanceLock;
class JobsPanel;
class LogPanel;
class ModelTree;
class NoticeBar;
class PlotTable;
class PlotView;
class SettingsDialog;
class StatusLine;
class TeachView;
struct FindItem;
class TransformsView;
class WelcomeView;

enum class Workspace { Welcome, Inspect, Transforms, Calibrate, Evaluate, Chat, Export, Teach };

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
    /** Asks, where a window with these settings runs already: both would write the same projects and settings. */
    void claimSession();
    void showWorkspace(Workspace workspace);
    Workspace workspace() const { return m_workspace; }
    void setPresenting(bool presents); // with larger letters
    bool isPresenting() const { return m_letters.value_or(1.0) > 1.0; }
    void setTheme(ThemeChoice theme);
    void showDock(const QString& name); // "jobs"
    QDockWidget* dock(const QString& name) const;
    void openHelp(const QString& topic);
    void showSettingsPage(const QString& page);

    Studio& studio() { return m_studio; }
    ActionRegistry& actions() { return m_actions; }
    Settings& settings() { return m_settings; }
    InspectView& inspect() { return *m_inspect; }
    TransformsView& transforms() { return *m_transforms; }
    CalibrateView& calibrate() { return *m_calibrate; }
    EvaluateView& evaluate() { return *m_evaluate; }
    ChatView& chat() { return *m_chat; }
    ExportView& exporting() { return *m_export; }
    TeachView& teach() { return *m_teach; }
    ErrorCard& errorCard() { return *m_error; }
    Finder& finder() { return *m_finder; }
    DockLayouts& layouts() { return *m_layouts; }
    StatusLine& statusLine() { return *m_status; }
    LogPanel& log() { return *m_log; }
    ModelTree& modelTree() { return *m_modelTree; }
    PlotTable& plotTable() { return *m_plotTable; }
    NoticeBar& notice() { return *m_notice; }
    Autosave& autosave() { return *m_autosave; }
    HelpWindow* help() const { return m_help; }
    SettingsDialog* settingsDialog() const { return m_settingsDialog; }
    /** Asked before unsaved work is given up; the default is a dialog. */
    void setDiscardQuestion(std::function<bool()> question) { m_mayDiscard = std::move(question); }

protected:
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildActions();
    void buildFileActions();
    void buildEditActions();
    void buildWorkspaceActions();
    void buildThemeActions();
    void buildViewActions();
    void buildDockActions();
    void buildLayerActions();
    void buildRunActions();
    void buildResumeAction();
    void buildSideBySideAction();
    void buildJobActions();
    void buildHelpActions();
    void buildMenus();
    void buildToolBar();
    void buildWorkspaces();
    QWidget* buildEmptyPage();
    void buildDocks();
    void addDock(const QString& name, const QString& title, QWidget* content, Qt::DockWidgetArea area);
    void buildLayouts();
    void connectStudio();
    void connectDocument();
    void connectViews();
    void explainBundle(); // why there are no layers, and where they are
    void openWithBundle(const QString& source, const QString& bundle);
    void followFocus(QWidget* widget);

    QAction* action(const ActionSpec& spec, void (StudioWindow::*slot)());
    void chooseModelFolder();
    void chooseFile();
    void chooseBundle();
    void save();
    void saveAs();
    QFileDialog* saveDialog();
    void chooseImportPlan();
    void chooseSearch();
    void chooseSecondPlan();
    void chooseExportPlan();
    void exportPlot();
    void savePlot(PlotView& plot, const QString& path);
    void savePlotAs(PlotView& plot, const QString& suffix); // in the last folder, under the plot's title
    void copyCommand();
    void measureActivations();
    void chooseReport();
    void showAbout();
    void showSettings();
    void showHelp();
    void showCheatSheet();
    void showPalette();
    void showQuickOpen();
    void addLayerItems(std::vector<FindItem>& items);
    void addRunItems(std::vector<FindItem>& items);
    void addPlaceItems(std::vector<FindItem>& items);
    void goToLayer(const core::LayerId& layer);
    void toggleDock(const QString& name);
    QDockWidget* focusedDock() const;
    void saveLayout();
    void fillLayoutMenu();
    void fillRecentMenu();
    void offerRecovery();
    void locateRecent(const QString& path);
    QPushButton* startsHere() const; // of the workspace in front; null where it starts nothing
    QString needsModel() const;      // why a command for an open model cannot be used; empty where it can
    QString layoutName() const;
    bool mayDiscard();
    bool saveNow(); // asks for a name where there is none and waits for it; false: not saved
    /** Runs `work`; what it throws becomes the error card. */
    void guarded(const QString& title, const std::function<void()>& work);
    void showFailure(const QString& title, const Failure& failure, std::function<void()> retry);
    void showFailedJob(Job* job);
    void showPage();
    void updateActions();
    void updateTitle();
    void say(const QString& text);

    QString m_settingsFile;
    Settings m_settings;
    ActionRegistry m_actions;
    Studio m_studio;
    Comparisons m_comparisons;
    std::function<bool()> m_mayDiscard;
    Workspace m_workspace = Workspace::Welcome;

    std::unique_ptr<InstanceLock> m_instance; // since the session was claimed
    Autosave* m_autosave = nullptr;
    NoticeBar* m_notice = nullptr;
    ErrorCard* m_error = nullptr;
    QStackedWidget* m_stack = nullptr;
    QHash<QWidget*, QWidget*> m_firstFocus; // what of a page has the focus when it is shown
    QWidget* m_empty = nullptr;
    WelcomeView* m_welcome = nullptr;
    InspectView* m_inspect = nullptr;
    TransformsView* m_transforms = nullptr;
    CalibrateView* m_calibrate = nullptr;
    EvaluateView* m_evaluate = nullptr;
    ChatView* m_chat = nullptr;
    ExportView* m_export = nullptr;
    TeachView* m_teach = nullptr;
    JobsPanel* m_jobs = nullptr;
    LogPanel* m_log = nullptr;
    ModelTree* m_modelTree = nullptr;
    PlotTable* m_plotTable = nullptr;
    StatusLine* m_status = nullptr;
    Finder* m_finder = nullptr;
    DockLayouts* m_layouts = nullptr;
    std::optional<double> m_letters;            // how large; none: as the widgets were made
    HelpWindow* m_help = nullptr;               // made when first asked for
    SettingsDialog* m_settingsDialog = nullptr; // too
    QMenu* m_recentMenu = nullptr;
    QMenu* m_layoutMenu = nullptr;
    QPointer<PlotView> m_lastPlot; // that had the focus
    QPointer<QDockWidget> m_lastDock;
};

} // namespace ui
