// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/layer_card.h"

#include "ui/convert.h"
#include "ui/engine_texts.h"
#include "ui/format.h"
#include "ui/model/document.h"
#include "ui/plot/kind_text.h"

#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace ui {

LayerCard::LayerCard(Document& document, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_title(new QLabel(this))
    , m_rows(new QFormLayout)
    , m_reason(new QLabel(this))
    , m_layerNote(new QLineEdit(this))
    , m_notes(new QPlainTextEdit(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 10);
    column->setSpacing(8);
    auto bold = font();
    bold.setBold(true);
    bold.setPointSizeF(bold.pointSizeF() + 1.5);
    m_title->setFont(bold);
    m_title->setObjectName(QStringLiteral("layerTitle"));
    m_rows->setHorizontalSpacing(14);
    m_rows->setVerticalSpacing(3);
    m_reason->setWordWrap(true);
    m_reason->setTextFormat(Qt::PlainText);
    m_reason->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_layerNote->setObjectName(QStringLiteral("layerNote"));
    m_layerNote->setAccessibleName(tr("Note on this layer"));
    m_layerNote->setPlaceholderText(tr("Note on this layer"));
    m_layerNote->setToolTip(tr("Kept in the project, shown in the tables, written into reports"));
    connect(m_layerNote, &QLineEdit::editingFinished, this, [this] {
        if (const auto& layer = m_document.selectedLayer())
            m_document.writeNote(*layer, m_layerNote->text().trimmed());
    });
    connect(&document, &Document::layerNotesChanged, this, &LayerCard::showNote);
    auto* notesLabel = new QLabel(tr("&Notes"), this);
    notesLabel->setBuddy(m_notes);
    m_notes->setAccessibleName(tr("Notes on this model"));
    m_notes->setPlaceholderText(tr("Kept in the project file"));
    m_notes->setTabChangesFocus(true);
    m_notes->setMinimumHeight(60);
    column->addWidget(m_title);
    column->addLayout(m_rows);
    column->addWidget(m_reason);
    column->addWidget(m_layerNote);
    column->addSpacing(6);
    column->addWidget(notesLabel);
    column->addWidget(m_notes, 1);
    connect(&document, &Document::selectionChanged, this, &LayerCard::showNote);
    connect(&document, &Document::selectionChanged, this, &LayerCard::update);
    connect(&document, &Document::layerRead, this, [this](const core::LayerId& layer) {
        if (m_document.selectedLayer() == layer)
            update();
    });
    connect(&document, &Document::profileChanged, this, &LayerCard::update);
    connect(&document, &Document::siteRead, this, &LayerCard::update);
    connect(&document.plan(), &PlanEditor::changed, this, &LayerCard::update);
    connect(m_notes, &QPlainTextEdit::textChanged, this, [this] { m_document.setNotes(m_notes->toPlainText()); });
    connect(&document, &Document::notesChanged, this, [this] {
        if (m_notes->toPlainText() != m_document.notes())
            m_notes->setPlainText(m_document.notes());
    });
    showNote();
    update();
}

void LayerCard::addRow(const QString& name, const QString& value, const QString& tip)
{
    auto* label = new QLabel(name, this);
    label->setForegroundRole(QPalette::PlaceholderText);
    auto* text = new QLabel(value, this);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setToolTip(tip);
    text->setToolTip(tip);
    m_rows->addRow(label, text);
}

void LayerCard::showNote()
{
    const auto& layer = m_document.selectedLayer();
    m_layerNote->setEnabled(layer.has_value());
    m_layerNote->setText(layer ? m_document.layerNote(*layer) : QString());
}

void LayerCard::update()
{
    while (m_rows->rowCount() > 0)
        m_rows->removeRow(0);
    const auto& layer = m_document.selectedLayer();
    m_title->setText(layer ? layerName(*layer) : tr("No layer selected"));
    m_reason->clear();
    if (!layer)
        return;
    if (const auto read = m_document.layer(*layer)) {
        const auto& weight = read->weight;
        addRow(tr("Shape"), formatShape(read->shape), tr("outputs \u00d7 inputs"));
        addRow(tr("Type"), toQString(read->dtype));
        addRow(tr("Mean"), formatNumber(weight.mean));
        addRow(tr("Std. deviation"), formatNumber(weight.std));
        addRow(tr("Range"), tr("%1 to %2").arg(formatNumber(weight.min), formatNumber(weight.max)));
        addRow(tr("Kurtosis"), formatNumber(weight.kurtosis), tr("excess: N M4 / M2\u00b2 \u2212 3"));
        if (weight.nonFinite > 0)
            addRow(tr("NaN, infinite"), formatCount(weight.nonFinite), tr("counted, and left out of everything else"));
    } else {
        addRow(tr("State"), tr("not read yet"));
    }
    const auto module = m_document.selectedModule();
    if (!module)
        return;
    if (const auto site = m_document.site({layer->block, core::inputSite(layer->role)})) {
        addRow(tr("Input kurtosis"), formatNumber(site->activation.kurtosis));
        addRow(tr("Input |max|"), formatNumber(site->activation.absmax), siteHelp(site->site.site));
        addRow(tr("Tokens"), formatCount(site->tokens));
    }
    if (const auto* profile = m_document.module(*module)) {
        addRow(tr("Module kurtosis"), formatNumber(profile->kurtosis), tr("mean over the module's matrices"));
        addRow(tr("Robust z"), formatFixed(profile->robustZ, 2), tr("0.6745 (K \u2212 median) / MAD"));
    }
    if (const auto* choice = m_document.plan().plan().find(*module)) {
        addRow(tr("Transform"), kindGlyph(choice->kind) + QStringLiteral(" ") + kindName(choice->kind),
               kindHelp(choice->kind));
        m_reason->setText(fromEngine(choice->reason.text));
    }
}

} // namespace ui
