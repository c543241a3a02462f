// SPDX-License-Identifier: GPL-3.0-or-later
// What the window asks a person for: files to open and to write.
#include "ui/error_card.h"
#include "ui/jobs/jobs_panel.h"
#include "ui/plot/plot_view.h"
#include "ui/studio_window.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QStandardPaths>

namespace ui {

namespace {

constexpr std::int64_t kActivationTokens = 4096;
constexpr std::int64_t kActivationSeqlen = 256;

bool isText(const QFileInfo& file)
{
    static const QStringList suffixes{QStringLiteral("txt"), QStringLiteral("jsonl"), QStringLiteral("gz"),
                                      QStringLiteral("raw")};
    return file.isFile() && suffixes.contains(file.suffix().toLower());
}

QFileDialog* fileDialog(QWidget* parent, const QString& title, const QString& folder)
{
    auto* dialog = new QFileDialog(parent, title, folder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    return dialog;
}

} // namespace

void StudioWindow::openPath(const QString& path)
{
    const QFileInfo info(path);
    if (isText(info) && !m_studio.document().modelPath().isEmpty()) {
        m_studio.document().setText(path);
        say(tr("%1 is the text for activations and calibration now").arg(info.fileName()));
        return;
    }
    if (!mayDiscard())
        return;
    guarded(tr("%1 could not be opened").arg(info.fileName()), [&] {
        if (path.endsWith(projectSuffix(), Qt::CaseInsensitive))
            m_studio.openProject(path);
        else
            m_studio.openModel(QDir::cleanPath(info.absoluteFilePath()));
        m_settings.addRecent(path);
        showWorkspace(Workspace::Inspect);
    });
}

void StudioWindow::openDemo()
{
    if (!mayDiscard())
        return;
    m_studio.openDemo(
        QDir(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation)).filePath(QStringLiteral("demo")));
    showWorkspace(Workspace::Inspect);
}

void StudioWindow::chooseModelFolder()
{
    auto* dialog = fileDialog(this, tr("Open a model folder"), m_settings.lastFolder());
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_settings.setLastFolder(QFileInfo(path).absolutePath());
        openPath(path);
    });
    dialog->open();
}

void StudioWindow::chooseFile()
{
    auto* dialog = fileDialog(this, tr("Open a file"), m_settings.lastFolder());
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Models and projects (*.gguf *.planish)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_settings.setLastFolder(QFileInfo(path).absolutePath());
        openPath(path);
    });
    dialog->open();
}

void StudioWindow::save()
{
    if (m_studio.projectPath().isEmpty()) {
        saveAs();
        return;
    }
    guarded(tr("The project could not be saved"), [this] {
        m_studio.saveProject(m_studio.projectPath());
        say(tr("Saved %1").arg(m_studio.projectPath()));
    });
}

void StudioWindow::saveAs()
{
    auto* dialog = fileDialog(this, tr("Save the project"), m_settings.lastFolder());
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Planish projects (*.planish)"));
    dialog->setDefaultSuffix(projectSuffix().mid(1));
    dialog->selectFile(m_studio.document().modelName() + projectSuffix());
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        guarded(tr("The project could not be saved"), [&] {
            m_studio.saveProject(path);
            m_settings.setLastFolder(QFileInfo(path).absolutePath());
            m_settings.addRecent(path);
            say(tr("Saved %1").arg(path));
        });
    });
    dialog->open();
}

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

void StudioWindow::exportPlot()
{
    PlotView* plot = nullptr;
    for (auto* widget = QApplication::focusWidget(); widget && !plot; widget = widget->parentWidget())
        plot = qobject_cast<PlotView*>(widget);
    if (!plot) {
        say(tr("Click the plot to export first"));
        return;
    }
    auto* dialog = fileDialog(this, tr("Export the plot"), m_settings.lastFolder());
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(
        {tr("PNG picture (*.png)"), tr("SVG drawing (*.svg)"), tr("PDF (*.pdf)"), tr("Values (*.csv)")});
    dialog->setDefaultSuffix(QStringLiteral("png"));
    connect(dialog, &QFileDialog::fileSelected, plot, [this, plot](const QString& path) {
        QString error;
        if (plot->exportTo(path, &error))
            say(tr("Exported %1").arg(path));
        else
            showFailure(tr("The plot could not be exported"), {core::ErrorKind::Io, error, path}, {});
    });
    dialog->open();
}

void StudioWindow::copyCommand()
{
    const auto* job = m_jobs->chosen();
    if (!job || job->command().isEmpty()) {
        say(tr("No job yet that the command line could repeat"));
        return;
    }
    QApplication::clipboard()->setText(job->command());
    say(tr("Copied: %1").arg(job->command()));
}

void StudioWindow::measureActivations()
{
    if (!m_studio.document().text().isEmpty()) {
        m_studio.measureActivations(kActivationTokens, kActivationSeqlen);
        return;
    }
    auto* dialog = fileDialog(this, tr("Choose a text to run through the model"), m_settings.lastFolder());
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Texts (*.txt *.jsonl *.gz *.raw)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_studio.document().setText(path);
        m_studio.measureActivations(kActivationTokens, kActivationSeqlen);
    });
    dialog->open();
}

void StudioWindow::showAbout()
{
    QMessageBox::about(
        this, tr("About Planish"),
        tr("<b>Planish %1</b><p>Studies and quantizes large language models, on this machine alone: no network, no "
           "telemetry.</p><p>The window is free software under GPL-3.0-or-later, the engine under Apache-2.0.</p>")
            .arg(QApplication::applicationVersion()));
}

} // namespace ui
