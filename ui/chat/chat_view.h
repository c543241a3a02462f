// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/chat/chat_bar.h"
#include "ui/chat/kept_conversations.h"
#include "ui/chat/transcript_pane.h"
#include "ui/jobs/job.h"

#include <QPointer>
#include <QWidget>

#include <functional>

class QAction;
class QMenu;
class QPlainTextEdit;
class QPushButton;
class QSplitter;

namespace ui {

class Studio;
class TokenPanel;

/** Workspace "Chat": talk to the quantized model, to the full-precision one, or to both side by side; answers stream in and
    can be stopped. */
class ChatView : public QWidget
{
    Q_OBJECT

public:
    explicit ChatView(Studio& studio, QWidget* parent = nullptr);

    void saveTo(const QString& path); // throw core::Error
    void openFrom(const QString& path);

    QPlainTextEdit& prompt() { return *m_prompt; }
    QPushButton& sendButton() { return *m_send; }
    QPushButton& stopButton() { return *m_stop; }
    QPushButton& againButton() { return *m_again; }
    TranscriptPane& transcript() { return *m_panes[0]; }
    TranscriptPane& otherTranscript() { return *m_panes[1]; }
    TokenPanel& tokenPanel() { return *m_tokenPanel; }
    ChatBar& bar() { return *m_bar; }
    QComboBox& subject() { return m_bar->subject(); }
    QCheckBox& continues() { return m_bar->rawBox(); }

Q_SIGNALS:
    void blockRequested(int block); // its layers are to be shown

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QWidget* buildTranscripts();
    QWidget* buildInput();
    void connectStudio();
    void connectParts();

    QString modelOf(int side) const;   // path
    QString speakerOf(int side) const; // as the conversation names it
    core::ChatSpec spec(int side) const;
    void send();
    void again();
    void ask(int side);
    void appendTokens(const std::vector<core::GeneratedToken>& tokens);
    void finish(const core::ChatResult& result);
    void endJob();
    void note(const QString& text);
    void trace(const TokenPlace& place);
    void clear();
    void setMode();
    void chooseFile(bool save);
    void keep();
    void fillOpenMenu(QMenu& menu);
    void listKept(QMenu& menu, const std::vector<KeptConversations::Entry>& entries, QAction* reading, QAction* end);
    void tryTo(const std::function<void()>& work); // says in the bar what went wrong
    void render();
    void renderPanes(); // what was looked up of a token stays
    void renderSide(int side);
    void showState();
    bool isBusy() const { return m_job && !m_job->isOver(); }
    Answer& currentAnswer() { return m_talk.turns.back().answers[static_cast<std::size_t>(m_side)]; }
    TranscriptPane::Shows shownBy(int side) const;

    Studio& m_studio;
    ChatBar* m_bar = nullptr;
    QSplitter* m_split = nullptr; // conversation above, tokens below
    std::array<TranscriptPane*, 2> m_panes{};
    TokenPanel* m_tokenPanel = nullptr;
    QPlainTextEdit* m_prompt = nullptr;
    QPushButton* m_send = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_again = nullptr;
    Conversation m_talk;
    KeptConversations m_kept;
    QString m_keptFile; // of this conversation; empty: not kept yet
    int m_side = 0;     // who is writing
    QPointer<Job> m_job;
    QPointer<Job> m_tracing;
};

} // namespace ui
