// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/chat_view.h"

#include "core/base/error.h"
#include "ui/chat/token_panel.h"
#include "ui/convert.h"
#include "ui/format.h"
#include "ui/studio.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStandardPaths>
#include <QVBoxLayout>

namespace ui {

ChatView::ChatView(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_kept(QDir(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation))
                 .filePath(QStringLiteral("conversations")))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 12, 10);
    column->setSpacing(8);
    m_bar = new ChatBar(this);
    column->addWidget(m_bar);
    column->addWidget(buildTranscripts(), 1);
    column->addWidget(buildInput());
    setFocusProxy(m_prompt);
    connectStudio();
    connectParts();
    setMode();
}

QWidget* ChatView::buildTranscripts()
{
    m_split = new QSplitter(Qt::Vertical, this);
    m_split->setChildrenCollapsible(false);
    auto* sides = new QSplitter(Qt::Horizontal, m_split);
    sides->setChildrenCollapsible(false);
    for (auto*& pane : m_panes) {
        pane = new TranscriptPane(sides);
        sides->addWidget(pane);
        connect(pane, &TranscriptPane::tokenClicked, this, [this](const TokenPlace& place) {
            if (place.turn >= static_cast<int>(m_talk.turns.size()))
                return;
            m_tokenPanel->setAnswer(&m_talk.turns[static_cast<std::size_t>(place.turn)].answers[0], place.turn);
            m_tokenPanel->showToken(place.token);
        });
    }
    m_panes[0]->setObjectName(QStringLiteral("transcript"));
    m_panes[0]->setHint(
        tr("Ask the model something. With \u201ccontinue the text\u201d it goes on from what you write."));
    m_panes[1]->setObjectName(QStringLiteral("otherTranscript"));
    m_panes[1]->setHint(tr("The quantized model answers here."));
    m_panes[1]->setAccessibleName(tr("Conversation with the quantized model"));
    m_tokenPanel = new TokenPanel(m_split);
    m_split->addWidget(sides);
    m_split->addWidget(m_tokenPanel);
    m_split->setStretchFactor(0, 3);
    m_split->setStretchFactor(1, 2);
    return m_split;
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
    m_again = new QPushButton(tr("Again"), box);
    m_again->setToolTip(tr("Answer the last question once more, with the parameters as they are now"));
    auto* buttons = new QVBoxLayout;
    buttons->addWidget(m_send);
    buttons->addWidget(m_stop);
    row->addWidget(m_prompt, 1);
    row->addWidget(m_again, 0, Qt::AlignTop);
    row->addLayout(buttons);
    return box;
}

void ChatView::connectParts()
{
    connect(m_send, &QPushButton::clicked, this, &ChatView::send);
    connect(m_again, &QPushButton::clicked, this, &ChatView::again);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (m_job)
            m_job->cancel();
    });
    connect(m_prompt, &QPlainTextEdit::textChanged, this, &ChatView::showState);
    connect(m_bar, &ChatBar::changed, this, &ChatView::setMode);
    connect(&m_bar->clearButton(), &QPushButton::clicked, this, &ChatView::clear);
    connect(&m_bar->saveButton(), &QPushButton::clicked, this, [this] { chooseFile(true); });
    auto* kept = new QMenu(&m_bar->openButton());
    kept->setObjectName(QStringLiteral("keptConversations"));
    m_bar->openButton().setMenu(kept);
    connect(kept, &QMenu::aboutToShow, this, [this, kept] { fillOpenMenu(*kept); });
    connect(m_tokenPanel, &TokenPanel::tokenChosen, this, &ChatView::trace);
    connect(m_tokenPanel, &TokenPanel::blockActivated, this, &ChatView::blockRequested);
}

