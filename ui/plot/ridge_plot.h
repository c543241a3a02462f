// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/stats/profile.h"
#include "ui/plot/plot_view.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

class QCPGraph;

namespace ui {

/** The value distributions of many layers above one another, each in its own standard deviations, so that tails
    can be compared. Draws at most kMost outlines; of more it takes evenly spread ones. */
class RidgePlot : public PlotView
{
    Q_OBJECT

public:
    static constexpr int kMost = 100;

    struct Row
    {
        core::LayerId layer;
        QString name;
        std::shared_ptr<const core::Distribution> distribution;
        std::shared_ptr<const core::Distribution> other; // over it; may be null
    };

    explicit RidgePlot(QWidget* parent = nullptr);

    void setRows(const std::vector<Row>& rows, const QString& valueName); // from the bottom up
    /** The other way to draw the rows: how wide the middle half, 80, 98 and 99.8 % of each one's values reach. */
    using Quantiles = std::function<std::vector<double>(const core::Distribution&, const std::vector<double>& shares)>;
    void setQuantiles(Quantiles quantiles); // without it there are outlines alone
    void setBands(bool on);
    bool showsBands() const { return m_showsBands; }
    void setSelected(const std::vector<core::LayerId>& layers);
    void setHovered(const std::optional<core::LayerId>& layer);
    int rowCount() const { return static_cast<int>(m_rows.size()); }
    QString summary() const override;

Q_SIGNALS:
    void layerClicked(const core::LayerId& layer);
    void layerHovered(const std::optional<core::LayerId>& layer);

protected:
    int sampleCount() const override { return static_cast<int>(m_rows.size()); }
    QPointF samplePosition(int sample) const override;
    QString sampleText(int sample) const override;
    QStringList csvColumns() const override;
    QStringList csvCells(int sample) const override;
    void fitView() override;
    void applyColors() override;
    int nearestSample(const QPointF& pixel) const override;
    QVector<LegendEntry> legend() const override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void rebuild();
    void clearGraphs();
    void scaleAxis();
    void drawOutlines();
    void drawBands();
    void markSelected();
    void colorBands();
    double toAxis(double sigmas) const;

    std::vector<Row> m_rows;
    std::vector<core::LayerId> m_selected;
    std::optional<core::LayerId> m_hovered;
    QVector<QCPGraph*> m_graphs;
    QVector<QCPGraph*> m_others;
    QVector<QCPGraph*> m_bands;      // one a share, from the lowest to the highest
    QVector<QCPGraph*> m_otherBands; // the widest's ends, of what is compared
    QCPGraph* m_marks = nullptr;     // of what is selected, where there are bands
    Quantiles m_quantiles;
    QAction* m_bandsAction = nullptr;
    bool m_showsBands = false;
    QString m_valueName;
    double m_reach = 5.0; // largest |value| in deviations
    bool m_compressed = false;
};

} // namespace ui
