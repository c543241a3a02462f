// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/actions.h"

#include "core/base/error.h"
#include "ui/convert.h"
#include "ui/icons.h"

#include <QPalette>

#include <stdexcept>

namespace ui {

namespace {

/** Whether one of the two would be taken for the other: equal, or one the beginning of the other. */
bool collide(const QKeySequence& a, const QKeySequence& b)
{
    return !a.isEmpty() && !b.isEmpty()
        && (a.matches(b) != QKeySequence::NoMatch || b.matches(a) != QKeySequence::NoMatch);
}

} // namespace

QString plainText(const QAction& action)
{
    auto text = action.text();
    text.remove(QLatin1Char('&'));
    if (text.endsWith(QChar(0x2026)))
        text.chop(1);
    return text;
}

ActionRegistry::ActionRegistry(QObject* parent)
    : QObject(parent)
{
}

QAction* ActionRegistry::owner(const QKeySequence& keys, const QAction* action) const
{
    for (auto* other : m_actions)
        if (other != action)
            for (const auto& taken : other->shortcuts())
                if (collide(keys, taken))
                    return other;
    return nullptr;
}

QAction* ActionRegistry::add(const ActionSpec& spec, QObject* context, std::function<void()> triggered)
{
    if (m_byId.contains(spec.id))
        throw std::logic_error("action '" + toStd(spec.id) + "' exists already");
    for (const auto& keys : spec.shortcuts)
        if (const auto* other = owner(keys, nullptr))
            throw std::logic_error("shortcut " + toStd(keys.toString()) + " of '" + toStd(spec.id) + "' belongs to '"
                                   + toStd(other->objectName()) + "'");
    auto* action = new QAction(spec.text, this);
    action->setObjectName(spec.id);
    action->setShortcuts(spec.shortcuts);
    action->setCheckable(spec.checkable);
    action->setProperty("iconName", spec.icon);
    action->setWhatsThis(spec.help.isEmpty() ? spec.tip : spec.help);
    connect(action, &QAction::triggered, context, std::move(triggered));
    m_actions.append(action);
    m_byId.insert(spec.id, action);
    m_entries.insert(action, {spec.tip, spec.shortcuts, spec.whyDisabled, {}});
    describe(*action);
    return action;
}

QAction* ActionRegistry::at(const QString& id) const
{
    return m_byId.value(id);
}

QString ActionRegistry::group(const QAction& action) const
{
    return m_groups.value(action.objectName().section(QLatin1Char('.'), 0, 0));
}

void ActionRegistry::describe(QAction& action) const
{
    const auto entry = m_entries.constFind(&action);
    auto tip = entry->tip;
    if (!action.shortcut().isEmpty())
        tip += QStringLiteral(" (%1)").arg(action.shortcut().toString(QKeySequence::NativeText));
    if (!entry->reason.isEmpty())
        tip += QStringLiteral("\n%1").arg(entry->reason);
    action.setToolTip(tip);
    action.setStatusTip(entry->reason.isEmpty() ? entry->tip : entry->reason);
}

void ActionRegistry::update()
{
    for (auto* action : m_actions) {
        auto& entry = m_entries[action];
        if (!entry.whyDisabled)
            continue;
        const auto reason = entry.whyDisabled();
        action->setEnabled(reason.isEmpty());
        if (reason != std::exchange(entry.reason, reason))
            describe(*action);
    }
}

QString ActionRegistry::whyDisabled(const QAction& action) const
{
    return m_entries.value(&action).reason;
}

const QList<QKeySequence>& ActionRegistry::defaultShortcuts(const QAction& action) const
{
    return m_entries.constFind(&action)->defaults;
}

void ActionRegistry::rebind(QAction& action, const QList<QKeySequence>& keys)
{
    for (const auto& sequence : keys)
        if (const auto* other = owner(sequence, &action))
            throw core::Error(core::ErrorKind::InvalidArgument,
                              toStd(tr("%1 belongs to \u201c%2\u201d")
                                        .arg(sequence.toString(QKeySequence::NativeText), plainText(*other))));
    action.setShortcuts(keys);
    describe(action);
}

void ActionRegistry::recolorIcons(const QPalette& palette)
{
    for (auto* action : m_actions)
        if (const auto name = action->property("iconName").toString(); !name.isEmpty())
            action->setIcon(icon(name, palette));
}

} // namespace ui
