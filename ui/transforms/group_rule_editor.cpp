// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transforms/group_rule_editor.h"

#include "ui/plot/kind_text.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QSignalBlocker>

#include <array>

namespace ui {

namespace {

using Mode = core::GroupRule::Mode;
using core::TransformKind;

/** The entries of the list: what they set besides the threshold. */
struct Entry
{
    Mode mode;
    int sign;
    TransformKind kind;
};

constexpr std::array kEntries{
    Entry{Mode::Constant, 1, TransformKind::Affine},    Entry{Mode::Constant, 1, TransformKind::Rotation},
    Entry{Mode::Constant, 1, TransformKind::Hadamard},  Entry{Mode::Constant, 1, TransformKind::Identity},
    Entry{Mode::Threshold, 1, TransformKind::Affine},   Entry{Mode::Threshold, -1, TransformKind::Affine},
    Entry{Mode::TwoSided, 1, TransformKind::Affine},    Entry{Mode::TopFraction, 1, TransformKind::Affine},
    Entry{Mode::TopFraction, -1, TransformKind::Affine}};

QString entryText(const Entry& entry)
{
    switch (entry.mode) {
    case Mode::Constant: return GroupRuleEditor::tr("all %1").arg(kindName(entry.kind));
    case Mode::Threshold:
        return entry.sign > 0 ? GroupRuleEditor::tr("rotate z > \u03b2")
                              : GroupRuleEditor::tr("rotate z < \u2212\u03b2");
    case Mode::TwoSided: return GroupRuleEditor::tr("rotate |z| > \u03b2");
    case Mode::TopFraction:
        return entry.sign > 0 ? GroupRuleEditor::tr("rotate highest share")
                              : GroupRuleEditor::tr("rotate lowest share");
    }
    return {};
}

int entryOf(const core::GroupRule& rule)
{
    for (std::size_t i = 0; i < kEntries.size(); ++i) {
        const auto& entry = kEntries[i];
        if (entry.mode != rule.mode)
            continue;
        const bool same = rule.mode == Mode::Constant
            ? entry.kind == rule.constantKind
            : rule.mode == Mode::TwoSided || entry.sign == (rule.sign < 0 ? -1 : 1);
        if (same)
            return static_cast<int>(i);
    }
    return 0;
}

} // namespace

GroupRuleEditor::GroupRuleEditor(const QString& groupName, QWidget* parent)
    : QWidget(parent)
    , m_modes(new QComboBox(this))
    , m_beta(new QDoubleSpinBox(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(m_modes);
    row->addWidget(m_beta);
    for (const auto& entry : kEntries)
        m_modes->addItem(entryText(entry));
    m_modes->setAccessibleName(tr("Rule for %1").arg(groupName));
    m_modes->setToolTip(tr("How the automatic choice is made from robust z: else affine"));
    m_beta->setAccessibleName(tr("Threshold for %1").arg(groupName));
    m_beta->setToolTip(tr("\u03b2: a robust z, or a share of the modules"));
    m_beta->setKeyboardTracking(false); // one edit, one undo step
    connect(m_modes, &QComboBox::activated, this, [this] { readBack(); });
    connect(m_beta, &QDoubleSpinBox::valueChanged, this, [this] { readBack(); });
    setRule({});
}

void GroupRuleEditor::adaptBeta()
{
    const bool isShare = m_rule.mode == Mode::TopFraction;
    m_beta->setEnabled(m_rule.mode != Mode::Constant);
    m_beta->setDecimals(2);
    m_beta->setRange(isShare || m_rule.mode == Mode::TwoSided ? 0.0 : -99.0, isShare ? 1.0 : 99.0);
    m_beta->setSingleStep(isShare ? 0.05 : 0.1);
    m_beta->setPrefix(isShare ? QString() : QStringLiteral("\u03b2 "));
}

void GroupRuleEditor::setRule(const core::GroupRule& rule)
{
    m_rule = rule;
    const QSignalBlocker blockModes(m_modes);
    const QSignalBlocker blockBeta(m_beta);
    m_modes->setCurrentIndex(entryOf(rule));
    adaptBeta();
    m_beta->setValue(rule.beta);
}

void GroupRuleEditor::readBack()
{
    const auto& entry = kEntries[static_cast<std::size_t>(m_modes->currentIndex())];
    auto rule = m_rule;
    rule.mode = entry.mode;
    rule.sign = entry.sign;
    if (entry.mode == Mode::Constant)
        rule.constantKind = entry.kind;
    rule.beta = m_beta->value();
    // A share of 3.5 and a z of 0.25 make no sense: each unit starts from its own customary value.
    if (entry.mode == Mode::TopFraction && m_rule.mode != Mode::TopFraction)
        rule.beta = 0.25;
    if (entry.mode != Mode::TopFraction && m_rule.mode == Mode::TopFraction)
        rule.beta = 3.5;
    setRule(rule);
    Q_EMIT ruleEdited(rule);
}

} // namespace ui
