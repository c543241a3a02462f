// SPDX-License-Identifier: GPL-3.0-or-later
// What the command palette and the quick open find.
#include "ui/convert.h"
#include "ui/evaluate/evaluate_view.h"
#include "ui/finder.h"
#include "ui/format.h"
#include "ui/help_window.h"
#include "ui/inspect/inspect_view.h"
#include "ui/jobs/jobs_model.h"
#include "ui/plot/plot_view.h"
#include "ui/settings_dialog.h"
#include "ui/studio_window.h"

#include <QStackedWidget>

#include <algorithm>

namespace ui {

void StudioWindow::showPalette()
{
    m_actions.update();
    std::vector<FindItem> items;
    for (auto* action : m_actions.all()) {
        const auto text = plainText(*action);
        const auto group = m_actions.group(*action);
        const auto keys = action->shortcut().toString(QKeySequence::NativeText);
        items.push_back({.text = QStringLiteral("%1: %2").arg(group, text),
                         .detail = action->isChecked() ? tr("\u2713  %1").arg(keys) : keys,
                         .whyDisabled = action->isEnabled() ? QString() : m_actions.whyDisabled(*action),
                         .alsoFoundBy = action->whatsThis(),
                         .icon = action->icon(),
                         .chosen = [action] { action->trigger(); }});
    }
    m_finder->open(tr("Command palette"), tr("A command\u2026"), std::move(items));
}

void StudioWindow::showQuickOpen()
{
    std::vector<FindItem> items;
    addLayerItems(items);
    addRunItems(items);
    addPlaceItems(items);
    m_finder->open(tr("Go to"), tr("A layer, module, run, plot, setting or help page\u2026"), std::move(items));
}

void StudioWindow::goToLayer(const core::LayerId& layer)
{
    if (m_workspace != Workspace::Inspect && m_workspace != Workspace::Transforms)
        showWorkspace(Workspace::Inspect);
    m_studio.document().select(layer);
}

void StudioWindow::addLayerItems(std::vector<FindItem>& items)
{
    const auto& document = m_studio.document();
    const auto firstOf = [&](const core::ModuleId& module) {
        return core::LayerId{module.block,
                             module.kind == core::ModuleKind::Attention ? core::Role::Q : core::Role::Gate};
    };
    const core::ModuleProfile* worstModule = nullptr;
    if (document.profile())
        for (const auto& module : document.profile()->modules)
            if (!worstModule || module.robustZ > worstModule->robustZ)
                worstModule = &module;
    if (worstModule)
        items.push_back({.text = tr("Worst module by robust z: %1").arg(moduleName(worstModule->module)),
                         .detail = tr("z %1").arg(formatFixed(worstModule->robustZ, 2)),
                         .chosen = [this, layer = firstOf(worstModule->module)] { goToLayer(layer); }});
    std::shared_ptr<const core::LayerProfile> worst;
    for (const auto& layer : document.layers())
        if (const auto read = document.layer(layer); read && (!worst || read->weight.kurtosis > worst->weight.kurtosis))
            worst = read;
    if (worst)
        items.push_back({.text = tr("Worst layer by kurtosis: %1").arg(layerName(worst->layer)),
                         .detail = formatNumber(worst->weight.kurtosis),
                         .chosen = [this, layer = worst->layer] { goToLayer(layer); }});
    for (const auto& layer : document.layers())
        items.push_back({.text = layerName(layer),
                         .detail = tr("layer"),
                         .alsoFoundBy = tr("layer %1").arg(layerName(layer)),
                         .chosen = [this, layer] { goToLayer(layer); }});
    if (document.profile())
        for (const auto& module : document.profile()->modules)
            items.push_back({.text = moduleName(module.module),
                             .detail = tr("module, z %1").arg(formatFixed(module.robustZ, 2)),
                             .chosen = [this, layer = firstOf(module.module)] { goToLayer(layer); }});
}

void StudioWindow::addRunItems(std::vector<FindItem>& items)
{
    for (const auto& run : m_studio.document().evaluations())
        items.push_back({.text = tr("Evaluation of %1").arg(run.name), .detail = tr("run"), .chosen = [this] {
                             showWorkspace(Workspace::Evaluate);
                         }});
    for (const auto* job : m_studio.jobs().jobs())
        if (!job->isQuiet())
            items.push_back({.text = job->title(),
                             .detail = tr("job, %1").arg(JobsModel::stateText(*job)),
                             .chosen = [this] { showDock(QStringLiteral("jobs")); }});
}

void StudioWindow::addPlaceItems(std::vector<FindItem>& items)
{
    for (int i = 0; i < m_stack->count(); ++i) {
        auto* page = m_stack->widget(i);
        for (auto* plot : page->findChildren<PlotView*>())
            if (!plot->title().isEmpty())
                items.push_back(
                    {.text = plot->title(), .detail = tr("plot"), .chosen = [this, i, plot = QPointer(plot)] {
                         showWorkspace(static_cast<Workspace>(i));
                         if (plot)
                             plot->setFocus(Qt::OtherFocusReason);
                     }});
    }
    for (int i = 1; m_actions.at(QStringLiteral("view.%1").arg(i)); ++i) {
        auto* workspace = m_actions.at(QStringLiteral("view.%1").arg(i));
        items.push_back(
            {.text = workspace->text(), .detail = tr("workspace"), .icon = workspace->icon(), .chosen = [workspace] {
                 workspace->trigger();
             }});
    }
    for (const auto& [page, title] : SettingsDialog::pages())
        items.push_back({.text = tr("Settings: %1").arg(title),
                         .detail = tr("settings"),
                         .chosen = [this, page = page] { showSettingsPage(page); }});
    for (const auto& topic : HelpWindow::topics())
        items.push_back({.text = topic.title, .detail = tr("help"), .chosen = [this, id = topic.id] { openHelp(id); }});
}

} // namespace ui