void ChatView::connectStudio()
{
    auto& document = m_studio.document();
    connect(&document, &Document::bundleChanged, this, &ChatView::showState);
    connect(&document, &Document::readingChanged, this, &ChatView::showState);
    connect(&document, &Document::layersReset, this, &ChatView::clear);
    connect(&m_studio, &Studio::tokensGenerated, this, &ChatView::appendTokens);
    connect(&m_studio, &Studio::chatFinished, this,
            [this](const std::shared_ptr<const core::ChatResult>& result) { finish(*result); });
    connect(&m_studio, &Studio::tokenTraced, this,
            [this](const std::shared_ptr<const std::vector<core::BlockError>>& errors) {
                m_tokenPanel->setBlockErrors(*errors);
            });
}

QString ChatView::modelOf(int side) const
{
    const auto& document = m_studio.document();
    const bool bundle = m_bar->mode() == ChatBar::Mode::One ? m_bar->talksToBundle() : side == 1;
    return bundle ? document.bundle() : document.modelPath();
}

QString ChatView::speakerOf(int side) const
{
    const auto& document = m_studio.document();
    return modelOf(side) == document.modelPath() ? document.modelName() : QFileInfo(document.bundle()).fileName();
}

TranscriptPane::Shows ChatView::shownBy(int side) const
{
    const bool reads = side == 1 && m_bar->mode() == ChatBar::Mode::Agreement;
    return reads ? TranscriptPane::Shows::OtherChoices : TranscriptPane::Shows::Answers;
}

core::ChatSpec ChatView::spec(int side) const
{
    core::ChatSpec spec;
    spec.model = toStd(modelOf(side));
    if (m_bar->mode() == ChatBar::Mode::Agreement)
        spec.compare = toStd(m_studio.document().bundle());
    spec.rawPrompt = m_bar->continues();
    spec.messages = m_talk.messages(side);
    spec.options = m_bar->options();
    return spec;
}

void ChatView::send()
{
    const auto text = m_prompt->toPlainText().trimmed();
    if (text.isEmpty() || !m_send->isEnabled())
        return;
    m_talk.system = m_bar->system();
    m_talk.turns.push_back({.question = toStd(text), .answers = {}});
    m_prompt->clear();
    ask(0);
}

void ChatView::again()
{
    if (m_talk.turns.empty() || isBusy())
        return;
    m_talk.system = m_bar->system();
    m_talk.turns.back().answers = {};
    ask(0);
}

void ChatView::ask(int side)
{
    m_side = side;
    m_talk.model = toStd(m_studio.document().modelName());
    m_talk.otherModel = m_bar->mode() == ChatBar::Mode::Agreement
        ? toStd(QFileInfo(m_studio.document().bundle()).fileName())
        : std::string();
    render();
    m_job = m_studio.chat(spec(side));
    connect(m_job, &Job::changed, this, &ChatView::showState);
    connect(m_job, &Job::ended, this, &ChatView::endJob);
    showState();
}

void ChatView::endJob()
{
    if (m_job && m_job->state() == Job::State::Cancelled)
        note(tr("stopped by you"));
    else if (m_job && m_job->state() == Job::State::Failed)
        note(m_job->failure()->what);
    else if (m_job && m_bar->mode() == ChatBar::Mode::FreeRun && m_side == 0 && !m_talk.turns.empty()) {
        ask(1);
        return;
    }
    showState();
}

void ChatView::appendTokens(const std::vector<core::GeneratedToken>& tokens)
{
    if (m_talk.turns.empty())
        return;
    auto& answer = currentAnswer();
    const TokenPlace first{static_cast<int>(m_talk.turns.size()) - 1, static_cast<int>(answer.tokens.size())};
    for (const auto& token : tokens) {
        answer.text += token.text;
        answer.tokens.push_back(token);
    }
    m_panes[static_cast<std::size_t>(m_side)]->append(tokens, first, shownBy(m_side));
    if (m_bar->mode() == ChatBar::Mode::Agreement) {
        m_panes[1]->append(tokens, first, shownBy(1));
        m_tokenPanel->setAnswer(&answer, first.turn);
    }
}

