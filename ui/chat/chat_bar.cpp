// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/chat_bar.h"

#include "ui/convert.h"
#include "ui/flow_row.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace ui {

namespace {

enum Subject { Quantized, FullPrecision };
constexpr int kSystemWidth = 200;
constexpr int kAlternatives = 5; // of each model at each token, side by side

} // namespace

ChatBar::ChatBar(QWidget* parent)
    : QWidget(parent)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(buildModels());
    column->addWidget(buildSampling());
    connect(m_mode, &QComboBox::currentIndexChanged, this, [this] {
        showFields();
        Q_EMIT changed();
    });
    connect(m_subject, &QComboBox::activated, this, &ChatBar::changed);
    setHasBundle(false);
}

QWidget* ChatBar::buildModels()
{
    auto* box = new QWidget(this);
    auto* row = new FlowRow;
    box->setLayout(row);
    m_mode = new QComboBox(box);
    m_mode->addItems({tr("One model"), tr("Side by side: agreement"), tr("Side by side: free run")});
    m_mode->setAccessibleName(tr("How many models"));
    m_mode->setToolTip(
        tr("Agreement: the full-precision model writes and the quantized one reads the same tokens; their "
           "distributions are compared at each.\nFree run: both write, each by itself."));
    m_subject = new QComboBox(box);
    m_subject->addItems({tr("quantized model"), tr("full-precision model")});
    m_subject->setAccessibleName(tr("Model to talk to"));
    m_system = new QLineEdit(box);
    m_system->setPlaceholderText(tr("System prompt (optional)"));
    m_system->setAccessibleName(tr("System prompt"));
    m_system->setMinimumWidth(kSystemWidth);
    m_raw = new QCheckBox(tr("Continue the text"), box);
    m_raw->setToolTip(tr("Without a chat template: for models that only continue what they read"));
    m_open = new QPushButton(tr("Open"), box);
    m_open->setToolTip(tr("Conversations that were kept, or a saved one"));
    m_save = new QPushButton(tr("Save\u2026"), box);
    m_save->setToolTip(tr("Save this conversation"));
    m_clear = new QPushButton(tr("Clear"), box);
    row->addWidget(m_mode);
    row->addWidget(m_subject);
    row->addWidget(m_raw);
    row->addWidget(m_system);
    row->addWidget(m_open);
    row->addWidget(m_save);
    row->addWidget(m_clear);
    return box;
}

QWidget* ChatBar::buildSampling()
{
    auto* box = new QWidget(this);
    auto* row = new FlowRow(12);
    box->setLayout(row);
    const auto field = [&](const QString& label, QWidget* input, const QString& help) {
        input->setAccessibleName(label);
        input->setToolTip(help);
        auto* pair = new QWidget(box);
        auto* together = new QHBoxLayout(pair);
        together->setContentsMargins(0, 0, 0, 0);
        together->addWidget(new QLabel(label, pair));
        together->addWidget(input);
        row->addWidget(pair);
    };
    m_temperature = new QDoubleSpinBox(box);
    m_temperature->setRange(0.0, 2.0);
    m_temperature->setSingleStep(0.1);
    field(tr("Temperature"), m_temperature, tr("0: the most probable token each time"));
    m_topK = new QSpinBox(box);
    m_topK->setRange(0, 1'000'000);
    m_topK->setSpecialValueText(tr("all"));
    field(tr("Top k"), m_topK, tr("Draw from the k most probable tokens"));
    m_topP = new QDoubleSpinBox(box);
    m_topP->setRange(0.01, 1.0);
    m_topP->setSingleStep(0.05);
    m_topP->setValue(1.0);
    field(tr("Top p"), m_topP, tr("Draw from the fewest tokens that together are this probable"));
    m_seed = new QSpinBox(box);
    m_seed->setRange(0, 2'147'483'647);
    field(tr("Seed"), m_seed, tr("The same seed draws the same tokens"));
    m_tokens = new QSpinBox(box);
    m_tokens->setRange(1, 32'768);
    m_tokens->setValue(128);
    field(tr("Tokens"), m_tokens, tr("Longest answer, in tokens"));
    m_state = new QLabel(box);
    m_state->setForegroundRole(QPalette::PlaceholderText);
    row->addWidget(m_state);
    return box;
}

ChatBar::Mode ChatBar::mode() const
{
    return static_cast<Mode>(m_mode->currentIndex());
}

bool ChatBar::talksToBundle() const
{
    return m_subject->currentIndex() == Quantized;
}

core::GenerationOptions ChatBar::options() const
{
    return {.maxTokens = m_tokens->value(),
            .temperature = m_temperature->value(),
            .topK = m_topK->value(),
            .topP = m_topP->value(),
            .seed = static_cast<std::uint64_t>(m_seed->value()),
            .alternatives = mode() == Mode::Agreement ? kAlternatives : 0};
}

bool ChatBar::continues() const
{
    return m_raw->isChecked();
}

std::string ChatBar::system() const
{
    return toStd(m_system->text().trimmed());
}

void ChatBar::setSystem(const std::string& system)
{
    m_system->setText(toQString(system));
}

void ChatBar::setHasBundle(bool has)
{
    const bool came = has && !m_hasBundle;
    m_hasBundle = has;
    auto* items = qobject_cast<QStandardItemModel*>(m_mode->model());
    for (int i = 1; i < m_mode->count(); ++i)
        items->item(i)->setEnabled(has);
    if (!has)
        m_mode->setCurrentIndex(0);
    if (!has || came)
        m_subject->setCurrentIndex(has ? Quantized : FullPrecision);
    m_subject->setEnabled(has);
    showFields();
}

void ChatBar::showFields()
{
    m_subject->setVisible(mode() == Mode::One);
}

void ChatBar::setState(const QString& text)
{
    m_state->setText(text);
}

} // namespace ui
