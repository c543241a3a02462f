// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QVector>
#include <QWidget>

class QGridLayout;
class QHBoxLayout;
class QTableView;
class QToolButton;

namespace ui {

class ChannelPlot;
class HistogramPlot;
class MapPlot;
class PeakTableModel;
class PlotView;
class QuantilePlot;
class RidgePlot;

/** The pictures of a layer: each can be shown or not, and one alone. Those shown share the room, in one row or two. */
class PlotBoard : public QWidget
{
    Q_OBJECT

public:
    enum class Part { Histogram, Channels, Quantiles, Map, Ridge };
    static constexpr int kParts = 5;

    explicit PlotBoard(QWidget* parent = nullptr);

    HistogramPlot& histogram() { return *m_histogram; }
    ChannelPlot& channels() { return *m_channels; }
    QuantilePlot& quantiles() { return *m_quantiles; }
    MapPlot& map() { return *m_map; }
    RidgePlot& ridge() { return *m_ridge; }
    PeakTableModel& peaks() { return *m_peaks; }
    QTableView& peakTable() { return *m_peakTable; }
    QToolButton& button(Part part) { return *m_buttons[static_cast<int>(part)]; }
    QVector<PlotView*> plots() const;

    bool isShown(Part part) const;
    void setShown(Part part, bool on);
    QWidget* switches() { return m_switches; } // the buttons, for the bar above

Q_SIGNALS:
    void hovered(const QString& text);
    void shownChanged(); // a part came or went: what is new wants its values

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void buildParts();
    void buildPeakTable(QWidget* parent);
    void buildSwitches();
    void arrange();

    QGridLayout* m_grid = nullptr;
    HistogramPlot* m_histogram = nullptr;
    ChannelPlot* m_channels = nullptr;
    QuantilePlot* m_quantiles = nullptr;
    MapPlot* m_map = nullptr;
    RidgePlot* m_ridge = nullptr;
    PeakTableModel* m_peaks = nullptr;
    QTableView* m_peakTable = nullptr;
    QWidget* m_switches = nullptr;
    QVector<QWidget*> m_cards; // by part
    QVector<QToolButton*> m_buttons;
    int m_alone = -1;      // the part that has all the room
    int m_arranged = 0;    // columns and parts, so that a resize that changes neither does nothing
    bool m_chosen = false; // the parts to begin with were picked for the window's size
};

} // namespace ui
