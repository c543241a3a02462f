// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dock_layouts.h"

#include "ui/settings.h"

#include <QDockWidget>
#include <QMainWindow>

#include <utility>

namespace ui {

DockLayouts::DockLayouts(QMainWindow& window, Settings& settings)
    : QObject(&window)
    , m_window(window)
    , m_settings(settings)
{
}

void DockLayouts::setDefault(const QString& workspace)
{
    const auto state = m_window.saveState(Settings::kLayoutVersion);
    m_defaults.insert(workspace, state);
    const auto saved = m_settings.layout(workspace);
    m_states.insert(workspace, saved.isEmpty() ? state : saved);
}

QByteArray DockLayouts::current() const
{
    return m_maximised ? m_beforeMaximised : m_window.saveState(Settings::kLayoutVersion);
}

bool DockLayouts::restore(const QByteArray& state)
{
    restoreSize();
    return state == m_window.saveState(Settings::kLayoutVersion)
        || m_window.restoreState(state, Settings::kLayoutVersion);
}

void DockLayouts::enter(const QString& workspace)
{
    if (workspace == m_workspace)
        return;
    if (!m_workspace.isEmpty())
        m_states.insert(m_workspace, current());
    m_workspace = workspace;
    if (!restore(m_states.value(workspace)))
        restore(m_defaults.value(workspace));
}

void DockLayouts::restoreDefaults()
{
    m_states = m_defaults;
    m_settings.forgetLayouts();
    restore(m_defaults.value(m_workspace));
}

void DockLayouts::store()
{
    m_states.insert(m_workspace, current());
    for (const auto& [workspace, state] : m_states.asKeyValueRange())
        m_settings.setLayout(workspace, state);
}

QStringList DockLayouts::names() const
{
    return m_settings.namedLayouts();
}

void DockLayouts::saveAs(const QString& name)
{
    m_settings.setNamedLayout(name, current());
    Q_EMIT namesChanged();
}

bool DockLayouts::apply(const QString& name)
{
    const auto state = m_settings.namedLayout(name);
    return !state.isEmpty() && restore(state);
}

void DockLayouts::remove(const QString& name)
{
    m_settings.setNamedLayout(name, {});
    Q_EMIT namesChanged();
}

void DockLayouts::toggleMaximised(QDockWidget* dock)
{
    if (m_maximised) {
        restore(std::exchange(m_beforeMaximised, {}));
        return;
    }
    if (!dock)
        return;
    m_beforeMaximised = m_window.saveState(Settings::kLayoutVersion);
    m_maximised = dock;
    if (dock->isFloating())
        dock->setFloating(false);
    for (auto* other : m_window.findChildren<QDockWidget*>(Qt::FindDirectChildrenOnly))
        other->setVisible(other == dock);
    m_window.centralWidget()->hide();
    dock->raise();
}

QDockWidget* DockLayouts::maximised() const
{
    return m_maximised;
}

void DockLayouts::restoreSize()
{
    if (!m_maximised)
        return;
    m_window.centralWidget()->show();
    m_maximised.clear();
}

} // namespace ui
