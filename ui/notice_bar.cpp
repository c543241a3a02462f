// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/notice_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace ui {

NoticeBar::NoticeBar(QWidget* parent)
    : QFrame(parent)
    , m_text(new QLabel(this))
    , m_buttons(new QHBoxLayout)
{
    setObjectName(QStringLiteral("noticeBar"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 6, 8, 6);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    row->addWidget(m_text, 1);
    row->addLayout(m_buttons);
    hide();
}

void NoticeBar::show(const QString& text, const QList<Choice>& choices)
{
    while (auto* item = m_buttons->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    m_text->setText(text);
    setAccessibleName(text);
    for (const auto& choice : choices) {
        auto* button = new QPushButton(choice.text, this);
        m_buttons->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, choice] {
            if (choice.closes)
                hide();
            choice.chosen();
        });
    }
    setVisible(true);
}

void NoticeBar::focusFirst()
{
    if (auto* first = m_buttons->itemAt(0))
        first->widget()->setFocus(Qt::OtherFocusReason);
}

QString NoticeBar::text() const
{
    return m_text->text();
}

} // namespace ui
