// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shortcuts_page.h"

#include "core/base/error.h"
#include "ui/actions.h"
#include "ui/convert.h"
#include "ui/settings.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

namespace ui {

ShortcutsPage::ShortcutsPage(Settings& settings, ActionRegistry& actions, QWidget* parent)
    : QWidget(parent)
    , m_settings(settings)
    , m_actions(actions)
    , m_table(new QTableWidget(this))
    , m_keys(new QKeySequenceEdit(this))
    , m_set(new QPushButton(tr("&Set"), this))
    , m_default(new QPushButton(tr("&Default"), this))
    , m_problem(new QLabel(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_table->setColumnCount(2);
    m_table->setHorizontalHeaderLabels({tr("Command"), tr("Keys")});
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_table->horizontalHeader()->resizeSection(1, 150);
    m_table->verticalHeader()->hide();
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setAccessibleName(tr("Commands and their keys"));
    m_keys->setAccessibleName(tr("New keys"));
    m_problem->setWordWrap(true);
    m_problem->setObjectName(QStringLiteral("shortcutProblem"));
    column->addWidget(m_table, 1);
    auto* row = new QHBoxLayout;
    auto* label = new QLabel(tr("New &keys"), this);
    label->setBuddy(m_keys);
    row->addWidget(label);
    row->addWidget(m_keys, 1);
    row->addWidget(m_set);
    row->addWidget(m_default);
    column->addLayout(row);
    column->addWidget(m_problem);
    for (auto* action : actions.all()) {
        const int at = m_table->rowCount();
        m_table->insertRow(at);
        m_table->setItem(
            at, 0, new QTableWidgetItem(QStringLiteral("%1: %2").arg(actions.group(*action), plainText(*action))));
        m_table->setItem(at, 1, new QTableWidgetItem);
    }
    connect(m_table, &QTableWidget::itemSelectionChanged, this, &ShortcutsPage::showChosen);
    connect(m_set, &QPushButton::clicked, this, [this] { bind({m_keys->keySequence()}); });
    connect(m_default, &QPushButton::clicked, this, [this] {
        if (const auto* action = chosen())
            bind(m_actions.defaultShortcuts(*action));
    });
    m_table->selectRow(0);
    load();
}

void ShortcutsPage::apply(const Settings& settings, ActionRegistry& actions)
{
    // First everything free, so that two commands may have changed places.
    for (auto* action : actions.all())
        if (settings.shortcuts(action->objectName()) || action->shortcuts() != actions.defaultShortcuts(*action))
            actions.rebind(*action, {});
    for (auto* action : actions.all()) {
        const auto keys = settings.shortcuts(action->objectName()).value_or(actions.defaultShortcuts(*action));
        if (keys == action->shortcuts())
            continue;
        try {
            actions.rebind(*action, keys);
        } catch (const core::Error&) {
            continue; // a newer version gave the keys to another command: that one keeps them
        }
    }
}

QAction* ShortcutsPage::chosen() const
{
    return m_actions.all().value(m_table->currentRow());
}

void ShortcutsPage::load()
{
    for (int row = 0; row < m_table->rowCount(); ++row)
        m_table->item(row, 1)->setText(
            QKeySequence::listToString(m_actions.all()[row]->shortcuts(), QKeySequence::NativeText));
    showChosen();
}

void ShortcutsPage::showChosen()
{
    m_problem->clear();
    if (const auto* action = chosen())
        m_keys->setKeySequence(action->shortcut());
}

void ShortcutsPage::bind(const QList<QKeySequence>& keys)
{
    auto* action = chosen();
    if (!action)
        return;
    const auto wanted = keys.isEmpty() || keys.first().isEmpty() ? QList<QKeySequence>() : keys;
    try {
        m_actions.rebind(*action, wanted);
    } catch (const core::Error& error) {
        m_problem->setText(toQString(error.what()));
        return;
    }
    const bool isDefault = wanted == m_actions.defaultShortcuts(*action);
    m_settings.setShortcuts(action->objectName(),
                            isDefault ? std::optional<QList<QKeySequence>>() : std::optional(wanted));
    load();
}

QString ShortcutsPage::problem() const
{
    return m_problem->text();
}

} // namespace ui
