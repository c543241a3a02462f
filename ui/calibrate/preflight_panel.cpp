// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calibrate/preflight_panel.h"

#include "ui/command_line.h"
#include "ui/convert.h"
#include "ui/engine_texts.h"
#include "ui/format.h"
#include "ui/studio.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

constexpr int kFull = 1000;

std::int64_t milliseconds(double seconds)
{
    return static_cast<std::int64_t>(seconds * 1000.0);
}

} // namespace

PreflightPanel::PreflightPanel(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
{
    build();
    connect(m_ask, &QPushButton::clicked, this, &PreflightPanel::ask);
    connect(&studio.document(), &Document::layersReset, this, [this] {
        m_estimate.reset();
        m_run.reset();
        show();
    });
    show();
}

void PreflightPanel::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    auto* row = new QHBoxLayout;
    row->setSpacing(14);
    m_ask = new QPushButton(tr("\u25f7 Will it fit?"), this);
    m_ask->setToolTip(tr("Trains three steps of one block and says what the whole will need (seconds)"));
    row->addWidget(m_ask);
    const QString names[] = {tr("Memory"), tr("Disk"), tr("Time")};
    for (std::size_t i = 0; i < m_cells.size(); ++i) {
        m_cells[i] = buildCell(names[i], i < 2);
        auto* cell = new QVBoxLayout;
        cell->setSpacing(2);
        cell->addWidget(m_cells[i].text);
        if (m_cells[i].bar)
            cell->addWidget(m_cells[i].bar);
        else
            cell->addSpacing(8);
        row->addLayout(cell, 1);
    }
    m_verdict = new QLabel(this);
    m_verdict->setWordWrap(true);
    column->addLayout(row);
    column->addWidget(m_verdict);
}

PreflightPanel::Cell PreflightPanel::buildCell(const QString& name, bool withBar)
{
    Cell cell;
    cell.text = new QLabel(name, this);
    cell.text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    if (!withBar)
        return cell;
    cell.bar = new QProgressBar(this);
    cell.bar->setRange(0, kFull);
    cell.bar->setTextVisible(false);
    cell.bar->setFixedHeight(8);
    cell.bar->setAccessibleName(tr("%1 needed, of what there is").arg(name));
    return cell;
}

void PreflightPanel::setSpec(const std::optional<core::CalibrateSpec>& spec)
{
    m_spec = spec;
    show();
}

void PreflightPanel::showRun(const std::optional<core::PreflightReport>& report)
{
    m_run = report;
    show();
}

void PreflightPanel::ask()
{
    if (!m_spec)
        return;
    const auto spec = *m_spec;
    const auto line = calibrateCommand(spec, QString());
    const auto planFile = Studio::planFileFor(toQString(spec.out));
    m_job = m_studio.follow<int, core::PreflightReport>(
        {.title = tr("Estimate the calibration of %1").arg(m_studio.document().modelName()),
         .command = m_studio.onDevice(calibrateCommand(spec, planFile)) + QStringLiteral(" --preflight"),
         .retry = [this] { ask(); }},
        [spec](core::Session& session, const Feed<int>&, core::Progress& progress) {
            return session.preflight(spec, progress);
        },
        {.updated = {}, .done = [this, line](const std::shared_ptr<const core::PreflightReport>& report) {
             m_estimate = *report;
             m_asked = line;
             m_run.reset();
             show();
         }});
    connect(m_job, &Job::changed, this, &PreflightPanel::show);
    connect(m_job, &Job::ended, this, &PreflightPanel::show);
    show();
}

void PreflightPanel::showMeter(const Cell& cell, const QString& name, std::uint64_t needed, std::uint64_t available,
                               std::uint64_t measured)
{
    auto text = available > 0 ? tr("<b>%1</b> %2 of %3").arg(name, formatBytes(needed), formatBytes(available))
                              : tr("<b>%1</b> %2").arg(name, formatBytes(needed));
    if (measured > 0)
        text += QStringLiteral("<br>") + tr("took %1").arg(formatBytes(measured)); // beside it there is no room
    cell.text->setText(text);
    cell.text->setToolTip(text);
    const auto share = available > 0 ? static_cast<double>(needed) / static_cast<double>(available) : 0.0;
    cell.bar->setValue(static_cast<int>(std::min(1.0, share) * kFull));
    cell.bar->setVisible(true);
}

QString PreflightPanel::verdictText(const core::PreflightReport& report) const
{
    QStringList lines;
    for (const auto& warning : report.warnings)
        lines += QStringLiteral("\u26a0 ") + fromEngine(warning);
    if (!m_run && m_spec && m_asked != calibrateCommand(*m_spec, QString()))
        lines += tr("Estimated for other settings: ask again");
    else if (report.fits() && (m_run || m_spec))
        lines += tr("\u2713 It fits");
    return lines.join(QLatin1Char('\n'));
}

void PreflightPanel::show()
{
    const bool busy = m_job && !m_job->isOver();
    m_ask->setEnabled(m_spec && !busy);
    const auto& report = m_run ? m_run : m_estimate;
    for (const auto& cell : m_cells)
        cell.text->setVisible(report.has_value());
    for (const auto& cell : m_cells)
        if (cell.bar)
            cell.bar->setVisible(report.has_value());
    if (!report) {
        m_verdict->setText(busy ? tr("Three steps of one block are trained\u2026") : QString());
        m_verdict->setVisible(busy);
        return;
    }
    showMeter(m_cells[0], tr("Memory"), report->memory, report->memoryAvailable, report->measuredMemory);
    showMeter(m_cells[1], tr("Disk"), report->disk, report->diskAvailable, report->measuredDisk);
    auto time = tr("<b>Time</b> %1").arg(formatDuration(milliseconds(report->seconds)));
    if (report->measuredSeconds > 0.0)
        time += QStringLiteral("<br>") + tr("took %1").arg(formatDuration(milliseconds(report->measuredSeconds)));
    m_cells[2].text->setText(time);
    m_cells[2].text->setToolTip(time);
    m_verdict->setText(busy ? tr("Three steps of one block are trained\u2026") : verdictText(*report));
    m_verdict->setVisible(!m_verdict->text().isEmpty());
}

} // namespace ui
