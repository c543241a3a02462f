// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/select/kurtosis_rule.h"

#include <QWidget>

class QComboBox;
class QDoubleSpinBox;

namespace ui {

/** The rule of one group of modules as two fields: what it does, and its threshold or share. */
class GroupRuleEditor : public QWidget
{
    Q_OBJECT

public:
    explicit GroupRuleEditor(const QString& groupName, QWidget* parent = nullptr);

    void setRule(const core::GroupRule& rule); // tells nobody
    QComboBox& modes() { return *m_modes; }
    QDoubleSpinBox& beta() { return *m_beta; }

Q_SIGNALS:
    void ruleEdited(const core::GroupRule& rule); // by the person, once per edit

private:
    void readBack();
    void adaptBeta();

    QComboBox* m_modes;
    QDoubleSpinBox* m_beta;
    core::GroupRule m_rule;
};

} // namespace ui
