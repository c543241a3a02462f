// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/module_table_model.h"

#include "ui/convert.h"
#include "ui/engine_texts.h"
#include "ui/format.h"
#include "ui/model/document.h"
#include "ui/model/layer_table_model.h"
#include "ui/plot/kind_text.h"

#include <QApplication>
#include <QPalette>

#include <cmath>
#include <limits>

namespace ui {

ModuleTableModel::ModuleTableModel(Document& document, QObject* parent)
    : PlanRowsModel(document, parent)
{
    connect(&document, &Document::profileChanged, this, &ModuleTableModel::update);
    connect(&document, &Document::layerNotesChanged, this, &ModuleTableModel::update);
}

namespace {

/** Where a note on a module as a whole is kept: at its first matrix. */
core::LayerId noteBearer(const core::ModuleId& module)
{
    return {module.block, module.kind == core::ModuleKind::Attention ? core::Role::Q : core::Role::Gate};
}

} // namespace

QString ModuleTableModel::notes(const core::ModuleId& module) const
{
    QStringList parts;
    for (const auto& [layer, note] : document().layerNotes())
        if (layer.block == module.block && core::moduleOf(layer.role) == module.kind)
            parts << (layer == noteBearer(module) ? note
                                                  : toQString(core::toString(layer)) + QStringLiteral(": ") + note);
    return parts.join(QStringLiteral("; "));
}

int ModuleTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

double ModuleTableModel::number(int row, int column) const
{
    const auto* module = document().module(moduleAt(row));
    if (!module)
        return std::numeric_limits<double>::quiet_NaN();
    return column == RobustZ ? module->robustZ : module->kurtosis;
}

QVariant ModuleTableModel::text(int row, int column) const
{
    const auto& choice = document().plan().plan().modules[static_cast<std::size_t>(row)];
    switch (column) {
    case Module: return toQString(core::toString(choice.module));
    case Kurtosis: return formatStatistic(number(row, column), 2);
    case RobustZ: return formatStatistic(number(row, column), 2);
    case Automatic: return kindName(choice.automaticKind);
    case Choice: return choice.origin == core::Origin::User ? kindName(choice.kind) : tr("automatic");
    case Bits: {
        const auto& scheme = document().plan().plan().schemeOf(choice.module);
        if (scheme.weightBits == core::kFullPrecisionBits && scheme.activationBits == core::kFullPrecisionBits)
            return tr("full");
        return tr("W%1 A%2").arg(scheme.weightBits).arg(scheme.activationBits);
    }
    case Reason: return fromEngine(choice.reason.text);
    case Note: return notes(choice.module);
    default: return {};
    }
}

QVariant ModuleTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto& choice = document().plan().plan().modules[static_cast<std::size_t>(index.row())];
    const bool isNumber = index.column() == Kurtosis || index.column() == RobustZ;
    switch (role) {
    case Qt::DisplayRole: return text(index.row(), index.column());
    case Qt::EditRole:
        if (index.column() == Choice)
            return choice.origin == core::Origin::User ? static_cast<int>(choice.kind) : LayerTableModel::kAutomatic;
        if (index.column() == Note)
            return document().layerNote(noteBearer(choice.module));
        return text(index.row(), index.column());
    case Qt::ToolTipRole: return index.column() == Note ? notes(choice.module) : fromEngine(choice.reason.text);
    case Qt::TextAlignmentRole: return QVariant((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case LayerTableModel::kSortRole: {
        const double value = isNumber ? number(index.row(), index.column()) : 0.0;
        if (isNumber)
            return std::isnan(value) ? -std::numeric_limits<double>::infinity() : value;
        return index.column() == Module ? QVariant(index.row()) : text(index.row(), index.column());
    }
    case LayerTableModel::kKindRole:
        return static_cast<int>(index.column() == Automatic ? choice.automaticKind : choice.kind);
    case LayerTableModel::kOverrideRole: return choice.origin == core::Origin::User;
    case Qt::ForegroundRole: // the plan's own are no news
        return index.column() == Bits && !choice.scheme
            ? QVariant(QApplication::palette().brush(QPalette::PlaceholderText))
            : QVariant();
    case LayerTableModel::kPreviewRole: return document().plan().isPreviewed(choice.module);
    default: return {};
    }
}

bool ModuleTableModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::EditRole || !index.isValid() || (index.column() != Choice && index.column() != Note))
        return false;
    const auto module = moduleAt(index.row());
    if (index.column() == Note) {
        document().writeNote(noteBearer(module), value.toString().trimmed());
        return true;
    }
    if (value.toInt() == LayerTableModel::kAutomatic)
        document().plan().acceptAutomatic({module});
    else
        document().plan().overrideKind({module}, static_cast<core::TransformKind>(value.toInt()));
    return true;
}

Qt::ItemFlags ModuleTableModel::flags(const QModelIndex& index) const
{
    auto flags = QAbstractTableModel::flags(index);
    if (index.isValid() && (index.column() == Choice || index.column() == Note))
        flags |= Qt::ItemIsEditable;
    return flags;
}

QVariant ModuleTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    const bool isNumber = section == Kurtosis || section == RobustZ;
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Module: return tr("Module");
    case Kurtosis: return tr("Kurtosis");
    case RobustZ: return tr("Robust z");
    case Automatic: return tr("Auto");
    case Choice: return tr("Yours");
    case Bits: return tr("Bits");
    case Reason: return tr("Reason");
    case Note: return tr("Note");
    default: return {};
    }
}

} // namespace ui
