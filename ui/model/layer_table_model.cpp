// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/layer_table_model.h"

#include "ui/convert.h"
#include "ui/format.h"
#include "ui/model/document.h"
#include "ui/model/sparkline.h"
#include "ui/plot/kind_text.h"

#include <cmath>
#include <limits>

namespace ui {

namespace {

bool isNumeric(int column)
{
    return column == LayerTableModel::Block
        || (column >= LayerTableModel::WeightKurtosis && column <= LayerTableModel::InputPeak);
}

double peak(const core::Distribution& distribution)
{
    return distribution.std > 0.0 ? distribution.absmax / distribution.std : std::numeric_limits<double>::quiet_NaN();
}

std::optional<core::ModuleId> moduleOf(const core::LayerId& layer)
{
    if (layer.block < 0)
        return {};
    return core::ModuleId{layer.block, core::moduleOf(layer.role)};
}

} // namespace

LayerTableModel::LayerTableModel(Document& document, QObject* parent)
    : QAbstractTableModel(parent)
    , m_document(document)
{
    reset();
    connect(&document, &Document::layersReset, this, &LayerTableModel::reset);
    connect(&document, &Document::layerRead, this, &LayerTableModel::layerChanged);
    connect(&document, &Document::siteRead, this, [this] { columnsChanged(InputKurtosis, InputPeak); });
    connect(&document, &Document::profileChanged, this, [this] { columnsChanged(Shape, InputPeak); });
    connect(&document.plan(), &PlanEditor::changed, this, [this] { columnsChanged(Automatic, Reason); });
}

void LayerTableModel::reset()
{
    beginResetModel();
    m_layers = m_document.layers();
    m_rows.clear();
    for (std::size_t i = 0; i < m_layers.size(); ++i)
        m_rows[m_layers[i]] = static_cast<int>(i);
    endResetModel();
}

void LayerTableModel::layerChanged(const core::LayerId& layer)
{
    const int row = rowOf(layer);
    if (row >= 0)
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void LayerTableModel::columnsChanged(int first, int last)
{
    if (!m_layers.empty())
        Q_EMIT dataChanged(index(0, first), index(rowCount() - 1, last));
}

int LayerTableModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_layers.size());
}

int LayerTableModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

std::optional<core::ModuleId> LayerTableModel::moduleAt(int row) const
{
    return moduleOf(layerAt(row));
}

int LayerTableModel::rowOf(const core::LayerId& layer) const
{
    const auto found = m_rows.find(layer);
    return found != m_rows.end() ? found->second : -1;
}

std::shared_ptr<const core::Distribution> LayerTableModel::input(const core::LayerId& layer) const
{
    if (layer.block < 0)
        return nullptr;
    const auto site = m_document.site({layer.block, core::inputSite(layer.role)});
    return site ? std::shared_ptr<const core::Distribution>(site, &site->activation) : nullptr;
}

QVariant LayerTableModel::number(const core::LayerId& layer, int column) const
{
    const auto read = m_document.layer(layer);
    const auto inputs = input(layer);
    switch (column) {
    case Block: return layer.block >= 0 ? QVariant(layer.block) : QVariant();
    case WeightKurtosis: return read ? QVariant(read->weight.kurtosis) : QVariant();
    case WeightPeak: return read ? QVariant(peak(read->weight)) : QVariant();
    case InputKurtosis: return inputs ? QVariant(inputs->kurtosis) : QVariant();
    case InputPeak: return inputs ? QVariant(peak(*inputs)) : QVariant();
    case RobustZ: {
        const auto module = moduleOf(layer);
        const auto* profile = module ? m_document.module(*module) : nullptr;
        return profile ? QVariant(profile->robustZ) : QVariant();
    }
    default: return {};
    }
}

QVariant LayerTableModel::choiceText(const core::LayerId& layer, int column) const
{
    const auto module = moduleOf(layer);
    const auto* choice = module ? m_document.plan().plan().find(*module) : nullptr;
    if (!choice)
        return {};
    if (column == Automatic)
        return kindName(choice->automaticKind);
    if (column == Reason)
        return toQString(choice->reason.text);
    return choice->origin == core::Origin::User ? kindName(choice->kind) : tr("automatic");
}

QVariant LayerTableModel::text(const core::LayerId& layer, int column) const
{
    const auto read = m_document.layer(layer);
    switch (column) {
    case Layer: return layerName(layer);
    case Shape: return read ? formatShape(read->shape) : QString();
    case DType: return read ? toQString(read->dtype) : QString();
    case Automatic:
    case Choice:
    case Reason: return choiceText(layer, column);
    default: break;
    }
    const auto value = number(layer, column);
    if (!value.isValid())
        return {};
    if (column == Block)
        return value.toString();
    return formatStatistic(value.toDouble(), column == WeightPeak || column == InputPeak ? 1 : 2);
}

