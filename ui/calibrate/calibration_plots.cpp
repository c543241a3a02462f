// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calibrate/calibration_plots.h"

#include "ui/plot/error_plot.h"
#include "ui/plot/loss_plot.h"
#include "ui/plot/memory_plot.h"

#include <QFileInfo>

#include <algorithm>
#include <cmath>

namespace ui {

CalibrationPlots::CalibrationPlots(QWidget* parent)
    : QTabWidget(parent)
    , m_loss(new LossPlot(this))
    , m_errors(new ErrorPlot(this))
    , m_memory(new MemoryPlot(this))
{
    setAccessibleName(tr("Pictures of the calibration"));
    setDocumentMode(true);
    m_loss->setTitle(tr("Training loss"));
    m_loss->setPlaceholder(tr("The loss of each block appears here while it is trained"));
    m_errors->setTitle(tr("Error of each block"));
    m_errors->setPlaceholder(tr("Each block's error stands here once it is calibrated"));
    m_memory->setTitle(tr("Memory over time"));
    m_memory->setPlaceholder(tr("What the calibration holds of the memory appears here while it runs"));
    addTab(m_loss, tr("Loss"));
    addTab(m_errors, tr("Error"));
    addTab(m_memory, tr("Memory"));
    for (auto* plot :
         {static_cast<PlotView*>(m_loss), static_cast<PlotView*>(m_errors), static_cast<PlotView*>(m_memory)})
        connect(plot, &PlotView::hovered, this, &CalibrationPlots::hovered);
    connect(m_errors, &ErrorPlot::rowClicked, this,
            [this](const QString& block) { Q_EMIT blockClicked(block.toInt()); });
}

void CalibrationPlots::clear()
{
    m_loss->clear();
    m_memory->clear();
    showErrors({});
}

void CalibrationPlots::addLosses(const std::vector<core::LossPoint>& points)
{
    m_loss->addPoints(points);
    m_memory->addPoints(points);
}

void CalibrationPlots::showErrors(const core::CalibrationReport& report)
{
    QVector<ErrorRow> rows;
    for (const auto& block : report.blocks)
        rows.append({QString::number(block.block), block.errorStart, block.errorEnd});
    m_errors->setRows(rows, tr("before training"), tr("after"), tr("error of the block output (MSE)"));
}

void CalibrationPlots::compareErrors(const CalibrationRun& run, const CalibrationRun& other)
{
    const auto& others = other.report.blocks;
    QVector<ErrorRow> rows;
    for (const auto& block : run.report.blocks) {
        const auto same =
            std::find_if(others.begin(), others.end(), [&](const auto& theirs) { return theirs.block == block.block; });
        rows.append(
            {QString::number(block.block), block.errorEnd, same != others.end() ? same->errorEnd : std::nan("")});
    }
    m_errors->setRows(rows, QFileInfo(run.bundle).fileName(), QFileInfo(other.bundle).fileName(),
                      tr("error of the block output (MSE)"));
}

void CalibrationPlots::setBlock(std::optional<int> block)
{
    m_loss->setBlock(block);
    m_errors->setSelected(block ? QString::number(*block) : QString());
}

} // namespace ui
