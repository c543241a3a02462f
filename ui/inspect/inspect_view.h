// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/model/comparisons.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace ui {

class DistributionPanel;
class KindTable;
class LayerFilterModel;
class LayerTableModel;
class Studio;

/** Workspace "Inspect": every matrix in one table, the selected one in pictures. */
class InspectView : public QWidget
{
    Q_OBJECT

public:
    enum class Source { Weights, Inputs };

    InspectView(Studio& studio, Comparisons& comparisons, QWidget* parent = nullptr);

    KindTable& table() { return *m_table; }
    DistributionPanel& panel() { return *m_panel; }
    void focusFilter();
    void setSource(Source source);
    void setComparing(bool on);
    bool isComparing() const;

Q_SIGNALS:
    void hovered(const QString& text);
    void activationsRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void buildFilterBar();
    void buildTable();
    void buildPlots();
    void connectTable();
    void connectDocument();
    void applyFilter(const QString& text);
    void showCount();
    void followSelection();
    void showPlots();
    void showHeader();
    std::vector<core::ModuleId> selectedModules() const;
    void requestComparison();

    Studio& m_studio;
    Comparisons& m_comparisons;
    LayerTableModel* m_model = nullptr;
    LayerFilterModel* m_filter = nullptr;
    QLabel* m_header = nullptr;
    QLineEdit* m_filterEdit = nullptr;
    QLabel* m_filterState = nullptr;
    KindTable* m_table = nullptr;
    QToolButton* m_weights = nullptr;
    QToolButton* m_inputs = nullptr;
    QCheckBox* m_compare = nullptr;
    QToolButton* m_sorted = nullptr;
    QPushButton* m_measure = nullptr;
    QLabel* m_compareState = nullptr;
    DistributionPanel* m_panel = nullptr;
    Source m_source = Source::Weights;
};

} // namespace ui
