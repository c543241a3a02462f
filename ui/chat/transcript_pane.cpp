// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/transcript_pane.h"

#include "ui/convert.h"
#include "ui/plot/plot_colors.h"

#include <QScrollBar>
#include <QTextCursor>
#include <QUrl>

#include <algorithm>

namespace ui {

namespace {

constexpr double kFullGround = 2.0; // nats at which a token's ground is as strong as it gets
constexpr int kStrongestAlpha = 150;
constexpr int kAtEnd = 4; // pixels within which a view counts as scrolled to its end

QString textOf(const core::GeneratedToken& token, TranscriptPane::Shows shows)
{
    const bool differs = token.divergence && token.divergence->otherTop != token.id;
    if (shows == TranscriptPane::Shows::OtherChoices && differs)
        return toQString(token.divergence->otherText);
    return toQString(token.text);
}

} // namespace

TranscriptPane::TranscriptPane(QWidget* parent)
    : QTextBrowser(parent)
{
    setOpenLinks(false);
    setAccessibleName(tr("Conversation"));
    document()->setDocumentMargin(14);
    connect(this, &QTextBrowser::anchorClicked, this, [this](const QUrl& url) {
        const auto parts = url.toString().split(QLatin1Char(':'));
        if (parts.size() == 3)
            Q_EMIT tokenClicked({parts[1].toInt(), parts[2].toInt()});
    });
}

QTextCharFormat TranscriptPane::formatOf(const core::GeneratedToken& token, const TokenPlace& place, Shows shows) const
{
    const auto colors = plotColors(palette());
    QTextCharFormat format;
    format.setForeground(colors.text);
    if (!token.divergence)
        return format;
    auto ground = colors.after;
    ground.setAlpha(static_cast<int>(std::clamp(token.divergence->kl / kFullGround, 0.0, 1.0) * kStrongestAlpha));
    format.setBackground(ground);
    format.setAnchor(true);
    format.setAnchorHref(QStringLiteral("t:%1:%2").arg(place.turn).arg(place.token));
    // Never by colour alone.
    format.setFontUnderline(token.divergence->otherTop != token.id);
    if (shows == Shows::OtherChoices && token.divergence->otherTop != token.id)
        format.setFontWeight(QFont::DemiBold);
    return format;
}

void TranscriptPane::insertTokens(QTextCursor& cursor, const std::vector<core::GeneratedToken>& tokens,
                                  TokenPlace place, Shows shows)
{
    for (const auto& token : tokens) {
        cursor.insertText(textOf(token, shows), formatOf(token, place, shows));
        ++place.token;
    }
}

void TranscriptPane::append(const std::vector<core::GeneratedToken>& tokens, const TokenPlace& first, Shows shows)
{
    auto* bar = verticalScrollBar();
    const bool atEnd = bar->value() >= bar->maximum() - kAtEnd; // whoever scrolled up stays there
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    insertTokens(cursor, tokens, first, shows);
    if (atEnd)
        bar->setValue(bar->maximum());
}

void TranscriptPane::show(const Conversation& conversation, int side, Shows shows, const QString& speaker)
{
    const auto colors = plotColors(palette());
    clear();
    QTextCursor cursor(document());
    QTextBlockFormat headBlock;
    headBlock.setTopMargin(10);
    QTextBlockFormat body;
    body.setTopMargin(2);
    QTextCharFormat plain;
    plain.setForeground(colors.text);
    QTextCharFormat muted;
    muted.setForeground(colors.muted);
    if (conversation.turns.empty()) {
        cursor.insertText(m_hint, muted);
        return;
    }
    const auto head = [&](const QString& name, const QColor& color, const QString& note) {
        QTextCharFormat format;
        format.setFontWeight(QFont::DemiBold);
        format.setForeground(color);
        if (cursor.atStart())
            cursor.setBlockFormat(headBlock);
        else
            cursor.insertBlock(headBlock);
        cursor.insertText(name, format);
        if (!note.isEmpty())
            cursor.insertText(QStringLiteral("   ") + note, muted);
        cursor.insertBlock(body);
    };
    for (std::size_t i = 0; i < conversation.turns.size(); ++i) {
        const auto& turn = conversation.turns[i];
        const auto& answer = turn.answers[static_cast<std::size_t>(side)];
        head(tr("You"), colors.before, {});
        cursor.insertText(toQString(turn.question), plain);
        head(speaker, colors.after, shows == Shows::Answers ? answer.note : tr("what it would have chosen"));
        if (answer.tokens.empty())
            cursor.insertText(toQString(answer.text), plain);
        else
            insertTokens(cursor, answer.tokens, {static_cast<int>(i), 0}, shows);
    }
    verticalScrollBar()->setValue(verticalScrollBar()->maximum());
}

} // namespace ui
