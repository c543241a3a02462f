// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot_table.h"

#include "ui/plot/plot_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace ui {

void CsvModel::setCsv(const QString& csv)
{
    beginResetModel();
    auto lines = csv.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    m_header = lines.isEmpty() ? QStringList() : lines.takeFirst().split(QLatin1Char(','));
    m_rows.clear();
    m_rows.reserve(static_cast<std::size_t>(lines.size()));
    for (const auto& line : lines)
        m_rows.push_back(line.split(QLatin1Char(',')));
    endResetModel();
}

int CsvModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CsvModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_header.size());
}

QVariant CsvModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::TextAlignmentRole))
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    return m_rows[static_cast<std::size_t>(index.row())].value(index.column());
}

QVariant CsvModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole)
        return {};
    return orientation == Qt::Horizontal ? QVariant(m_header.value(section)) : QVariant(section + 1);
}

PlotTable::PlotTable(QWidget* parent)
    : QWidget(parent)
    , m_title(new QLabel(tr("Click a plot, or reach it with Tab: its values are listed here."), this))
    , m_summary(new QLabel(this))
    , m_model(new CsvModel(this))
    , m_table(new QTableView(this))
    , m_copy(new QPushButton(tr("Copy table"), this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 8);
    m_table->setModel(m_model);
    m_table->setObjectName(QStringLiteral("plotTable"));
    m_table->setAccessibleName(tr("Values of the plot"));
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
    m_table->horizontalHeader()->setDefaultSectionSize(130);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_summary->setWordWrap(true);
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_summary->setForegroundRole(QPalette::PlaceholderText);
    m_title->setWordWrap(true);
    auto* column = new QVBoxLayout;
    column->addWidget(m_title);
    column->addWidget(m_summary);
    column->addWidget(m_copy, 0, Qt::AlignLeft);
    column->addStretch(1);
    row->addLayout(column, 1);
    row->addWidget(m_table, 2);
    m_copy->setToolTip(tr("All rows with tabs between, for a spreadsheet"));
    connect(m_copy, &QPushButton::clicked, this, &PlotTable::copy);
    m_copy->setEnabled(false);
}

void PlotTable::follow(PlotView* plot)
{
    if (plot == m_plot)
        return;
    if (m_plot)
        m_plot->disconnect(this);
    m_plot = plot;
    if (plot)
        connect(plot, &PlotView::changed, this, &PlotTable::refresh);
    refresh();
}

PlotView* PlotTable::plot() const
{
    return m_plot;
}

void PlotTable::refresh()
{
    m_isDue = !isVisible();
    if (m_isDue || !m_plot)
        return;
    m_title->setText(QStringLiteral("<b>%1</b>").arg(m_plot->title().toHtmlEscaped()));
    m_summary->setText(m_plot->summary());
    m_model->setCsv(m_plot->toCsv());
    m_copy->setEnabled(m_model->rowCount() > 0);
}

void PlotTable::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (m_isDue)
        refresh();
}

void PlotTable::copy() const
{
    if (m_plot)
        QGuiApplication::clipboard()->setText(m_plot->toCsv().replace(QLatin1Char(','), QLatin1Char('\t')));
}

} // namespace ui
