// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/jobs_panel.h"

#include "ui/jobs/job_runner.h"
#include "ui/jobs/jobs_model.h"

#include <QApplication>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

namespace ui {

namespace {

/** The share done as a bar behind its percentage. */
class BarDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const auto text = index.data().toString();
        if (text.isEmpty()) {
            QStyledItemDelegate::paint(painter, option, index);
            return;
        }
        QStyleOptionProgressBar bar;
        bar.rect = option.rect.adjusted(4, 3, -4, -3);
        bar.state = option.state | QStyle::State_Horizontal;
        bar.palette = option.palette;
        bar.minimum = 0;
        bar.maximum = 1000;
        bar.progress = static_cast<int>(index.data(JobsModel::kFractionRole).toDouble() * 1000);
        bar.text = text;
        bar.textVisible = true;
        bar.textAlignment = Qt::AlignCenter;
        QApplication::style()->drawControl(QStyle::CE_ProgressBar, &bar, painter);
    }
};

} // namespace

JobsPanel::JobsPanel(JobRunner& runner, QWidget* parent)
    : QWidget(parent)
    , m_model(new JobsModel(runner, this))
    , m_cancel(new QPushButton(tr("Stop"), this))
    , m_pause(new QPushButton(tr("Pause"), this))
    , m_retry(new QPushButton(tr("Run again"), this))
    , m_copy(new QPushButton(tr("Copy as command"), this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 8);
    buildTable(runner);
    row->addWidget(m_table, 1);
    auto* column = new QVBoxLayout;
    m_copy->setToolTip(tr("The planish line that does the same, for a terminal or a server"));
    for (auto* button : {m_pause, m_cancel, m_retry, m_copy})
        column->addWidget(button);
    column->addStretch(1);
    row->addLayout(column);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        if (auto* job = chosen())
            job->cancel();
    });
    connect(m_pause, &QPushButton::clicked, this, [this] {
        if (auto* job = chosen())
            job->setPaused(!job->isPaused());
    });
    connect(m_retry, &QPushButton::clicked, this, [this] {
        if (auto* job = chosen(); job && job->canRetry())
            job->retry();
    });
    connect(m_copy, &QPushButton::clicked, this, &JobsPanel::copyCommand);
    connect(&runner, &JobRunner::changed, this, &JobsPanel::updateButtons);
    connect(&runner, &JobRunner::added, this, &JobsPanel::updateButtons);
    updateButtons();
}

void JobsPanel::buildTable(JobRunner& runner)
{
    m_table = new QTableView(this);
    m_table->setObjectName(QStringLiteral("jobsTable"));
    m_table->setAccessibleName(tr("Jobs"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->setVisible(false);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setItemDelegateForColumn(JobsModel::Progress, new BarDelegate(m_table));
    constexpr int kWidths[] = {230, 110, 130, 70, 70, 200};
    for (int i = 0; i < JobsModel::ColumnCount; ++i)
        m_table->setColumnWidth(i, kWidths[i]);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &JobsPanel::updateButtons);
    // Spent and left go on while the work is silent.
    auto* clock = new QTimer(this);
    clock->setInterval(500);
    connect(clock, &QTimer::timeout, m_table->viewport(), [this, &runner] {
        if (runner.current())
            m_table->viewport()->update();
    });
    clock->start();
}

Job* JobsPanel::chosen() const
{
    const auto rows = m_table->selectionModel()->selectedRows();
    return m_model->jobAt(rows.isEmpty() ? 0 : rows.first().row());
}

void JobsPanel::updateButtons()
{
    const auto* job = chosen();
    m_cancel->setEnabled(job && !job->isOver() && job->state() != Job::State::Stopping);
    m_pause->setEnabled(job && job->state() == Job::State::Running);
    m_pause->setText(job && job->isPaused() ? tr("Continue") : tr("Pause"));
    m_retry->setEnabled(job && job->isOver() && job->canRetry());
    m_copy->setEnabled(job && !job->command().isEmpty());
}

void JobsPanel::copyCommand()
{
    const auto* job = chosen();
    if (!job || job->command().isEmpty())
        return;
    QGuiApplication::clipboard()->setText(job->command());
    Q_EMIT commandCopied(job->command());
}

} // namespace ui
