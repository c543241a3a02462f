// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/model/comparisons.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace ui {

class DistributionPanel;
class GroupRuleEditor;
class KindTable;
class ModuleTableModel;
class Studio;
class ThresholdPlot;

/** Workspace "Transforms": the rule as a line to drag over the modules, every choice in a table, and what the chosen
    transform does to the selected layer. */
class TransformsView : public QWidget
{
    Q_OBJECT

public:
    TransformsView(Studio& studio, Comparisons& comparisons, QWidget* parent = nullptr);

    ThresholdPlot& plot(core::ModuleKind kind) { return *m_groups[static_cast<std::size_t>(kind)].plot; }
    GroupRuleEditor& editor(core::ModuleKind kind) { return *m_groups[static_cast<std::size_t>(kind)].editor; }
    KindTable& table() { return *m_table; }
    DistributionPanel& panel() { return *m_panel; }

Q_SIGNALS:
    void hovered(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Group
    {
        core::ModuleKind kind = core::ModuleKind::Attention;
        ThresholdPlot* plot = nullptr;
        GroupRuleEditor* editor = nullptr;
    };

    void buildGroup(core::ModuleKind kind, const QString& name);
    void buildTable();
    void buildComparison(QWidget* parent);
    void connectGroup(const Group& group);
    void connectDocument();
    core::KurtosisRule withGroup(core::ModuleKind kind, core::GroupRule group) const;
    core::GroupRule dragged(const Group& group, double beta) const;
    void showPlan();
    void showComparison();
    void showEvidence();
    void fitEvidence();
    void followSelection();
    std::vector<core::ModuleId> selectedModules() const;
    std::vector<core::ModuleId> chosenModules() const; // in the selection that all views share

    Studio& m_studio;
    Comparisons& m_comparisons;
    std::array<Group, 2> m_groups;
    QLabel* m_evidence = nullptr;
    ModuleTableModel* m_model = nullptr;
    KindTable* m_table = nullptr;
    QToolButton* m_weights = nullptr;
    QToolButton* m_inputs = nullptr;
    QLabel* m_errors = nullptr;
    DistributionPanel* m_panel = nullptr;
};

} // namespace ui
