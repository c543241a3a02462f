// SPDX-License-Identifier: GPL-3.0-or-later
// What the window asks a person for: files to open and to write.
#include "ui/autosave.h"
#include "ui/error_card.h"
#include "ui/help_window.h"
#include "ui/inspect/inspect_view.h"
#include "ui/inspect/layer_browser.h"
#include "ui/instance_lock.h"
#include "ui/jobs/jobs_panel.h"
#include "ui/notice_bar.h"
#include "ui/plot/plot_view.h"
#include "ui/settings_dialog.h"
#include "ui/shortcuts_page.h"
#include "ui/studio_window.h"
#include "ui/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace ui {

namespace {

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
    m_inspect->browser().showAs(true); // at a glance where the outliers were planted
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

void StudioWindow::chooseBundle()
{
    auto* dialog = fileDialog(this, tr("Open a quantized model in slot B"), m_settings.lastFolder());
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) { m_studio.attachBundle(path); });
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

bool StudioWindow::saveNow()
{
    if (m_studio.projectPath().isEmpty())
        saveDialog()->exec();
    else
        save();
    return !m_studio.document().isModified();
}

void StudioWindow::saveAs()
{
    saveDialog()->open();
}

QFileDialog* StudioWindow::saveDialog()
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
    return dialog;
}

void StudioWindow::exportPlot()
{
    PlotView* plot = m_lastPlot;
    if (!plot)
        return;
    auto* dialog = fileDialog(this, tr("Export the plot"), m_settings.lastFolder());
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(
        {tr("PNG picture (*.png)"), tr("SVG drawing (*.svg)"), tr("PDF (*.pdf)"), tr("Values (*.csv)")});
    dialog->setDefaultSuffix(QStringLiteral("png"));
    connect(dialog, &QFileDialog::fileSelected, plot, [this, plot](const QString& path) {
        m_settings.setLastFolder(QFileInfo(path).absolutePath());
        savePlot(*plot, path);
    });
    dialog->open();
}

void StudioWindow::savePlot(PlotView& plot, const QString& path)
{
    QString error;
    if (plot.exportTo(path, &error))
        say(tr("Exported %1").arg(path));
    else
        showFailure(tr("The plot could not be exported"), {core::ErrorKind::Io, error, path}, {});
}

void StudioWindow::savePlotAs(PlotView& plot, const QString& suffix)
{
    auto name = plot.title();
    name.replace(QRegularExpression(QStringLiteral("[^\\w.]+")), QStringLiteral("-"));
    const QDir folder(m_settings.lastFolder());
    auto file = folder.filePath(name + QLatin1Char('.') + suffix);
    for (int number = 2; QFileInfo::exists(file); ++number)
        file = folder.filePath(QStringLiteral("%1-%2.%3").arg(name).arg(number).arg(suffix));
    savePlot(plot, file);
}

void StudioWindow::chooseReport()
{
    auto* dialog = fileDialog(this, tr("Write a report"), m_settings.lastFolder());
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("HTML pages (*.html)"));
    dialog->setDefaultSuffix(QStringLiteral("html"));
    dialog->selectFile(m_studio.document().modelName() + QStringLiteral(".html"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_settings.setLastFolder(QFileInfo(path).absolutePath());
        m_studio.writeReport(path);
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
        m_studio.measureActivations(m_settings.activationTokens(), kActivationSeqlen);
        return;
    }
    auto* dialog = fileDialog(this, tr("Choose a text to run through the model"), m_settings.lastFolder());
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Texts (*.txt *.jsonl *.gz *.raw)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_studio.document().setText(path);
        m_studio.measureActivations(m_settings.activationTokens(), kActivationSeqlen);
    });
    dialog->open();
}

void StudioWindow::offerRecovery()
{
    if (m_instance && !m_instance->isFirst())
        return; // the first window asked already
    const auto found = Autosave::recoveries();
    if (found.isEmpty())
        return;
    const auto& work = found.first();
    const auto again = [this] { offerRecovery(); };
    m_notice->show(
        tr("Unsaved work on %1 from %2 was found: the studio was ended without saving it.")
            .arg(work.name, QLocale().toString(work.time, QLocale::ShortFormat)),
        {{tr("Recover"),
          [this, work, again] {
              if (!mayDiscard()) {
                  again();
                  return;
              }
              guarded(tr("The work could not be recovered"), [&] {
                  m_studio.openRecovered(work.file, work.project);
                  showWorkspace(Workspace::Inspect);
              });
              // What was found goes once it is written aside anew.
              connect(
                  m_autosave, &Autosave::saved, this,
                  [this, work] {
                      Autosave::discard(work);
                      offerRecovery();
                  },
                  Qt::SingleShotConnection);
          }},
         {tr("Discard"),
          [work, again] {
              Autosave::discard(work);
              again();
          }},
         {tr("Show folder"), [work] { QDesktopServices::openUrl(QUrl::fromLocalFile(work.folder)); }, false}});
    m_notice->focusFirst();
}

