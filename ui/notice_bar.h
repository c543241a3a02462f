// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QList>

#include <functional>

class QHBoxLayout;
class QLabel;

namespace ui {

/** A line above the workspaces that tells something and offers what to do about it. It never blocks. */
class NoticeBar : public QFrame
{
    Q_OBJECT

public:
    struct Choice
    {
        QString text;
        std::function<void()> chosen;
        bool closes = true;
    };

    explicit NoticeBar(QWidget* parent = nullptr);

    void show(const QString& text, const QList<Choice>& choices);
    void focusFirst(); // of the choices, so that a key takes it
    QString text() const;

private:
    QLabel* m_text;
    QHBoxLayout* m_buttons;
};

} // namespace ui
