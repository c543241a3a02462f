// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "ui/jobs/job.h"

#include <QPointer>
#include <QWidget>

#include <array>
#include <optional>

class QLabel;
class QProgressBar;
class QPushButton;

namespace ui {

class Studio;

/** What a calibration will need beside what there is, before it starts; and afterwards beside what it took. */
class PreflightPanel : public QWidget
{
    Q_OBJECT

public:
    explicit PreflightPanel(Studio& studio, QWidget* parent = nullptr);

    /** The calibration that would start now; none where nothing can start. An estimate of other settings is marked so. */
    void setSpec(const std::optional<core::CalibrateSpec>& spec);
    /** What a run said about itself; nothing: the estimate asked for here. */
    void showRun(const std::optional<core::PreflightReport>& report);

    QPushButton& button() { return *m_ask; }
    QLabel& verdict() { return *m_verdict; }
    QLabel& memory() { return *m_cells[0].text; }
    QLabel& disk() { return *m_cells[1].text; }
    QLabel& time() { return *m_cells[2].text; }

private:
    struct Cell
    {
        QLabel* text = nullptr;
        QProgressBar* bar = nullptr; // none for the time
    };

    void build();
    Cell buildCell(const QString& name, bool withBar);
    void ask();
    void show();
    void showMeter(const Cell& cell, const QString& name, std::uint64_t needed, std::uint64_t available,
                   std::uint64_t measured);
    QString verdictText(const core::PreflightReport& report) const;

    Studio& m_studio;
    QPushButton* m_ask = nullptr;
    QLabel* m_verdict = nullptr;
    std::array<Cell, 3> m_cells; // memory, disk, time
    std::optional<core::CalibrateSpec> m_spec;
    QString m_asked; // the line of the estimate's settings
    std::optional<core::PreflightReport> m_estimate;
    std::optional<core::PreflightReport> m_run;
    QPointer<Job> m_job;
};

} // namespace ui
