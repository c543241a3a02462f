// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"

#include <QAbstractTableModel>

namespace ui {

class Document;
class Studio;

/** The evaluations of this project, one row a run. */
class RunsTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        Name,
        Perplexity,
        FullPrecision,
        Increase,
        Verdict,
        Divergence,
        Agreement,
        Tokens,
        Tasks,
        Finished,
        ColumnCount
    };

    RunsTableModel(const Studio& studio, QObject* parent);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void judge(); // all of them: not while they are painted
    QString text(int row, int column) const;
    QString verdict(const core::EvaluationReport& report) const;

    const Studio& m_studio;
    const Document& m_document;
    QStringList m_verdicts; // by row
};

} // namespace ui
