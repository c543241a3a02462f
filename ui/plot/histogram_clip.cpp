// SPDX-License-Identifier: GPL-3.0-or-later
// The ends of the grid as two handles over the histogram: drawn in, they clip, and what that does to rounding is told at once.
#include "ui/plot/histogram_plot.h"

#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

constexpr double kGrip = 6.0;   // pixels around a handle that take hold of it
constexpr double kLeast = 0.02; // of the largest magnitude
constexpr int kMostBits = 8;

} // namespace

void HistogramPlot::buildClip()
{
    for (auto& line : m_clipLines) {
        line = new QCPItemStraightLine(&plot());
        line->setLayer(QStringLiteral("overlay"));
    }
    m_clipLabel = new QCPItemText(&plot());
    m_clipLabel->setLayer(QStringLiteral("overlay"));
    m_clipLabel->setPadding(QMargins(5, 1, 5, 1));
    m_clipLabel->position->setType(QCPItemPosition::ptAxisRectRatio);
    m_clipLabel->position->setCoords(0.5, 1.0);
    m_clipLabel->setPositionAlignment(Qt::AlignHCenter | Qt::AlignBottom);
    connect(&plot(), &QCustomPlot::mousePress, this, [this](QMouseEvent* event) {
        if (event->button() != Qt::LeftButton || !isOnClip(event->position()))
            return;
        m_dragsClip = true;
        plot().setInteractions(QCP::iNone); // else the whole plot would be dragged along
    });
    connect(&plot(), &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
        if (m_dragsClip)
            setClip(std::abs(plot().xAxis->pixelToCoord(event->position().x())));
        else if (event->buttons() == Qt::NoButton)
            plot().setCursor(isOnClip(event->position()) ? Qt::SplitHCursor : Qt::ArrowCursor);
    });
    connect(&plot(), &QCustomPlot::mouseRelease, this, [this] {
        if (!m_dragsClip)
            return;
        m_dragsClip = false;
        plot().setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
        refreshSummary();
    });
}

const core::Distribution* HistogramPlot::clipped() const
{
    const auto& source = m_after.distribution ? m_after.distribution : m_before.distribution;
    const bool hasGrid = m_clipPreview && m_gridBits <= kMostBits && source && source->absmax > 0.0;
    return hasGrid ? source.get() : nullptr;
}

void HistogramPlot::setClipPreview(ClipPreview preview)
{
    m_clipPreview = std::move(preview);
    resetClip();
}

void HistogramPlot::resetClip()
{
    m_clip = clipped() ? clipped()->absmax : 0.0;
    placeClip();
}

void HistogramPlot::setClip(double clip)
{
    if (!clipped())
        return;
    const double largest = clipped()->absmax;
    m_clip = std::clamp(clip, kLeast * largest, largest);
    placeClip();
    Q_EMIT hovered(clipText());
}

bool HistogramPlot::hasClip() const
{
    return clipped() && m_clip < clipped()->absmax;
}

bool HistogramPlot::isOnClip(const QPointF& pixel) const
{
    if (!clipped() || !plot().axisRect()->rect().contains(pixel.toPoint()))
        return false;
    const auto near = [&](double value) { return std::abs(plot().xAxis->coordToPixel(value) - pixel.x()) <= kGrip; };
    return near(m_clip) || near(-m_clip);
}

QString HistogramPlot::clipText() const
{
    if (!clipped())
        return {};
    const auto decibels = [this](double clip) {
        return QLocale().toString(m_clipPreview(*clipped(), m_gridBits, clip), 'f', 1);
    };
    return tr("clip at %1: %2 dB SQNR, %3 dB unclipped")
        .arg(QLocale().toString(m_clip, 'g', 3), decibels(m_clip), decibels(clipped()->absmax));
}

void HistogramPlot::placeClip()
{
    const bool isThere = clipped() != nullptr;
    for (std::size_t side = 0; side < m_clipLines.size(); ++side) {
        auto* line = m_clipLines[side];
        line->setVisible(isThere);
        const double at = side == 0 ? -m_clip : m_clip;
        line->point1->setCoords(at, 1.0);
        line->point2->setCoords(at, 2.0);
        line->setPen(QPen(hasClip() ? colors().alarm : colors().muted, 1, hasClip() ? Qt::SolidLine : Qt::DashLine));
    }
    m_clipLabel->setVisible(hasClip());
    if (hasClip())
        m_clipLabel->setText(clipText());
    m_clipLabel->setColor(colors().text);
    auto ground = colors().ground;
    ground.setAlpha(220);
    m_clipLabel->setBrush(ground);
    replotOverlay();
}

} // namespace ui
