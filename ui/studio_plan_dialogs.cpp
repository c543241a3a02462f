// SPDX-License-Identifier: GPL-3.0-or-later
// What the window asks a person for: plans and searches as files.
#include "ui/studio_window.h"
#include "ui/transforms/plan_diff_panel.h"
#include "ui/transforms/search_panel.h"
#include "ui/transforms/transforms_view.h"

#include <QFileDialog>

namespace ui {

namespace {

QFileDialog* fileDialog(QWidget* parent, const QString& title, const QString& folder)
{
    auto* dialog = new QFileDialog(parent, title, folder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    return dialog;
}

} // namespace

void StudioWindow::chooseImportPlan()
{
    auto* dialog = fileDialog(this, tr("Import a plan"), m_settings.lastFolder());
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(tr("Plans (*.json)"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        guarded(tr("The plan could not be read"), [&] { m_studio.importPlan(path); });
    });
    dialog->open();
}

void StudioWindow::chooseSearch()
{
    auto* dialog = fileDialog(this, tr("Open a search"), m_settings.lastFolder());
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(tr("Searches (*.json)"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        guarded(tr("The search could not be read"), [&] { m_transforms->search().open(path); });
    });
    dialog->open();
}

void StudioWindow::chooseSecondPlan()
{
    auto* dialog = fileDialog(this, tr("Compare with a plan"), m_settings.lastFolder());
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(tr("Plans (*.json)"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        guarded(tr("The plan could not be read"), [&] { m_transforms->planDiff().open(path); });
    });
    dialog->open();
}

void StudioWindow::chooseExportPlan()
{
    auto* dialog = fileDialog(this, tr("Export the plan"), m_settings.lastFolder());
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Plans (*.json)"));
    dialog->setDefaultSuffix(QStringLiteral("json"));
    dialog->selectFile(QStringLiteral("plan.json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        guarded(tr("The plan could not be written"), [&] { m_studio.exportPlan(path); });
    });
    dialog->open();
}

} // namespace ui
