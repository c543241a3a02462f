// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_view.h"

#include "ui/command_line.h"
#include "ui/convert.h"
#include "ui/engine_texts.h"
#include "ui/format.h"
#include "ui/studio.h"
#include "ui/text_picker.h"
#include "ui/view_parts.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QStorageInfo>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

constexpr int kSafetyPercent = 5; // of room beside the weights, for tokenizer and headers

QString row(const QString& mark, const QString& text)
{
    return QStringLiteral("%1  %2").arg(mark, text);
}

/** Bytes free where `file` would be written; nothing where the system does not say. */
std::optional<std::uint64_t> roomBeside(const QFileInfo& file)
{
    auto folder = file.absoluteDir();
    while (!folder.exists() && folder.cdUp())
        continue;
    const auto room = QStorageInfo(folder).bytesAvailable();
    return room < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(room));
}

} // namespace

ExportView::ExportView(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 10);
    layout->setSpacing(14);
    layout->addWidget(buildForm());
    layout->addWidget(buildReport(), 1);
    setFocusProxy(m_format);
    connectStudio();
    showOften(this, [this] {
        if (m_job && m_job->isActive())
            showJob();
    });
    suggestOutput();
    showExplanation();
    showJob();
}

QWidget* ExportView::buildForm()
{
    auto* box = new QWidget(this);
    box->setFixedWidth(352);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(10);
    auto* form = new QFormLayout;
    m_format = new QComboBox(box);
    for (const auto& format : exportFormats())
        m_format->addItem(format.name, format.word);
    m_format->setAccessibleName(tr("Format"));
    m_dtype = new QComboBox(box);
    m_dtype->addItem(tr("as in the source"), QString());
    m_dtype->addItem(QStringLiteral("float32"), QStringLiteral("f32"));
    m_dtype->addItem(QStringLiteral("bfloat16"), QStringLiteral("bf16"));
    m_dtype->addItem(QStringLiteral("float16"), QStringLiteral("f16"));
    m_dtype->setAccessibleName(tr("Type of the weights"));
    m_dtype->setToolTip(tr("The rounded weights are stored in this type; 16 bits round them once more"));
    m_output = new QLineEdit(box);
    m_output->setAccessibleName(tr("Folder to write"));
    auto* choose = new QPushButton(tr("Choose\u2026"), box);
    auto* outputRow = new QHBoxLayout;
    outputRow->addWidget(m_output, 1);
    outputRow->addWidget(choose);
    m_verify = new QCheckBox(tr("Read it back"), box);
    m_verify->setChecked(true);
    m_verify->setToolTip(
        tr("The largest difference of any weight, and the perplexity of the bundle and of what was written"));
    m_text = new TextPicker(tr("Text to compare on"), box);
    m_text->setPlaceholder(tr("a text inside the program"));
    m_tokens = new QSpinBox(box);
    m_tokens->setRange(0, 2'000'000'000);
    m_tokens->setValue(8192);
    m_tokens->setSingleStep(1024);
    m_tokens->setGroupSeparatorShown(true);
    m_tokens->setSpecialValueText(tr("whole text"));
    m_tokens->setAccessibleName(tr("Tokens to compare on"));
    form->addRow(tr("Format"), m_format);
    form->addRow(tr("Weights as"), m_dtype);
    form->addRow(tr("Write to"), outputRow);
    form->addRow(QString(), m_verify);
    form->addRow(tr("Text"), m_text);
    m_tokens->setSuffix(tr(" tokens"));
    form->addRow(tr("At most"), m_tokens);
    m_start = new QPushButton(tr("Export"), box);
    m_start->setDefault(true);
    m_start->setMinimumHeight(34);
    m_copy = new QPushButton(tr("Copy as command"), box);
    m_bar = new QProgressBar(box);
    m_bar->setRange(0, 1000);
    m_bar->setAccessibleName(tr("Progress of the export"));
    m_state = new QLabel(box);
    m_state->setWordWrap(true);
    m_checks = new QLabel(box);
    m_checks->setObjectName(QStringLiteral("exportChecks"));
    m_checks->setWordWrap(true);
    m_checks->setTextFormat(Qt::PlainText);
    column->addLayout(form);
    column->addWidget(m_checks);
    column->addWidget(m_start);
    column->addWidget(m_copy);
    column->addWidget(m_bar);
    column->addWidget(m_state);
    column->addStretch(1);
    connect(choose, &QPushButton::clicked, this, &ExportView::browse);
    return box;
}

QWidget* ExportView::buildReport()
{
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    m_explanation = new QTextBrowser(box);
    m_explanation->setAccessibleName(tr("What the format carries"));
    m_result = new QTextBrowser(box);
    m_result->setObjectName(QStringLiteral("exportResult"));
    m_result->setAccessibleName(tr("What was written"));
    m_result->setPlaceholderText(tr("What is written, and whether it reads back the same, is said here."));
    for (auto* browser : {m_explanation, m_result})
        browser->document()->setDocumentMargin(12);
    column->addWidget(m_explanation, 1);
    column->addWidget(m_result, 1);
    return box;
}

void ExportView::connectStudio()
{
    auto& document = m_studio.document();
    connect(&document, &Document::bundleWritten, this, &ExportView::suggestOutput);
    connect(&document, &Document::readingChanged, this, &ExportView::suggestOutput);
    connect(&document.plan(), &PlanEditor::changed, this, &ExportView::showChecks);
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportView::showExplanation);
    connect(m_dtype, &QComboBox::currentIndexChanged, this, &ExportView::askOutlook);
    connect(&m_studio, &Studio::engineReady, this, &ExportView::askOutlook);
    connect(m_output, &QLineEdit::textChanged, this, &ExportView::showChecks);
    connect(m_verify, &QCheckBox::toggled, this, [this](bool on) {
        m_text->setEnabled(on);
        m_tokens->setEnabled(on);
    });
    connect(m_start, &QPushButton::clicked, this, &ExportView::start);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        const auto command = m_studio.onDevice(exportCommand(spec()));
        QGuiApplication::clipboard()->setText(command);
        Q_EMIT commandCopied(command);
    });
    connect(&m_studio, &Studio::exportFinished, this,
            [this](const std::shared_ptr<const core::ExportResult>& result) { showResult(*result); });
}

