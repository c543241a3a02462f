// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model_tree.h"

#include "ui/convert.h"
#include "ui/format.h"
#include "ui/studio.h"

#include <QDropEvent>
#include <QFileInfo>
#include <QFrame>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMimeData>
#include <QSignalBlocker>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr int kLayerRole = Qt::UserRole; // the layer's name

QLabel* slotMark(const QString& letter, QWidget* parent)
{
    auto* mark = new QLabel(letter, parent);
    auto font = mark->font();
    font.setBold(true);
    mark->setFont(font);
    return mark;
}

QTreeWidgetItem* addItem(QTreeWidgetItem* parent, QTreeWidget* tree, const QString& text)
{
    auto* item = parent ? new QTreeWidgetItem(parent) : new QTreeWidgetItem(tree);
    item->setText(0, text);
    for (const int column : {1, 2})
        item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    return item;
}

} // namespace

ModelTree::ModelTree(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_nameA(new QLabel(this))
    , m_tree(new QTreeWidget(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 4, 8, 8);
    auto* rowA = new QHBoxLayout;
    rowA->addWidget(slotMark(QStringLiteral("A"), this));
    rowA->addWidget(m_nameA, 1);
    column->addLayout(rowA);
    m_tree->setObjectName(QStringLiteral("modelTree"));
    m_tree->setAccessibleName(tr("Model"));
    m_tree->setColumnCount(3);
    m_tree->setHeaderLabels({tr("Layer"), tr("Kurtosis, z"), tr("B")});
    m_tree->headerItem()->setToolTip(2, tr("The same of the quantized model, where A|B shows it in Inspect"));
    m_tree->headerItem()->setToolTip(
        1,
        tr("Layers: excess kurtosis of the weights, N M4 / M2\u00b2 \u2212 3. Modules: robust z of it, "
           "0.6745 (K \u2212 median) / MAD"));
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::Fixed);
    m_tree->header()->setSectionResizeMode(2, QHeaderView::Fixed);
    m_tree->header()->resizeSection(1, fontMetrics().horizontalAdvance(QStringLiteral("Kurtosis, z__")));
    m_tree->header()->resizeSection(2, fontMetrics().horizontalAdvance(QStringLiteral("z -0,00__")));
    m_tree->setUniformRowHeights(true);
    m_tree->setIndentation(12);
    column->addWidget(m_tree, 1);
    buildSlotB();
    column->addWidget(m_slotB);
    auto& document = studio.document();
    connect(&document, &Document::layersReset, this, &ModelTree::rebuild);
    connect(&document, &Document::readingChanged, this, &ModelTree::fillNumbers);
    connect(&document, &Document::profileChanged, this, &ModelTree::fillNumbers);
    connect(&document, &Document::selectionChanged, this, &ModelTree::showSelection);
    connect(&document, &Document::bundleChanged, this, &ModelTree::showSlotB);
    connect(&document, &Document::bundleProfileChanged, this, &ModelTree::fillNumbers);
    connect(&document.selection(), &Selection::besideChanged, this, &ModelTree::fillNumbers);
    connect(m_tree, &QTreeWidget::currentItemChanged, this, [this](const QTreeWidgetItem* item) {
        if (const auto name = item ? item->data(0, kLayerRole).toString() : QString(); !name.isEmpty())
            m_studio.document().select(core::parseLayerId(toStd(name)));
    });
    rebuild();
    showSlotB();
}

void ModelTree::buildSlotB()
{
    auto* slot = new QFrame(this);
    slot->setObjectName(QStringLiteral("slotB"));
    slot->setFrameShape(QFrame::StyledPanel);
    slot->setAcceptDrops(true);
    slot->installEventFilter(this);
    auto* row = new QHBoxLayout(slot);
    row->setContentsMargins(8, 6, 6, 6);
    row->addWidget(slotMark(QStringLiteral("B"), slot));
    m_nameB = new QLabel(slot);
    m_nameB->setWordWrap(true);
    row->addWidget(m_nameB, 1);
    auto* choose = new QToolButton(slot);
    choose->setText(tr("Choose\u2026"));
    choose->setToolTip(tr("A bundle that was quantized from this model"));
    row->addWidget(choose);
    connect(choose, &QToolButton::clicked, this, &ModelTree::bundleRequested);
    m_slotB = slot;
}

