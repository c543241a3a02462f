// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of the window that work on layers and start, pause and stop jobs.
#include "ui/action_names.h"
#include "ui/calibrate/calibrate_view.h"
#include "ui/calibrate/pipeline.h"
#include "ui/chat/chat_view.h"
#include "ui/inspect/inspect_view.h"
#include "ui/inspect/layer_browser.h"
#include "ui/model/kind_table.h"
#include "ui/studio_window.h"
#include "ui/transforms/search_panel.h"
#include "ui/transforms/transforms_view.h"

#include <QComboBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>

namespace ui {

void StudioWindow::buildLayerActions()
{
    struct Command
    {
        const char* id;
        QString text, tip;
        const char* shortcut; // "": none
        std::function<void()> work;
    };
    const auto at = [this](Workspace workspace, const std::function<void()>& work) {
        return [this, workspace, work] {
            showWorkspace(workspace);
            work();
        };
    };
    const Command commands[] = {
        {"layer.back", tr("Selection &before"), tr("Back in the history of what was selected"), "Alt+Left",
         [this] { m_studio.document().selection().goBack(); }},
        {"layer.forward", tr("Selection a&fter"), tr("Forward in the history of what was selected"), "Alt+Right",
         [this] { m_studio.document().selection().goForward(); }},
        {"layer.heatMap", tr("Table or &heat map"), tr("The layers as rows, or as blocks by matrices in colours"),
         "Ctrl+Shift+T",
         at(Workspace::Inspect, [this] { m_inspect->browser().showAs(!m_inspect->browser().showsHeatMap()); })},
        {"layer.compare", tr("&A|B"), tr("What is compared with the model over it, in every picture and in the table"),
         "Ctrl+Shift+B", at(Workspace::Inspect, [this] { m_inspect->toggleComparison(); })},
        {"layer.whatIf", tr("&What if: all kinds in this module"),
         tr("Trains each kind for a moment in the selected modules (seconds)"), "Ctrl+Shift+W",
         at(Workspace::Transforms, [this] { Q_EMIT m_transforms->table().whatIfRequested(); })},
        {"layer.search", tr("&Search the kinds of all modules"),
         tr("Lets the kinds compete block by block (minutes), with the settings in Transforms"), "",
         at(Workspace::Transforms, [this] {
             m_transforms->tabs().setCurrentWidget(&m_transforms->search());
             m_transforms->search().startButton().click();
         })}};
    for (const auto& command : commands) {
        const auto shortcut = keys(command.shortcut);
        m_actions.add({.id = id(command.id),
                       .text = command.text,
                       .tip = command.tip,
                       .shortcuts = shortcut.isEmpty() ? QList<QKeySequence>() : QList<QKeySequence>{shortcut},
                       .whyDisabled = [this] { return needsModel(); }},
                      this, command.work);
    }
}

void StudioWindow::buildRunActions()
{
    action({.id = id("run.activations"),
            .text = tr("&Measure activations"),
            .tip = tr("Statistics of what enters each layer, over a text"),
            .whyDisabled = [this] { return needsModel(); }},
           &StudioWindow::measureActivations);
    m_actions.add(
        {.id = id("run.here"),
         .text = tr("S&tart what is set up here"),
         .tip = tr("Calibrates, evaluates or exports, as the workspace in front does"),
         .shortcuts = {keys("Ctrl+Return")},
         .whyDisabled = [this] { return startsHere() ? QString() : tr("Go to Calibrate, Evaluate or Export first"); }},
        this, [this] {
            if (auto* start = startsHere(); start->isEnabled())
                start->click();
            else
                say(tr("%1 cannot start yet; the page says why").arg(start->text()));
        });
    buildResumeAction();
    buildSideBySideAction();
    m_actions.add({.id = id("run.report"),
                   .text = tr("Write &report\u2026"),
                   .tip = tr("Plan, calibration and evaluations as one HTML page that needs nothing else"),
                   .shortcuts = {keys("Ctrl+Shift+R")},
                   .whyDisabled =
                       [this] {
                           const auto& document = m_studio.document();
                           return document.evaluations().empty() && document.bundle().isEmpty()
                               ? tr("Calibrate or evaluate first")
                               : QString();
                       }},
                  this, [this] { chooseReport(); });
    m_actions.add(
        {.id = id("run.stale"),
         .text = tr("R&e-run stale steps"),
         .tip = tr("Makes anew what is older than what it was made from: calibration, evaluation, export"),
         .shortcuts = {keys("F5")},
         .whyDisabled =
             [this] { return m_calibrate ? m_calibrate->pipeline().whyNoRerun() : tr("Open a model first"); }},
        this, [this] { m_calibrate->pipeline().rerun(); });
}

void StudioWindow::buildResumeAction()
{
    m_actions.add({.id = id("run.resume"),
                   .text = tr("&Go on with the stopped calibration"),
                   .tip = tr("After the blocks that are finished in the output folder"),
                   .shortcuts = {keys("Ctrl+Shift+Return")},
                   .whyDisabled =
                       [this] {
                           const bool canResume = m_calibrate && !m_calibrate->resumeButton().isHidden()
                               && m_calibrate->resumeButton().isEnabled();
                           return canResume ? QString() : tr("No calibration was stopped");
                       }},
                  this, [this] {
                      showWorkspace(Workspace::Calibrate);
                      m_calibrate->resumeButton().click();
                  });
}

void StudioWindow::buildSideBySideAction()
{
    m_actions.add({.id = id("run.sideBySide"),
                   .text = tr("&Chat side by side"),
                   .tip = tr("The full-precision model writes and the quantized one reads along; again: one model"),
                   .shortcuts = {keys("Ctrl+Shift+E")},
                   .whyDisabled =
                       [this] {
                           return m_studio.document().bundle().isEmpty()
                               ? tr("Calibrate or attach a quantized model first")
                               : QString();
                       }},
                  this, [this] {
                      using Mode = ChatBar::Mode;
                      showWorkspace(Workspace::Chat);
                      const bool isOne = m_chat->bar().mode() == Mode::One;
                      m_chat->bar().modes().setCurrentIndex(static_cast<int>(isOne ? Mode::Agreement : Mode::One));
                      m_chat->prompt().setFocus();
                  });
}

void StudioWindow::buildJobActions()
{
    m_actions.add({.id = id("run.cancel"),
                   .text = tr("&Stop current job"),
                   .tip = tr("Stops at the next checkpoint; finished parts are kept"),
                   .shortcuts = {keys("Ctrl+.")},
                   .icon = id("stop"),
                   .whyDisabled =
                       [this] {
                           const auto* job = m_studio.jobs().current();
                           return !job                                ? tr("Nothing runs")
                               : job->state() == Job::State::Stopping ? tr("It is stopping already")
                                                                      : QString();
                       }},
                  this, [this] { m_studio.jobs().cancelCurrent(); });
    m_actions.add({.id = id("run.pause"),
                   .text = tr("&Pause or continue the current job"),
                   .tip = tr("It waits at its next step, and goes on from there"),
                   .shortcuts = {QKeySequence(Qt::Key_Pause), keys("Ctrl+Shift+.")},
                   .whyDisabled =
                       [this] {
                           const auto* job = m_studio.jobs().current();
                           return job && job->state() == Job::State::Running ? QString() : tr("Nothing runs");
                       }},
                  this, [this] {
                      auto* job = m_studio.jobs().current();
                      job->setPaused(!job->isPaused());
                  });
    m_actions.add({.id = id("run.cancelAll"),
                   .text = tr("Stop &all jobs"),
                   .tip = tr("What runs and what waits"),
                   .shortcuts = {keys("Ctrl+Alt+.")},
                   .whyDisabled = [this] { return m_studio.jobs().isIdle() ? tr("Nothing runs") : QString(); }},
                  this, [this] { m_studio.jobs().cancelAll(); });
}

} // namespace ui
