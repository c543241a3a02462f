// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/layer_table_model.h"

#include "ui/convert.h"
#include "ui/engine_texts.h"
#include "ui/format.h"
#include "ui/model/document.h"
#include "ui/model/layer_columns.h"
#include "ui/model/sparkline.h"
#include "ui/plot/kind_text.h"

#include <cmath>
#include <limits>
#include <utility>

namespace ui {

namespace {

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

std::int64_t elementsOf(const core::LayerInfo& header)
{
    std::int64_t elements = 1;
    for (const auto size : header.shape)
        elements *= size;
    return elements;
}

} // namespace

LayerTableModel::LayerTableModel(Document& document, QObject* parent)
    : QAbstractTableModel(parent)
    , m_document(document)
{
    reset();
    connect(&document, &Document::layersReset, this, &LayerTableModel::reset);
    connect(&document, &Document::layerRead, this, &LayerTableModel::layerChanged);
    connect(&document, &Document::siteRead, this, [this] { columnsChanged(InputKurtosis, InputOutliers); });
    connect(&document, &Document::profileChanged, this, [this] { columnsChanged(State, InputOutliers); });
    connect(&document, &Document::bundleChanged, this, [this] { columnsChanged(State, State); });
    connect(&document, &Document::bundleProfileChanged, this, [this] { columnsChanged(State, OutputError); });
    connect(&document, &Document::layerNotesChanged, this, [this] { columnsChanged(Note, Note); });
    connect(&document.selection(), &Selection::hoverChanged, this, &LayerTableModel::followHover);
    connect(&document.plan(), &PlanEditor::changed, this, [this] { columnsChanged(Automatic, Bits); });
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

void LayerTableModel::followHover()
{
    const auto before = std::exchange(m_hovered, m_document.selection().hovered());
    for (const auto& layer : {before, m_hovered})
        if (layer)
            layerChanged(*layer);
}

void LayerTableModel::columnsChanged(int first, int last)
{
    if (!m_layers.empty())
        Q_EMIT dataChanged(index(0, first), index(rowCount() - 1, last));
}

void LayerTableModel::setComparing(bool on)
{
    if (std::exchange(m_comparing, on) != on)
        columnsChanged(Spread, OutputError);
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

const core::Choice* LayerTableModel::choiceOf(const core::LayerId& layer) const
{
    const auto module = moduleOf(layer);
    return module ? m_document.plan().plan().find(*module) : nullptr;
}

bool LayerTableModel::isStale(const core::LayerId& layer) const
{
    const auto* now = choiceOf(layer);
    const auto* calibrated = now ? m_document.bundlePlan().find(now->module) : nullptr;
    return calibrated && calibrated->kind != now->kind;
}

bool LayerTableModel::is(Flag flag, int row) const
{
    const auto& layer = layerAt(row);
    const auto* choice = choiceOf(layer);
    switch (flag) {
    case Flag::Unread: return !m_document.layer(layer);
    case Flag::NonFinite: {
        const auto read = m_document.layer(layer);
        return read && read->weight.nonFinite > 0;
    }
    case Flag::Yours: return choice && choice->origin == core::Origin::User;
    case Flag::Automatic: return choice && choice->origin != core::Origin::User;
    case Flag::Stale: return isStale(layer);
    case Flag::Noted: return !m_document.layerNote(layer).isEmpty();
    }
    return false;
}

std::optional<double> LayerTableModel::number(const core::LayerId& layer, int column, Side side) const
{
    const bool quantized = side == Side::Quantized;
    const auto weights = quantized ? m_document.bundleLayer(layer) : m_document.layer(layer);
    const core::SiteId site{layer.block, layer.block >= 0 ? core::inputSite(layer.role) : core::Site::AttentionIn};
    const auto read = layer.block < 0 ? nullptr : quantized ? m_document.bundleSite(site) : m_document.site(site);
    const auto of = [](const auto& profile, auto value) -> std::optional<double> {
        return profile ? std::optional<double>(value(*profile)) : std::nullopt;
    };
    const auto* error = m_document.bundleError(layer);
    const auto* header = m_document.header(layer);
    switch (column) {
    case Block: return layer.block >= 0 ? std::optional<double>(layer.block) : std::nullopt;
    case WeightKurtosis: return of(weights, [](const auto& row) { return row.weight.kurtosis; });
    case WeightPeak: return of(weights, [](const auto& row) { return peak(row.weight); });
    case WeightOutliers:
        return of(weights, [](const auto& row) { return static_cast<double>(row.weight.outlierChannels.size()); });
    case InputKurtosis: return of(read, [](const auto& row) { return row.activation.kurtosis; });
    case InputPeak: return of(read, [](const auto& row) { return peak(row.activation); });
    case InputOutliers:
        return of(read, [](const auto& row) { return static_cast<double>(row.activation.outlierChannels.size()); });
    case RobustZ: {
        const auto module = moduleOf(layer);
        return of(module ? m_document.module(*module) : nullptr, [](const auto& row) { return row.robustZ; });
    }
    case Bits: {
        const auto module = moduleOf(layer);
        if (const int bits = module ? m_document.plan().plan().schemeOf(*module).weightBits : core::kFullPrecisionBits;
            choiceOf(layer) && bits < core::kFullPrecisionBits)
            return bits;
        return header && elementsOf(*header) > 0
            ? std::optional<double>(8.0 * static_cast<double>(header->bytes) / static_cast<double>(elementsOf(*header)))
            : std::nullopt;
    }
    case Size: return header ? std::optional<double>(static_cast<double>(header->bytes)) : std::nullopt;
    case Sqnr: return error ? std::optional<double>(error->weightSqnr) : std::nullopt;
    case OutputError: return error ? std::optional<double>(error->outputError) : std::nullopt;
    default: return {};
    }
}

std::optional<double> LayerTableModel::number(const core::LayerId& layer, int column) const
{
    if (m_comparing)
        if (const auto quantized = number(layer, column, Side::Quantized))
            return quantized;
    return number(layer, column, Side::Original);
}

std::optional<double> LayerTableModel::original(const core::LayerId& layer, int column) const
{
    const bool hasOther = m_comparing && column >= WeightKurtosis && column <= InputOutliers && column != RobustZ;
    return hasOther && number(layer, column, Side::Quantized) ? number(layer, column, Side::Original) : std::nullopt;
}

QString LayerTableModel::numberText(const core::LayerId& layer, int column) const
{
    const auto value = number(layer, column);
    if (!value)
        return {};
    const auto spelled = [column](double number) {
        switch (column) {
        case Block:
        case WeightOutliers:
        case InputOutliers: return formatCount(static_cast<std::int64_t>(number));
        case Size: return formatBytes(static_cast<std::uint64_t>(number));
        case Bits:
        case OutputError: return formatNumber(number, 3);
        case WeightPeak:
        case InputPeak:
        case Sqnr: return formatStatistic(number, 1);
        default: return formatStatistic(number, 2);
        }
    };
    auto text = spelled(*value);
    const auto before = original(layer, column);
    if (!before)
        return text;
    const double change = *value - *before;
    const auto glyph = change > 0.0 ? QStringLiteral("\u25b2")
        : change < 0.0              ? QStringLiteral("\u25bc")
                                    : QStringLiteral("=");
    return QStringLiteral("%1  %2%3").arg(text, glyph, change == 0.0 ? QString() : spelled(std::abs(change)));
}

QString LayerTableModel::stateText(const core::LayerId& layer, bool inWords) const
{
    const auto read = m_document.layer(layer);
    if (!read)
        return inWords ? tr("not measured yet") : QStringLiteral("\u25cb");
    if (read->weight.nonFinite > 0)
        return inWords ? tr("%n value(s) are NaN or infinite", nullptr, static_cast<int>(read->weight.nonFinite))
                       : QStringLiteral("\u26a0");
    if (isStale(layer))
        return inWords ? tr("calibrated with another transform than the one chosen now") : QStringLiteral("\u25d0");
    if (m_document.bundleError(layer))
        return inWords ? tr("measured, the quantized one too") : QStringLiteral("\u25c9");
    return inWords ? tr("measured") : QStringLiteral("\u25cf");
}

QString LayerTableModel::text(const core::LayerId& layer, int column) const
{
    const auto read = m_document.layer(layer);
    const auto* header = m_document.header(layer);
    const auto* choice = choiceOf(layer);
    switch (column) {
    case State: return stateText(layer, false);
    case Layer: return layerName(layer);
    case Module: {
        const auto module = moduleOf(layer);
        return module ? toQString(core::toString(module->kind)) : QString();
    }
    case Shape: return read ? formatShape(read->shape) : header ? formatShape(header->shape) : QString();
    case DType: return read ? toQString(read->dtype) : header ? toQString(header->dtype) : QString();
    case Automatic: return choice ? kindName(choice->automaticKind) : QString();
    case Choice:
        return !choice ? QString() : choice->origin == core::Origin::User ? kindName(choice->kind) : tr("automatic");
    case Reason: return choice ? fromEngine(choice->reason.text) : QString();
    case Note: return m_document.layerNote(layer);
    default: return numberText(layer, column);
    }
}

QVariant LayerTableModel::sortValue(const core::LayerId& layer, int column) const
{
    if (isNumeric(column)) {
        const auto value = number(layer, column);
        const double unknown = -std::numeric_limits<double>::infinity();
        if (!value)
            return column == Block ? QVariant(1e9) : QVariant(unknown);
        return std::isnan(*value) ? QVariant(unknown) : QVariant(*value);
    }
    if (column == Shape) {
        const auto* header = m_document.header(layer);
        const auto read = m_document.layer(layer);
        return read  ? QVariant(static_cast<qlonglong>(read->weight.count))
            : header ? QVariant(static_cast<qlonglong>(elementsOf(*header)))
                     : QVariant(0LL);
    }
    return text(layer, column);
}

QString LayerTableModel::toolTip(const core::LayerId& layer, int column) const
{
    if (column == State)
        return stateText(layer, true);
    if (column == Layer && layer.block >= 0)
        return tr("Input: %1").arg(siteHelp(core::inputSite(layer.role)));
    if (column == Note)
        return m_document.layerNote(layer);
    const auto* choice = choiceOf(layer);
    if (!choice || column < Automatic || column > Reason)
        return {};
    QStringList lines{fromEngine(choice->reason.text)};
    for (const auto& [name, value] : choice->reason.numbers)
        lines += QStringLiteral("%1 = %2").arg(toQString(name), formatNumber(value));
    return lines.join(QLatin1Char('\n'));
}

QVariant LayerTableModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto& layer = layerAt(index.row());
    switch (role) {
    case Qt::DisplayRole: {
        const auto shown = text(layer, index.column());
        return shown.isEmpty() && isNumeric(index.column()) ? QVariant() : QVariant(shown);
    }
    case Qt::EditRole: {
        const auto* choice = choiceOf(layer);
        if (index.column() == Choice && choice)
            return choice->origin == core::Origin::User ? static_cast<int>(choice->kind) : kAutomatic;
        return text(layer, index.column());
    }
    case Qt::ToolTipRole: return toolTip(layer, index.column());
    case Qt::AccessibleTextRole:
        return index.column() == State ? QVariant(stateText(layer, true)) : QVariant(text(layer, index.column()));
    case Qt::TextAlignmentRole:
        if (index.column() == State)
            return QVariant(Qt::AlignCenter);
        return QVariant((isNumeric(index.column()) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case kSortRole: return sortValue(layer, index.column());
    case kHistogramRole: {
        if (index.column() != Spread)
            return {};
        const auto quantized = m_comparing ? m_document.bundleLayer(layer) : nullptr;
        const auto read = quantized ? quantized : m_document.layer(layer);
        return read ? QVariant::fromValue(sparkline(read->weight.histogram)) : QVariant();
    }
    case kKindRole:
        if (const auto* choice = choiceOf(layer))
            return static_cast<int>(index.column() == Automatic ? choice->automaticKind : choice->kind);
        return {};
    case kHoverRole: return m_hovered == layer;
    case kOverrideRole: return is(Flag::Yours, index.row());
    case kPreviewRole: {
        const auto module = moduleOf(layer);
        return module && m_document.plan().isPreviewed(*module);
    }
    default: return {};
    }
}

bool LayerTableModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (!index.isValid() || role != Qt::EditRole)
        return false;
    if (index.column() == Note) {
        m_document.writeNote(layerAt(index.row()), value.toString().trimmed());
        return true;
    }
    const auto module = moduleAt(index.row());
    if (index.column() != Choice || !module)
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
    if (!index.isValid())
        return flags;
    const bool isChoice = index.column() == Choice && moduleAt(index.row()) && !m_document.plan().isEmpty();
    if (isChoice || index.column() == Note)
        flags |= Qt::ItemIsEditable;
    return flags;
}

bool LayerTableModel::isNumeric(int column)
{
    return column == Block || (column >= WeightKurtosis && column <= InputOutliers)
        || (column >= Bits && column <= OutputError);
}

QVariant LayerTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant((isNumeric(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::DisplayRole)
        return columnName(section);
    if (role == Qt::InitialSortOrderRole && isNumeric(section) && section != Block)
        return QVariant(Qt::DescendingOrder); // the worst are what one looks for
    return role == Qt::ToolTipRole ? QVariant(columnHelp(section)) : QVariant();
}

} // namespace ui
