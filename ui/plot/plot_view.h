// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plot/plot_colors.h"

#include <QImage>
#include <QPointF>
#include <QString>
#include <QStringList>
#include <QVector>
#include <QWidget>

#include <limits>
#include <memory>
#include <vector>

class QCPAxis;
class QCPItemText;
class QCPItemTracer;
class QCustomPlot;
class QAction;
class QHBoxLayout;
class QLabel;
class QMenu;
class QToolButton;

namespace ui {

QString csvNumber(double value); // nine digits, C locale

/** What every plot of the window shares: a card with a title, a legend and a detail line, hover and arrow keys that read
    out the nearest sample of the source data, wheel zoom, drag to pan, Shift and drag to zoom a box, Ctrl and drag to select
    where a plot knows what, Home to reset, a menu to pin, copy and export to PNG, SVG, PDF and CSV, colours that follow the
    palette, and a summary sentence for screen readers. */
class PlotView : public QWidget
{
    Q_OBJECT

public:
    explicit PlotView(QWidget* parent = nullptr);
    ~PlotView() override;

    void setTitle(const QString& title);
    QString title() const;
    void setDetail(const QString& detail); // muted text beside the title
    void addHeaderWidget(QWidget* widget);
    void setPlaceholder(const QString& text); // what to do while there is nothing to draw
    bool isEmpty() const { return sampleCount() == 0; }
    /** A pinned plot keeps what it shows; whoever feeds it asks. */
    bool isPinned() const { return m_pinned; }
    void setPinned(bool on);
    void setPinnable(bool on);           // where nothing that is selected changes the picture there is nothing to keep
    void addMenuAction(QAction* action); // to the plot's own menu, above what all plots have
    QMenu& menu() { return *m_menu; }

    /** One sentence and the key numbers, for screen readers and reports. */
    virtual QString summary() const = 0;
    /** The samples in view, but the first `most` alone, C locale: the columns' names, then a row for each. Rows may be shorter than
        the first. */
    std::vector<QStringList> cells(std::size_t most = std::numeric_limits<std::size_t>::max()) const;
    /** The same as RFC 4180 has it, with line feeds. */
    QString toCsv() const;
    /** By suffix: .png (twice the pixels), .svg, .pdf, .csv. False, with the reason in `error`, where it failed. */
    bool exportTo(const QString& path, QString* error);

    void resetView();
    const PlotColors& colors() const { return m_colors; }

    // For whoever drives the plot by pixels.
    QWidget* canvas() const;
    QPointF pixelAt(double x, double y) const;
    QPointF valueAt(const QPointF& pixel) const;
    int cursorSample() const { return m_cursor; } // -1: none
    void copy();                                  // picture and values, to the clipboard

Q_SIGNALS:
    void hovered(const QString& text); // empty: the pointer left
    void sampleClicked(int sample);
    void changed();                 // what is drawn, or how it is called
    void sampleHovered(int sample); // -1: none
    void pinnedChanged(bool on);
    void exportRequested(const QString& suffix); // by the plot's menu; empty: how and where is still to be asked

protected:
    void resizeEvent(QResizeEvent* event) override;
    struct LegendEntry
    {
        QString glyph;
        QString text;
        QColor color;
    };

    virtual int sampleCount() const = 0;
    virtual QPointF samplePosition(int sample) const = 0;
    virtual QString sampleText(int sample) const = 0; // value with unit
    virtual QStringList csvColumns() const = 0;
    virtual QStringList csvCells(int sample) const = 0;
    virtual void fitView() = 0;
    virtual void applyColors() = 0;
    virtual QVector<LegendEntry> legend() const { return {}; }
    virtual bool measuresInBothDirections() const { return false; } // nearest by x alone, or by x and y
    virtual int nearestSample(const QPointF& pixel) const;          // -1: none within reach
    virtual bool acceptsBrush() const { return false; }             // Ctrl and drag
    virtual void brushed(const QRectF&) {}                          // in the units of the axes, top above bottom
    virtual void zoomed() {}                                        // the view changed

    QCustomPlot& plot() const { return *m_plot; }
    static void useDecadeTicks(QCPAxis& axis);
    void useLogarithmicTicks(); // along y, also where less than a decade is in view
    void setAxisLabels(const QString& x, const QString& y);
    void refresh(); // after the data changed: legend, placeholder, summary, queued replot
    void refreshSummary();
    void showLegend();
    void placeLegend();         // beside the title, or where that has no room for it below
    void replotOverlay();       // lines and cursors alone: cheap
    void setCursor(int sample); // -1: none

    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    class Caption;

    std::unique_ptr<Caption> caption(double factor) const; // of the letters; in the exported picture while it lives
    QImage toImage() const;
    void buildHeader();
    void buildMenu();
    void buildPlot();
    void buildCursor();
    void connectPlot();
    void recolor();
    void recolorAxes();
    void sizeLetters();
    void readOut(const QPointF& pixel);

    QCustomPlot* m_plot = nullptr;
    QHBoxLayout* m_header = nullptr;
    QHBoxLayout* m_subheader = nullptr; // legend and detail, where the header holds fields
    QLabel* m_title = nullptr;
    QLabel* m_detail = nullptr;
    QLabel* m_legend = nullptr;
    QToolButton* m_menuButton = nullptr;
    QMenu* m_menu = nullptr;
    QAction* m_pinAction = nullptr;
    QCPItemText* m_placeholder = nullptr;
    QCPItemText* m_readout = nullptr;
    QCPItemTracer* m_tracer = nullptr;
    QString m_titleText;
    QString m_placeholderText;
    PlotColors m_colors;
    QPointF m_pressed;
    int m_cursor = -1;
    bool m_drawn = false;
    bool m_pinned = false;
};

} // namespace ui
