// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studio_window.h"

#include "ui/autosave.h"
#include "ui/calibrate/calibrate_view.h"
#include "ui/calibrate/pipeline.h"
#include "ui/chat/chat_view.h"
#include "ui/convert.h"
#include "ui/dock_layouts.h"
#include "ui/engine_texts.h"
#include "ui/error_card.h"
#include "ui/evaluate/evaluate_view.h"
#include "ui/export/export_view.h"
#include "ui/finder.h"
#include "ui/format.h"
#include "ui/inspect/filter_bar.h"
#include "ui/inspect/inspect_view.h"
#include "ui/inspect/layer_browser.h"
#include "ui/instance_lock.h"
#include "ui/jobs/jobs_panel.h"
#include "ui/log_panel.h"
#include "ui/model_tree.h"
#include "ui/notice_bar.h"
#include "ui/plot/plot_view.h"
#include "ui/presenter.h"
#include "ui/shortcuts_page.h"
#include "ui/status_line.h"
#include "ui/teach/teach_view.h"
#include "ui/theme.h"
#include "ui/transforms/transforms_view.h"
#include "ui/view_parts.h"
#include "ui/welcome_view.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>
#include <QVBoxLayout>

// A static library's resources are linked only where they are asked for, and that must stand outside of every namespace.
static void loadResources()
{
    Q_INIT_RESOURCE(studio);
}

