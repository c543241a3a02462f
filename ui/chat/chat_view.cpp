// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/chat_view.h"

#include "ui/convert.h"
#include "ui/format.h"
#include "ui/plot/plot_colors.h"
#include "ui/studio.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSpinBox>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace ui {

namespace {

enum Subject { Quantized, FullPrecision };

} // namespace

ChatView::ChatView(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 12, 10);
    column->setSpacing(8);
    column->addWidget(buildBar());
    m_transcript = new QTextBrowser(this);
    m_transcript->setObjectName(QStringLiteral("transcript"));
    m_transcript->setAccessibleName(tr("Conversation"));
    m_transcript->setOpenLinks(false);
    m_transcript->document()->setDocumentMargin(14);
    column->addWidget(m_transcript, 1);
    column->addWidget(buildInput());
    setFocusProxy(m_prompt);
    connectStudio();
    render();
    showState();
}

QWidget* ChatView::buildBar()
{
    auto* box = new QWidget(this);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    m_subject = new QComboBox(box);
    m_subject->addItems({tr("quantized model"), tr("full-precision model")});
    m_subject->setAccessibleName(tr("Model to talk to"));
    m_raw = new QCheckBox(tr("Continue the text"), box);
    m_raw->setToolTip(tr("Without a chat template: for models that only continue what they read"));
    m_temperature = new QDoubleSpinBox(box);
    m_temperature->setRange(0.0, 2.0);
    m_temperature->setSingleStep(0.1);
    m_temperature->setAccessibleName(tr("Temperature"));
    m_temperature->setToolTip(tr("0: the most probable token each time"));
    m_tokens = new QSpinBox(box);
    m_tokens->setRange(1, 32'768);
    m_tokens->setValue(128);
    m_tokens->setAccessibleName(tr("Tokens at most"));
    auto* clearButton = new QPushButton(tr("Clear"), box);
    m_state = new QLabel(box);
    m_state->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(m_subject);
    row->addWidget(m_raw);
    row->addSpacing(8);
    row->addWidget(new QLabel(tr("Temperature"), box));
    row->addWidget(m_temperature);
    row->addWidget(new QLabel(tr("Tokens"), box));
    row->addWidget(m_tokens);
    row->addWidget(m_state, 1);
    row->addWidget(clearButton);
    connect(clearButton, &QPushButton::clicked, this, &ChatView::clear);
    connect(m_subject, &QComboBox::activated, this, &ChatView::showState);
    return box;
}

QWidget* ChatView::buildInput()
{
    auto* box = new QWidget(this);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    m_prompt = new QPlainTextEdit(box);
    m_prompt->setObjectName(QStringLiteral("prompt"));
    m_prompt->setAccessibleName(tr("Your message"));
    m_prompt->setPlaceholderText(tr("Write a message. Enter sends, Shift+Enter starts a new line."));
    m_prompt->setFixedHeight(fontMetrics().lineSpacing() * 3 + 14);
    m_prompt->setTabChangesFocus(true);
    m_prompt->installEventFilter(this);
    m_send = new QPushButton(tr("Send"), box);
    m_send->setDefault(true);
    m_stop = new QPushButton(tr("Stop"), box);
    auto* buttons = new QVBoxLayout;
    buttons->addWidget(m_send);
    buttons->addWidget(m_stop);
    row->addWidget(m_prompt, 1);
    row->addLayout(buttons);
    connect(m_send, &QPushButton::clicked, this, &ChatView::send);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (m_job)
            m_job->cancel();
    });
    connect(m_prompt, &QPlainTextEdit::textChanged, this, &ChatView::showState);
    return box;
}

void ChatView::connectStudio()
{
    auto& document = m_studio.document();
    connect(&document, &Document::bundleChanged, this, &ChatView::showState);
    connect(&document, &Document::readingChanged, this, &ChatView::showState);
    connect(&document, &Document::layersReset, this, &ChatView::clear);
    connect(&m_studio, &Studio::tokensGenerated, this, &ChatView::appendTokens);
    connect(&m_studio, &Studio::chatFinished, this, [this](const std::shared_ptr<const core::ChatResult>& result) {
        if (!m_turns.empty())
            m_turns.back().message.content = result->text;
        finishAnswer(tr("%1 tokens a second, %n token(s) read", nullptr, result->promptTokens)
                         .arg(formatFixed(result->tokensPerSecond, 1)));
    });
}

core::ChatSpec ChatView::spec() const
{
    const auto& document = m_studio.document();
    core::ChatSpec spec;
    spec.model = toStd(m_subject->currentIndex() == Quantized ? document.bundle() : document.modelPath());
    spec.rawPrompt = m_raw->isChecked();
    for (const auto& turn : m_turns) {
        // A question that was never answered would make two in a row, which templates refuse.
        if (turn.message.role == "assistant" && turn.message.content.empty())
            spec.messages.pop_back();
        else
            spec.messages.push_back(turn.message);
    }
    spec.options.maxTokens = m_tokens->value();
    spec.options.temperature = m_temperature->value();
    return spec;
}

