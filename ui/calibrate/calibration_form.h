// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"

#include <QWidget>

class QComboBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;
class QToolButton;

namespace ui {

class AdvancedOptions;
class Document;
class TextPicker;

/** Everything a calibration needs besides the plan, with presets. */
class CalibrationForm : public QWidget
{
    Q_OBJECT

public:
    explicit CalibrationForm(Document& document, QWidget* parent = nullptr);

    /** As the fields say now; the plan is the document's. */
    core::CalibrateSpec spec() const;
    QString problem() const; // why it cannot start; empty where it can
    QLineEdit& output() { return *m_output; }
    QSpinBox& epochs() { return *m_epochs; }
    QToolButton& moreButton() { return *m_more; }
    AdvancedOptions& advanced() { return *m_advanced; }
    void addRow(const QString& name, QWidget* field); // above the rest

Q_SIGNALS:
    void edited();

private:
    void buildFields();
    void buildBits(QFormLayout* form);
    void buildMore(QFormLayout* form);
    void connectFields();
    void applyPreset(int index);
    void adoptDocument();
    QString suggestedOutput() const;

    Document& m_document;
    TextPicker* m_text = nullptr;
    QComboBox* m_preset = nullptr;
    QSpinBox* m_samples = nullptr;
    QSpinBox* m_seqlen = nullptr;
    QSpinBox* m_epochs = nullptr;
    QSpinBox* m_batch = nullptr;
    QSpinBox* m_seed = nullptr;
    std::array<QSpinBox*, 4> m_bits{}; // weights, activations, keys, values
    QComboBox* m_precision = nullptr;
    QComboBox* m_finish = nullptr;
    QLineEdit* m_output = nullptr;
    QToolButton* m_more = nullptr;
    AdvancedOptions* m_advanced = nullptr;
    bool m_outputIsOurs = true; // until the person writes one
};

} // namespace ui
