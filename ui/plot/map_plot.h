// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/inspection.h"
#include "ui/plot/plot_view.h"

#include <QTimer>
#include <QVector>

#include <memory>

class QCPAxisRect;
class QCPColorMap;
class QCPGraph;

namespace ui {

/** Magnitudes of tokens by channels, or of a matrix' outputs by inputs, as colour: pooled by the largest, asked for
    anew where the view comes closer, with the row and the column under the cursor as slices along the edges. */
class MapPlot : public PlotView
{
    Q_OBJECT

public:
    enum class Axis { Tokens, Outputs };
    using Pointer = std::shared_ptr<const core::MagnitudeMap>;

    explicit MapPlot(QWidget* parent = nullptr);

    /** The whole; null empties the plot. The view stays where the new map has the same size. */
    void setMap(Pointer map, Axis rows, const QString& valueName);
    void setCloser(Pointer map); // a part of it, finer
    const Pointer& map() const { return m_whole; }
    const Pointer& closer() const { return m_detail; }
    void setSelected(const QVector<int>& channels, int token);
    bool isLogarithmic() const;
    QString summary() const override;

Q_SIGNALS:
    /** The person looks at less than was pooled: rows and columns [begin, end). */
    void detailWanted(std::int64_t rowBegin, std::int64_t rowEnd, std::int64_t columnBegin, std::int64_t columnEnd);
    void cellClicked(std::int64_t row, std::int64_t column); // of the largest value there
    void channelsBrushed(int first, int last);

protected:
    int sampleCount() const override;
    QPointF samplePosition(int sample) const override;
    QString sampleText(int sample) const override;
    QStringList csvColumns() const override;
    QStringList csvCells(int sample) const override;
    void fitView() override;
    void applyColors() override;
    int nearestSample(const QPointF& pixel) const override;
    bool acceptsBrush() const override { return true; }
    void brushed(const QRectF& area) override;
    void zoomed() override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Cell
    {
        std::int64_t rowBegin, rowEnd, columnBegin, columnEnd;
        float value;
    };

    void buildSlices();
    QCPAxisRect* addSlice(int row, int column);
    void draw(QCPColorMap* picture, const core::MagnitudeMap* map);
    void showSlices(int sample);
    void markSelection();
    void askForDetail();
    const core::MagnitudeMap* front() const { return m_detail ? m_detail.get() : m_whole.get(); }
    Cell cellAt(int sample) const;
    int sampleAt(double row, double column) const;
    QString rowName(std::int64_t row) const;
    double shade(float magnitude) const; // as drawn

    QCPColorMap* m_picture = nullptr;
    QCPColorMap* m_closer = nullptr;
    QCPAxisRect* m_rowSlice = nullptr;
    QCPAxisRect* m_columnSlice = nullptr;
    QCPGraph* m_rowGraph = nullptr;
    QCPGraph* m_columnGraph = nullptr;
    QCPGraph* m_channelMarks = nullptr;
    QCPGraph* m_tokenMark = nullptr;
    QAction* m_logarithmic = nullptr;
    Pointer m_whole;
    Pointer m_detail;
    Axis m_rows = Axis::Tokens;
    QString m_valueName;
    QVector<int> m_channels;
    int m_token = -1;
    float m_largest = 0.0f; // of the whole: one colour scale for the whole and its parts
    QTimer m_asking;
};

} // namespace ui
