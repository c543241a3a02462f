// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transforms/before_after_panel.h"

#include "ui/flow_row.h"
#include "ui/format.h"
#include "ui/inspect/distribution_panel.h"
#include "ui/model/comparisons.h"
#include "ui/plot/channel_plot.h"
#include "ui/plot/histogram_plot.h"
#include "ui/plot/kind_text.h"
#include "ui/studio.h"
#include "ui/view_parts.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace ui {

BeforeAfterPanel::BeforeAfterPanel(Studio& studio, Comparisons& comparisons, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_comparisons(comparisons)
{
    build();
    auto& document = studio.document();
    connect(&document.plan(), &PlanEditor::changed, this, [this] {
        if (!m_studio.document().plan().isPreviewing())
            showComparison();
    });
    connect(&document, &Document::selectionChanged, this, &BeforeAfterPanel::showComparison);
    connect(&document, &Document::readingChanged, this, &BeforeAfterPanel::showComparison);
    connect(&document, &Document::textChanged, this, &BeforeAfterPanel::showComparison);
    connect(&comparisons, &Comparisons::changed, this, &BeforeAfterPanel::showComparison);
    showComparison();
}

void BeforeAfterPanel::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 6, 0, 0);
    column->setSpacing(6);
    auto* row = new FlowRow(4);
    const auto add = [&](QButtonGroup* group, const QString& text, void (BeforeAfterPanel::*show)()) {
        auto* button = segment(this, text, {});
        group->addButton(button);
        row->addWidget(button);
        connect(button, &QToolButton::clicked, this, show);
        return button;
    };
    auto* values = new QButtonGroup(this);
    m_weights = add(values, tr("Weights"), &BeforeAfterPanel::showComparison);
    m_inputs = add(values, tr("Input activations"), &BeforeAfterPanel::showComparison);
    m_weights->setChecked(true);
    auto* states = new QButtonGroup(this);
    m_both = add(states, tr("Both"), &BeforeAfterPanel::showSeries);
    m_before = add(states, tr("Before"), &BeforeAfterPanel::showSeries);
    m_after = add(states, tr("After"), &BeforeAfterPanel::showSeries);
    for (auto* button : {m_both, m_before, m_after})
        button->setToolTip(tr("What is drawn, always in the same axes. Key B flips before and after"));
    m_both->setChecked(true);
    m_errors = new QLabel(this);
    m_errors->setToolTip(
        tr("Mean squared error of rounding to the plan's bits, relative to the mean square of the values"));
    row->addWidget(m_errors);
    m_panel = new DistributionPanel(this);
    connect(m_panel, &DistributionPanel::hovered, this, &BeforeAfterPanel::hovered);
    column->addLayout(row);
    column->addWidget(m_panel, 1);
}

void BeforeAfterPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    showComparison();
}

QString BeforeAfterPanel::placeholder() const
{
    const auto& document = m_studio.document();
    const auto module = document.selectedModule();
    if (!module || !document.plan().plan().find(*module))
        return tr("Select a module");
    if (m_comparisons.isWaiting())
        return tr("Transforming\u2026");
    if (!m_comparisons.problem().isEmpty())
        return tr("Could not be compared");
    return m_inputs->isChecked() && document.text().isEmpty() ? tr("Choose a text in Calibrate\nto see activations")
                                                              : tr("Nothing to compare yet");
}

void BeforeAfterPanel::showComparison()
{
    using Pointer = std::shared_ptr<const core::Distribution>;
    const auto& document = m_studio.document();
    const auto& layer = document.selectedLayer();
    const auto module = document.selectedModule();
    const auto* choice = module ? document.plan().plan().find(*module) : nullptr;
    if (isVisible() && document.readState() == Document::ReadState::Ready)
        m_comparisons.request();
    const auto comparison = m_comparisons.current();
    const bool inputs = m_inputs->isChecked();
    Pointer before;
    Pointer after;
    if (comparison && (inputs ? comparison->inputBefore : comparison->weightBefore).count > 0) {
        before = Pointer(comparison, inputs ? &comparison->inputBefore : &comparison->weightBefore);
        after = Pointer(comparison, inputs ? &comparison->inputAfter : &comparison->weightAfter);
    }
    m_panel->setPlaceholder(placeholder());
    m_panel->show(choice ? tr("%1, %2").arg(layerName(*layer), kindName(choice->kind)) : tr("Before and after"),
                  inputs ? tr("activation") : tr("weight"), before, after);
    showSeries();
    showErrors();
}

void BeforeAfterPanel::flip()
{
    (m_after->isChecked() ? m_before : m_after)->setChecked(true);
    showSeries();
}

void BeforeAfterPanel::showSeries()
{
    // Where only one is known it is drawn whatever is asked for.
    const bool known = m_comparisons.current() != nullptr;
    const bool before = !known || !m_after->isChecked();
    const bool after = !known || !m_before->isChecked();
    m_panel->histogram().setShown(before, after);
    m_panel->channels().setShown(before, after);
}

void BeforeAfterPanel::showErrors()
{
    const auto comparison = m_comparisons.current();
    if (!comparison) {
        m_errors->setText(m_comparisons.problem());
        return;
    }
    const auto& document = m_studio.document();
    const auto& scheme = document.plan().plan().schemeOf(*document.selectedModule());
    const auto change = [](const QString& what, double from, double to) {
        return tr("%1 %2 \u2192 %3").arg(what, formatNumber(from, 3), formatNumber(to, 3));
    };
    auto text = tr("Relative rounding error: ")
        + change(tr("W%1").arg(scheme.weightBits), comparison->weightErrorBefore, comparison->weightErrorAfter);
    if (comparison->inputBefore.count > 0)
        text += QStringLiteral("  \u00b7  ")
            + change(tr("A%1").arg(scheme.activationBits), comparison->inputErrorBefore, comparison->inputErrorAfter);
    m_errors->setText(text);
    layout()->activate(); // it may need a line of its own now
}

} // namespace ui