namespace ui {

StudioWindow::StudioWindow(SessionFactory factory, const QString& settingsFile, QWidget* parent)
    : QMainWindow(parent)
    , m_settingsFile(settingsFile)
    , m_settings(settingsFile)
    , m_studio(std::move(factory))
    , m_comparisons(m_studio)
{
    loadResources();
    setObjectName(QStringLiteral("studio"));
    setAcceptDrops(true);
    applyTheme(m_settings.theme());
    buildActions();
    ShortcutsPage::apply(m_settings, m_actions);
    m_actions.recolorIcons(palette());
    buildToolBar();
    buildWorkspaces();
    buildDocks();
    buildMenus();
    m_status = new StatusLine(*statusBar(), m_studio, m_actions.at(QStringLiteral("run.cancel")));
    m_finder = new Finder(this);
    m_autosave = new Autosave(m_studio, m_settings, this);
    connectStudio();
    connectDocument();
    connectViews();
    resize(1280, 800);
    buildLayouts();
    showWorkspace(Workspace::Welcome);
    updateActions();
    updateTitle();
}

StudioWindow::~StudioWindow()
{
    // Everything that looks at the studio goes before the studio: children would outlive it, being destroyed last.
    m_studio.disconnect(this);
    m_studio.jobs().disconnect(this);
    m_studio.document().disconnect(this);
    m_studio.document().plan().disconnect(this);
    m_studio.document().plan().undoStack().disconnect(this);
    m_studio.jobs().cancelAll();
    delete m_autosave;
    delete takeCentralWidget();
    for (auto* dock : findChildren<QDockWidget*>(Qt::FindDirectChildrenOnly))
        delete dock;
}

void StudioWindow::buildWorkspaces()
{
    auto* center = new QWidget(this);
    auto* column = new QVBoxLayout(center);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_notice = new NoticeBar(center);
    column->addWidget(m_notice);
    auto* errorRow = new QHBoxLayout;
    m_error = new ErrorCard(center);
    errorRow->addWidget(m_error);
    errorRow->setContentsMargins(12, 10, 12, 0);
    column->addLayout(errorRow);
    m_stack = new QStackedWidget(center);
    m_welcome = new WelcomeView(m_studio, m_settings, m_actions, m_stack);
    m_inspect = new InspectView(m_studio, m_comparisons, m_stack);
    m_transforms = new TransformsView(m_studio, m_comparisons, m_stack);
    m_calibrate = new CalibrateView(m_studio, m_stack);
    m_evaluate = new EvaluateView(m_studio, m_stack);
    m_chat = new ChatView(m_studio, m_stack);
    m_export = new ExportView(m_studio, m_stack);
    m_teach = new TeachView(m_actions, m_stack);
    for (QWidget* page :
         {static_cast<QWidget*>(m_welcome), static_cast<QWidget*>(m_inspect), static_cast<QWidget*>(m_transforms),
          static_cast<QWidget*>(m_calibrate), static_cast<QWidget*>(m_evaluate), static_cast<QWidget*>(m_chat),
          static_cast<QWidget*>(m_export), static_cast<QWidget*>(m_teach)}) {
        auto* area = new QScrollArea(m_stack); // a window smaller than the page scrolls it instead of growing
        area->setFrameShape(QFrame::NoFrame);
        area->setFocusPolicy(Qt::NoFocus);
        area->setWidgetResizable(true);
        area->setWidget(page);
        m_stack->addWidget(area);
        // Each page names what has the focus first as its proxy. As a proxy it would make Tab skip all that stands before it.
        m_firstFocus.insert(area, page->focusProxy());
        page->setFocusProxy(nullptr);
    }
    m_empty = buildEmptyPage();
    m_stack->addWidget(m_empty);
    column->addWidget(m_stack, 1);
    setCentralWidget(center);
}

QWidget* StudioWindow::buildEmptyPage()
{
    auto* page = new QWidget(this);
    page->setObjectName(QStringLiteral("emptyPage"));
    auto* column = new QVBoxLayout(page);
    auto* text = new QLabel(tr("No model is open. Open one, or look at the demo model first."), page);
    text->setAlignment(Qt::AlignCenter);
    auto* row = new QHBoxLayout;
    row->addStretch(1);
    for (const auto& id : {QStringLiteral("file.demo"), QStringLiteral("file.openFolder")})
        row->addWidget(commandButton(page, m_actions.at(id)));
    row->addStretch(1);
    column->addStretch(2);
    column->addWidget(text);
    column->addSpacing(10);
    column->addLayout(row);
    column->addStretch(3);
    return page;
}

void StudioWindow::connectStudio()
{
    connect(&m_studio, &Studio::failed, this, &StudioWindow::showFailedJob);
    m_error->setFacts([this] {
        return (m_log->facts() << QStringLiteral("Model ") + m_studio.document().modelName()).join(QLatin1Char('\n'));
    });
    connect(&m_studio, &Studio::engineReady, this, [this] { m_log->setDevice(m_studio.deviceName()); });
    connect(&m_studio, &Studio::projectChanged, this, &StudioWindow::updateTitle);
    connect(&m_studio, &Studio::inputsChanged, this, [this](const QStringList& sentences) {
        for (const auto& sentence : sentences)
            m_log->write(LogPanel::Level::Warning, sentence);
        m_notice->show(sentences.join(QLatin1Char('\n')), {{tr("OK"), [] {}}});
    });
    connect(m_autosave, &Autosave::failed, this,
            [this](const QString& what) { m_log->write(LogPanel::Level::Warning, what); });
    connect(
        &m_studio.jobs(), &JobRunner::ended, this, [this] { m_actions.update(); },
        Qt::QueuedConnection); // once the pages know it too
    for (const auto signal : {&JobRunner::changed, &JobRunner::added})
        connect(&m_studio.jobs(), signal, this, [this] { m_actions.update(); });
}

void StudioWindow::connectDocument()
{
    auto& document = m_studio.document();
    connect(&document, &Document::readingChanged, this, [this] {
        auto& open = m_studio.document();
        if (open.readState() == Document::ReadState::Failed)
            showFailure(tr("%1 could not be read").arg(open.modelName()), *open.failure(),
                        [this, path = open.modelPath()] { m_studio.openModel(path); });
        else if (open.readState() == Document::ReadState::Loading)
            m_error->hide();
        else if (open.readState() == Document::ReadState::Stopped)
            m_notice->show(
                tr("Reading was stopped: %1 of %n layer(s) measured", nullptr, static_cast<int>(open.layers().size()))
                    .arg(open.readLayerCount()),
                {{tr("Read again"), [this, path = open.modelPath()] { m_studio.openModel(path); }}, {tr("OK"), [] {}}});
        else if (open.readState() == Document::ReadState::Ready && open.description() && open.description()->isBundle)
            explainBundle();
        updateTitle();
        updateActions();
        showPage();
    });
    connect(&document, &Document::modifiedChanged, this, &StudioWindow::updateTitle);
    connect(&document, &Document::bundleChanged, this, &StudioWindow::updateActions);
    connect(&document, &Document::evaluationsChanged, this, &StudioWindow::updateActions);
    connect(&document, &Document::textChanged, this, &StudioWindow::updateActions);
    connect(&document.plan(), &PlanEditor::changed, this, &StudioWindow::updateActions);
    connect(&document.plan().undoStack(), &QUndoStack::indexChanged, this, &StudioWindow::updateActions);
}

void StudioWindow::connectViews()
{
    auto& filters = m_inspect->browser().filterBar();
    filters.setSavedFilters(m_settings.layerFilters());
    connect(&filters, &FilterBar::savedFiltersChanged, &m_settings, &Settings::setLayerFilters);
    connect(m_chat, &ChatView::blockRequested, this, [this](int block) {
        m_studio.document().select({block, core::Role::Q});
        showWorkspace(Workspace::Inspect);
    });
    connect(m_welcome, &WelcomeView::openRequested, this, &StudioWindow::openPath);
    connect(m_welcome, &WelcomeView::locateRequested, this, &StudioWindow::locateRecent);
    connect(m_teach, &TeachView::helpRequested, this, &StudioWindow::openHelp);
    connect(m_inspect, &InspectView::activationsRequested, this, &StudioWindow::measureActivations);
    auto* hover = &m_status->hover();
    connect(m_inspect, &InspectView::hovered, hover, &QLabel::setText);
    connect(m_transforms, &TransformsView::hovered, hover, &QLabel::setText);
    connect(m_calibrate, &CalibrateView::hovered, hover, &QLabel::setText);
    connect(m_evaluate, &EvaluateView::hovered, hover, &QLabel::setText);
    connect(m_status, &StatusLine::staleClicked, this, [this] { showWorkspace(Workspace::Calibrate); });
    connect(m_modelTree, &ModelTree::bundleRequested, this, &StudioWindow::chooseBundle);
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget*, QWidget* now) { followFocus(now); });
    // What F1 explains there, instead of the workspace.
    for (const auto& [view, topic] : {std::pair<QWidget*, const char*>(m_inspect, "kurtosis"),
                                      std::pair<QWidget*, const char*>(m_transforms, "robust-z"),
                                      std::pair<QWidget*, const char*>(m_evaluate, "perplexity")})
        for (auto* plot : view->findChildren<PlotView*>())
            plot->setProperty("helpTopic", QString::fromLatin1(topic));
    for (auto* plot : m_stack->findChildren<PlotView*>())
        connect(plot, &PlotView::exportRequested, this, [this, plot](const QString& suffix) {
            if (suffix.isEmpty())
                exportPlot();
            else
                savePlotAs(*plot, suffix);
        });
    connect(m_evaluate, &EvaluateView::reportRequested, this, &StudioWindow::chooseReport);
    connect(&m_studio, &Studio::reportWritten, this, [this](const QString& path, std::uint64_t bytes) {
        say(tr("Report of %1: %2").arg(formatBytes(bytes), path));
    });
    const auto copied = [this](const QString& command) { say(tr("Copied: %1").arg(command)); };
    connect(m_transforms, &TransformsView::commandCopied, this, copied);
    connect(m_transforms, &TransformsView::searchFileRequested, this, &StudioWindow::chooseSearch);
    connect(m_transforms, &TransformsView::planFileRequested, this, &StudioWindow::chooseSecondPlan);
    connect(m_calibrate, &CalibrateView::commandCopied, this, copied);
    connect(m_evaluate, &EvaluateView::commandCopied, this, copied);
    connect(m_export, &ExportView::commandCopied, this, copied);
    connect(m_jobs, &JobsPanel::commandCopied, this, copied);
}

