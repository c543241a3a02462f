// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/kept_conversations.h"

#include "ui/convert.h"

#include <QDir>

#include <utility>

namespace ui {

namespace {

constexpr int kMost = 50;
constexpr int kTitle = 60; // letters

QFileInfoList newestFirst(const QString& folder)
{
    return QDir(folder).entryInfoList({QStringLiteral("*.json")}, QDir::Files, QDir::Time);
}

} // namespace

KeptConversations::KeptConversations(QString folder)
    : m_folder(std::move(folder))
{
}

QString KeptConversations::keep(const QString& path, const Conversation& conversation) const
{
    const QDir folder(m_folder);
    if (!folder.mkpath(QStringLiteral(".")))
        throw core::Error(core::ErrorKind::Io, "the folder of kept conversations could not be made", toStd(m_folder));
    const auto now = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-hhmmss-zzz"));
    const auto file = path.isEmpty() ? folder.filePath(now + QStringLiteral(".json")) : path;
    saveConversation(file, conversation);
    const auto all = newestFirst(m_folder);
    for (qsizetype i = kMost; i < all.size(); ++i)
        QFile::remove(all[i].filePath());
    return file;
}

std::vector<KeptConversations::Entry> KeptConversations::list() const
{
    std::vector<Entry> entries;
    for (const auto& file : newestFirst(m_folder)) {
        try {
            const auto conversation = loadConversation(file.filePath());
            if (conversation.turns.empty())
                continue;
            auto title = toQString(conversation.turns.front().question).simplified();
            if (title.size() > kTitle)
                title = title.left(kTitle) + QChar(0x2026);
            entries.push_back({file.filePath(), title, file.lastModified()});
        } catch (const core::Error&) { // somebody else's file, or a damaged one
        }
    }
    return entries;
}

void KeptConversations::forget() const
{
    for (const auto& file : newestFirst(m_folder))
        QFile::remove(file.filePath());
}

} // namespace ui
