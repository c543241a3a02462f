// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/layer_delegates.h"

#include "ui/model/layer_table_model.h"
#include "ui/plot/kind_text.h"
#include "ui/plot/plot_colors.h"

#include <QApplication>
#include <QComboBox>
#include <QPainter>

namespace ui {

namespace {

void paintGround(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index)
{
    const auto* style = option.widget ? option.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
    if (!index.data(LayerTableModel::kHoverRole).toBool() || option.state & QStyle::State_Selected)
        return;
    auto faint = option.palette.color(QPalette::Highlight);
    faint.setAlpha(40);
    painter->fillRect(option.rect, faint);
}

} // namespace

void LayerDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyledItemDelegate::paint(painter, option, index);
    if (index.data(LayerTableModel::kHoverRole).toBool() && !(option.state & QStyle::State_Selected)) {
        auto faint = option.palette.color(QPalette::Highlight);
        faint.setAlpha(40);
        painter->fillRect(option.rect, faint);
    }
}

void SparklineDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    paintGround(painter, option, index);
    const auto heights = index.data(LayerTableModel::kHistogramRole).value<QVector<double>>();
    if (heights.isEmpty())
        return;
    const bool selected = option.state & QStyle::State_Selected;
    const auto color = selected ? option.palette.color(QPalette::HighlightedText) : plotColors(option.palette).before;
    const QRectF area = QRectF(option.rect).adjusted(6, 3, -6, -3);
    const double step = area.width() / static_cast<double>(heights.size());
    for (qsizetype i = 0; i < heights.size(); ++i) {
        const double height = heights[i] * area.height();
        painter->fillRect(QRectF(area.left() + static_cast<double>(i) * step, area.bottom() - height, step, height),
                          color);
    }
}

KindDelegate::KindDelegate(Part part, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_part(part)
{
}

void KindDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    paintGround(painter, option, index);
    const auto value = index.data(LayerTableModel::kKindRole);
    if (!value.isValid())
        return;
    const bool isChoice = m_part == Part::Choice;
    const bool isOverride = index.data(LayerTableModel::kOverrideRole).toBool();
    const bool selected = option.state & QStyle::State_Selected;
    const auto kind = static_cast<core::TransformKind>(value.toInt());
    const auto colors = plotColors(option.palette);
    const bool follows = isChoice && !isOverride; // nothing of the person's own to show
    painter->save();
    auto font = option.font;
    font.setItalic(index.data(LayerTableModel::kPreviewRole).toBool());
    painter->setFont(font);
    auto area = option.rect.adjusted(6, 0, -6, 0);
    const auto text = selected ? option.palette.color(QPalette::HighlightedText)
        : follows              ? option.palette.color(QPalette::PlaceholderText)
                               : option.palette.color(QPalette::Text);
    if (!follows) {
        painter->setPen(selected ? text : colors.ofKind(kind));
        painter->drawText(area, Qt::AlignLeft | Qt::AlignVCenter, kindGlyph(kind));
        area.setLeft(area.left() + 16);
    }
    painter->setPen(text);
    painter->drawText(area, Qt::AlignLeft | Qt::AlignVCenter, index.data().toString());
    if (isChoice && option.state & QStyle::State_MouseOver && index.flags() & Qt::ItemIsEditable)
        painter->drawText(area, Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("\u25be"));
    painter->restore();
}

QWidget* KindDelegate::createEditor(QWidget* parent, const QStyleOptionViewItem&, const QModelIndex&) const
{
    auto* box = new QComboBox(parent);
    box->setAccessibleName(tr("Transform of the module"));
    box->addItem(tr("automatic"), LayerTableModel::kAutomatic);
    for (const auto kind : {core::TransformKind::Affine, core::TransformKind::Rotation, core::TransformKind::Hadamard,
                            core::TransformKind::Identity}) {
        // The name first, so that typing its first letter finds it.
        box->addItem(kindName(kind) + QStringLiteral("  ") + kindGlyph(kind), static_cast<int>(kind));
        box->setItemData(box->count() - 1, kindHelp(kind), Qt::ToolTipRole);
    }
    connect(box, &QComboBox::activated, this, [this, box] {
        auto* self = const_cast<KindDelegate*>(this);
        Q_EMIT self->commitData(box);
        Q_EMIT self->closeEditor(box);
    });
    return box;
}

void KindDelegate::setEditorData(QWidget* editor, const QModelIndex& index) const
{
    auto* box = static_cast<QComboBox*>(editor);
    box->setCurrentIndex(std::max(0, box->findData(index.data(Qt::EditRole))));
}

void KindDelegate::setModelData(QWidget* editor, QAbstractItemModel* model, const QModelIndex& index) const
{
    const auto value = static_cast<QComboBox*>(editor)->currentData();
    if (value != index.data(Qt::EditRole))
        model->setData(index, value, Qt::EditRole);
}

} // namespace ui
