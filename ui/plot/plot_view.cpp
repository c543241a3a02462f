// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/plot_view.h"

#include "ui/plot/elided_label.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include <cmath>
#include <limits>

namespace ui {

namespace {

constexpr double kHoverReach = 28.0; // pixels

} // namespace

PlotView::PlotView(QWidget* parent)
    : QWidget(parent)
    , m_colors(plotColors(palette()))
{
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(180, 140);
    buildHeader();
    buildPlot();
    buildMenu();
    buildCursor();
    connectPlot();
    recolorAxes();
}

PlotView::~PlotView() = default;

void PlotView::buildHeader()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 6);
    column->setSpacing(2);
    m_header = new QHBoxLayout;
    m_header->setSpacing(10);
    m_title = new ElidedLabel(this);
    m_title->setTextFormat(Qt::PlainText);
    auto bold = font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    m_legend = new QLabel(this);
    m_legend->setTextFormat(Qt::RichText);
    m_legend->setMinimumWidth(1); // gives way to the plot, whose summary says the same
    m_detail = new ElidedLabel(this);
    m_detail->setTextFormat(Qt::PlainText);
    m_detail->setForegroundRole(QPalette::PlaceholderText);
    m_detail->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_detail->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_header->addWidget(m_title);
    m_header->addWidget(m_legend);
    m_header->addWidget(m_detail, 1);
    column->addLayout(m_header);
    m_subheader = new QHBoxLayout;
    m_subheader->setSpacing(10);
    column->addLayout(m_subheader);
    m_plot = new QCustomPlot(this);
    m_plot->setObjectName(QStringLiteral("canvas"));
    m_plot->setFocusPolicy(Qt::ClickFocus);
    m_plot->setFocusProxy(this);
    m_plot->setMouseTracking(true);
    column->addWidget(m_plot, 1);
}

void PlotView::buildPlot()
{
    m_plot->setPlottingHint(QCP::phFastPolylines, true);
    m_plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    m_plot->axisRect()->setMinimumMargins(QMargins(8, 6, 10, 4));
    for (auto* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setTickLength(0, 4);
        axis->setSubTickLength(0, 2);
        axis->setLabelPadding(3);
        axis->setTickLabelPadding(4);
    }
    sizeLetters();
    m_plot->yAxis->setSubTicks(false);
    m_plot->xAxis->setSubTicks(false);
}

void PlotView::buildCursor()
{
    m_placeholder = new QCPItemText(m_plot);
    m_placeholder->position->setType(QCPItemPosition::ptAxisRectRatio);
    m_placeholder->position->setCoords(0.5, 0.5);
    m_placeholder->setPositionAlignment(Qt::AlignCenter);
    m_placeholder->setTextAlignment(Qt::AlignCenter);
    m_placeholder->setPadding(QMargins(8, 4, 8, 4));
    m_tracer = new QCPItemTracer(m_plot);
    m_tracer->setLayer(QStringLiteral("overlay"));
    m_tracer->setStyle(QCPItemTracer::tsCircle);
    m_tracer->setSize(7);
    m_tracer->position->setType(QCPItemPosition::ptPlotCoords);
    m_tracer->setVisible(false);
    m_readout = new QCPItemText(m_plot);
    m_readout->setLayer(QStringLiteral("overlay"));
    m_readout->setPadding(QMargins(6, 3, 6, 3));
    m_readout->position->setType(QCPItemPosition::ptAbsolute);
    m_readout->setVisible(false);
    m_readout->setClipToAxisRect(false);
}

