// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/threshold_plot.h"

#include "ui/convert.h"
#include "ui/plot/kind_text.h"

#include <QKeyEvent>
#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace ui {

namespace {

constexpr double kGrip = 6.0;      // pixels around the line that take hold of it
constexpr double kSnapReach = 3.0; // pixels around a customary value that snap to it
constexpr std::array kCustomary{2.5, 3.5, 5.0};
constexpr double kLinearReach = 15.0; // beyond this z the axis is compressed
constexpr double kRegionEnd = 1e6;    // beyond any z that is drawn

} // namespace

ThresholdPlot::ThresholdPlot(QWidget* parent)
    : PlotView(parent)
{
    setAxisLabels(tr("block"), tr("robust z"));
    setPinnable(false);
    plot().xAxis->setTicker(QSharedPointer<QCPAxisTickerFixed>::create());
    buildGraphs();
    buildLine();
    connectMouse();
    applyColors();
    fitView();
    placeLine();
}

void ThresholdPlot::buildGraphs()
{
    m_linkGraph = plot().addGraph();
    m_otherGraph = plot().addGraph();
    m_selectedGraph = plot().addGraph();
    m_hoveredGraph = plot().addGraph();
    m_ringGraph = plot().addGraph();
    for ([[maybe_unused]] const auto kind : core::kTransformKinds)
        m_kindGraphs.append(plot().addGraph());
    for (int i = 0; i < plot().graphCount(); ++i)
        plot().graph(i)->setLineStyle(QCPGraph::lsNone);
    m_linkGraph->setLineStyle(QCPGraph::lsLine);
    m_linkGraph->setAdaptiveSampling(false); // would join what a gap parts
}

void ThresholdPlot::buildLine()
{
    m_region = new QCPItemRect(&plot());
    m_mirrorRegion = new QCPItemRect(&plot());
    for (auto* region : {m_region, m_mirrorRegion}) {
        region->setLayer(QStringLiteral("overlay"));
        region->setPen(Qt::NoPen);
    }
    m_line = new QCPItemStraightLine(&plot());
    m_mirror = new QCPItemStraightLine(&plot());
    for (auto* line : {m_line, m_mirror})
        line->setLayer(QStringLiteral("overlay"));
    m_label = new QCPItemText(&plot());
    m_label->setLayer(QStringLiteral("overlay"));
    m_label->setPadding(QMargins(5, 1, 5, 1));
    m_label->position->setTypeX(QCPItemPosition::ptAxisRectRatio);
    m_label->position->setTypeY(QCPItemPosition::ptPlotCoords);
    m_label->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom);
}

void ThresholdPlot::connectMouse()
{
    connect(&plot(), &QCustomPlot::mousePress, this, [this](QMouseEvent* event) {
        if (event->button() != Qt::LeftButton || !isOnLine(event->position()))
            return;
        const double z = fromAxis(plot().yAxis->pixelToCoord(event->position().y()));
        m_dragsMirror = m_rule.mode == core::GroupRule::Mode::TwoSided && z < 0.0;
        m_dragging = true;
        m_moved = false;
        plot().setInteractions(QCP::iNone); // else the whole plot would be dragged along
    });
    connect(&plot(), &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
        if (m_dragging) {
            m_moved = true;
            m_rule.beta = betaAt(event->position());
            placeLine();
            Q_EMIT thresholdDragged(m_rule.beta);
        } else if (event->buttons() == Qt::NoButton) {
            plot().setCursor(isOnLine(event->position()) ? Qt::SplitVCursor : Qt::ArrowCursor);
        }
    });
    connect(&plot(), &QCustomPlot::mouseRelease, this, [this](QMouseEvent*) {
        if (!m_dragging)
            return;
        endDrag();
        if (m_moved)
            Q_EMIT thresholdReleased(m_rule.beta);
    });
    connect(this, &PlotView::sampleClicked, this,
            [this](int sample) { Q_EMIT moduleClicked(m_points[sample].module); });
    connect(this, &PlotView::sampleHovered, this, [this](int sample) {
        Q_EMIT moduleHovered(sample >= 0 ? std::optional(m_points[sample].module) : std::nullopt);
    });
}

void ThresholdPlot::endDrag()
{
    m_dragging = false;
    plot().setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
}

bool ThresholdPlot::hasLine() const
{
    // A constant rule shows its line too, faintly: dragging it is how a threshold rule begins.
    return m_rule.mode != core::GroupRule::Mode::TopFraction && !m_points.isEmpty();
}

double ThresholdPlot::lineValue() const
{
    const bool below = m_rule.mode == core::GroupRule::Mode::Threshold && m_rule.sign < 0;
    return below ? -m_rule.beta : m_rule.beta;
}

