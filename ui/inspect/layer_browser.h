// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace ui {

class Document;
class FilterBar;
class FilterEdit;
class HeatMapModel;
class KindTable;
class LayerFilterModel;
class LayerTableModel;

/** All layers at once, as a table or as a heat map of one of its numbers, under one filter and with one selection. */
class LayerBrowser : public QWidget
{
    Q_OBJECT

public:
    explicit LayerBrowser(Document& document, QWidget* parent = nullptr);

    KindTable& table() { return *m_table; }
    QTableView& heatMap() { return *m_heat; }
    LayerTableModel& model() { return *m_model; }
    FilterBar& filterBar() { return *m_filterBar; }
    FilterEdit& filter();
    QComboBox& columns() { return *m_columns; }
    QComboBox& heatColumn() { return *m_heatColumn; }
    QToolButton& tableButton() { return *m_asTable; }
    QToolButton& heatButton() { return *m_asHeat; }
    bool showsHeatMap() const;
    void showAs(bool heatMap);
    void setComparing(bool on);
    std::vector<core::ModuleId> selectedModules() const;

Q_SIGNALS:
    void comparisonToggled();
    void hovered(const QString& text);

protected:
    void focusInEvent(QFocusEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildBar();
    void buildTable();
    void buildHeatMap();
    void connectTable();
    void connectHeatMap();
    void leave(); // the pointer
    void showColumns(int set);
    void showHeader();
    void showLegend();
    void followSelection();
    void adoptSelection(const std::vector<core::LayerId>& layers, const std::optional<core::LayerId>& current);

    Document& m_document;
    LayerTableModel* m_model;
    LayerFilterModel* m_filter;
    HeatMapModel* m_heatModel;
    QLabel* m_facts = nullptr; // of the model, after its name
    QLabel* m_header = nullptr;
    FilterBar* m_filterBar = nullptr;
    QToolButton* m_asTable = nullptr;
    QToolButton* m_asHeat = nullptr;
    QComboBox* m_columns = nullptr;
    QComboBox* m_heatColumn = nullptr;
    QLabel* m_legend = nullptr;
    QStackedWidget* m_stack = nullptr;
    KindTable* m_table = nullptr;
    QTableView* m_heat = nullptr;
    bool m_following = false; // the views follow the selection: they must not change it meanwhile
};

} // namespace ui
