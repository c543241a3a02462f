// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/calibrate/what_if_report.h"
#include "ui/plot/plot_view.h"

#include <memory>
#include <optional>

class QCPBars;
class QCPErrorBars;
class QCPGraph;
class QCPItemText;

namespace ui {

/** The kinds of transform in one module side by side: a bar a kind, of one quantity at a time, and the quality of the
    untrained start as a tick. */
class WhatIfPlot : public PlotView
{
    Q_OBJECT

public:
    enum class Metric { Error, Sqnr, Macs, Bytes, Seconds };

    explicit WhatIfPlot(QWidget* parent = nullptr);

    /** Null: nothing to show. */
    void show(std::shared_ptr<const core::WhatIf> answer);
    void setMetric(Metric metric);
    Metric metric() const { return m_metric; }
    void setPlanned(std::optional<core::TransformKind> kind); // what the plan has
    void setMarked(std::optional<core::TransformKind> kind);  // what is selected in the table beside
    QString summary() const override;

    static QString kindText(const core::WhatIfKind& kind); // all its numbers in one line

Q_SIGNALS:
    void kindClicked(core::TransformKind kind);

protected:
    int sampleCount() const override { return m_answer ? static_cast<int>(m_answer->kinds.size()) : 0; }
    QPointF samplePosition(int sample) const override;
    QString sampleText(int sample) const override;
    QStringList csvColumns() const override;
    QStringList csvCells(int sample) const override;
    void fitView() override;
    void applyColors() override;
    int nearestSample(const QPointF& pixel) const override;
    QVector<LegendEntry> legend() const override;

private:
    const core::WhatIfKind& kindAt(int sample) const { return m_answer->kinds[static_cast<std::size_t>(sample)]; }
    double value(const core::WhatIfKind& kind) const;
    double spread(const core::WhatIfKind& kind) const; // half an interval of 95 %; 0 where it is not known
    void draw();

    std::shared_ptr<const core::WhatIf> m_answer;
    Metric m_metric = Metric::Error;
    std::optional<core::TransformKind> m_planned;
    std::optional<core::TransformKind> m_marked;
    QVector<QCPBars*> m_bars;
    QCPGraph* m_tops = nullptr;
    QCPErrorBars* m_spreads = nullptr;
    QCPGraph* m_starts = nullptr;
    QVector<QCPItemText*> m_labels;
};

} // namespace ui