void StudioWindow::showWorkspace(Workspace workspace)
{
    m_workspace = workspace;
    m_actions.at(QStringLiteral("view.%1").arg(static_cast<int>(workspace) + 1))->setChecked(true);
    m_actions.update();
    showPage();
}

void StudioWindow::showPage()
{
    const auto& document = m_studio.document();
    const bool hasModel = !document.layers().empty() || document.readState() == Document::ReadState::Loading;
    const bool needsNone = m_workspace == Workspace::Welcome || m_workspace == Workspace::Teach;
    auto* page = needsNone || hasModel ? m_stack->widget(static_cast<int>(m_workspace)) : m_empty;
    if (page != m_stack->currentWidget()) {
        m_stack->setCurrentWidget(page);
        if (auto* first = m_firstFocus.value(page)) // its table, its prompt
            first->setFocus();
        else
            page->setFocus();
    }
    m_layouts->enter(layoutName());
}

void StudioWindow::setTheme(ThemeChoice theme)
{
    m_settings.setTheme(theme);
    applyTheme(theme, m_letters);
    updateActions();
}

void StudioWindow::setPresenting(bool presents)
{
    if (presents == isPresenting())
        return;
    m_letters = presents ? kPresenterScale : 1.0;
    setTheme(m_settings.theme());
    scaleTables(*this, presents ? kPresenterScale : 1.0 / kPresenterScale);
}

