// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calibrate/what_if_report.h"

#include <QAbstractTableModel>

#include <memory>

namespace ui {

/** The numbers of a what-if, a row a kind. Kinds are drawn by KindDelegate, with the roles of LayerTableModel. */
class WhatIfTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Kind, Start, Error, Spread, Sqnr, Macs, Bytes, Seconds, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void show(std::shared_ptr<const core::WhatIf> answer); // null: no rows
    const core::WhatIfKind* kindAt(int row) const;         // null outside
    int rowOf(core::TransformKind kind) const;             // -1: none

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const core::WhatIf> m_answer;
};

} // namespace ui
