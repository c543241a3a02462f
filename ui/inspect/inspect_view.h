// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "ui/inspect/plot_board.h"
#include "ui/model/comparisons.h"

#include <QWidget>

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QToolButton;

namespace ui {

class Inspections;
class KindTable;
class LayerBrowser;
class Studio;

/** Workspace "Inspect": every matrix in one table, the selected one in pictures. A is the model as it is; B is the same behind the
    module's transform, or the quantized model. */
class InspectView : public QWidget
{
    Q_OBJECT

public:
    enum class Source { Weights, Inputs, Cache };
    enum class Other { Transform, Quantized };

    InspectView(Studio& studio, Comparisons& comparisons, QWidget* parent = nullptr);

    LayerBrowser& browser() { return *m_browser; }
    void toggleComparison(); // A|B
    KindTable& table();      // of the browser
    PlotBoard& panel() { return *m_board; }
    Inspections& inspections() { return *m_inspections; }
    QComboBox& other() { return *m_other; }
    QComboBox& tokens() { return *m_tokens; }
    void focusFilter();
    void setSource(Source source);
    void setComparing(bool on);
    bool isComparing() const;
    void setOther(Other other);

Q_SIGNALS:
    void hovered(const QString& text);
    void activationsRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    using DistributionPointer = std::shared_ptr<const core::Distribution>;

    void buildBar(QWidget* parent);
    void connectBar();
    void connectBoard();
    void connectDocument();
    void useEngine();
    Other otherSide() const;
    bool isVisiblePart(PlotBoard::Part part) const; // shown and not pinned
    std::optional<core::SiteId> site() const;       // of the source; none for weights or where there is none
    core::ValueSource valueSource(Other side, bool after) const;
    DistributionPointer distribution(const core::LayerId& layer, bool after) const;
    void showPlots();
    void showDistributions();
    void showQuantiles();
    void showMap();
    void askForDetail(std::int64_t rowBegin, std::int64_t rowEnd, std::int64_t columnBegin, std::int64_t columnEnd);
    core::MapSpec mapSpec() const;
    QString beforeTransform() const;
    void showRidge();
    void showState();
    void showSelection();
    QString valueName() const;
    QString placeholder() const;

    Studio& m_studio;
    Comparisons& m_comparisons;
    Inspections* m_inspections = nullptr;
    LayerBrowser* m_browser = nullptr;
    QToolButton* m_weights = nullptr;
    QToolButton* m_inputs = nullptr;
    QToolButton* m_cache = nullptr;
    QCheckBox* m_compare = nullptr;
    QComboBox* m_other = nullptr;
    QComboBox* m_tokens = nullptr; // how many of the text, in maps and quantiles of activations
    QToolButton* m_sorted = nullptr;
    QPushButton* m_measure = nullptr;
    QLabel* m_compareState = nullptr;
    PlotBoard* m_board = nullptr;
    Source m_source = Source::Weights;
    std::optional<core::MapSpec> m_detailSpec; // of the part looked at closely
    std::vector<const core::Distribution*> m_ridgeShown;
};

} // namespace ui
