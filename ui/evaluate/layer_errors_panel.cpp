// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evaluate/layer_errors_panel.h"

#include "ui/command_line.h"
#include "ui/convert.h"
#include "ui/flow_row.h"
#include "ui/plot/error_plot.h"
#include "ui/studio.h"

#include <QComboBox>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

constexpr std::int64_t kTokens = 2048;
constexpr std::int64_t kSeqlen = 256;

} // namespace

LayerErrorsPanel::LayerErrorsPanel(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
{
    build();
    auto& document = studio.document();
    for (const auto signal : {&Document::bundleProfileChanged, &Document::bundleWritten, &Document::bundleChanged,
                              &Document::calibrationRunsChanged, &Document::layersReset})
        connect(&document, signal, this, &LayerErrorsPanel::fillOther);
    connect(&document, &Document::bundleWritten, this, [this] { // a folder that was written anew has the old path
        m_profiles.clear();
        showErrors();
    });
    connect(&document, &Document::selectionChanged, this, &LayerErrorsPanel::showSelection);
    fillOther();
}

void LayerErrorsPanel::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    auto* row = new FlowRow;
    m_measure = new QComboBox(this);
    m_measure->setAccessibleName(tr("Which error"));
    m_measure->addItem(tr("Output error"));
    m_measure->setItemData(0, tr("Of what the layer gives for the text, relative to its size"), Qt::ToolTipRole);
    m_measure->addItem(tr("Weight error"));
    m_measure->setItemData(1, tr("Of the rounded matrix, relative to its size"), Qt::ToolTipRole);
    m_other = new QComboBox(this);
    m_other->setAccessibleName(tr("Run beside it"));
    m_other->setToolTip(tr("Another calibration of this project; its errors stand beside these"));
    m_start = new QPushButton(tr("Measure layers"), this);
    m_start->setToolTip(tr("Reads the quantized model beside the original, layer by layer (seconds to minutes)"));
    m_state = new QLabel(this);
    for (auto* widget : {static_cast<QWidget*>(m_measure), static_cast<QWidget*>(m_other),
                         static_cast<QWidget*>(m_start), static_cast<QWidget*>(m_state)})
        row->addWidget(widget);
    m_plot = new ErrorPlot(this);
    m_plot->setTitle(tr("Error of each layer"));
    m_plot->setPlaceholder(tr("Measure the layers to see where quantization costs most"));
    column->addLayout(row);
    column->addWidget(m_plot, 1);
    connect(m_measure, &QComboBox::currentIndexChanged, this, &LayerErrorsPanel::showErrors);
    connect(m_other, &QComboBox::currentIndexChanged, this, [this] {
        const auto bundle = m_other->currentData().toString();
        if (!bundle.isEmpty() && !profileOf(bundle))
            measureBundle(bundle);
        showErrors();
    });
    connect(m_start, &QPushButton::clicked, this, [this] { measureBundle(m_studio.document().bundle()); });
    connect(m_plot, &PlotView::hovered, this, &LayerErrorsPanel::hovered);
    connect(m_plot, &ErrorPlot::rowClicked, this,
            [this](const QString& name) { m_studio.document().select(core::parseLayerId(toStd(name))); });
}

LayerErrorsPanel::Profile LayerErrorsPanel::profileOf(const QString& bundle) const
{
    if (bundle == m_studio.document().bundle())
        return m_studio.document().bundleProfile();
    const auto found = m_profiles.find(bundle);
    return found != m_profiles.end() ? found->second : nullptr;
}

void LayerErrorsPanel::measureBundle(const QString& bundle)
{
    if (m_job && !m_job->isOver())
        m_job->cancel(); // another one is wanted now
    const auto& document = m_studio.document();
    const core::BundleProfileSpec spec{.bundle = toStd(bundle),
                                       .reference = toStd(document.modelPath()),
                                       .text = toStd(document.text()),
                                       .tokens = kTokens,
                                       .seqlen = kSeqlen};
    m_texts[bundle] = QFileInfo(document.text()).fileName();
    m_job = m_studio.ask<core::BundleProfile>(
        {.title = tr("Errors of %1 layer by layer").arg(QFileInfo(bundle).fileName()),
         .command = m_studio.onDevice(bundleProfileCommand(spec)),
         .quiet = false,
         .retry = [this, bundle] { measureBundle(bundle); }},
        [spec](core::Session& session, core::Progress& progress) { return session.profileBundle(spec, {}, progress); },
        [this, bundle](const Profile& profile) {
            if (bundle == m_studio.document().bundle())
                m_studio.document().setBundleProfile(profile);
            else
                m_profiles[bundle] = profile;
            showErrors();
        });
    connect(m_job, &Job::ended, this, [this, job = m_job.data()] {
        showErrors();
        if (job->failure())
            m_state->setText(job->failure()->what);
    });
    showErrors();
}

void LayerErrorsPanel::fillOther()
{
    const auto& document = m_studio.document();
    const auto chosen = m_other->currentData().toString();
    {
        const QSignalBlocker quiet(m_other);
        m_other->clear();
        m_other->addItem(tr("alone"), QString());
        for (const auto& run : document.calibrationRuns())
            if (run.bundle != document.bundle())
                m_other->addItem(tr("beside %1").arg(QFileInfo(run.bundle).fileName()), run.bundle);
        m_other->setCurrentIndex(std::max(0, m_other->findData(chosen)));
    }
    m_other->setEnabled(m_other->count() > 1);
    showErrors();
}

double LayerErrorsPanel::errorOf(const core::LayerError& error) const
{
    return m_measure->currentIndex() == static_cast<int>(Measure::Output) ? error.outputError : error.weightError();
}

void LayerErrorsPanel::showErrors()
{
    const auto& document = m_studio.document();
    const auto profile = profileOf(document.bundle());
    const auto beside = m_other->currentData().toString();
    const auto other = beside.isEmpty() ? nullptr : profileOf(beside);
    const bool isMeasuring = m_job && !m_job->isOver();
    m_start->setVisible(!profile);
    m_start->setEnabled(!isMeasuring && !document.bundle().isEmpty() && document.bundle() != document.modelPath());
    const auto text = m_texts.find(document.bundle());
    const bool isKnown = profile && text != m_texts.end() && !profile->activations.empty();
    m_state->setText(isMeasuring ? tr("measuring\u2026")
                         : isKnown
                         ? tr("measured on %1 tokens of %2").arg(profile->activations.front().tokens).arg(text->second)
                         : QString());
    QVector<ErrorRow> rows;
    for (const auto& error : profile ? profile->errors : std::vector<core::LayerError>()) {
        ErrorRow row{toQString(core::toString(error.layer)), errorOf(error)};
        if (other)
            for (const auto& theirs : other->errors)
                if (theirs.layer == error.layer)
                    row.other = errorOf(theirs);
        rows.append(row);
    }
    m_plot->setRows(rows, QFileInfo(document.bundle()).fileName(), other ? QFileInfo(beside).fileName() : QString(),
                    m_measure->currentText());
    showSelection();
}

void LayerErrorsPanel::showSelection()
{
    const auto& layer = m_studio.document().selectedLayer();
    m_plot->setSelected(layer ? toQString(core::toString(*layer)) : QString());
}

} // namespace ui