void ModelTree::rebuild()
{
    const auto& document = m_studio.document();
    const QSignalBlocker quiet(m_tree);
    m_tree->clear();
    m_layers.clear();
    m_modules.clear();
    std::map<int, QTreeWidgetItem*> blocks;
    for (const auto& layer : document.layers()) {
        QTreeWidgetItem* parent = nullptr;
        if (layer.block >= 0) {
            auto& block = blocks[layer.block];
            if (!block)
                block = addItem(nullptr, m_tree, tr("Block %1").arg(layer.block));
            const auto kind = core::moduleOf(layer.role);
            auto& module = m_modules[{layer.block, kind}];
            if (!module)
                module = addItem(block, m_tree, kind == core::ModuleKind::Attention ? tr("attention") : tr("mlp"));
            parent = module;
        }
        auto* item = addItem(parent, m_tree, toQString(core::toString(layer.role)));
        item->setData(0, kLayerRole, toQString(core::toString(layer)));
        m_layers[layer] = item;
    }
    m_nameA->setText(document.modelName().isEmpty() ? tr("No model is open") : document.modelName());
    m_nameA->setToolTip(document.modelPath());
    fillNumbers();
    showSelection();
}

void ModelTree::fillNumbers()
{
    const auto& document = m_studio.document();
    for (const auto& [layer, item] : m_layers)
        if (const auto read = document.layer(layer))
            item->setText(1, formatStatistic(read->weight.kurtosis, 2));
    for (const auto& [module, item] : m_modules)
        if (const auto* profile = document.module(module))
            item->setText(1, QStringLiteral("z ") + formatFixed(profile->robustZ, 2));
    const bool beside = document.selection().isBesideQuantized() && document.bundleProfile();
    m_tree->setColumnHidden(2, !beside);
    const int numbers = m_tree->columnWidth(1) + (beside ? m_tree->columnWidth(2) : 0);
    m_tree->setMinimumWidth(numbers + fontMetrics().horizontalAdvance(QStringLiteral("__attention____")));
    if (!beside)
        return;
    for (const auto& [layer, item] : m_layers)
        if (const auto quantized = document.bundleLayer(layer))
            item->setText(2, formatStatistic(quantized->weight.kurtosis, 2));
    for (const auto& profile : document.bundleProfile()->modules)
        if (const auto found = m_modules.find(profile.module); found != m_modules.end())
            found->second->setText(2, QStringLiteral("z ") + formatFixed(profile.robustZ, 2));
}

void ModelTree::showSelection()
{
    const auto& layer = m_studio.document().selectedLayer();
    const auto found = layer ? m_layers.find(*layer) : m_layers.end();
    const QSignalBlocker quiet(m_tree);
    m_tree->setCurrentItem(found == m_layers.end() ? nullptr : found->second); // opens its block too
    m_tree->viewport()->update();
}

void ModelTree::showSlotB()
{
    const auto& document = m_studio.document();
    const auto& bundle = document.bundle();
    m_nameB->setForegroundRole(bundle.isEmpty() ? QPalette::PlaceholderText : QPalette::WindowText);
    m_nameB->setText(bundle.isEmpty()               ? tr("Drop the quantized model here")
                         : document.isBundleStale() ? tr("%1 (older than the plan)").arg(QFileInfo(bundle).fileName())
                                                    : QFileInfo(bundle).fileName());
    m_nameB->setToolTip(bundle);
}

bool ModelTree::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_slotB)
        return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::DragEnter) {
        auto* drag = static_cast<QDragEnterEvent*>(event);
        if (drag->mimeData()->urls().size() == 1 && !m_studio.document().layers().empty())
            drag->acceptProposedAction();
        return true;
    }
    if (event->type() == QEvent::Drop) {
        auto* drop = static_cast<QDropEvent*>(event);
        drop->acceptProposedAction();
        m_studio.attachBundle(drop->mimeData()->urls().first().toLocalFile());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace ui
