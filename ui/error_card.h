// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/jobs/job.h"

#include <QFrame>

#include <functional>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace ui {

/** What went wrong, where, and what to do, inside the window; the rest stays usable. */
class ErrorCard : public QFrame
{
    Q_OBJECT

public:
    explicit ErrorCard(QWidget* parent = nullptr);

    /** `choices` are what else may be done, beside trying the same again. */
    void show(const QString& title, const Failure& failure, std::function<void()> retry,
              const std::vector<JobChoice>& choices = {});
    QString text() const; // all of it
    /** Versions, device and the model's name, which are copied with the text. */
    void setFacts(std::function<QString()> facts) { m_facts = std::move(facts); }

private:
    void dismiss();
    void copy() const;
    void showChoices(const std::vector<JobChoice>& choices);

    QLabel* m_title;
    QLabel* m_what;
    QLabel* m_hint;
    QHBoxLayout* m_choices;
    QPushButton* m_retry;
    std::function<void()> m_again;
    std::function<QString()> m_facts;
};

QString adviceFor(core::ErrorKind kind); // what usually helps; empty where nothing general does

} // namespace ui
