// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

namespace ui {

class Document;

/** The evaluations of this project, one row a run. */
class RunsTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Perplexity, FullPrecision, Increase, Divergence, Agreement, Tokens, ColumnCount };

    RunsTableModel(const Document& document, QObject* parent);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(int row, int column) const;

    const Document& m_document;
};

} // namespace ui
