// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/plan_editor.h"

#include "ui/convert.h"
#include "ui/format.h"
#include "ui/plot/kind_text.h"

#include <QUndoCommand>

#include <algorithm>

namespace ui {

namespace {

constexpr int kSchemeMerge = 1;

int differences(const core::Plan& left, const core::Plan& right)
{
    int count = 0;
    for (const auto& choice : left.modules) {
        const auto* other = right.find(choice.module);
        count += !other || other->kind != choice.kind;
    }
    return count;
}

} // namespace

/** Swaps whole plan states: a plan has two rows a block, so that a state is small. */
class PlanCommand : public QUndoCommand
{
public:
    PlanCommand(PlanEditor& editor, PlanEditor::State before, PlanEditor::State after, int mergeId)
        : m_editor(editor)
        , m_before(std::move(before))
        , m_after(std::move(after))
        , m_mergeId(mergeId)
    {
    }

    void undo() override { m_editor.apply(m_before); }
    void redo() override { m_editor.apply(m_after); }
    int id() const override { return m_mergeId; }
    bool mergeWith(const QUndoCommand* other) override
    {
        const auto* later = static_cast<const PlanCommand*>(other);
        m_after = later->m_after;
        setText(later->text());
        return true;
    }

private:
    PlanEditor& m_editor;
    PlanEditor::State m_before;
    PlanEditor::State m_after;
    int m_mergeId;
};

PlanEditor::PlanEditor(QObject* parent)
    : QObject(parent)
{
}

void PlanEditor::clear()
{
    m_profile.reset();
    m_state = {};
    m_plan = {};
    m_previewRule.reset();
    m_undo.clear();
    Q_EMIT changed();
}

core::Plan PlanEditor::evaluate(const core::KurtosisRule& rule, const core::QuantScheme& scheme) const
{
    if (!m_engine || !m_profile)
        return m_state.automatic;
    auto plan = m_engine->applyRule(*m_profile, rule, scheme);
    plan.model = m_state.automatic.model;
    plan.kronecker = m_state.automatic.kronecker;
    carryOver(plan);
    return plan;
}

/** A rule decides kinds alone: bits of single modules stay, and what belongs to a kind while the kind does. */
void PlanEditor::carryOver(core::Plan& plan) const
{
    for (auto& choice : plan.modules) {
        const auto* before = m_state.automatic.find(choice.module);
        if (!before)
            continue;
        choice.scheme = before->scheme;
        if (choice.kind == before->kind) {
            choice.rotationForm = before->rotationForm;
            choice.start = before->start;
            choice.seed = before->seed;
        }
    }
}

core::Plan PlanEditor::merge(const core::Plan& automatic, const Overrides& overrides)
{
    auto plan = automatic;
    for (auto& choice : plan.modules) {
        choice.origin = core::Origin::Automatic;
        choice.automaticKind = choice.kind;
        const auto found = overrides.find(choice.module);
        if (found == overrides.end())
            continue;
        if (choice.kind != found->second)
            choice.rotationForm.reset(); // of the rule's rotation
        choice.kind = found->second;
        choice.origin = core::Origin::User;
        choice.reason.text =
            toStd(tr("you: %1 (automatic: %2)").arg(kindName(choice.kind), kindName(choice.automaticKind)));
    }
    return plan;
}

PlanEditor::State PlanEditor::split(const core::Plan& plan, const core::KurtosisRule& rule)
{
    State state{.rule = rule, .automatic = plan, .overrides = {}};
    for (auto& choice : state.automatic.modules) {
        if (choice.origin != core::Origin::User)
            continue;
        state.overrides[choice.module] = choice.kind;
        choice.kind = choice.automaticKind;
        choice.origin = core::Origin::Automatic;
    }
    return state;
}

void PlanEditor::apply(const State& state)
{
    m_state = state;
    m_previewRule.reset();
    m_plan = merge(m_state.automatic, m_state.overrides);
    Q_EMIT changed();
}

void PlanEditor::push(State after, const QString& text, int mergeId)
{
    auto command = std::make_unique<PlanCommand>(*this, m_state, std::move(after), mergeId);
    command->setText(text);
    m_undo.push(command.release()); // the stack owns it; pushing applies it
}

void PlanEditor::start(std::shared_ptr<const core::Profile> profile, const core::KurtosisRule& rule,
                       const core::QuantScheme& scheme)
{
    m_profile = std::move(profile);
    m_undo.clear();
    apply({.rule = rule, .automatic = evaluate(rule, scheme), .overrides = {}});
}

void PlanEditor::restore(std::shared_ptr<const core::Profile> profile, const core::Plan& plan,
                         const core::KurtosisRule& rule)
{
    m_profile = std::move(profile);
    m_undo.clear();
    apply(split(plan, rule));
}

void PlanEditor::overrideKind(const std::vector<core::ModuleId>& modules, core::TransformKind kind)
{
    auto after = m_state;
    for (const auto& module : modules)
        if (m_state.automatic.find(module))
            after.overrides[module] = kind;
    if (after.overrides == m_state.overrides)
        return;
    push(std::move(after),
         modules.size() == 1
             ? tr("%1: %2").arg(moduleName(modules.front()), kindName(kind))
             : tr("%1 for %n module(s)", nullptr, static_cast<int>(modules.size())).arg(kindName(kind)));
}

void PlanEditor::acceptAutomatic(const std::vector<core::ModuleId>& modules)
{
    auto after = m_state;
    for (const auto& module : modules)
        after.overrides.erase(module);
    if (after.overrides == m_state.overrides)
        return;
    push(std::move(after),
         modules.size() == 1 ? tr("%1: automatic").arg(moduleName(modules.front()))
                             : tr("automatic for %n module(s)", nullptr, static_cast<int>(modules.size())));
}

void PlanEditor::commitRule(const core::KurtosisRule& rule, const QString& text)
{
    auto after = m_state;
    after.rule = rule;
    after.automatic = evaluate(rule, m_state.automatic.scheme);
    const int changes =
        differences(merge(after.automatic, after.overrides), merge(m_state.automatic, m_state.overrides));
    push(std::move(after), text + tr(" (%n module(s))", nullptr, changes));
}

void PlanEditor::changeScheme(const core::QuantScheme& scheme)
{
    if (scheme == m_state.automatic.scheme)
        return;
    auto after = m_state;
    after.automatic.scheme = scheme;
    push(std::move(after),
         tr("Bits W%1 A%2 K%3 V%4")
             .arg(scheme.weightBits)
             .arg(scheme.activationBits)
             .arg(scheme.keyBits)
             .arg(scheme.valueBits),
         kSchemeMerge);
}

void PlanEditor::adopt(const core::Plan& plan, const QString& text)
{
    push(split(plan, m_state.rule), text);
}

void PlanEditor::take(const std::vector<core::Choice>& choices, const QString& text)
{
    auto after = m_state;
    for (const auto& taken : choices) {
        const auto found = std::find_if(after.automatic.modules.begin(), after.automatic.modules.end(),
                                        [&](const auto& choice) { return choice.module == taken.module; });
        if (found == after.automatic.modules.end())
            continue;
        *found = taken;
        found->origin = core::Origin::Automatic;
        after.overrides.erase(taken.module);
        if (taken.origin != core::Origin::User)
            continue;
        found->kind = taken.automaticKind;
        after.overrides[taken.module] = taken.kind;
    }
    push(std::move(after), text);
}

void PlanEditor::toggleLock(const std::vector<core::ModuleId>& modules)
{
    const bool all = std::all_of(modules.begin(), modules.end(), [&](const auto& m) { return isOverridden(m); });
    if (all) {
        acceptAutomatic(modules);
        return;
    }
    auto after = m_state;
    for (const auto& module : modules)
        if (const auto* choice = m_plan.find(module))
            after.overrides.try_emplace(module, choice->kind);
    push(std::move(after), tr("Lock %n module(s)", nullptr, static_cast<int>(modules.size())));
}

void PlanEditor::setModuleScheme(const std::vector<core::ModuleId>& modules,
                                 const std::optional<core::QuantScheme>& scheme)
{
    auto after = m_state;
    bool changes = false;
    for (auto& choice : after.automatic.modules) {
        if (std::find(modules.begin(), modules.end(), choice.module) == modules.end() || choice.scheme == scheme)
            continue;
        choice.scheme = scheme;
        changes = true;
    }
    if (changes)
        push(std::move(after),
             scheme ? tr("W%1 A%2 for %n module(s)", nullptr, static_cast<int>(modules.size()))
                          .arg(scheme->weightBits)
                          .arg(scheme->activationBits)
                    : tr("The plan's bits for %n module(s)", nullptr, static_cast<int>(modules.size())));
}

void PlanEditor::setModuleBits(const std::vector<core::ModuleId>& modules, int bits)
{
    auto scheme = m_plan.scheme;
    scheme.weightBits = scheme.activationBits = scheme.keyBits = scheme.valueBits = bits;
    setModuleScheme(modules, scheme);
}

void PlanEditor::toggleFullPrecision(const std::vector<core::ModuleId>& modules)
{
    const bool areFull = std::all_of(modules.begin(), modules.end(), [this](const auto& module) {
        const auto& scheme = m_plan.schemeOf(module);
        return scheme.weightBits == core::kFullPrecisionBits && scheme.activationBits == core::kFullPrecisionBits;
    });
    if (areFull)
        setModuleScheme(modules, std::nullopt);
    else
        setModuleBits(modules, core::kFullPrecisionBits);
}

void PlanEditor::restart(const std::vector<core::ModuleId>& modules)
{
    auto after = m_state;
    for (auto& choice : after.automatic.modules)
        if (std::find(modules.begin(), modules.end(), choice.module) != modules.end())
            ++choice.start;
    push(std::move(after), tr("Another start for %n module(s)", nullptr, static_cast<int>(modules.size())));
}

void PlanEditor::previewRule(const core::KurtosisRule& rule)
{
    m_previewRule = rule;
    m_plan = merge(evaluate(rule, m_state.automatic.scheme), m_state.overrides);
    Q_EMIT changed();
}

void PlanEditor::cancelPreview()
{
    if (m_previewRule)
        apply(State(m_state));
}

bool PlanEditor::isPreviewed(const core::ModuleId& module) const
{
    if (!m_previewRule || m_state.overrides.contains(module))
        return false;
    const auto* shown = m_plan.find(module);
    const auto* before = m_state.automatic.find(module);
    return shown && before && shown->kind != before->kind;
}

int PlanEditor::previewChanges() const
{
    return m_previewRule ? differences(m_plan, merge(m_state.automatic, m_state.overrides)) : 0;
}

} // namespace ui