bool ThresholdPlot::isOnLine(const QPointF& pixel) const
{
    if (!hasLine() || !plot().axisRect()->rect().contains(pixel.toPoint()))
        return false;
    const auto near = [&](double z) { return std::abs(plot().yAxis->coordToPixel(toAxis(z)) - pixel.y()) <= kGrip; };
    return near(lineValue()) || (m_rule.mode == core::GroupRule::Mode::TwoSided && near(-m_rule.beta));
}

double ThresholdPlot::betaAt(const QPointF& pixel) const
{
    const bool flipped = m_dragsMirror || lineValue() != m_rule.beta;
    const double z = fromAxis(plot().yAxis->pixelToCoord(pixel.y())) * (flipped ? -1.0 : 1.0);
    for (const double value : kCustomary) {
        const double distance = plot().yAxis->coordToPixel(toAxis(flipped ? -value : value)) - pixel.y();
        if (std::abs(distance) <= kSnapReach)
            return value;
    }
    const double rounded = std::round(z * 100.0) / 100.0;
    return m_rule.mode == core::GroupRule::Mode::TwoSided ? std::max(0.0, rounded) : rounded;
}

void ThresholdPlot::setPoints(const QVector<ModulePoint>& points)
{
    const bool isNew = points.size() != m_points.size();
    m_points = points;
    chooseScale();
    drawPoints();
    if (isNew)
        fitView();
    placeLine();
    refresh();
}

void ThresholdPlot::setRule(const core::GroupRule& rule)
{
    if (m_dragging)
        return;
    m_rule = rule;
    placeLine();
    refreshSummary();
}

void ThresholdPlot::setSelected(const std::vector<core::ModuleId>& modules)
{
    m_selected = modules;
    drawPoints();
    plot().replot(QCustomPlot::rpQueuedReplot);
}

void ThresholdPlot::setHovered(const std::optional<core::ModuleId>& module)
{
    if (m_hovered == module)
        return;
    m_hovered = module;
    drawPoints();
    plot().replot(QCustomPlot::rpQueuedReplot);
}

void ThresholdPlot::brushed(const QRectF& area)
{
    const auto box = area.normalized();
    std::vector<core::ModuleId> modules;
    for (int i = 0; i < m_points.size(); ++i) {
        const auto at = samplePosition(i);
        if (at.x() >= box.left() && at.x() <= box.right() && at.y() >= box.top() && at.y() <= box.bottom())
            modules.push_back(m_points[i].module);
    }
    if (!modules.empty())
        Q_EMIT modulesBrushed(modules);
}

void ThresholdPlot::drawPoints()
{
    for (int i = 0; i < plot().graphCount(); ++i)
        plot().graph(i)->data()->clear();
    for (int i = 0; i < m_points.size(); ++i) {
        const auto& point = m_points[i];
        const auto at = samplePosition(i);
        if (!std::isfinite(at.y()))
            continue; // no z, no place
        if (std::isfinite(point.otherZ)) {
            m_otherGraph->addData(at.x(), toAxis(point.otherZ));
            m_linkGraph->addData(at.x(), at.y());
            m_linkGraph->addData(at.x(), toAxis(point.otherZ));
            m_linkGraph->addData(at.x() + 0.5, std::nan(""));
        }
        m_kindGraphs[static_cast<int>(point.kind)]->addData(at.x(), at.y());
        if (point.isOverride)
            m_ringGraph->addData(at.x(), at.y());
        if (m_hovered == point.module)
            m_hoveredGraph->addData(at.x(), at.y());
        if (std::find(m_selected.begin(), m_selected.end(), point.module) != m_selected.end())
            m_selectedGraph->addData(at.x(), at.y());
    }
}

void ThresholdPlot::placeLine()
{
    using Mode = core::GroupRule::Mode;
    const double at = toAxis(lineValue());
    const bool active = m_rule.mode == Mode::Threshold || m_rule.mode == Mode::TwoSided;
    const bool below = lineValue() != m_rule.beta;
    m_line->setVisible(hasLine());
    m_mirror->setVisible(hasLine() && m_rule.mode == Mode::TwoSided);
    m_region->setVisible(hasLine() && active);
    m_mirrorRegion->setVisible(m_mirror->visible());
    m_label->setVisible(hasLine());
    m_line->point1->setCoords(0, at);
    m_line->point2->setCoords(1, at);
    m_mirror->point1->setCoords(0, -at);
    m_mirror->point2->setCoords(1, -at);
    m_region->topLeft->setCoords(-kRegionEnd, below ? -kRegionEnd : kRegionEnd);
    m_region->bottomRight->setCoords(kRegionEnd, at);
    m_mirrorRegion->topLeft->setCoords(-kRegionEnd, -at);
    m_mirrorRegion->bottomRight->setCoords(kRegionEnd, -kRegionEnd);
    const auto value = QLocale().toString(m_rule.beta, 'f', 2);
    m_label->setText(active ? QStringLiteral("\u2195 \u03b2 = %1").arg(value) : tr("\u2195 drag to set a threshold"));
    m_label->position->setCoords(1.0, at);
    const auto color = active ? colors().rotation : colors().muted;
    m_line->setPen(QPen(color, 1, active ? Qt::SolidLine : Qt::DashLine));
    m_mirror->setPen(m_line->pen());
    m_label->setColor(color);
    replotOverlay();
}