void StudioWindow::locateRecent(const QString& path)
{
    const QFileInfo info(path);
    auto* dialog = fileDialog(this, tr("Where is %1 now?").arg(info.fileName()), m_settings.lastFolder());
    dialog->setFileMode(info.suffix().isEmpty() ? QFileDialog::Directory : QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this, path](const QString& found) {
        m_settings.replaceRecent(path, found);
        openPath(found);
    });
    dialog->open();
}

void StudioWindow::showSettings()
{
    showSettingsPage(QStringLiteral("appearance"));
}

void StudioWindow::showSettingsPage(const QString& page)
{
    if (!m_settingsDialog) {
        m_settingsDialog = new SettingsDialog(m_settings, m_actions, this);
        connect(m_settingsDialog, &SettingsDialog::themeChosen, this,
                [this](int theme) { setTheme(static_cast<ThemeChoice>(theme)); });
        connect(m_settingsDialog, &SettingsDialog::imported, this, [this] {
            applyTheme(m_settings.theme());
            ShortcutsPage::apply(m_settings, m_actions);
            m_settingsDialog->shortcuts().load();
            updateActions();
        });
    }
    m_settingsDialog->open(page);
}

void StudioWindow::openHelp(const QString& topic)
{
    if (!m_help)
        m_help = new HelpWindow(this);
    m_help->open(topic);
}

void StudioWindow::showHelp()
{
    // The page of what has the focus, else of the workspace.
    for (auto* at = QApplication::focusWidget(); at; at = at->parentWidget())
        if (const auto topic = at->property("helpTopic").toString(); !topic.isEmpty()) {
            openHelp(topic);
            return;
        }
    openHelp(HelpWindow::topics().value(static_cast<int>(m_workspace)).id);
}

void StudioWindow::showCheatSheet()
{
    auto* sheet = new QDialog(this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->setObjectName(QStringLiteral("cheatSheet"));
    sheet->setWindowTitle(tr("Keyboard"));
    sheet->resize(620, 640);
    auto* browser = new QTextBrowser(sheet);
    browser->setAccessibleName(tr("All commands with their keys"));
    QString html = QStringLiteral("<table cellpadding=\"3\" width=\"100%\">");
    QString last;
    for (const auto* action : m_actions.all()) {
        if (action->shortcut().isEmpty())
            continue;
        if (const auto group = m_actions.group(*action); group != std::exchange(last, group))
            html += QStringLiteral("<tr><td colspan=\"2\"><h3>%1</h3></td></tr>").arg(group.toHtmlEscaped());
        html += QStringLiteral("<tr><td>%1</td><td><b>%2</b></td></tr>")
                    .arg(plainText(*action).toHtmlEscaped(),
                         QKeySequence::listToString(action->shortcuts(), QKeySequence::NativeText).toHtmlEscaped());
    }
    html += QStringLiteral("</table><h3>%1</h3><table cellpadding=\"3\" width=\"100%\">")
                .arg(tr("In tables and plots").toHtmlEscaped());
    const std::pair<const char*, QString> local[] = {
        {"Space", tr("accept the automatic choice")}, {"N  A  R  H", tr("no transform, affine, rotation, Hadamard")},
        {"B", tr("before and after the transform")},  {"X", tr("keep in full precision")},
        {"L", tr("lock the choice, or unlock it")},   {"W  U", tr("what if, and use the best of it")},
        {"[  ]", tr("layer before, layer after")},    {"Y  G", tr("logarithmic counts, normal fit (histogram)")},
        {"T", tr("middle of the quantiles (Q-Q)")},   {"Home", tr("whole plot again")},
        {"\u2190  \u2192", tr("sample by sample")},   {"+  \u2212", tr("threshold by 0.1")}};
    for (const auto& [keys, text] : local)
        html +=
            QStringLiteral("<tr><td>%1</td><td><b>%2</b></td></tr>").arg(text.toHtmlEscaped(), QString::fromUtf8(keys));
    browser->setHtml(html + QStringLiteral("</table>"));
    auto* column = new QVBoxLayout(sheet);
    column->addWidget(browser);
    sheet->show();
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
