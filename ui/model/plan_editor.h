// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"

#include <QObject>
#include <QUndoStack>

#include <map>
#include <memory>
#include <optional>

namespace ui {

/** The plan as a person works on it: automatic choices by a rule, overrides over them, a preview while a threshold is
    dragged, and a history to undo. The engine evaluates the rule; nothing is computed here. */
class PlanEditor : public QObject
{
    Q_OBJECT

public:
    using Overrides = std::map<core::ModuleId, core::TransformKind>;

    explicit PlanEditor(QObject* parent = nullptr);

    /** What evaluates rules: quick and safe from this thread. Outlives the editor or is taken away with null. */
    void setEngine(std::shared_ptr<const core::Session> engine) { m_engine = std::move(engine); }
    void clear();

    bool isEmpty() const { return m_plan.modules.empty(); }
    const core::Plan& plan() const { return m_plan; } // as shown: with the preview
    const core::KurtosisRule& rule() const { return m_previewRule ? *m_previewRule : m_state.rule; }
    bool isPreviewing() const { return m_previewRule.has_value(); }
    bool isPreviewed(const core::ModuleId& module) const; // shown otherwise than before the preview
    int previewChanges() const;
    bool isOverridden(const core::ModuleId& module) const { return m_state.overrides.contains(module); }

    /** The first plan of a model, by the engine's rule or as it was saved: no undo step. */
    void start(std::shared_ptr<const core::Profile> profile, const core::KurtosisRule& rule,
               const core::QuantScheme& scheme);
    void restore(std::shared_ptr<const core::Profile> profile, const core::Plan& plan, const core::KurtosisRule& rule);
    /** The statistics came anew (or at last): the plan stays as it is. */
    void setProfile(std::shared_ptr<const core::Profile> profile) { m_profile = std::move(profile); }

    // Each is one undo step.
    void overrideKind(const std::vector<core::ModuleId>& modules, core::TransformKind kind);
    void acceptAutomatic(const std::vector<core::ModuleId>& modules);
    void commitRule(const core::KurtosisRule& rule, const QString& text); // ends a preview
    void changeScheme(const core::QuantScheme& scheme);                   // steps in a row become one
    void adopt(const core::Plan& plan, const QString& text);              // from a file
    /** Choices of another plan or of a search, with all that belongs to them, instead of ours; overrides give way. */
    void take(const std::vector<core::Choice>& choices, const QString& text);
    /** Makes the kinds as they are the person's own, so that no rule changes them; where all are, gives them back. */
    void toggleLock(const std::vector<core::ModuleId>& modules);
    void setModuleScheme(const std::vector<core::ModuleId>& modules, const std::optional<core::QuantScheme>& scheme);
    void setModuleBits(const std::vector<core::ModuleId>& modules, int bits); // of everything in them
    void toggleFullPrecision(const std::vector<core::ModuleId>& modules);     // or the plan's bits where all have it
    void restart(const std::vector<core::ModuleId>& modules);                 // trained from the next random draw

    void previewRule(const core::KurtosisRule& rule);
    void cancelPreview();

    QUndoStack& undoStack() { return m_undo; }
    const QUndoStack& undoStack() const { return m_undo; }

Q_SIGNALS:
    void changed(); // any choice, the rule, the scheme or a preview

private:
    friend class PlanCommand;

    /** All that undo brings back. */
    struct State
    {
        core::KurtosisRule rule;
        core::Plan automatic; // without overrides
        Overrides overrides;
    };

    void apply(const State& state);
    void push(State after, const QString& text, int mergeId = -1);
    core::Plan evaluate(const core::KurtosisRule& rule, const core::QuantScheme& scheme) const;
    void carryOver(core::Plan& plan) const;
    static core::Plan merge(const core::Plan& automatic, const Overrides& overrides);
    static State split(const core::Plan& plan, const core::KurtosisRule& rule);

    std::shared_ptr<const core::Session> m_engine;
    std::shared_ptr<const core::Profile> m_profile;
    State m_state;
    core::Plan m_plan;
    std::optional<core::KurtosisRule> m_previewRule;
    QUndoStack m_undo;
};

} // namespace ui