QPointF ThresholdPlot::samplePosition(int sample) const
{
    const auto& point = m_points[sample];
    return {static_cast<double>(point.module.block), toAxis(point.robustZ)}; // NaN is not drawn
}

double ThresholdPlot::toAxis(double z) const
{
    return m_compressed ? std::asinh(z) : z;
}

double ThresholdPlot::fromAxis(double y) const
{
    return m_compressed ? std::sinh(y) : y;
}

void ThresholdPlot::chooseScale()
{
    m_compressed = std::any_of(m_points.begin(), m_points.end(),
                               [](const auto& point) { return std::abs(point.robustZ) > kLinearReach; });
    if (!m_compressed) {
        plot().yAxis->setTicker(QSharedPointer<QCPAxisTicker>::create());
        return;
    }
    const auto ticker = QSharedPointer<QCPAxisTickerText>::create();
    for (const double z : {0.0, 1.0, 2.0, 5.0, 10.0, 30.0, 100.0, 300.0, 1e3, 3e3, 1e4, 1e5, 1e6})
        for (const double value : {z, -z})
            ticker->addTick(toAxis(value), QLocale().toString(value, 'g', 6));
    plot().yAxis->setTicker(ticker);
}

void ThresholdPlot::fitView()
{
    double low = toAxis(-1.0);
    double high = toAxis(4.2);
    int blocks = 1;
    for (int i = 0; i < m_points.size(); ++i) {
        for (const double y : {samplePosition(i).y(), toAxis(m_points[i].otherZ)})
            if (std::isfinite(y)) {
                low = std::min(low, y);
                high = std::max(high, y);
            }
        blocks = std::max(blocks, m_points[i].module.block + 1);
    }
    const double margin = 0.08 * (high - low);
    plot().xAxis->setRange(-0.6, blocks - 0.4);
    plot().yAxis->setRange(low - margin, high + margin);
    const auto ticker = qSharedPointerDynamicCast<QCPAxisTickerFixed>(plot().xAxis->ticker());
    ticker->setTickStep(1.0);
    ticker->setScaleStrategy(QCPAxisTickerFixed::ssMultiples);
}

void ThresholdPlot::applyColors()
{
    using Shape = QCPScatterStyle::ScatterShape;
    constexpr std::array kShapes{Shape::ssCross, Shape::ssDisc, Shape::ssDiamond, Shape::ssSquare};
    for (const auto kind : core::kTransformKinds) {
        const auto color = colors().ofKind(kind);
        const auto shape = kShapes[static_cast<std::size_t>(kind)];
        m_kindGraphs[static_cast<int>(kind)]->setScatterStyle(QCPScatterStyle(shape, QPen(color, 1), QBrush(color), 8));
    }
    m_ringGraph->setScatterStyle(QCPScatterStyle(Shape::ssCircle, QPen(colors().text, 1), Qt::NoBrush, 14));
    auto halo = palette().color(QPalette::Highlight);
    halo.setAlpha(90);
    m_selectedGraph->setScatterStyle(QCPScatterStyle(Shape::ssCircle, QPen(halo), QBrush(halo), 20));
    m_hoveredGraph->setScatterStyle(QCPScatterStyle(Shape::ssCircle, QPen(halo), Qt::NoBrush, 20));
    m_otherGraph->setScatterStyle(QCPScatterStyle(Shape::ssSquare, QPen(colors().after, 1), Qt::NoBrush, 8));
    m_linkGraph->setPen(QPen(colors().muted, 0));
    auto region = colors().rotation;
    region.setAlpha(isDark(palette()) ? 26 : 18);
    m_region->setBrush(region);
    m_mirrorRegion->setBrush(region);
    auto ground = colors().ground;
    ground.setAlpha(200);
    m_label->setBrush(ground);
    placeLine();
}

void ThresholdPlot::nudge(double step)
{
    if (!hasLine())
        return;
    m_rule.beta = std::round((m_rule.beta + step) * 100.0) / 100.0;
    placeLine();
    Q_EMIT thresholdReleased(m_rule.beta);
}

void ThresholdPlot::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Escape:
        if (m_dragging) {
            endDrag();
            Q_EMIT thresholdAborted();
            return;
        }
        break;
    case Qt::Key_Plus: nudge(0.1); return;
    case Qt::Key_Minus: nudge(-0.1); return;
    default: break;
    }
    PlotView::keyPressEvent(event);
}

} // namespace ui
