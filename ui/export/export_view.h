// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "ui/export/format_texts.h"

#include <QPointer>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QTextBrowser;

namespace ui {

class Job;
class Studio;
class TextPicker;

/** Workspace "Export": the quantized model for other programs. What a format can carry and what is lost, how large it becomes
    and what stands against it are said before the click; after it, what was written and whether it reads back the same. */
class ExportView : public QWidget
{
    Q_OBJECT

public:
    explicit ExportView(Studio& studio, QWidget* parent = nullptr);

    QComboBox& format() { return *m_format; }
    QComboBox& dtype() { return *m_dtype; }
    QLineEdit& output() { return *m_output; }
    QCheckBox& verify() { return *m_verify; }
    QPushButton& startButton() { return *m_start; }
    QString explanation() const; // of the chosen format
    QString checks() const;
    QString result() const;

Q_SIGNALS:
    void commandCopied(const QString& command);

private:
    QWidget* buildForm();
    QWidget* buildReport();
    void connectStudio();
    core::ExportSpec spec() const;
    ExportFormat currentFormat() const;
    void askOutlook();
    void suggestOutput();
    void showExplanation();
    void showChecks();
    void showJob();
    void showResult(const core::ExportResult& result);
    void start();
    void browse();

    Studio& m_studio;
    QComboBox* m_format = nullptr;
    QComboBox* m_dtype = nullptr;
    QLineEdit* m_output = nullptr;
    QCheckBox* m_verify = nullptr;
    TextPicker* m_text = nullptr;
    QSpinBox* m_tokens = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_copy = nullptr;
    QProgressBar* m_bar = nullptr;
    QLabel* m_state = nullptr;
    QTextBrowser* m_explanation = nullptr;
    QLabel* m_checks = nullptr;
    QTextBrowser* m_result = nullptr;
    QPointer<Job> m_job;
    std::optional<core::ExportOutlook> m_outlook; // of the chosen format; nothing without a bundle
    QString m_suggested; // the folder we proposed: replaced with the bundle, unlike one that was typed
    bool m_mayStart = false;
};

} // namespace ui
