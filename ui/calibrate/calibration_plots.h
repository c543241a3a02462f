// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/model/calibration_run.h"

#include <QTabWidget>

#include <optional>

namespace ui {

class ErrorPlot;
class LossPlot;
class MemoryPlot;

/** The pictures of a calibration: its loss as it falls, each block's error, the memory over time. */
class CalibrationPlots : public QTabWidget
{
    Q_OBJECT

public:
    explicit CalibrationPlots(QWidget* parent = nullptr);

    LossPlot& loss() { return *m_loss; }
    ErrorPlot& errors() { return *m_errors; }
    MemoryPlot& memory() { return *m_memory; }

    void clear();
    void addLosses(const std::vector<core::LossPoint>& points);
    /** What training gained: each block's error with the start parameters, joined to that with the trained ones. */
    void showErrors(const core::CalibrationReport& report);
    void compareErrors(const CalibrationRun& run, const CalibrationRun& other);
    void setBlock(std::optional<int> block); // stands out

Q_SIGNALS:
    void hovered(const QString& text);
    void blockClicked(int block);

private:
    LossPlot* m_loss = nullptr;
    ErrorPlot* m_errors = nullptr;
    MemoryPlot* m_memory = nullptr;
};

} // namespace ui
