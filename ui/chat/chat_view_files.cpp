// SPDX-License-Identifier: GPL-3.0-or-later
// How the workspace "Chat" keeps, saves and opens conversations.
#include "core/base/error.h"
#include "ui/chat/chat_view.h"
#include "ui/convert.h"

#include <QFileDialog>
#include <QLocale>
#include <QMenu>

namespace ui {

void ChatView::saveTo(const QString& path)
{
    saveConversation(path, m_talk);
}

void ChatView::openFrom(const QString& path)
{
    auto talk = loadConversation(path);
    clear();
    m_talk = std::move(talk);
    m_bar->setSystem(m_talk.system);
    render();
    showState();
}

void ChatView::chooseFile(bool save)
{
    const auto filter = tr("Conversations (*.json)");
    const auto path = save
        ? QFileDialog::getSaveFileName(this, tr("Save the conversation"), QStringLiteral("conversation.json"), filter)
        : QFileDialog::getOpenFileName(this, tr("Open a conversation"), {}, filter);
    if (!path.isEmpty())
        tryTo([&] { save ? saveTo(path) : openFrom(path); });
}

void ChatView::tryTo(const std::function<void()>& work)
{
    try {
        work();
    } catch (const core::Error& error) {
        m_bar->setState(toQString(core::describe(error)));
    }
}

void ChatView::keep()
{
    tryTo([this] { m_keptFile = m_kept.keep(m_keptFile, m_talk); });
}

void ChatView::fillOpenMenu(QMenu& menu)
{
    menu.clear();
    for (const auto& entry : m_kept.list()) {
        const auto when = QLocale().toString(entry.time.toLocalTime(), QLocale::ShortFormat);
        auto title = entry.title;
        title.replace(QLatin1Char('&'), QStringLiteral("&&"));
        menu.addAction(title + QLatin1Char('\t') + when, this, [this, path = entry.path] {
            tryTo([&] {
                openFrom(path);
                m_keptFile = path; // what is added to it is kept there
            });
        });
    }
    if (menu.isEmpty())
        menu.addAction(tr("Nothing kept yet: every conversation is, on this machine alone"))->setEnabled(false);
    menu.addSeparator();
    menu.addAction(tr("From a file\u2026"), this, [this] { chooseFile(false); });
    menu.addAction(tr("Forget kept conversations"), this, [this] {
        m_kept.forget();
        m_keptFile.clear();
    });
}

} // namespace ui