core::ExportSpec ExportView::spec() const
{
    core::ExportSpec spec;
    spec.bundle = toStd(m_studio.document().bundle());
    spec.format = toStd(m_format->currentData().toString());
    spec.out = toStd(m_output->text());
    if (const auto dtype = m_dtype->currentData().toString(); !dtype.isEmpty())
        spec.dtype = dtype == QLatin1String("f32") ? core::DType::F32
            : dtype == QLatin1String("bf16")       ? core::DType::BF16
                                                   : core::DType::F16;
    spec.verify = m_verify->isChecked();
    spec.text = toStd(m_text->path());
    spec.tokens = m_tokens->value();
    return spec;
}

ExportFormat ExportView::currentFormat() const
{
    return exportFormats().at(std::size_t(m_format->currentIndex()));
}

void ExportView::suggestOutput()
{
    const auto& bundle = m_studio.document().bundle();
    const auto suggestion = bundle.isEmpty() ? QString() : QDir::cleanPath(bundle) + currentFormat().ending;
    if (m_output->text() == m_suggested)
        m_output->setText(suggestion);
    m_suggested = suggestion;
    askOutlook();
}

void ExportView::showExplanation()
{
    m_explanation->setHtml(currentFormat().explanation);
    suggestOutput();
}

void ExportView::showChecks()
{
    const auto& document = m_studio.document();
    const auto& bundle = document.bundle();
    QStringList lines;
    m_mayStart = true;
    const auto check = [&](bool isFine, const QString& fine, const QString& problem) {
        lines += isFine ? row(QStringLiteral("\u2713"), fine) : row(QStringLiteral("\u2717"), problem);
        m_mayStart = m_mayStart && isFine;
    };
    check(!bundle.isEmpty() && QFileInfo::exists(bundle), tr("Quantized model: %1").arg(QFileInfo(bundle).fileName()),
          bundle.isEmpty() ? tr("There is no quantized model yet: calibrate first")
                           : tr("%1 is not there any more").arg(bundle));
    if (document.isBundleStale())
        lines += row(QStringLiteral("\u26a0"), tr("It is older than the plan: the choices since then are not in it"));
    const QFileInfo out(m_output->text());
    check(!m_output->text().trimmed().isEmpty(), tr("To write: %1").arg(out.fileName()),
          tr("Name a place to write to"));
    if (out.isDir() && !QDir(out.absoluteFilePath()).isEmpty())
        lines += row(QStringLiteral("\u26a0"), tr("The folder is not empty; only an earlier export is replaced"));
    if (const auto& outlook = m_outlook) {
        check(outlook->obstacle.empty(), tr("The format can carry it"), fromEngine(outlook->obstacle));
        for (const auto& sentence : outlook->lost)
            lines += row(QStringLiteral("\u26a0"), tr("Lost: %1").arg(fromEngine(sentence)));
        if (outlook->obstacle.empty()) {
            const auto need = outlook->bytes * (100 + kSafetyPercent) / 100;
            const auto room = roomBeside(out);
            check(!room || *room > need, tr("Size about %1").arg(formatBytes(outlook->bytes)),
                  tr("It needs about %1 and the disk has %2").arg(formatBytes(need), formatBytes(room.value_or(0))));
        }
    }
    m_checks->setText(lines.join(QLatin1Char('\n')));
    showJob();
}

