// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace ui {

class Document;
class TextPicker;

/** What is to be measured: perplexity on a text, zero-shot tasks, or both. */
class EvaluationForm : public QWidget
{
    Q_OBJECT

public:
    explicit EvaluationForm(Document& document, QWidget* parent = nullptr);

    bool measuresBundle() const;
    static void prepareJournals(); // before an evaluation starts: their folder, without what is old
    core::EvaluateSpec spec() const;
    /** The same for the full-precision model alone: its tasks, to pair the quantized model's answers with. */
    core::EvaluateSpec referenceSpec() const;
    void setBusy(bool busy);
    void showState(); // what is possible now

    QPushButton& startButton() { return *m_start; }
    QPushButton& copyButton() { return *m_copy; }
    QPushButton& reportButton() { return *m_report; }
    QPushButton& stopButton() { return *m_stop; }
    QSpinBox& limit() { return *m_limit; }
    QCheckBox& task(int index) { return *m_tasks.at(static_cast<std::size_t>(index)); }
    TextPicker& tasksFolder() { return *m_tasksFolder; }
    QComboBox& subject() { return *m_subject; }

Q_SIGNALS:
    void startRequested();
    void stopRequested();
    void copyRequested();
    void reportRequested();

private:
    void buildTextFields();
    void buildTaskFields();
    void buildButtons();
    std::vector<std::string> chosenTasks() const;
    QString problem() const;

    Document& m_document;
    QComboBox* m_subject = nullptr;
    TextPicker* m_text = nullptr;
    QSpinBox* m_seqlen = nullptr;
    QComboBox* m_convention = nullptr;
    QSpinBox* m_limit = nullptr;
    std::vector<QCheckBox*> m_tasks;
    TextPicker* m_tasksFolder = nullptr;
    TextPicker* m_ownItems = nullptr;
    QSpinBox* m_itemLimit = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_stop = nullptr;
    QPushButton* m_copy = nullptr;
    QPushButton* m_report = nullptr;
    QLabel* m_problem = nullptr;
    bool m_busy = false;
};

} // namespace ui
