// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of the window that work on layers and start, pause and stop jobs.
#include "ui/action_names.h"
#include "ui/calibrate/calibrate_view.h"
#include "ui/calibrate/pipeline.h"
#include "ui/inspect/inspect_view.h"
#include "ui/inspect/layer_browser.h"
#include "ui/model/kind_table.h"
#include "ui/studio_window.h"
#include "ui/transforms/search_panel.h"
#include "ui/transforms/transforms_view.h"

#include <QPushButton>
#include <QTabWidget>

namespace ui {

void StudioWindow::buildLayerActions()
{
    const auto model = [this] { return needsModel(); };
    m_actions.add({.id = id("layer.back"),
                   .text = tr("Selection &before"),
                   .tip = tr("Back in the history of what was selected"),
                   .shortcuts = {keys("Alt+Left")},
                   .whyDisabled = model},
                  this, [this] { m_studio.document().selection().goBack(); });
    m_actions.add({.id = id("layer.forward"),
                   .text = tr("Selection a&fter"),
                   .tip = tr("Forward in the history of what was selected"),
                   .shortcuts = {keys("Alt+Right")},
                   .whyDisabled = model},
                  this, [this] { m_studio.document().selection().goForward(); });
    m_actions.add({.id = id("layer.heatMap"),
                   .text = tr("Table or &heat map"),
                   .tip = tr("The layers as rows, or as blocks by matrices in colours"),
                   .shortcuts = {keys("Ctrl+Shift+T")},
                   .whyDisabled = model},
                  this, [this] {
                      showWorkspace(Workspace::Inspect);
                      m_inspect->browser().showAs(!m_inspect->browser().showsHeatMap());
                  });
    m_actions.add({.id = id("layer.compare"),
                   .text = tr("&A|B"),
                   .tip = tr("What is compared with the model over it, in every picture and in the table"),
                   .shortcuts = {keys("Ctrl+Shift+B")},
                   .whyDisabled = model},
                  this, [this] {
                      showWorkspace(Workspace::Inspect);
                      m_inspect->toggleComparison();
                  });
    m_actions.add({.id = id("layer.whatIf"),
                   .text = tr("&What if: all kinds in this module"),
                   .tip = tr("Trains each kind for a moment in the selected modules (seconds)"),
                   .shortcuts = {keys("Ctrl+Shift+W")},
                   .whyDisabled = model},
                  this, [this] {
                      showWorkspace(Workspace::Transforms);
                      Q_EMIT m_transforms->table().whatIfRequested();
                  });
    m_actions.add({.id = id("layer.search"),
                   .text = tr("&Search the kinds of all modules"),
                   .tip = tr("Lets the kinds compete block by block (minutes), with the settings in Transforms"),
                   .whyDisabled = model},
                  this, [this] {
                      showWorkspace(Workspace::Transforms);
                      m_transforms->tabs().setCurrentWidget(&m_transforms->search());
                      m_transforms->search().startButton().click();
                  });
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
    m_actions.add({.id = id("run.report"),
                   .text = tr("Write &report\u2026"),
                   .tip = tr("Plan, calibration and evaluations as one HTML page that needs nothing else"),
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
