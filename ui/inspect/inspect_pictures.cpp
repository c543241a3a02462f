// SPDX-License-Identifier: GPL-3.0-or-later
// What the workspace shows of the selected layer: where each picture's values come from.
#include "ui/convert.h"
#include "ui/format.h"
#include "ui/inspect/inspect_view.h"
#include "ui/inspect/layer_browser.h"
#include "ui/model/inspections.h"
#include "ui/model/peak_table_model.h"
#include "ui/plot/channel_plot.h"
#include "ui/plot/histogram_plot.h"
#include "ui/plot/map_plot.h"
#include "ui/plot/quantile_plot.h"
#include "ui/plot/ridge_plot.h"
#include "ui/studio.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSignalBlocker>
#include <QTableView>
#include <QToolButton>

namespace ui {

namespace {

constexpr std::int64_t kBundleTokens = 2048;
constexpr std::int64_t kBundleSeqlen = 256;

} // namespace

std::optional<core::SiteId> InspectView::site() const
{
    const auto& layer = m_studio.document().selectedLayer();
    if (!layer || layer->block < 0 || m_source == Source::Weights)
        return {};
    if (m_source == Source::Inputs)
        return core::SiteId{layer->block, core::inputSite(layer->role)};
    return layer->role == core::Role::K ? std::optional(core::SiteId{layer->block, core::Site::KeyCache})
        : layer->role == core::Role::V  ? std::optional(core::SiteId{layer->block, core::Site::ValueCache})
                                        : std::nullopt;
}

QString InspectView::valueName() const
{
    return m_source == Source::Weights ? tr("weight")
        : m_source == Source::Inputs   ? tr("activation")
                                       : tr("cache value");
}

QString InspectView::placeholder() const
{
    const auto& document = m_studio.document();
    if (!document.selectedLayer())
        return tr("No layer selected");
    if (m_source == Source::Weights)
        return tr("Not read yet");
    if (!site())
        return m_source == Source::Cache ? tr("Only k and v have a cache.\nSelect one of them.")
                                         : tr("No input activations");
    return document.text().isEmpty() || !document.hasActivations()
        ? tr("No activations yet.\nMeasure them with a text.")
        : tr("Not read yet");
}

bool InspectView::isVisiblePart(PlotBoard::Part part) const
{
    return m_board->isShown(part) && !m_board->plots()[static_cast<int>(part)]->isPinned();
}

InspectView::DistributionPointer InspectView::distribution(const core::LayerId& layer, bool after) const
{
    const auto& document = m_studio.document();
    const auto& selected = document.selectedLayer();
    const bool quantized = otherSide() == Other::Quantized;
    const auto comparison = isComparing() && !quantized && selected == layer && m_source != Source::Cache
        ? m_comparisons.current()
        : nullptr;
    const bool inputs = m_source == Source::Inputs;
    // Both from the comparison: the same tokens before and after. Without a text its inputs are empty.
    if (comparison && (inputs ? comparison->inputBefore : comparison->weightBefore).count > 0)
        return DistributionPointer(comparison,
                                   inputs ? (after ? &comparison->inputAfter : &comparison->inputBefore)
                                          : (after ? &comparison->weightAfter : &comparison->weightBefore));
    if (after && !(isComparing() && quantized))
        return nullptr;
    if (m_source == Source::Weights) {
        const auto read = after ? document.bundleLayer(layer) : document.layer(layer);
        return read ? DistributionPointer(read, &read->weight) : nullptr;
    }
    if (layer.block < 0 || (selected == layer && !site()))
        return nullptr;
    const core::SiteId id = selected == layer ? *site() : core::SiteId{layer.block, core::inputSite(layer.role)};
    const auto read = after ? document.bundleSite(id) : document.site(id);
    return read ? DistributionPointer(read, &read->activation) : nullptr;
}

void InspectView::showPlots()
{
    const auto& document = m_studio.document();
    const bool quantized = isComparing() && otherSide() == Other::Quantized;
    if (isComparing() && document.readState() == Document::ReadState::Ready) {
        if (!quantized)
            m_comparisons.request();
        else if (!document.bundleProfile() && m_inspections->problem().isEmpty())
            m_inspections->measureBundle(kBundleTokens, kBundleSeqlen);
    }
    m_browser->setComparing(quantized && document.bundleProfile());
    m_studio.document().selection().setBesideQuantized(quantized && document.bundleProfile());
    showState();
    showDistributions();
    showQuantiles();
    showMap();
    showRidge();
    showSelection();
}

void InspectView::showState()
{
    const auto& document = m_studio.document();
    QString text;
    if (isComparing() && otherSide() == Other::Transform)
        text = m_comparisons.isWaiting() ? tr("working\u2026") : m_comparisons.problem();
    else if (isComparing() && m_inspections->isMeasuringBundle())
        text = tr("measuring the quantized model\u2026");
    else if (isComparing() && (document.bundle().isEmpty() || document.bundle() == document.modelPath()))
        text = tr("no quantized model beside this one yet: calibrate first");
    if (text.isEmpty())
        text = m_inspections->problem();
    m_tokens->setVisible(m_source != Source::Weights);
    m_compareState->setText(text);
    m_compareState->setToolTip(text);
}

void InspectView::showDistributions()
{
    using Part = PlotBoard::Part;
    const auto& layer = m_studio.document().selectedLayer();
    const auto& plan = m_studio.document().plan().plan();
    const auto module = m_studio.document().selectedModule();
    const auto& scheme = module ? plan.schemeOf(*module) : plan.scheme;
    const auto name = layer ? layerName(*layer) : tr("Layer");
    const auto before = layer ? distribution(*layer, false) : nullptr;
    const auto after = layer ? distribution(*layer, true) : nullptr;
    for (auto* plot : m_board->plots())
        if (!plot->isPinned())
            plot->setPlaceholder(placeholder());
    if (isVisiblePart(Part::Histogram)) {
        m_board->histogram().setTitle(tr("%1 \u2013 values").arg(name));
        m_board->histogram().setGridBits(m_source == Source::Weights      ? scheme.weightBits
                                             : m_source == Source::Inputs ? scheme.activationBits
                                                                          : core::kFullPrecisionBits);
        m_board->histogram().setDistributions(before, after, valueName());
    }
    if (isVisiblePart(Part::Channels)) {
        m_board->channels().setTitle(tr("%1 \u2013 channels").arg(name));
        m_board->channels().setDistributions(before, after, valueName());
    }
}

core::ValueSource InspectView::valueSource(Other side, bool after) const
{
    const auto& document = m_studio.document();
    core::ValueSource source;
    source.model = toStd(after && side == Other::Quantized ? document.bundle() : document.modelPath());
    source.layer = document.selectedLayer().value_or(core::LayerId{});
    source.site = site();
    if (source.site) {
        source.layer = {};
        source.text = toStd(document.text());
        source.tokens = m_tokens->currentData().toInt();
        source.basis = after ? core::Basis::Transformed : core::Basis::Original;
    }
    return source;
}

namespace {

/** Whether the engine can be asked for these values now. */
bool canAsk(const Document& document, const core::ValueSource& source, bool isWeights)
{
    return document.readState() != Document::ReadState::Loading && document.selectedLayer() && !source.model.empty()
        && (isWeights || (source.site && !source.text.empty()));
}

} // namespace

void InspectView::showQuantiles()
{
    if (!isVisiblePart(PlotBoard::Part::Quantiles))
        return;
    const auto& document = m_studio.document();
    const bool isWeights = m_source == Source::Weights;
    const auto ask = [&](Inspections::Slot slot, bool after) -> Inspections::Quantiles {
        const auto source = valueSource(otherSide(), after);
        return canAsk(document, source, isWeights) ? m_inspections->quantiles(slot, {.source = source}) : nullptr;
    };
    const bool hasOther = isComparing() && otherSide() == Other::Quantized && !document.bundle().isEmpty();
    auto& plot = m_board->quantiles();
    plot.setTitle(
        tr("%1 \u2013 quantiles").arg(document.selectedLayer() ? layerName(*document.selectedLayer()) : tr("Layer"))
        + beforeTransform());
    auto before = ask(Inspections::Slot::Before, false);
    auto after = hasOther ? ask(Inspections::Slot::After, true) : nullptr;
    if (!before && canAsk(document, valueSource(otherSide(), false), isWeights))
        plot.setPlaceholder(tr("Reading\u2026"));
    plot.setQuantiles(std::move(before), std::move(after), valueName());
}

/** Said where a picture shows A although B is asked for: single values behind a transform that is not calibrated are nowhere. */
QString InspectView::beforeTransform() const
{
    return isComparing() && otherSide() == Other::Transform ? tr(", before the transform") : QString();
}

core::MapSpec InspectView::mapSpec() const
{
    const bool after = isComparing() && otherSide() == Other::Quantized && !m_studio.document().bundle().isEmpty();
    core::MapSpec spec;
    spec.source = valueSource(otherSide(), after);
    return spec;
}

void InspectView::showMap()
{
    if (!isVisiblePart(PlotBoard::Part::Map))
        return;
    const auto& document = m_studio.document();
    const auto spec = mapSpec();
    const bool asks = canAsk(document, spec.source, m_source == Source::Weights);
    auto map = asks ? m_inspections->map(Inspections::Slot::Map, spec) : nullptr;
    auto& plot = m_board->map();
    const auto name = document.selectedLayer() ? layerName(*document.selectedLayer()) : tr("Layer");
    plot.setTitle(tr("%1 \u2013 map").arg(name)
                  + (isComparing() && otherSide() == Other::Quantized && asks ? tr(", quantized") : beforeTransform()));
    if (asks && !map)
        plot.setPlaceholder(tr("Reading\u2026"));
    if (map != plot.map()) {
        m_detailSpec.reset();
        m_board->peaks().setMap(map);
        m_board->peakTable().setColumnHidden(PeakTableModel::Token, !map || map->tokens.empty());
        plot.setMap(std::move(map), spec.source.site ? MapPlot::Axis::Tokens : MapPlot::Axis::Outputs, valueName());
    }
    if (m_detailSpec && m_detailSpec->source == spec.source)
        if (auto detail = m_inspections->map(Inspections::Slot::Detail, *m_detailSpec);
            detail && detail != plot.closer())
            plot.setCloser(std::move(detail));
}

void InspectView::askForDetail(std::int64_t rowBegin, std::int64_t rowEnd, std::int64_t columnBegin,
                               std::int64_t columnEnd)
{
    if (m_board->map().isPinned())
        return;
    auto spec = mapSpec();
    spec.rowBegin = rowBegin;
    spec.rowEnd = rowEnd;
    spec.columnBegin = columnBegin;
    spec.columnEnd = columnEnd;
    m_detailSpec = spec;
    showMap();
}

void InspectView::showRidge()
{
    if (!isVisiblePart(PlotBoard::Part::Ridge))
        return;
    const auto& document = m_studio.document();
    const auto& selected = document.selectedLayer();
    const bool few = static_cast<int>(document.layers().size()) <= RidgePlot::kMost;
    std::vector<RidgePlot::Row> rows;
    std::vector<const core::Distribution*> shown;
    for (const auto& layer : document.layers()) {
        if (layer.block < 0 || (!few && selected && layer.role != selected->role))
            continue; // of many layers those of one role, over the depth
        rows.push_back({layer, layerName(layer), distribution(layer, false), distribution(layer, true)});
        shown.push_back(rows.back().distribution.get());
        shown.push_back(rows.back().other.get());
    }
    if (shown == m_ridgeShown)
        return;
    m_ridgeShown = std::move(shown);
    m_board->ridge().setTitle(few || !selected
                                  ? tr("All layers \u2013 %1").arg(valueName())
                                  : tr("All %1 \u2013 %2").arg(toQString(core::toString(selected->role)), valueName()));
    m_board->ridge().setRows(rows, valueName());
}

void InspectView::showSelection()
{
    const auto& selection = m_studio.document().selection();
    m_board->channels().setSelected(selection.channels());
    m_board->map().setSelected(selection.channels(), site() ? selection.token() : -1);
    m_board->ridge().setSelected(selection.layers());
    auto& table = m_board->peakTable();
    const QSignalBlocker quiet(table.selectionModel());
    int found = -1;
    for (int row = 0; row < m_board->peaks().rowCount() && found < 0; ++row) {
        const auto& peak = m_board->peaks().peakAt(row);
        const bool sameRow = !site() || peak.row == selection.token();
        if (sameRow && selection.channels() == QVector<int>{static_cast<int>(peak.column)})
            found = row;
    }
    const auto current = table.currentIndex();
    if (found >= 0 && site())
        table.selectRow(found);
    else if (found < 0 || !current.isValid())
        table.clearSelection();
    table.viewport()->update();
}

} // namespace ui
