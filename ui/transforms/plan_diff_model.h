// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/select/plan.h"

#include <QAbstractTableModel>

#include <vector>

namespace ui {

class PlanEditor;

/** Where another plan decides otherwise than ours: a row a module that differs in kind, form, start or bits. Kinds are drawn
    by KindDelegate. */
class PlanDiffModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Module, OurKind, TheirKind, OurBits, TheirBits, Reason, ColumnCount };

    PlanDiffModel(PlanEditor& ours, QObject* parent);

    void setOther(const core::Plan& plan); // without modules: nothing to compare with
    const core::Plan& other() const { return m_other; }
    core::ModuleId moduleAt(int row) const { return m_rows[static_cast<std::size_t>(row)]; }
    /** Their choice for it, with their bits as its own where they are not our plan's. */
    core::Choice choiceAt(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void compared(); // the rows were found anew

private:
    void compare();

    PlanEditor& m_ours;
    core::Plan m_other;
    std::vector<core::ModuleId> m_rows;
};

/** "W4 A8", with keys and values of an attention: "W4 A8 K4 V4". */
QString bitsText(const core::QuantScheme& scheme, core::ModuleKind module);

} // namespace ui
