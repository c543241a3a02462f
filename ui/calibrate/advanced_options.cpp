// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calibrate/advanced_options.h"

#include "ui/convert.h"
#include "ui/model/document.h"
#include "ui/view_parts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>

namespace ui {

AdvancedOptions::AdvancedOptions(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
{
    auto* form = new QFormLayout(this);
    form->setContentsMargins(0, 4, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    buildTraining(form);
    buildStarts(form);
    buildScheme(form);
    buildEnds(form);
    connect(&document.plan(), &PlanEditor::changed, this, &AdvancedOptions::adoptPlan);
    adoptPlan();
}

QDoubleSpinBox* AdvancedOptions::rate(double value, double high, const QString& name, const QString& tip)
{
    auto* box = new QDoubleSpinBox(this);
    box->setDecimals(4);
    box->setRange(0.0, high);
    box->setSingleStep(value / 5.0);
    box->setValue(value);
    box->setAccessibleName(name);
    box->setToolTip(tip);
    connect(box, &QDoubleSpinBox::valueChanged, this, &AdvancedOptions::edited);
    return box;
}

QComboBox* AdvancedOptions::list(const QStringList& items, const QString& name, const QString& tip)
{
    auto* box = new QComboBox(this);
    box->addItems(items);
    box->setAccessibleName(name);
    box->setToolTip(tip);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(12);
    box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(box, &QComboBox::activated, this, &AdvancedOptions::edited);
    return box;
}

void AdvancedOptions::buildTraining(QFormLayout* form)
{
    const core::CalibrationOptions usual;
    m_refine = new QCheckBox(tr("refine the plan"), this);
    m_refine->setToolTip(
        tr("Then each module tries the other kinds in the quantized model and keeps what brings its predictions closer "
           "to full precision (KL on text kept aside); takes about five times as long"));
    connect(m_refine, &QCheckBox::clicked, this, &AdvancedOptions::edited);
    m_microBatch = spinBox(this, 0, 1'024, 0, tr("Windows at once"),
                           tr("Windows of a batch that go through the block at once; fewer need less memory"));
    m_microBatch->setSpecialValueText(tr("all that fit"));
    connect(m_microBatch, &QSpinBox::valueChanged, this, &AdvancedOptions::edited);
    m_rate = rate(usual.learningRate, 1.0, tr("Learning rate"), tr("Of matrices and channel scales"));
    m_clipRate = rate(usual.clipLearningRate, 1.0, tr("Learning rate of clips"),
                      tr("Of the ranges of weights, activations and caches"));
    m_decay = rate(usual.weightDecay, 1.0, tr("Weight decay"), tr("AdamW's, of matrices and scales"));
    form->addRow(tr("Choice"), m_refine);
    form->addRow(tr("At once"), m_microBatch);
    form->addRow(tr("Rate"), m_rate);
    form->addRow(tr("Rate of clips"), m_clipRate);
    form->addRow(tr("Weight decay"), m_decay);
}

void AdvancedOptions::buildStarts(QFormLayout* form)
{
    const core::CalibrationOptions usual;
    m_affineForm = list({tr("U diag(exp t) V^T"), tr("free matrix")}, tr("Affine matrices"),
                        tr("How an affine matrix is parameterised; the first needs no inversion"));
    QStringList forms;
    for (const auto rotation : core::kRotationForms)
        forms += toQString(core::toString(rotation));
    m_rotationForm = list(forms, tr("Rotations"), tr("How a rotation is parameterised and where it starts"));
    m_scaleStart = list({tr("by weights and inputs"), tr("one")}, tr("Start of the channel scale"),
                        tr("wmax^(1-alpha) / xmax^alpha, or 1"));
    m_alpha = rate(usual.scaleAlpha, 1.0, tr("Alpha"), tr("Of the channel scale's start: 0 looks at weights alone"));
    m_clipping =
        list({tr("learned"), tr("none")}, tr("Clipping"), tr("Learned ranges, or plain rounding of the whole range"));
    m_sharing = list({tr("each layer"), tr("each input")}, tr("Activation clips"),
                     tr("q, k, v and up, gate each own a clip, or share their input's, which is cheaper to run"));
    form->addRow(tr("Affine"), m_affineForm);
    form->addRow(tr("Rotation"), m_rotationForm);
    form->addRow(tr("Scale start"), m_scaleStart);
    form->addRow(tr("Alpha"), m_alpha);
    form->addRow(tr("Clips"), m_clipping);
    form->addRow(tr("Clips of"), m_sharing);
}

void AdvancedOptions::buildScheme(QFormLayout* form)
{
    m_weightGroup =
        spinBox(this, 0, 16'384, 0, tr("Weight group"), tr("Inputs that share a scale; it must divide each row"));
    m_weightGroup->setSpecialValueText(tr("whole row"));
    m_kvGroup =
        spinBox(this, 0, 1'024, 0, tr("Cache group"), tr("Channels of a head that share a scale of keys and values"));
    m_kvGroup->setSpecialValueText(tr("whole head"));
    m_weightAsymmetric = new QCheckBox(tr("weights"), this);
    m_activationAsymmetric = new QCheckBox(tr("activations"), this);
    for (auto* box : {m_weightAsymmetric, m_activationAsymmetric}) {
        box->setToolTip(tr("A scale and a zero point instead of a symmetric range"));
        connect(box, &QCheckBox::clicked, this, &AdvancedOptions::changeScheme);
    }
    for (auto* box : {m_weightGroup, m_kvGroup}) {
        box->setKeyboardTracking(false); // one edit, one undo step
        connect(box, &QSpinBox::valueChanged, this, &AdvancedOptions::changeScheme);
    }
    auto* zeros = new QHBoxLayout;
    zeros->addWidget(m_weightAsymmetric);
    zeros->addWidget(m_activationAsymmetric);
    zeros->addStretch(1);
    form->addRow(tr("Weight group"), m_weightGroup);
    form->addRow(tr("Cache group"), m_kvGroup);
    form->addRow(tr("Asymmetric"), zeros);
}

void AdvancedOptions::buildEnds(QFormLayout* form)
{
    m_keepFirst = spinBox(this, 0, 1'000, 1, tr("First blocks"), tr("Blocks at the beginning that keep more bits"));
    m_keepLast = spinBox(this, 0, 1'000, 1, tr("Last blocks"), tr("Blocks at the end that keep more bits"));
    m_keepBits =
        spinBox(this, 2, 16, 8, tr("Bits at the ends"), tr("At least so many bits of weights and activations there"));
    m_keep = new QPushButton(tr("Set"), this);
    m_keep->setToolTip(tr("Gives the modules of these blocks bits of their own in the plan; can be undone"));
    m_keepFirst->setPrefix(tr("first "));
    m_keepLast->setPrefix(tr("last "));
    m_keepBits->setSuffix(tr(" bits"));
    auto* ends = new QHBoxLayout;
    auto* bits = new QHBoxLayout;
    for (auto* row : {ends, bits})
        row->setSpacing(4);
    ends->addWidget(m_keepFirst, 1);
    ends->addWidget(m_keepLast, 1);
    bits->addWidget(m_keepBits, 1);
    bits->addWidget(m_keep, 1);
    form->addRow(tr("Ends"), ends);
    form->addRow(tr("keep"), bits);
    connect(m_keep, &QPushButton::clicked, this, &AdvancedOptions::keepEnds);
}

void AdvancedOptions::adoptPlan()
{
    const auto& scheme = m_document.plan().plan().scheme;
    const bool has = !m_document.plan().isEmpty();
    const QSignalBlocker quietWeights(m_weightGroup);
    const QSignalBlocker quietCache(m_kvGroup);
    m_weightGroup->setValue(scheme.weightGroup);
    m_kvGroup->setValue(scheme.kvGroup);
    m_weightAsymmetric->setChecked(scheme.weightAsymmetric);
    m_activationAsymmetric->setChecked(scheme.activationAsymmetric);
    for (QWidget* field : {static_cast<QWidget*>(m_weightGroup), static_cast<QWidget*>(m_kvGroup),
                           static_cast<QWidget*>(m_weightAsymmetric), static_cast<QWidget*>(m_activationAsymmetric),
                           static_cast<QWidget*>(m_keep)})
        field->setEnabled(has);
}

void AdvancedOptions::changeScheme()
{
    auto scheme = m_document.plan().plan().scheme;
    scheme.weightGroup = m_weightGroup->value();
    scheme.kvGroup = m_kvGroup->value();
    scheme.weightAsymmetric = m_weightAsymmetric->isChecked();
    scheme.activationAsymmetric = m_activationAsymmetric->isChecked();
    m_document.plan().changeScheme(scheme);
}

void AdvancedOptions::keepEnds()
{
    const auto& plan = m_document.plan().plan();
    const int blocks = static_cast<int>(plan.modules.size()) / 2;
    std::vector<core::ModuleId> ends;
    for (const auto& choice : plan.modules)
        if (choice.module.block < m_keepFirst->value() || choice.module.block >= blocks - m_keepLast->value())
            ends.push_back(choice.module);
    auto scheme = plan.scheme;
    for (auto* bits : {&scheme.weightBits, &scheme.activationBits, &scheme.keyBits, &scheme.valueBits})
        *bits = std::max(*bits, m_keepBits->value());
    m_document.plan().setModuleScheme(ends, scheme);
}

void AdvancedOptions::writeTo(core::CalibrateSpec& spec) const
{
    if (m_refine->isChecked())
        spec.refine.emplace();
    auto& options = spec.options;
    options.microBatch = m_microBatch->value();
    options.learningRate = m_rate->value();
    options.clipLearningRate = m_clipRate->value();
    options.weightDecay = m_decay->value();
    options.scaleAlpha = m_alpha->value();
    options.scaleStart = m_scaleStart->currentIndex() == 1 ? core::ScaleStart::One : core::ScaleStart::Smooth;
    options.affineForm = m_affineForm->currentIndex() == 1 ? core::AffineForm::Direct : core::AffineForm::Svd;
    options.rotationForm = core::kRotationForms[static_cast<std::size_t>(m_rotationForm->currentIndex())];
    options.clipping = m_clipping->currentIndex() == 1 ? core::Clipping::None : core::Clipping::Learned;
    options.clipSharing = m_sharing->currentIndex() == 1 ? core::ClipSharing::PerInput : core::ClipSharing::PerLayer;
}

} // namespace ui