void PlotView::connectPlot()
{
    connect(m_plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
        if (event->buttons() == Qt::NoButton)
            readOut(event->position());
    });
    connect(m_plot, &QCustomPlot::mousePress, this, [this](QMouseEvent* event) {
        m_pressed = event->position();
        const bool brush = acceptsBrush() && event->modifiers() & Qt::ControlModifier;
        m_plot->setSelectionRectMode(brush                                        ? QCP::srmCustom
                                         : event->modifiers() & Qt::ShiftModifier ? QCP::srmZoom
                                                                                  : QCP::srmNone);
    });
    connect(m_plot, &QCustomPlot::mouseRelease, this, [this](QMouseEvent* event) {
        const bool isClick = (event->position() - m_pressed).manhattanLength() < 4;
        const int sample = isClick ? nearestSample(event->position()) : -1;
        if (sample >= 0)
            Q_EMIT sampleClicked(sample);
    });
    connect(m_plot->selectionRect(), &QCPSelectionRect::accepted, this, [this](const QRect& pixels) {
        if (m_plot->selectionRectMode() == QCP::srmCustom && (pixels.width() > 3 || pixels.height() > 3))
            brushed(QRectF(valueAt(pixels.topLeft()), valueAt(pixels.bottomRight())));
    });
    for (auto* axis : {m_plot->xAxis, m_plot->yAxis})
        connect(axis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this, [this] { zoomed(); });
    connect(m_plot, &QCustomPlot::afterReplot, this, [this] { m_drawn = true; });
    connect(m_plot, &QCustomPlot::mouseDoubleClick, this, [this] { resetView(); });
}

void PlotView::setTitle(const QString& title)
{
    m_titleText = title;
    m_title->setText(m_pinned ? title + tr(" \u2014 pinned") : title);
    m_title->setToolTip(title);
    setAccessibleName(title);
    m_plot->setAccessibleName(title);
}

QString PlotView::title() const
{
    return m_titleText;
}

void PlotView::setDetail(const QString& detail)
{
    m_detail->setText(detail);
    m_detail->setToolTip(detail);
}

