// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "ui/jobs/job.h"
#include "ui/model/calibration_run.h"

#include <QAbstractTableModel>
#include <QPointer>

#include <vector>

namespace ui {

class Studio;

/** The calibrations of this project, a row each: finished ones, what runs, what waits. Finished ones go into the document. */
class CalibrationRuns : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, State, Bits, Windows, Epochs, ErrorEnd, Gain, Time, Memory, ColumnCount };

    explicit CalibrationRuns(Studio& studio, QObject* parent = nullptr);

    const CalibrationRun& runAt(int row) const { return m_entries[static_cast<std::size_t>(row)].run; }
    Job* jobAt(int row) const { return m_entries[static_cast<std::size_t>(row)].job; } // null: of an earlier session
    bool isFinished(int row) const { return !runAt(row).report.blocks.empty(); }
    bool isOver(int row) const; // finished, stopped or failed
    int runningRow() const;     // -1: none
    int waiting() const;
    bool writesTo(const QString& folder) const; // something that runs or waits
    void cancel(int row);
    void cancelAll();
    void forget(int row); // of the table; the bundle stays on the disk

    /** Its losses: as they were reported, else the means of epochs that the report kept. */
    std::vector<core::LossPoint> losses(int row) const;
    /** Geometric means over the blocks: the error that is left, and how many times smaller it is than untrained. */
    static double meanError(const core::CalibrationReport& report);
    static double meanGain(const core::CalibrationReport& report);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void runStarted(int row); // it waits or runs
    void runChanged(int row);

private:
    struct Entry
    {
        CalibrationRun run;
        QPointer<Job> job;
    };

    void add(Job* job, const core::CalibrateSpec& spec);
    void finish(const core::CalibrateSpec& spec, const core::CalibrationReport& report);
    void adoptDocument();
    void keepInDocument();
    int rowOf(const Job* job) const;
    void tell(int row);
    QString text(int row, int column) const;
    QString stateText(int row) const;

    Studio& m_studio;
    std::vector<Entry> m_entries;
    bool m_keeping = false; // the document's news are our own
};

} // namespace ui
