// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/select/kurtosis_rule.h"
#include "core/transforms/transform_kind.h"
#include "ui/plot/plot_view.h"

#include <limits>
#include <optional>
#include <vector>

class QCPGraph;
class QCPItemRect;
class QCPItemStraightLine;
class QCPItemText;

namespace ui {

/** One module as a point: where it stands and what is chosen for it. */
struct ModulePoint
{
    core::ModuleId module;
    double robustZ = 0.0;
    double kurtosis = 0.0;
    core::TransformKind kind = core::TransformKind::Affine;
    bool isOverride = false;
    double otherZ = std::numeric_limits<double>::quiet_NaN(); // of the quantized model; NaN: not compared
};

/** Robust z of the modules of one kind over the depth of the model, a glyph for each choice, and the rule's
    threshold as a line to drag. Only tells what the person does: who listens decides what it means. */
class ThresholdPlot : public PlotView
{
    Q_OBJECT

public:
    explicit ThresholdPlot(QWidget* parent = nullptr);

    void setPoints(const QVector<ModulePoint>& points);
    void setRule(const core::GroupRule& rule);
    void setSelected(const std::vector<core::ModuleId>& modules);
    void setHovered(const std::optional<core::ModuleId>& module);

    const core::GroupRule& rule() const { return m_rule; }
    bool hasLine() const;
    double lineValue() const; // where the (upper) line is drawn, in z
    QString summary() const override;

Q_SIGNALS:
    void thresholdDragged(double beta);  // many times while the button is held
    void thresholdReleased(double beta); // once
    void thresholdAborted();             // Esc while dragging
    void moduleClicked(const core::ModuleId& module);
    void modulesBrushed(const std::vector<core::ModuleId>& modules); // Ctrl and drag a box
    void moduleHovered(const std::optional<core::ModuleId>& module);

protected:
    int sampleCount() const override { return static_cast<int>(m_points.size()); }
    QPointF samplePosition(int sample) const override;
    QString sampleText(int sample) const override;
    QStringList csvColumns() const override;
    QStringList csvCells(int sample) const override;
    void fitView() override;
    void applyColors() override;
    bool measuresInBothDirections() const override { return true; }
    bool acceptsBrush() const override { return true; }
    void brushed(const QRectF& area) override;
    QVector<LegendEntry> legend() const override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void buildGraphs();
    void buildLine();
    void connectMouse();
    void placeLine();
    void drawPoints();
    bool isComparing() const; // with the quantized model
    bool isOnLine(const QPointF& pixel) const;
    double betaAt(const QPointF& pixel) const;
    void endDrag();
    void nudge(double step);
    double toAxis(double z) const;   // where z is drawn
    double fromAxis(double y) const; // and back
    void chooseScale();

    QVector<QCPGraph*> m_kindGraphs; // by TransformKind
    QCPGraph* m_ringGraph = nullptr; // overrides
    QCPGraph* m_selectedGraph = nullptr;
    QCPGraph* m_hoveredGraph = nullptr;
    QCPGraph* m_otherGraph = nullptr; // where the quantized model stands
    QCPGraph* m_linkGraph = nullptr;  // from the one to the other
    QCPItemStraightLine* m_line = nullptr;
    QCPItemStraightLine* m_mirror = nullptr; // of a two-sided rule
    QCPItemRect* m_region = nullptr;         // where the rule chooses rotation
    QCPItemRect* m_mirrorRegion = nullptr;
    QCPItemText* m_label = nullptr;
    QVector<ModulePoint> m_points;
    std::vector<core::ModuleId> m_selected;
    std::optional<core::ModuleId> m_hovered;
    core::GroupRule m_rule;
    bool m_compressed = false; // asinh: linear around 0, logarithmic far out, so that a z of 900 leaves room for 3.5
    bool m_dragging = false;
    bool m_moved = false; // since the line was taken hold of
    bool m_dragsMirror = false;
};

} // namespace ui
