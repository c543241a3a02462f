// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/actions.h"

#include "ui/convert.h"
#include "ui/icons.h"

#include <QPalette>

#include <stdexcept>

namespace ui {

ActionRegistry::ActionRegistry(QObject* parent)
    : QObject(parent)
{
}

void ActionRegistry::checkShortcuts(const ActionSpec& spec) const
{
    if (m_byId.contains(spec.id))
        throw std::logic_error("action '" + toStd(spec.id) + "' exists already");
    for (const auto& shortcut : spec.shortcuts)
        for (const auto* action : m_actions)
            if (action->shortcuts().contains(shortcut))
                throw std::logic_error("shortcut " + toStd(shortcut.toString()) + " of '" + toStd(spec.id)
                                       + "' belongs to '" + toStd(action->objectName()) + "'");
}

QAction* ActionRegistry::add(const ActionSpec& spec, QObject* context, std::function<void()> triggered)
{
    checkShortcuts(spec);
    auto* action = new QAction(spec.text, this);
    action->setObjectName(spec.id);
    action->setShortcuts(spec.shortcuts);
    action->setCheckable(spec.checkable);
    action->setProperty("iconName", spec.icon);
    auto tip = spec.tip;
    if (!spec.shortcuts.isEmpty())
        tip += QStringLiteral(" (%1)").arg(spec.shortcuts.first().toString(QKeySequence::NativeText));
    action->setToolTip(tip);
    action->setStatusTip(spec.tip);
    connect(action, &QAction::triggered, context, std::move(triggered));
    m_actions.append(action);
    m_byId.insert(spec.id, action);
    return action;
}

QAction* ActionRegistry::at(const QString& id) const
{
    return m_byId.value(id);
}

void ActionRegistry::recolorIcons(const QPalette& palette)
{
    for (auto* action : m_actions)
        if (const auto name = action->property("iconName").toString(); !name.isEmpty())
            action->setIcon(icon(name, palette));
}

} // namespace ui
