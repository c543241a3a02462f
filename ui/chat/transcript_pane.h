// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chat/conversation.h"

#include <QTextBrowser>

class QTextCharFormat;

namespace ui {

/** A token of a conversation, counted from 0. */
struct TokenPlace
{
    int turn = -1;
    int token = -1;

    bool isValid() const { return turn >= 0 && token >= 0; }
    bool operator==(const TokenPlace&) const = default;
};

/** One model's side of a conversation. Where a second model read along, each token has a ground by its KL divergence
    and can be clicked; with `Shows::OtherChoices` the tokens the second model would have chosen stand in place of those it
    disagrees with. */
class TranscriptPane : public QTextBrowser
{
    Q_OBJECT

public:
    enum class Shows { Answers, OtherChoices };

    explicit TranscriptPane(QWidget* parent = nullptr);

    void setHint(const QString& hint) { m_hint = hint; } // while nothing was said
    void show(const Conversation& conversation, int side, Shows shows, const QString& speaker);
    /** New tokens of the last answer: cheaper than showing all again. */
    void append(const std::vector<core::GeneratedToken>& tokens, const TokenPlace& first, Shows shows);

    using QTextBrowser::show;

Q_SIGNALS:
    void tokenClicked(const ui::TokenPlace& place);

private:
    void insertTokens(QTextCursor& cursor, const std::vector<core::GeneratedToken>& tokens, TokenPlace place,
                      Shows shows);
    QTextCharFormat formatOf(const core::GeneratedToken& token, const TokenPlace& place, Shows shows) const;

    QString m_hint;
};

} // namespace ui
