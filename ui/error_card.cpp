// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/error_card.h"

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
    auto* copyButton = new QPushButton(tr("Copy details"), this);
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

void ErrorCard::show(const QString& title, const Failure& failure, std::function<void()> retry)
{
    m_title->setText(title);
    m_what->setText(failure.context.isEmpty() ? failure.what : tr("%1\nin %2").arg(failure.what, failure.context));
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

void ErrorCard::dismiss()
{
    hide();
    m_again = nullptr;
}

void ErrorCard::copy() const
{
    QGuiApplication::clipboard()->setText(text());
}

} // namespace ui
