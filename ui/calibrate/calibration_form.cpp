// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calibrate/calibration_form.h"

#include "ui/calibrate/advanced_options.h"
#include "ui/convert.h"
#include "ui/model/document.h"
#include "ui/text_picker.h"
#include "ui/view_parts.h"

#include <QComboBox>
#include <QDir>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStandardPaths>
#include <QToolButton>

#include <algorithm>
#include <array>

namespace ui {

namespace {

struct Preset
{
    int samples, seqlen, epochs, batch;
};

// Quick: see whether it works. Standard: small models on a CPU. The last is FlatQuant's published recipe.
constexpr std::array kPresets{Preset{16, 128, 3, 4}, Preset{64, 256, 15, 4}, Preset{128, 2048, 15, 4}};
constexpr int kCustom = static_cast<int>(kPresets.size());

} // namespace

CalibrationForm::CalibrationForm(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
{
    buildFields();
    connectFields();
    applyPreset(1);
    adoptDocument();
}

void CalibrationForm::buildFields()
{
    auto* form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    m_text = new TextPicker(tr("Calibration text"), this);
    m_text->setPlaceholder(tr("Text to calibrate with"));
    m_preset = new QComboBox(this);
    m_preset->setAccessibleName(tr("Preset"));
    m_preset->addItems({tr("Quick look"), tr("Standard"), tr("FlatQuant's recipe"), tr("Custom")});
    m_samples = spinBox(this, 1, 100'000, 64, tr("Windows"), tr("How many windows of the text are used"));
    m_seqlen =
        spinBox(this, 8, 131'072, 256, tr("Window length"), tr("Tokens in each window; at most the model's context"));
    m_epochs = spinBox(this, 0, 1'000, 15, tr("Epochs"), tr("How often each block sees all windows"));
    m_batch = spinBox(this, 1, 1'024, 4, tr("Batch"), tr("Windows per step; less needs less memory"));
    m_seed = spinBox(this, 0, 2'000'000'000, 0, tr("Seed"), tr("The same seed gives the same result"));
    m_precision = new QComboBox(this);
    m_precision->setAccessibleName(tr("Precision"));
    m_precision->addItems({tr("float32"), tr("bfloat16")});
    m_finish = new QComboBox(this);
    m_finish->setAccessibleName(tr("Rounding of weights"));
    m_finish->addItems({tr("round to nearest"), tr("GPTQ")});
    m_output = new QLineEdit(this);
    m_output->setAccessibleName(tr("Output folder"));
    m_output->setToolTip(tr("The quantized model is written there when all blocks are done"));
    m_output->setMinimumWidth(120);
    form->addRow(tr("Text"), m_text);
    form->addRow(tr("Preset"), m_preset);
    const auto pair = [&](QWidget* left, const QString& between, QWidget* right) {
        auto* row = new QHBoxLayout;
        row->setSpacing(6);
        row->addWidget(left, 1);
        row->addWidget(new QLabel(between, this));
        row->addWidget(right, 1);
        return row;
    };
    form->addRow(tr("Windows"), pair(m_samples, tr("\u00d7 tokens"), m_seqlen));
    form->addRow(tr("Epochs"), pair(m_epochs, tr("batch"), m_batch));
    buildBits(form);
    form->addRow(tr("Precision"), pair(m_precision, tr("finish"), m_finish));
    form->addRow(tr("Seed"), m_seed);
    form->addRow(tr("Output"), m_output);
    buildMore(form);
}

void CalibrationForm::buildMore(QFormLayout* form)
{
    m_more = new QToolButton(this);
    m_more->setText(tr("More options"));
    m_more->setAccessibleName(m_more->text());
    m_more->setToolTip(tr("Memory, learning rates, starts, groups, zero points, bits of the first and last blocks"));
    m_more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_more->setArrowType(Qt::RightArrow);
    m_more->setCheckable(true);
    m_more->setAutoRaise(true);
    m_more->setFocusPolicy(Qt::StrongFocus);
    m_advanced = new AdvancedOptions(m_document, this);
    m_advanced->hide();
    connect(m_more, &QToolButton::toggled, this, [this](bool on) {
        m_more->setArrowType(on ? Qt::DownArrow : Qt::RightArrow);
        m_advanced->setVisible(on);
    });
    connect(m_advanced, &AdvancedOptions::edited, this, &CalibrationForm::edited);
    form->addRow(m_more);
    form->addRow(m_advanced);
}

void CalibrationForm::addRow(const QString& name, QWidget* field)
{
    static_cast<QFormLayout*>(layout())->insertRow(0, name, field);
}

void CalibrationForm::buildBits(QFormLayout* form)
{
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    const std::array names{tr("W"), tr("A"), tr("K"), tr("V")};
    const std::array tips{tr("Bits of the weights"), tr("Bits of the activations"), tr("Bits of cached keys"),
                          tr("Bits of cached values")};
    for (std::size_t i = 0; i < m_bits.size(); ++i) {
        m_bits[i] = spinBox(this, 2, 16, 4, tips[i], tr("%1: 2 to 8, or 16 for none").arg(tips[i]));
        m_bits[i]->setPrefix(names[i] + QLatin1Char(' '));
        row->addWidget(m_bits[i], 1);
    }
    form->addRow(tr("Bits"), row);
}

void CalibrationForm::connectFields()
{
    connect(m_text, &TextPicker::pathEdited, &m_document, &Document::setText);
    connect(m_preset, &QComboBox::activated, this, &CalibrationForm::applyPreset);
    for (auto* box : {m_samples, m_seqlen, m_epochs, m_batch}) {
        connect(box, &QSpinBox::valueChanged, this, [this] {
            m_preset->setCurrentIndex(kCustom);
            Q_EMIT edited();
        });
    }
    connect(m_seed, &QSpinBox::valueChanged, this, &CalibrationForm::edited);
    for (auto* box : {m_precision, m_finish})
        connect(box, &QComboBox::activated, this, &CalibrationForm::edited);
    for (auto* box : m_bits)
        connect(box, &QSpinBox::valueChanged, this, [this] {
            auto scheme = m_document.plan().plan().scheme;
            scheme.weightBits = m_bits[0]->value();
            scheme.activationBits = m_bits[1]->value();
            scheme.keyBits = m_bits[2]->value();
            scheme.valueBits = m_bits[3]->value();
            if (!m_document.plan().isEmpty())
                m_document.plan().changeScheme(scheme);
        });
    connect(m_output, &QLineEdit::textEdited, this, [this] {
        m_outputIsOurs = false;
        Q_EMIT edited();
    });
    connect(&m_document, &Document::textChanged, this, &CalibrationForm::adoptDocument);
    connect(&m_document, &Document::readingChanged, this, &CalibrationForm::adoptDocument);
    connect(&m_document.plan(), &PlanEditor::changed, this, &CalibrationForm::adoptDocument);
}

void CalibrationForm::applyPreset(int index)
{
    if (index >= kCustom)
        return;
    const auto& preset = kPresets[static_cast<std::size_t>(index)];
    const auto& description = m_document.description();
    const int context =
        description && description->info.context > 0 ? static_cast<int>(description->info.context) : preset.seqlen;
    m_samples->setValue(preset.samples);
    m_seqlen->setValue(std::min(preset.seqlen, context));
    m_epochs->setValue(preset.epochs);
    m_batch->setValue(preset.batch);
    m_preset->setCurrentIndex(index);
    Q_EMIT edited();
}

QString CalibrationForm::suggestedOutput() const
{
    if (m_document.modelPath().isEmpty())
        return {};
    const auto& scheme = m_document.plan().plan().scheme;
    const auto name = QStringLiteral("%1-w%2a%3k%4v%5")
                          .arg(m_document.modelName())
                          .arg(scheme.weightBits)
                          .arg(scheme.activationBits)
                          .arg(scheme.keyBits)
                          .arg(scheme.valueBits);
    return QDir(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation))
        .filePath(QStringLiteral("bundles/") + name);
}

void CalibrationForm::adoptDocument()
{
    m_text->setPath(m_document.text());
    const auto& scheme = m_document.plan().plan().scheme;
    const std::array bits{scheme.weightBits, scheme.activationBits, scheme.keyBits, scheme.valueBits};
    for (std::size_t i = 0; i < bits.size(); ++i) {
        const QSignalBlocker quiet(m_bits[i]);
        m_bits[i]->setValue(bits[i]);
        m_bits[i]->setEnabled(!m_document.plan().isEmpty());
    }
    if (const auto& description = m_document.description(); description && description->info.context > 0) {
        const QSignalBlocker quiet(m_seqlen);
        m_seqlen->setMaximum(static_cast<int>(description->info.context));
    }
    if (m_outputIsOurs)
        m_output->setText(suggestedOutput());
    Q_EMIT edited();
}

core::CalibrateSpec CalibrationForm::spec() const
{
    core::CalibrateSpec spec;
    spec.model = toStd(m_document.modelPath());
    spec.plan = m_document.plan().plan();
    spec.text = toStd(m_text->path());
    spec.out = toStd(m_output->text());
    spec.options.samples = m_samples->value();
    spec.options.seqlen = m_seqlen->value();
    spec.options.epochs = m_epochs->value();
    spec.options.batch = m_batch->value();
    spec.options.seed = static_cast<std::uint64_t>(m_seed->value());
    spec.options.precision = m_precision->currentIndex() == 1 ? core::Precision::BFloat16 : core::Precision::Float32;
    m_advanced->writeTo(spec);
    spec.options.finish = m_finish->currentIndex() == 1 ? core::Finish::Gptq : core::Finish::RoundToNearest;
    return spec;
}

QString CalibrationForm::problem() const
{
    if (m_document.readState() == Document::ReadState::Loading)
        return tr("The model is being read: its plan says what is calibrated.");
    if (m_document.readState() == Document::ReadState::Failed)
        return tr("The model could not be read.");
    if (m_document.plan().isEmpty())
        return tr("Open a model first: its plan says what is calibrated.");
    if (m_text->path().isEmpty())
        return tr("Choose a text to calibrate with.");
    if (m_output->text().isEmpty())
        return tr("Name a folder for the quantized model.");
    return {};
}

} // namespace ui
