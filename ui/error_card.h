// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/jobs/job.h"

#include <QFrame>

#include <functional>

class QLabel;
class QPushButton;

namespace ui {

/** What went wrong, where, and what to do, inside the window; the rest stays usable. */
class ErrorCard : public QFrame
{
    Q_OBJECT

public:
    explicit ErrorCard(QWidget* parent = nullptr);

    void show(const QString& title, const Failure& failure, std::function<void()> retry);
    QString text() const; // all of it, for the clipboard

private:
    void dismiss();
    void copy() const;

    QLabel* m_title;
    QLabel* m_what;
    QLabel* m_hint;
    QPushButton* m_retry;
    std::function<void()> m_again;
};

QString adviceFor(core::ErrorKind kind); // what usually helps; empty where nothing general does

} // namespace ui
