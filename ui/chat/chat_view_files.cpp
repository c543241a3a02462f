// SPDX-License-Identifier: GPL-3.0-or-later
// How the workspace "Chat" keeps, saves and opens conversations.
#include "core/base/error.h"
#include "ui/chat/chat_view.h"
#include "ui/convert.h"
#include "ui/engine_texts.h"
#include "ui/studio.h"

#include <QComboBox>
#include <QFileDialog>
#include <QLocale>
#include <QMenu>
#include <QPointer>

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
    if (m_talk.isCompared() && !m_studio.document().bundle().isEmpty()) // its tokens are worth a look
        m_bar->modes().setCurrentIndex(static_cast<int>(ChatBar::Mode::Agreement));
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
        m_bar->setState(errorText(error));
    }
}

void ChatView::keep()
{
    tryTo([this] { m_keptFile = m_kept.keep(m_keptFile, m_talk); });
}

void ChatView::fillOpenMenu(QMenu& menu)
{
    menu.clear();
    auto* reading = menu.addAction(tr("Reading what was kept\u2026"));
    reading->setEnabled(false);
    auto* end = menu.addSeparator();
    menu.addAction(tr("From a file\u2026"), this, [this] { chooseFile(false); });
    menu.addAction(tr("Forget kept conversations"), this, [this] {
        m_kept.forget();
        m_keptFile.clear();
    });
    using Entries = std::vector<KeptConversations::Entry>;
    m_studio.jobs().run<std::monostate, Entries>(
        {.title = tr("Read kept conversations"), .quiet = true, .brief = true},
        [kept = m_kept](const Feed<std::monostate>&, core::Progress&) { return kept.list(); },
        {.updated = {}, .done = [this, menu = &menu, reading = QPointer(reading), end](const auto& entries) {
             if (reading) // else it was opened once more since
                 listKept(*menu, *entries, reading, end);
         }});
}

void ChatView::listKept(QMenu& menu, const std::vector<KeptConversations::Entry>& entries, QAction* reading,
                        QAction* end)
{
    for (const auto& entry : entries) {
        const auto when = QLocale().toString(entry.time.toLocalTime(), QLocale::ShortFormat);
        auto title = entry.title;
        title.replace(QLatin1Char('&'), QStringLiteral("&&"));
        auto* action = new QAction(title + QLatin1Char('\t') + when, &menu);
        connect(action, &QAction::triggered, this, [this, path = entry.path] {
            tryTo([&] {
                openFrom(path);
                m_keptFile = path; // what is added to it is kept there
            });
        });
        menu.insertAction(end, action);
    }
    if (entries.empty())
        reading->setText(tr("Nothing kept yet: every conversation is, on this machine alone"));
    else
        delete reading;
}

} // namespace ui
