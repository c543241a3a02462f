// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chat/conversation.h"

#include <QDateTime>

namespace ui {

/** Conversations that were kept without being asked for, the newest fifty, as files of a folder of this machine. */
class KeptConversations
{
public:
    struct Entry
    {
        QString path;
        QString title; // the first question, on one line
        QDateTime time;
    };

    explicit KeptConversations(QString folder);

    /** Writes it to the file it had before, else to a new one; its path. Throws core::Error. */
    QString keep(const QString& path, const Conversation& conversation) const;
    std::vector<Entry> list() const; // the newest first; damaged files are left out
    void forget() const;             // all of them

private:
    QString m_folder;
};

} // namespace ui
