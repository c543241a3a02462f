// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QPushButton;
class QSpinBox;

namespace ui {

class Document;

/** What of a calibration few people change: choosing anew by what the quantized model loses, memory, learning rates, how transforms and clips start, groups and zero points, and
    blocks at the ends that keep more bits. Bits are the plan's: they can be undone. */
class AdvancedOptions : public QWidget
{
    Q_OBJECT

public:
    explicit AdvancedOptions(Document& document, QWidget* parent = nullptr);

    void writeTo(core::CalibrateSpec& spec) const;
    QCheckBox& refine() { return *m_refine; }
    QSpinBox& microBatch() { return *m_microBatch; }
    QSpinBox& keepFirst() { return *m_keepFirst; }
    QSpinBox& keepLast() { return *m_keepLast; }
    QSpinBox& keepBits() { return *m_keepBits; }
    QPushButton& keepButton() { return *m_keep; }
    QCheckBox& asymmetricActivations() { return *m_activationAsymmetric; }
    QSpinBox& weightGroup() { return *m_weightGroup; }

Q_SIGNALS:
    void edited();

private:
    void buildTraining(QFormLayout* form);
    void buildStarts(QFormLayout* form);
    void buildScheme(QFormLayout* form);
    void buildEnds(QFormLayout* form);
    void adoptPlan();
    void changeScheme();
    void keepEnds();
    QDoubleSpinBox* rate(double value, double high, const QString& name, const QString& tip);
    QComboBox* list(const QStringList& items, const QString& name, const QString& tip);

    Document& m_document;
    QCheckBox* m_refine = nullptr;
    QSpinBox* m_microBatch = nullptr;
    QDoubleSpinBox* m_rate = nullptr;
    QDoubleSpinBox* m_clipRate = nullptr;
    QDoubleSpinBox* m_decay = nullptr;
    QDoubleSpinBox* m_alpha = nullptr;
    QComboBox* m_scaleStart = nullptr;
    QComboBox* m_affineForm = nullptr;
    QComboBox* m_rotationForm = nullptr;
    QComboBox* m_clipping = nullptr;
    QComboBox* m_sharing = nullptr;
    QSpinBox* m_weightGroup = nullptr;
    QSpinBox* m_kvGroup = nullptr;
    QCheckBox* m_weightAsymmetric = nullptr;
    QCheckBox* m_activationAsymmetric = nullptr;
    QSpinBox* m_keepFirst = nullptr;
    QSpinBox* m_keepLast = nullptr;
    QSpinBox* m_keepBits = nullptr;
    QPushButton* m_keep = nullptr;
};

} // namespace ui
