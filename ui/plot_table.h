// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QPointer>
#include <QStringList>
#include <QWidget>

#include <vector>

class QLabel;
class QPushButton;
class QTableView;

namespace ui {

class PlotView;

/** What a plot exports, as rows. */
class CellModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void setCells(std::vector<QStringList> cells); // the columns' names first
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QStringList m_header;
    std::vector<QStringList> m_rows;
};

/** The plot that had the focus last as a sentence and a table, for screen readers and for copying. */
class PlotTable : public QWidget
{
    Q_OBJECT

public:
    explicit PlotTable(QWidget* parent = nullptr);

    void follow(PlotView* plot);
    PlotView* plot() const;
    QTableView& table() { return *m_table; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    void copy() const; // tabs for spreadsheets

    QPointer<PlotView> m_plot;
    QLabel* m_title;
    QLabel* m_summary;
    CellModel* m_model;
    QTableView* m_table;
    QPushButton* m_copy;
    bool m_isDue = false; // hidden while the plot changed
};

} // namespace ui