QVariant LayerTableModel::sortValue(const core::LayerId& layer, int column) const
{
    if (isNumeric(column)) {
        const auto value = number(layer, column);
        const double unknown = -std::numeric_limits<double>::infinity();
        if (!value.isValid())
            return column == Block ? QVariant(1e9) : QVariant(unknown);
        return std::isnan(value.toDouble()) ? QVariant(unknown) : QVariant(value.toDouble());
    }
    if (column == Shape) {
        const auto read = m_document.layer(layer);
        return read ? QVariant(static_cast<qlonglong>(read->weight.count)) : QVariant(0LL);
    }
    return text(layer, column);
}

QString LayerTableModel::toolTip(const core::LayerId& layer, int column) const
{
    const auto module = moduleOf(layer);
    const auto* choice = module ? m_document.plan().plan().find(*module) : nullptr;
    if (column == Layer && layer.block >= 0)
        return tr("Input: %1").arg(siteHelp(core::inputSite(layer.role)));
    if (!choice || column < Automatic)
        return {};
    QStringList lines{toQString(choice->reason.text)};
    for (const auto& [name, value] : choice->reason.numbers)
        lines += QStringLiteral("%1 = %2").arg(toQString(name), formatNumber(value));
    return lines.join(QLatin1Char('\n'));
}

QVariant LayerTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto& layer = layerAt(index.row());
    const auto module = moduleOf(layer);
    const auto* choice = module ? m_document.plan().plan().find(*module) : nullptr;
    switch (role) {
    case Qt::DisplayRole: return text(layer, index.column());
    case Qt::EditRole:
        if (index.column() == Choice && choice)
            return choice->origin == core::Origin::User ? static_cast<int>(choice->kind) : kAutomatic;
        return text(layer, index.column());
    case Qt::ToolTipRole: return toolTip(layer, index.column());
    case Qt::TextAlignmentRole:
        return isNumeric(index.column()) ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
                                         : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    case kSortRole: return sortValue(layer, index.column());
    case kHistogramRole: {
        const auto read = index.column() == Spread ? m_document.layer(layer) : nullptr;
        return read ? QVariant::fromValue(sparkline(read->weight.histogram)) : QVariant();
    }
    case kKindRole:
        if (!choice)
            return {};
        return static_cast<int>(index.column() == Automatic ? choice->automaticKind : choice->kind);
    case kOverrideRole: return choice && choice->origin == core::Origin::User;
    case kPreviewRole: return module && m_document.plan().isPreviewed(*module);
    default: return {};
    }
}

bool LayerTableModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    const auto module = index.isValid() ? moduleAt(index.row()) : std::nullopt;
    if (role != Qt::EditRole || index.column() != Choice || !module)
        return false;
    const int kind = value.toInt();
    if (kind == kAutomatic)
        m_document.plan().acceptAutomatic({*module});
    else
        m_document.plan().overrideKind({*module}, static_cast<core::TransformKind>(kind));
    return true;
}

Qt::ItemFlags LayerTableModel::flags(const QModelIndex& index) const
{
    auto flags = QAbstractTableModel::flags(index);
    if (index.isValid() && index.column() == Choice && moduleAt(index.row()) && !m_document.plan().isEmpty())
        flags |= Qt::ItemIsEditable;
    return flags;
}

QVariant LayerTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    struct Head
    {
        QString text;
        QString help;
    };
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant((isNumeric(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    const auto head = [section]() -> Head {
        switch (section) {
        case Block: return {tr("#"), tr("Decoder block, from 0")};
        case Layer: return {tr("Layer"), tr("Matrix: block and role")};
        case Shape: return {tr("Shape"), tr("Outputs \u00d7 inputs")};
        case DType: return {tr("Type"), tr("Element type in the file")};
        case Spread: return {tr("Spread"), tr("Histogram of the weights, logarithmic height")};
        case WeightKurtosis:
            return {tr("Kurtosis W"),
                    tr("Excess kurtosis of the weights: N M4 / M2\u00b2 \u2212 3; 0 for a normal distribution")};
        case RobustZ:
            return {tr("Robust z"),
                    tr("0.6745 (K \u2212 median) / MAD of the module's kurtosis among modules of its kind")};
        case WeightPeak: return {tr("Max/\u03c3 W"), tr("Largest |weight| in standard deviations")};
        case InputKurtosis:
            return {tr("Kurtosis X"), tr("Excess kurtosis of the layer's input; needs measured activations")};
        case InputPeak:
            return {tr("Max/\u03c3 X"), tr("Largest |input| in standard deviations; needs measured activations")};
        case Automatic: return {tr("Auto"), tr("What the rule chooses for the module")};
        case Choice:
            return {tr("Yours"), tr("Your choice: keys A affine, R rotation, H Hadamard, N none, Space automatic")};
        case Reason: return {tr("Reason"), tr("Why, with the numbers")};
        default: return {};
        }
    }();
    return role == Qt::DisplayRole ? head.text : head.help;
}

} // namespace ui
