// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transforms/plan_diff_model.h"

#include "ui/convert.h"
#include "ui/engine_texts.h"
#include "ui/model/layer_table_model.h"
#include "ui/model/plan_editor.h"
#include "ui/plot/gate_plot.h"

namespace ui {

namespace {

core::Candidate candidateOf(const core::Choice& choice)
{
    const bool rotates = choice.kind == core::TransformKind::Rotation;
    return {choice.kind, rotates ? choice.rotationForm.value_or(core::RotationForm()) : core::RotationForm(),
            choice.start};
}

} // namespace

QString bitsText(const core::QuantScheme& scheme, core::ModuleKind module)
{
    const auto text = QStringLiteral("W%1 A%2").arg(scheme.weightBits).arg(scheme.activationBits);
    return module == core::ModuleKind::Mlp
        ? text
        : text + QStringLiteral(" K%1 V%2").arg(scheme.keyBits).arg(scheme.valueBits);
}

PlanDiffModel::PlanDiffModel(PlanEditor& ours, QObject* parent)
    : QAbstractTableModel(parent)
    , m_ours(ours)
{
    connect(&ours, &PlanEditor::changed, this, &PlanDiffModel::compare);
}

void PlanDiffModel::setOther(const core::Plan& plan)
{
    m_other = plan;
    compare();
}

void PlanDiffModel::compare()
{
    if (m_other.modules.empty() && m_rows.empty()) {
        Q_EMIT compared();
        return;
    }
    beginResetModel();
    m_rows.clear();
    for (const auto& ours : m_ours.plan().modules) {
        const auto* theirs = m_other.find(ours.module);
        if (theirs
            && (!(candidateOf(ours) == candidateOf(*theirs))
                || !(m_ours.plan().schemeOf(ours.module) == m_other.schemeOf(ours.module))))
            m_rows.push_back(ours.module);
    }
    endResetModel();
    Q_EMIT compared();
}

core::Choice PlanDiffModel::choiceAt(int row) const
{
    auto choice = *m_other.find(moduleAt(row));
    const auto& scheme = m_other.schemeOf(choice.module);
    choice.scheme = scheme == m_ours.plan().scheme ? std::nullopt : std::optional(scheme);
    return choice;
}

int PlanDiffModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int PlanDiffModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PlanDiffModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto module = moduleAt(index.row());
    const auto* ours = m_ours.plan().find(module);
    const auto* theirs = m_other.find(module);
    if (!ours || !theirs)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Module: return toQString(core::toString(module));
        case OurKind: return candidateName(candidateOf(*ours));
        case TheirKind: return candidateName(candidateOf(*theirs));
        case OurBits: return bitsText(m_ours.plan().schemeOf(module), module.kind);
        case TheirBits: return bitsText(m_other.schemeOf(module), module.kind);
        case Reason: return fromEngine(theirs->reason.text);
        default: return {};
        }
    case Qt::ToolTipRole:
        return tr("Ours: %1\nTheirs: %2").arg(fromEngine(ours->reason.text), fromEngine(theirs->reason.text));
    case Qt::TextAlignmentRole: return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    case LayerTableModel::kKindRole:
        return index.column() == OurKind  ? QVariant(static_cast<int>(ours->kind))
            : index.column() == TheirKind ? QVariant(static_cast<int>(theirs->kind))
                                          : QVariant();
    default: return {};
    }
}

QVariant PlanDiffModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Module: return tr("Module");
    case OurKind: return tr("Ours");
    case TheirKind: return tr("Theirs");
    case OurBits: return tr("Our bits");
    case TheirBits: return tr("Their bits");
    case Reason: return tr("Their reason");
    default: return {};
    }
}

} // namespace ui