void ChatView::send()
{
    const auto text = m_prompt->toPlainText().trimmed();
    if (text.isEmpty() || !m_send->isEnabled())
        return;
    m_turns.push_back({{"user", toStd(text)}, tr("You"), {}});
    const auto question = spec();
    const auto name = m_subject->currentIndex() == Quantized ? QFileInfo(m_studio.document().bundle()).fileName()
                                                             : m_studio.document().modelName();
    m_turns.push_back({{"assistant", std::string()}, name, {}});
    m_prompt->clear();
    render();
    m_job = m_studio.chat(question);
    connect(m_job, &Job::changed, this, &ChatView::showState);
    connect(m_job, &Job::ended, this, [this] {
        if (m_job && m_job->state() == Job::State::Cancelled)
            finishAnswer(tr("stopped by you"));
        else if (m_job && m_job->state() == Job::State::Failed)
            finishAnswer(m_job->failure()->what);
        showState();
    });
    showState();
}

void ChatView::appendTokens(const std::vector<core::GeneratedToken>& tokens)
{
    if (m_turns.empty())
        return;
    QString added;
    for (const auto& token : tokens) {
        m_turns.back().message.content += token.text;
        added += toQString(token.text);
    }
    auto* bar = m_transcript->verticalScrollBar();
    const bool atEnd = bar->value() >= bar->maximum() - 4; // whoever scrolled up stays there
    QTextCursor cursor(m_transcript->document());
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(added);
    if (atEnd)
        bar->setValue(bar->maximum());
}

void ChatView::finishAnswer(const QString& note)
{
    if (m_turns.empty())
        return;
    m_turns.back().note = note;
    render();
}

void ChatView::clear()
{
    if (m_job)
        m_job->cancel();
    m_job.clear();
    m_turns.clear();
    render();
    showState();
}

void ChatView::render()
{
    const auto colors = plotColors(palette());
    m_transcript->clear();
    QTextCursor cursor(m_transcript->document());
    QTextBlockFormat headBlock;
    headBlock.setTopMargin(10);
    QTextBlockFormat body;
    body.setTopMargin(2);
    QTextCharFormat plain;
    plain.setForeground(colors.text);
    QTextCharFormat muted;
    muted.setForeground(colors.muted);
    if (m_turns.empty()) {
        cursor.insertText(
            tr("Ask the model something. With \u201ccontinue the text\u201d it goes on from what you write."), muted);
        return;
    }
    bool first = true;
    for (const auto& turn : m_turns) {
        QTextCharFormat head;
        head.setFontWeight(QFont::DemiBold);
        head.setForeground(turn.message.role == "user" ? colors.before : colors.after);
        if (first)
            cursor.setBlockFormat(headBlock);
        else
            cursor.insertBlock(headBlock);
        first = false;
        cursor.insertText(turn.speaker, head);
        if (!turn.note.isEmpty())
            cursor.insertText(QStringLiteral("   ") + turn.note, muted);
        cursor.insertBlock(body);
        cursor.insertText(toQString(turn.message.content), plain);
    }
    m_transcript->verticalScrollBar()->setValue(m_transcript->verticalScrollBar()->maximum());
}

void ChatView::showState()
{
    const auto& document = m_studio.document();
    const bool hasBundle = !document.bundle().isEmpty();
    if (!hasBundle)
        m_subject->setCurrentIndex(FullPrecision);
    else if (!m_subject->isEnabled())
        m_subject->setCurrentIndex(Quantized);
    m_subject->setEnabled(hasBundle);
    const bool busy = m_job && !m_job->isOver();
    const bool open = document.description() != nullptr;
    m_send->setEnabled(open && !busy && !m_prompt->toPlainText().trimmed().isEmpty());
    m_stop->setEnabled(busy && m_job->state() != Job::State::Stopping);
    if (!open)
        m_state->setText(tr("Open a model first"));
    else if (!busy)
        m_state->setText(hasBundle ? QString() : tr("Calibrate to talk to the quantized model"));
    else
        m_state->setText(m_job->state() == Job::State::Queued         ? tr("waiting for the job before it")
                             : m_job->state() == Job::State::Stopping ? tr("stopping\u2026")
                                                                      : tr("writing\u2026"));
}

bool ChatView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_prompt && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool isEnter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (isEnter && !(key->modifiers() & Qt::ShiftModifier)) {
            send();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void ChatView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_transcript)
        render();
}

} // namespace ui
