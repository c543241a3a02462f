// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace ui {

/** How a conversation is held: with one model or two, and how tokens are chosen. */
class ChatBar : public QWidget
{
    Q_OBJECT

public:
    enum class Mode {
        One,       // one model
        Agreement, // the reference writes, the quantized model reads along
        FreeRun,   // both write, each by itself
    };

    explicit ChatBar(QWidget* parent = nullptr);

    Mode mode() const;
    bool talksToBundle() const; // with one model
    core::GenerationOptions options() const;
    bool continues() const;
    std::string system() const;
    void setSystem(const std::string& system);
    void setHasBundle(bool has);
    void setState(const QString& text);

    QComboBox& modes() { return *m_mode; }
    QComboBox& subject() { return *m_subject; }
    QCheckBox& rawBox() { return *m_raw; }
    QSpinBox& tokens() { return *m_tokens; }
    QDoubleSpinBox& temperature() { return *m_temperature; }
    QPushButton& clearButton() { return *m_clear; }
    QPushButton& saveButton() { return *m_save; }
    QPushButton& openButton() { return *m_open; }

Q_SIGNALS:
    void changed(); // mode or model

private:
    QWidget* buildModels();
    QWidget* buildSampling();
    void showFields();

    QComboBox* m_mode = nullptr;
    QComboBox* m_subject = nullptr;
    QCheckBox* m_raw = nullptr;
    QLineEdit* m_system = nullptr;
    QDoubleSpinBox* m_temperature = nullptr;
    QSpinBox* m_topK = nullptr;
    QDoubleSpinBox* m_topP = nullptr;
    QSpinBox* m_seed = nullptr;
    QSpinBox* m_tokens = nullptr;
    QPushButton* m_clear = nullptr;
    QPushButton* m_save = nullptr;
    QPushButton* m_open = nullptr;
    QLabel* m_state = nullptr;
    bool m_hasBundle = false;
};

} // namespace ui