void StudioWindow::changeEvent(QEvent* event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_actions.recolorIcons(palette());
}

void StudioWindow::showEvent(QShowEvent* event)
{
    QMainWindow::showEvent(event);
    // After the first paint: loading the engine takes a moment, and nothing on screen waits for it.
    QTimer::singleShot(0, this, [this] { QTimer::singleShot(0, this, [this] { m_studio.loadEngine(); }); });
    if (!event->spontaneous())
        QTimer::singleShot(0, this, &StudioWindow::offerRecovery);
}

void StudioWindow::closeEvent(QCloseEvent* event)
{
    if (!mayDiscard()) {
        event->ignore();
        return;
    }
    m_autosave->finish();
    m_layouts->store();
    m_settings.setGeometry(saveGeometry());
    m_studio.jobs().cancelAll();
    event->accept();
}

void StudioWindow::dragEnterEvent(QDragEnterEvent* event)
{
    const auto urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.first().isLocalFile())
        event->acceptProposedAction();
}

void StudioWindow::dropEvent(QDropEvent* event)
{
    event->acceptProposedAction();
    openPath(event->mimeData()->urls().first().toLocalFile());
}

void StudioWindow::guarded(const QString& title, const std::function<void()>& work)
{
    try {
        work();
    } catch (const core::Error& error) {
        showFailure(title, {error.kind(), fromEngine(std::string(error.what())), toQString(error.context())}, {});
    }
}

void StudioWindow::showFailure(const QString& title, const Failure& failure, std::function<void()> retry)
{
    m_error->show(title, failure, std::move(retry));
}

void StudioWindow::showFailedJob(Job* job)
{
    auto choices = job->failure()->kind == core::ErrorKind::OutOfMemory ? job->cheaper() : std::vector<JobChoice>();
    auto& pipeline = m_calibrate->pipeline();
    if (pipeline.hasStepsBehind(job))
        choices.push_back(
            {tr("Skip this step"), tr("Goes on with the steps behind it"), [&pipeline] { pipeline.skip(); }});
    m_error->show(tr("%1 failed").arg(job->title()), *job->failure(),
                  job->canRetry() ? [job] { job->retry(); } : std::function<void()>(), choices);
}

void StudioWindow::say(const QString& text)
{
    statusBar()->showMessage(text, 6000);
}

} // namespace ui
