// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calibrate/calibration_options.h"

#include <QAbstractTableModel>

#include <map>

namespace ui {

/** The blocks of a calibration: which are done, what they gained. Live by loss points, final by the report. */
class BlockTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Block, State, ErrorStart, ErrorEnd, Gain, OtherEnd, Seconds, Warnings, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void begin(int blocks); // all waiting
    void follow(const std::vector<core::LossPoint>& points);
    void finish(const core::CalibrationReport& report);
    void compareWith(const core::CalibrationReport& other); // another run's errors beside; without blocks: none
    void stop();                                            // what runs is not running any more
    int finishedBlocks() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(int row, int column) const;

    int m_blocks = 0;
    int m_current = -1;
    int m_firstSeen = 0;
    double m_share = 0.0; // of the current block's steps
    bool m_running = false;
    std::map<int, core::BlockReport> m_reports;
    std::map<int, core::BlockReport> m_others;
};

} // namespace ui