void ExportView::askOutlook()
{
    m_outlook.reset();
    const auto& engine = m_studio.engine();
    if (engine && QFileInfo::exists(m_studio.document().bundle())) {
        try {
            m_outlook = engine->exportOutlook(spec());
        } catch (const core::Error& error) {
            m_outlook = core::ExportOutlook{.bytes = 0, .lost = {}, .obstacle = error.what()};
        }
    }
    showChecks();
}

void ExportView::showJob()
{
    const bool runs = m_job && !m_job->isOver();
    m_start->setEnabled(m_mayStart || runs);
    m_start->setText(runs ? tr("Stop") : tr("Export"));
    m_copy->setEnabled(m_mayStart);
    m_bar->setVisible(runs);
    if (!runs)
        return;
    m_bar->setValue(static_cast<int>(m_job->fraction() * 1000));
    const auto left = m_job->leftMs();
    m_state->setText(
        left ? tr("%1\n%2 spent, %3 left").arg(m_job->text(), formatDuration(m_job->spentMs()), formatDuration(*left))
             : m_job->text());
}

void ExportView::start()
{
    if (m_job && !m_job->isOver()) {
        m_job->cancel();
        return;
    }
    m_result->clear();
    m_state->clear();
    m_job = m_studio.exportModel(spec());
    connect(m_job, &Job::changed, this, &ExportView::showJob);
    connect(m_job, &Job::ended, this, [this] {
        m_state->setText(m_job->state() == Job::State::Cancelled ? tr("Stopped by you; nothing was left in the folder")
                             : m_job->failure()                  ? m_job->failure()->what
                                                                 : QString());
        showChecks();
    });
    showJob();
}

void ExportView::showResult(const core::ExportResult& result)
{
    auto html =
        tr("<h3>Written</h3><p>%1<br>%2 in %n file(s), weights as %3</p>", nullptr,
           static_cast<int>(result.files.size()))
            .arg(toQString(result.path).toHtmlEscaped(), formatBytes(result.bytes), dtypeName(result.dtype).toUpper());
    if (const auto& verified = result.verified) {
        html +=
            tr("<p>\u2713 Read back and measured. The largest difference of a weight is <b>%1</b>, the rounding to "
               "%5 included.<br>Perplexity over %2 tokens, with the quantizers of activations, keys and values off: "
               "bundle <b>%3</b>, what was written <b>%4</b>.</p>")
                .arg(formatNumber(verified->maxAbsWeightDifference, 3), formatCount(verified->tokens),
                     formatNumber(verified->perplexityBefore, 7), formatNumber(verified->perplexityAfter, 7),
                     dtypeName(result.dtype).toUpper());
    } else {
        html += tr("<p>It was not read back.</p>");
    }
    for (const auto& sentence : result.lost)
        html += tr("<p>Lost: %1</p>").arg(fromEngine(sentence).toHtmlEscaped());
    m_result->setHtml(html);
}

void ExportView::browse()
{
    const bool isFile = currentFormat().ending.contains(QLatin1Char('.'));
    auto* dialog = new QFileDialog(this, isFile ? tr("File to write") : tr("Folder to write"),
                                   QFileInfo(m_output->text()).absolutePath());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(isFile ? QFileDialog::AcceptSave : QFileDialog::AcceptOpen);
    dialog->setFileMode(isFile ? QFileDialog::AnyFile : QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly, !isFile);
    connect(dialog, &QFileDialog::fileSelected, m_output, &QLineEdit::setText);
    dialog->open();
}

QString ExportView::explanation() const
{
    return m_explanation->toPlainText();
}

QString ExportView::checks() const
{
    return m_checks->text();
}

QString ExportView::result() const
{
    return m_result->toPlainText();
}

} // namespace ui