void ChatView::finish(const core::ChatResult& result)
{
    if (m_talk.turns.empty())
        return;
    auto& answer = currentAnswer();
    answer.text = result.text;
    answer.promptIds = result.promptIds;
    note(tr("%1 tokens a second, %n token(s) read", nullptr, result.promptTokens)
             .arg(formatFixed(result.tokensPerSecond, 1)));
    keep();
}

void ChatView::note(const QString& text)
{
    if (m_talk.turns.empty())
        return;
    currentAnswer().note = text;
    render();
}

void ChatView::trace(const TokenPlace& place)
{
    const auto& answer = m_talk.turns.at(static_cast<std::size_t>(place.turn)).answers[0];
    const bool isOfOthers = m_talk.model != toStd(m_studio.document().modelName())
        || m_talk.otherModel != toStd(QFileInfo(m_studio.document().bundle()).fileName());
    if (answer.promptIds.empty() || isBusy() || isOfOthers)
        return; // still being written, or kept of other models
    if (m_tracing)
        m_tracing->cancel();
    core::TraceSpec spec{.reference = toStd(m_studio.document().modelPath()),
                         .model = toStd(m_studio.document().bundle()),
                         .ids = answer.promptIds,
                         .position = 0};
    for (int i = 0; i <= place.token; ++i)
        spec.ids.push_back(answer.tokens[static_cast<std::size_t>(i)].id);
    spec.position = static_cast<std::int64_t>(spec.ids.size()) - 1;
    m_tracing = m_studio.traceToken(spec);
}

void ChatView::clear()
{
    if (m_job)
        m_job->cancel();
    m_job.clear();
    m_talk.turns.clear();
    m_keptFile.clear();
    render();
    showState();
}

void ChatView::setMode()
{
    const auto mode = m_bar->mode();
    m_panes[1]->setVisible(mode != ChatBar::Mode::One);
    m_tokenPanel->setVisible(mode == ChatBar::Mode::Agreement);
    render();
    showState();
}

void ChatView::renderSide(int side)
{
    // In agreement mode both panes show the one answer there is.
    const int written = m_bar->mode() == ChatBar::Mode::FreeRun ? side : 0;
    m_panes[static_cast<std::size_t>(side)]->show(m_talk, written, shownBy(side), speakerOf(side));
}

void ChatView::renderPanes()
{
    renderSide(0);
    if (m_bar->mode() != ChatBar::Mode::One)
        renderSide(1);
}

void ChatView::render()
{
    renderPanes();
    if (m_bar->mode() == ChatBar::Mode::Agreement) {
        const auto* last = m_talk.turns.empty() ? nullptr : &m_talk.turns.back().answers[0];
        m_tokenPanel->setAnswer(last, static_cast<int>(m_talk.turns.size()) - 1);
    }
}

void ChatView::showState()
{
    const auto& document = m_studio.document();
    const bool hasBundle = !document.bundle().isEmpty();
    m_bar->setHasBundle(hasBundle);
    const bool busy = isBusy();
    const bool open = document.description() != nullptr;
    m_send->setEnabled(open && !busy && !m_prompt->toPlainText().trimmed().isEmpty());
    m_again->setEnabled(open && !busy && !m_talk.turns.empty());
    m_stop->setEnabled(busy && m_job->state() != Job::State::Stopping);
    m_bar->modes().setEnabled(!busy);
    m_bar->saveButton().setEnabled(!busy && !m_talk.turns.empty());
    m_bar->openButton().setEnabled(!busy);
    if (!open)
        m_bar->setState(tr("Open a model first"));
    else if (!busy)
        m_bar->setState(hasBundle ? QString() : tr("Calibrate to talk to the quantized model"));
    else
        m_bar->setState(m_job->state() == Job::State::Queued         ? tr("waiting for the job before it")
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
    // The panes have their new colours only after this: text keeps the colour it was written with.
    if (event->type() == QEvent::PaletteChange && m_panes[1] && m_tokenPanel)
        QMetaObject::invokeMethod(this, &ChatView::renderPanes, Qt::QueuedConnection);
}

} // namespace ui
