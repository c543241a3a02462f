// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plot/plot_view.h"

#include <limits>

class QCPGraph;
class QToolButton;

namespace ui {

/** The error of one block or layer: of one run, or of two. NaN: not measured. */
struct ErrorRow
{
    QString name; // "5.down"
    double value = 0.0;
    double other = std::numeric_limits<double>::quiet_NaN(); // of the second run
};

/** What quantization costs block by block or layer by layer: a dot each on a logarithmic axis, and where two runs are compared a
    second one, joined to the first. */
class ErrorPlot : public PlotView
{
    Q_OBJECT

public:
    enum class Order { Depth, Size };

    explicit ErrorPlot(QWidget* parent = nullptr);

    /** In the order of their depth; `otherName` is empty where there is one run. */
    void setRows(const QVector<ErrorRow>& rows, const QString& name, const QString& otherName, const QString& measure);
    void setSelected(const QString& name); // is ringed; empty: none
    void setOrder(Order order);
    Order order() const { return m_order; }
    QToolButton& bySize() { return *m_bySize; }
    QString nameAt(int sample) const { return rowAt(sample).name; } // in the order as drawn
    QString summary() const override;

Q_SIGNALS:
    void rowClicked(const QString& name);

protected:
    int sampleCount() const override { return static_cast<int>(m_rows.size()); }
    QPointF samplePosition(int sample) const override;
    QString sampleText(int sample) const override;
    QStringList csvColumns() const override;
    QStringList csvCells(int sample) const override;
    void fitView() override;
    void applyColors() override;
    QVector<LegendEntry> legend() const override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    const ErrorRow& rowAt(int sample) const { return m_rows[m_places[sample]]; }
    void sort();
    void draw();

    QCPGraph* m_dots = nullptr;
    QCPGraph* m_otherDots = nullptr;
    QCPGraph* m_links = nullptr; // between the two dots of a row
    QCPGraph* m_ring = nullptr;
    QToolButton* m_bySize = nullptr;
    QVector<ErrorRow> m_rows;
    QVector<int> m_places; // places in m_rows, as drawn from the left
    QString m_name;
    QString m_otherName;
    QString m_selected;
    Order m_order = Order::Depth;
};

} // namespace ui
