// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/model/comparisons.h"

#include <QWidget>

class QLabel;
class QTabWidget;

namespace ui {

class BeforeAfterPanel;
class DistributionPanel;
class GroupRuleEditor;
class KindTable;
class ModuleTableModel;
class Studio;
class PlanDiffPanel;
class SearchPanel;
class ThresholdPlot;
class WhatIfPanel;

/** Workspace "Transforms": the rule as a line to drag over the modules, every choice in a table, and beside it what the
    chosen transform does to the selected layer and what the other kinds would do. */
class TransformsView : public QWidget
{
    Q_OBJECT

public:
    TransformsView(Studio& studio, Comparisons& comparisons, QWidget* parent = nullptr);

    ThresholdPlot& plot(core::ModuleKind kind) { return *m_groups[static_cast<std::size_t>(kind)].plot; }
    GroupRuleEditor& editor(core::ModuleKind kind) { return *m_groups[static_cast<std::size_t>(kind)].editor; }
    KindTable& table() { return *m_table; }
    DistributionPanel& panel();
    WhatIfPanel& whatIf() { return *m_whatIf; }
    BeforeAfterPanel& beforeAfter() { return *m_beforeAfter; }
    SearchPanel& search() { return *m_search; }
    PlanDiffPanel& planDiff() { return *m_planDiff; }
    QTabWidget& tabs() { return *m_tabs; }

Q_SIGNALS:
    void hovered(const QString& text);
    void commandCopied(const QString& command);
    void searchFileRequested();
    void planFileRequested(); // to compare with

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
    void connectTable();
    void showTableMenu(const QPoint& position);
    QWidget* buildTabs();
    void connectGroup(const Group& group);
    void connectDocument();
    double quantizedZ(const core::ModuleId& module) const;
    core::KurtosisRule withGroup(core::ModuleKind kind, core::GroupRule group) const;
    core::GroupRule dragged(const Group& group, double beta) const;
    QString placeholder() const; // where there are no modules
    void showPlan();
    void showEvidence();
    void fitEvidence();
    void followSelection();
    std::vector<core::ModuleId> selectedModules() const;
    std::vector<core::ModuleId> chosenModules() const; // in the selection that all views share

    Studio& m_studio;
    std::array<Group, 2> m_groups;
    QLabel* m_evidence = nullptr;
    ModuleTableModel* m_model = nullptr;
    KindTable* m_table = nullptr;
    QTabWidget* m_tabs = nullptr;
    BeforeAfterPanel* m_beforeAfter = nullptr;
    WhatIfPanel* m_whatIf = nullptr;
    SearchPanel* m_search = nullptr;
    PlanDiffPanel* m_planDiff = nullptr;
};

} // namespace ui
