// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot_table.h"

#include "ui/plot/plot_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QTableView>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr std::size_t kMostRows = 20000; // a map has half a million: too many to build between two frames

} // namespace

void CellModel::setCells(std::vector<QStringList> cells)
{
    beginResetModel();
    m_header = cells.front();
    cells.erase(cells.begin());
    m_rows = std::move(cells);
    endResetModel();
}

int CellModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CellModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_header.size());
}

QVariant CellModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::TextAlignmentRole))
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    return m_rows[static_cast<std::size_t>(index.row())].value(index.column());
}

QVariant CellModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole)
        return {};
    return orientation == Qt::Horizontal ? QVariant(m_header.value(section)) : QVariant(section + 1);
}

PlotTable::PlotTable(QWidget* parent)
    : QWidget(parent)
    , m_title(new QLabel(tr("Click a plot, or reach it with Tab: its values are listed here."), this))
    , m_summary(new QLabel(this))
    , m_model(new CellModel(this))
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
    m_model->setCells(m_plot->cells(kMostRows));
    const bool isWhole = m_model->rowCount() < int(kMostRows);
    m_summary->setText(m_plot->summary()
                       + (isWhole ? QString()
                                  : QLatin1Char('\n')
                                  + tr("The first %n value(s) in view are listed; Copy and the CSV export have all.",
                                       nullptr, int(kMostRows))));
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
    if (!m_plot)
        return;
    QString text;
    for (auto row : m_plot->cells())
        text += row.replaceInStrings(QRegularExpression(QStringLiteral("[\t\n\r]")), QStringLiteral(" "))
                    .join(QLatin1Char('\t'))
            + QLatin1Char('\n');
    QGuiApplication::clipboard()->setText(text);
}

} // namespace ui
