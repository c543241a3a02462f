// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/error_card.h"

#include "ui/format.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace ui {

QString adviceFor(core::ErrorKind kind)
{
    switch (kind) {
    case core::ErrorKind::Corrupt:
        return ErrorCard::tr("The file contradicts itself: fetch it again, or compare its size with the source.");
    case core::ErrorKind::NotFound:
        return ErrorCard::tr("Check the path; a model is a folder with config.json and weights, or a .gguf file.");
    case core::ErrorKind::OutOfMemory:
        return ErrorCard::tr("Use a smaller batch or shorter windows, or the CPU instead of the GPU.");
    case core::ErrorKind::Io: return ErrorCard::tr("Check free space and the right to write in that folder.");
    case core::ErrorKind::Numeric:
        return ErrorCard::tr("A smaller learning rate or full float32 precision usually helps.");
    default: return {};
    }
}

ErrorCard::ErrorCard(QWidget* parent)
    : QFrame(parent)
    , m_title(new QLabel(this))
    , m_what(new QLabel(this))
    , m_hint(new QLabel(this))
    , m_choices(new QHBoxLayout)
    , m_retry(new QPushButton(tr("Try again"), this))
{
    setObjectName(QStringLiteral("errorCard"));
    setFrameShape(QFrame::StyledPanel);
    setAccessibleName(tr("Error"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(14, 10, 12, 10);
    row->setSpacing(12);
    auto* sign = new QLabel(QStringLiteral("\u26a0"), this);
    auto large = sign->font();
    large.setPointSizeF(large.pointSizeF() * 1.7);
    sign->setFont(large);
    auto* column = new QVBoxLayout;
    column->setSpacing(3);
    auto bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    for (auto* label : {m_title, m_what, m_hint}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        column->addWidget(label);
    }
    m_choices->addStretch(1);
    column->addLayout(m_choices);
    auto* copyButton = new QPushButton(tr("Copy diagnostics"), this);
    copyButton->setToolTip(tr("This text with versions, device and the model's name, for a report of a fault"));
    auto* close = new QPushButton(tr("Dismiss"), this);
    row->addWidget(sign, 0, Qt::AlignTop);
    row->addLayout(column, 1);
    for (auto* button : {m_retry, copyButton, close})
        row->addWidget(button, 0, Qt::AlignTop);
    connect(m_retry, &QPushButton::clicked, this, [this] {
        const auto again = m_again;
        dismiss();
        again();
    });
    connect(copyButton, &QPushButton::clicked, this, &ErrorCard::copy);
    connect(close, &QPushButton::clicked, this, &ErrorCard::dismiss);
    hide();
}

namespace {

QString figuresOf(const core::MemoryShortage& shortage)
{
    if (shortage.requested == 0)
        return ErrorCard::tr("%1 were free.").arg(formatBytes(shortage.available));
    return shortage.available > 0 ? ErrorCard::tr("%1 were needed in one piece, %2 were free.")
                                        .arg(formatBytes(shortage.requested), formatBytes(shortage.available))
                                  : ErrorCard::tr("%1 were needed in one piece.").arg(formatBytes(shortage.requested));
}

} // namespace

void ErrorCard::show(const QString& title, const Failure& failure, std::function<void()> retry,
                     const std::vector<JobChoice>& choices)
{
    m_title->setText(title);
    QStringList lines{failure.context.isEmpty() ? failure.what : tr("%1\nin %2").arg(failure.what, failure.context)};
    if (failure.shortage)
        lines << figuresOf(*failure.shortage);
    m_what->setText(lines.join(QLatin1Char('\n')));
    showChoices(choices);
    m_hint->setText(adviceFor(failure.kind));
    m_hint->setVisible(!m_hint->text().isEmpty());
    m_again = std::move(retry);
    m_retry->setVisible(m_again != nullptr);
    setAccessibleDescription(text());
    QFrame::show();
}

QString ErrorCard::text() const
{
    return QStringList{m_title->text(), m_what->text(), m_hint->text()}.join(QLatin1Char('\n')).trimmed();
}

void ErrorCard::showChoices(const std::vector<JobChoice>& choices)
{
    while (m_choices->count() > 1) { // the stretch stays
        auto* item = m_choices->takeAt(0);
        item->widget()->deleteLater();
        delete item;
    }
    for (const auto& choice : choices) {
        auto* button = new QPushButton(choice.text, this);
        button->setToolTip(choice.tip);
        m_choices->insertWidget(m_choices->count() - 1, button);
        connect(button, &QPushButton::clicked, this, [this, work = choice.work] {
            dismiss();
            work();
        });
    }
}

void ErrorCard::dismiss()
{
    hide();
    m_again = nullptr;
}

void ErrorCard::copy() const
{
    QGuiApplication::clipboard()->setText(m_facts ? m_facts() + QLatin1Char('\n') + text() : text());
}

} // namespace ui
