// SPDX-License-Identifier: GPL-3.0-or-later
// Where the parts of the workspace Calibrate stand.
#include "ui/calibrate/block_table_model.h"
#include "ui/calibrate/calibrate_view.h"
#include "ui/calibrate/calibration_form.h"
#include "ui/calibrate/calibration_plots.h"
#include "ui/calibrate/calibration_runs.h"
#include "ui/calibrate/device_row.h"
#include "ui/calibrate/pipeline_strip.h"
#include "ui/calibrate/preflight_panel.h"
#include "ui/studio.h"
#include "ui/view_parts.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

void CalibrateView::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 12, 10);
    column->setSpacing(8);
    m_strip = new PipelineStrip(*m_pipeline, this);
    column->addWidget(m_strip);
    auto* row = new QHBoxLayout;
    row->setSpacing(14);
    row->addWidget(buildForm());
    row->addWidget(buildResults(), 1);
    column->addLayout(row, 1);
}

QWidget* CalibrateView::buildForm()
{
    auto* area = new QScrollArea(this);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* box = new QWidget(area);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 8, 0);
    column->setSpacing(10);
    m_summary = new QLabel(box);
    m_summary->setWordWrap(true);
    m_form = new CalibrationForm(m_studio.document(), box);
    m_device = new DeviceRow(m_studio, box);
    m_form->addRow(tr("Device"), m_device);
    m_problem = new QLabel(box);
    m_problem->setWordWrap(true);
    m_problem->setForegroundRole(QPalette::PlaceholderText);
    column->addWidget(m_summary);
    column->addWidget(m_form);
    column->addWidget(buildButtons(box));
    column->addWidget(m_problem);
    column->addStretch(1);
    area->setWidget(box);
    const int scrollBar = style()->pixelMetric(QStyle::PM_ScrollBarExtent);
    area->setFixedWidth(std::max(360, box->minimumSizeHint().width() + scrollBar)); // longer words of other languages
    return area;
}

QWidget* CalibrateView::buildButtons(QWidget* parent)
{
    auto* box = new QWidget(parent);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    m_start = new QPushButton(tr("Calibrate"), box);
    m_start->setDefault(true);
    m_start->setToolTip(tr("Learns the transforms block by block and writes the quantized model (minutes)"));
    m_stop = new QPushButton(tr("Stop"), box);
    m_stop->setToolTip(tr("Stops at the next step; finished blocks are kept"));
    m_pause = new QPushButton(tr("Pause"), box);
    m_pause->setToolTip(tr("Waits at the next step and goes on from there; other work has the processor meanwhile"));
    m_resume = new QPushButton(tr("Resume"), box);
    m_copy = new QPushButton(tr("Copy as command"), box);
    m_copy->setToolTip(tr("The planish line that does the same; writes the plan beside the output folder"));
    auto* buttons = new QHBoxLayout;
    for (auto* button : {m_start, m_pause, m_stop, m_resume})
        buttons->addWidget(button);
    column->addLayout(buttons);
    column->addWidget(m_copy);
    return box;
}

QWidget* CalibrateView::buildResults()
{
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_preflight = new PreflightPanel(m_studio, box);
    m_progress = new QLabel(box);
    m_bar = progressLine(box, tr("Progress of the calibration"));
    auto* splitter = new QSplitter(Qt::Vertical, box);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(8);
    m_plots = new CalibrationPlots(splitter);
    splitter->addWidget(m_plots);
    splitter->addWidget(buildTables());
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({380, 260});
    column->addWidget(m_preflight);
    column->addWidget(m_progress);
    column->addWidget(m_bar);
    column->addWidget(splitter, 1);
    return box;
}

QWidget* CalibrateView::buildTables()
{
    m_tabs = new QTabWidget(this);
    m_tabs->setAccessibleName(tr("Blocks and runs"));
    m_tabs->setDocumentMode(true);
    m_blocks = new BlockTableModel(this);
    m_table = rowTable(m_tabs, tr("Blocks"), m_blocks);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setToolTip(tr("A selected block stands out in the plot; the menu trains it again"));
    m_table->setColumnHidden(BlockTableModel::OtherEnd, true);
    m_tabs->addTab(m_table, tr("Blocks"));
    m_tabs->addTab(buildRuns(m_tabs), tr("Runs"));
    return m_tabs;
}

QWidget* CalibrateView::buildRuns(QWidget* parent)
{
    auto* box = new QWidget(parent);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_runTable = rowTable(box, tr("Calibrations of this project"), m_runs, tr("Each calibration becomes a row here"));
    m_runTable->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_runTable->setToolTip(tr("Select one to look at it, two to compare their losses"));
    constexpr int kWidths[] = {190, 84, 104, 78, 56, 84, 80, 62, 80};
    for (int column = 0; column < CalibrationRuns::ColumnCount; ++column)
        m_runTable->setColumnWidth(column, kWidths[column]);
    m_remove = new QPushButton(tr("Remove"), box);
    m_remove->setToolTip(tr("Takes a waiting run out of the queue, or a finished one off this list; its folder stays"));
    m_attach = new QPushButton(tr("Use"), box);
    m_attach->setToolTip(tr("Makes this run's bundle the quantized model that is compared, evaluated and exported"));
    auto* buttons = new QVBoxLayout;
    buttons->addWidget(m_remove);
    buttons->addWidget(m_attach);
    buttons->addStretch(1);
    row->addWidget(m_runTable, 1);
    row->addLayout(buttons);
    return box;
}

} // namespace ui
