// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "ui/jobs/job.h"

#include <QPointer>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
class QTextBrowser;

namespace ui {

class Studio;

/** Workspace "Chat": talk to the quantized or the full-precision model; the answer streams in and can be stopped. */
class ChatView : public QWidget
{
    Q_OBJECT

public:
    explicit ChatView(Studio& studio, QWidget* parent = nullptr);

    QPlainTextEdit& prompt() { return *m_prompt; }
    QPushButton& sendButton() { return *m_send; }
    QPushButton& stopButton() { return *m_stop; }
    QTextBrowser& transcript() { return *m_transcript; }
    QComboBox& subject() { return *m_subject; }
    QCheckBox& continues() { return *m_raw; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Turn
    {
        core::Message message;
        QString speaker;
        QString note; // speed, why it ended
    };

    QWidget* buildBar();
    QWidget* buildInput();
    void connectStudio();
    core::ChatSpec spec() const;
    void send();
    void appendTokens(const std::vector<core::GeneratedToken>& tokens);
    void finishAnswer(const QString& note);
    void clear();
    void render();
    void showState();

    Studio& m_studio;
    QComboBox* m_subject = nullptr;
    QCheckBox* m_raw = nullptr;
    QDoubleSpinBox* m_temperature = nullptr;
    QSpinBox* m_tokens = nullptr;
    QTextBrowser* m_transcript = nullptr;
    QPlainTextEdit* m_prompt = nullptr;
    QPushButton* m_send = nullptr;
    QPushButton* m_stop = nullptr;
    QLabel* m_state = nullptr;
    std::vector<Turn> m_turns;
    QPointer<Job> m_job;
};

} // namespace ui