void PlotView::setPlaceholder(const QString& text)
{
    m_placeholderText = text;
    m_placeholder->setText(text);
    m_placeholder->setVisible(isEmpty());
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void PlotView::addHeaderWidget(QWidget* widget)
{
    if (m_header->indexOf(m_detail) >= 0) {
        m_subheader->addWidget(m_legend);
        m_subheader->addWidget(m_detail, 1);
        m_header->insertStretch(m_header->count() - 1, 1);
    }
    m_header->insertWidget(m_header->count() - 1, widget); // before the menu
}

void PlotView::setAxisLabels(const QString& x, const QString& y)
{
    m_plot->xAxis->setLabel(x);
    m_plot->yAxis->setLabel(y);
}

void PlotView::refresh()
{
    showLegend();
    m_placeholder->setVisible(isEmpty());
    if (m_cursor >= sampleCount())
        setCursor(-1);
    else if (m_cursor >= 0)
        setCursor(m_cursor);
    refreshSummary();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
    Q_EMIT changed();
}

void PlotView::refreshSummary()
{
    setAccessibleDescription(isEmpty() ? m_placeholderText : summary());
}

void PlotView::resetView()
{
    fitView();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

QWidget* PlotView::canvas() const
{
    return m_plot;
}

QPointF PlotView::pixelAt(double x, double y) const
{
    return {m_plot->xAxis->coordToPixel(x), m_plot->yAxis->coordToPixel(y)};
}

QPointF PlotView::valueAt(const QPointF& pixel) const
{
    return {m_plot->xAxis->pixelToCoord(pixel.x()), m_plot->yAxis->pixelToCoord(pixel.y())};
}

int PlotView::nearestSample(const QPointF& pixel) const
{
    int best = -1;
    double bestDistance = std::numeric_limits<double>::infinity();
    for (int i = 0, count = sampleCount(); i < count; ++i) {
        const auto value = samplePosition(i);
        const double dx = m_plot->xAxis->coordToPixel(value.x()) - pixel.x();
        const double dy = measuresInBothDirections() ? m_plot->yAxis->coordToPixel(value.y()) - pixel.y() : 0.0;
        const double distance = dx * dx + dy * dy;
        if (distance < bestDistance) {
            bestDistance = distance;
            best = i;
        }
    }
    return bestDistance <= kHoverReach * kHoverReach ? best : -1;
}

void PlotView::readOut(const QPointF& pixel)
{
    setCursor(m_plot->axisRect()->rect().contains(pixel.toPoint()) ? nearestSample(pixel) : -1);
}

void PlotView::setCursor(int sample)
{
    if (m_cursor != sample)
        Q_EMIT sampleHovered(sample);
    m_cursor = sample;
    const bool shown = sample >= 0;
    m_tracer->setVisible(shown);
    m_readout->setVisible(shown);
    if (shown) {
        const auto value = samplePosition(sample);
        const auto pixel = pixelAt(value.x(), value.y());
        const auto area = m_plot->axisRect()->rect();
        m_tracer->position->setCoords(value.x(), value.y());
        const bool left = pixel.x() > area.center().x();
        m_readout->setText(sampleText(sample));
        m_readout->setPositionAlignment((left ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
        m_readout->position->setCoords(pixel.x() + (left ? -10 : 10), area.top() + 4);
        Q_EMIT hovered(title().isEmpty() ? sampleText(sample) : title() + QStringLiteral(": ") + sampleText(sample));
    } else {
        Q_EMIT hovered(QString());
    }
    replotOverlay();
}

void PlotView::replotOverlay()
{
    // Its buffer comes with the first whole replot.
    if (m_drawn)
        m_plot->layer(QStringLiteral("overlay"))->replot();
    else
        m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void PlotView::keyPressEvent(QKeyEvent* event)
{
    const int count = sampleCount();
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (count > 0) {
            const int step = event->key() == Qt::Key_Right ? 1 : -1;
            setCursor(m_cursor < 0 ? (step > 0 ? 0 : count - 1) : std::clamp(m_cursor + step, 0, count - 1));
        }
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_cursor >= 0)
            Q_EMIT sampleClicked(m_cursor);
        return;
    case Qt::Key_Home: resetView(); return;
    case Qt::Key_Menu: m_menu->popup(mapToGlobal(rect().center())); return;
    default:
        if (event->matches(QKeySequence::Copy)) {
            copy();
            return;
        }
        QWidget::keyPressEvent(event);
    }
}

void PlotView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        recolor();
    if (event->type() == QEvent::FontChange) {
        sizeLetters();
        refresh();
    }
}

void PlotView::sizeLetters()
{
    auto labelFont = font();
    labelFont.setPointSizeF(std::max(7.0, labelFont.pointSizeF() - 1.5));
    for (auto* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setTickLabelFont(labelFont);
        axis->setLabelFont(labelFont);
    }
}

void PlotView::recolor()
{
    m_colors = plotColors(palette());
    recolorAxes();
    applyColors();
    refresh();
    update();
}

void PlotView::recolorAxes()
{
    m_plot->setBackground(m_colors.ground);
    for (auto* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setBasePen(QPen(m_colors.border, 0));
        axis->setTickPen(QPen(m_colors.border, 0));
        axis->setSubTickPen(QPen(m_colors.border, 0));
        axis->setTickLabelColor(m_colors.muted);
        axis->setLabelColor(m_colors.muted);
        axis->grid()->setPen(QPen(m_colors.grid, 0));
        axis->grid()->setSubGridPen(Qt::NoPen);
        axis->grid()->setZeroLinePen(QPen(m_colors.border, 0));
    }
    m_placeholder->setColor(m_colors.muted);
    m_placeholder->setBrush(m_colors.ground); // no grid line runs through the text
    m_tracer->setPen(QPen(m_colors.text, 1));
    m_tracer->setBrush(m_colors.ground);
    m_readout->setColor(m_colors.text);
    auto ground = m_colors.ground;
    ground.setAlpha(235);
    m_readout->setBrush(ground);
    m_readout->setPen(QPen(m_colors.border, 0));
}

void PlotView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(m_colors.ground);
    painter.setPen(QPen(hasFocus() ? palette().color(QPalette::Highlight) : m_colors.border, 1));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

void PlotView::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    update();
}

void PlotView::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    update();
}

} // namespace ui
