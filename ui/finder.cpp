// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/finder.h"

#include "ui/fuzzy_match.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyle>
#include <QStyledItemDelegate>
#include <QTextLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

constexpr int kBehindNames = 1000; // less than any name that matches
constexpr int kShown = 200;        // more than one reads
constexpr int kVisibleRows = 12;

/** Text with the met letters bold, the detail at the right, and below it why it cannot be done. */
class FindDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const int lines = index.data(Finder::kWhyDisabledRole).toString().isEmpty() ? 1 : 2;
        return {100, option.fontMetrics.height() * lines + 10};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        auto item = option;
        initStyleOption(&item, index);
        const auto text = item.text;
        const auto icon = item.icon;
        item.text.clear();
        item.icon = {};
        QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &item, painter, item.widget);
        const auto why = index.data(Finder::kWhyDisabledRole).toString();
        const bool chosen = option.state & QStyle::State_Selected;
        const auto normal = option.palette.color(chosen              ? QPalette::HighlightedText
                                                     : why.isEmpty() ? QPalette::Text
                                                                     : QPalette::PlaceholderText);
        const auto muted = option.palette.color(chosen ? QPalette::HighlightedText : QPalette::PlaceholderText);
        auto area = option.rect.adjusted(10, 5, -10, -5);
        const int height = option.fontMetrics.height();
        icon.paint(painter, QRect(area.left(), area.top(), 18, height));
        area.setLeft(area.left() + 28);
        painter->setFont(option.font);
        painter->setPen(muted);
        const auto detail = index.data(Finder::kDetailRole).toString();
        painter->drawText(QRect(area.left(), area.top(), area.width(), height), Qt::AlignRight | Qt::AlignVCenter,
                          detail);
        if (!why.isEmpty())
            painter->drawText(QRect(area.left(), area.top() + height, area.width(), height),
                              Qt::AlignLeft | Qt::AlignVCenter,
                              option.fontMetrics.elidedText(why, Qt::ElideRight, area.width()));
        const int room = area.width() - option.fontMetrics.horizontalAdvance(detail) - 12;
        drawWithMarks(painter, option, QPoint(area.left(), area.top()), room, text, index, normal);
    }

private:
    static void drawWithMarks(QPainter* painter, const QStyleOptionViewItem& option, const QPoint& at, int room,
                              const QString& text, const QModelIndex& index, const QColor& color)
    {
        QTextLayout layout(option.fontMetrics.elidedText(text, Qt::ElideMiddle, room), option.font);
        QList<QTextLayout::FormatRange> marks;
        for (const auto& place : index.data(Finder::kPositionsRole).toList()) {
            QTextCharFormat bold;
            bold.setFontWeight(QFont::Bold);
            bold.setFontUnderline(true);
            marks.append({place.toInt(), 1, bold});
        }
        if (layout.text() == text)
            layout.setFormats(marks);
        layout.beginLayout();
        layout.createLine();
        layout.endLayout();
        painter->setPen(color);
        layout.draw(painter, at);
    }
};

} // namespace

Finder::Finder(QWidget* window)
    : QFrame(window)
    , m_query(new QLineEdit(this))
    , m_list(new QListWidget(this))
    , m_none(new QLabel(tr("Nothing of that name"), this))
{
    setObjectName(QStringLiteral("finder"));
    setFocusProxy(m_query);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 10, 10, 10);
    column->setSpacing(8);
    column->addWidget(m_query);
    column->addWidget(m_list, 1);
    column->addWidget(m_none);
    m_query->setObjectName(QStringLiteral("finderQuery"));
    m_query->setAccessibleName(tr("Go to"));
    m_query->setClearButtonEnabled(true);
    m_query->setMinimumHeight(34);
    m_list->setObjectName(QStringLiteral("finderList"));
    m_list->setItemDelegate(new FindDelegate(m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setAccessibleName(tr("What was found"));
    m_none->setForegroundRole(QPalette::PlaceholderText);
    m_none->setAlignment(Qt::AlignCenter);
    connect(m_query, &QLineEdit::textChanged, this, &Finder::narrow);
    connect(m_list, &QListWidget::itemClicked, this, &Finder::choose);
    m_query->installEventFilter(this);
    window->installEventFilter(this);
    hide();
}

void Finder::open(const QString& title, const QString& placeholder, std::vector<FindItem> items)
{
    if (!isVisible())
        m_before = QApplication::focusWidget();
    m_items = std::move(items);
    setAccessibleName(title);
    m_query->setAccessibleName(title);
    m_query->setPlaceholderText(placeholder);
    m_query->clear();
    narrow();
    place();
    show();
    raise();
    m_query->setFocus(Qt::ShortcutFocusReason);
}

void Finder::place()
{
    const auto* window = parentWidget();
    const int width = std::min(680, window->width() - 40);
    const int height =
        std::min(m_query->height() + 40 + kVisibleRows * (fontMetrics().height() + 10), window->height() - 120);
    setGeometry((window->width() - width) / 2, 70, width, height);
}

void Finder::narrow()
{
    struct Found
    {
        std::size_t item;
        FuzzyMatch match;
    };
    std::vector<Found> found;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        auto match = fuzzyMatch(m_query->text(), m_items[i].text);
        if (!match && !m_items[i].alsoFoundBy.isEmpty())
            if ((match = fuzzyMatch(m_query->text(), m_items[i].alsoFoundBy))) {
                match->positions.clear();
                match->score -= kBehindNames;
            }
        if (match)
            found.push_back({i, std::move(*match)});
    }
    if (!m_query->text().isEmpty())
        std::stable_sort(found.begin(), found.end(),
                         [](const Found& a, const Found& b) { return a.match.score > b.match.score; });
    m_list->clear();
    for (const auto& [i, match] : found) {
        if (m_list->count() == kShown)
            break;
        const auto& item = m_items[i];
        auto* row = new QListWidgetItem(item.icon, item.text, m_list);
        QVariantList places;
        for (const int place : match.positions)
            places.append(place);
        row->setData(kPositionsRole, places);
        row->setData(kDetailRole, item.detail);
        row->setData(kWhyDisabledRole, item.whyDisabled);
        row->setData(kItemRole, static_cast<qulonglong>(i));
        row->setData(Qt::AccessibleDescriptionRole, item.whyDisabled.isEmpty() ? item.detail : item.whyDisabled);
    }
    int first = 0; // that can be chosen
    while (first < m_list->count() && !m_list->item(first)->data(kWhyDisabledRole).toString().isEmpty())
        ++first;
    m_list->setCurrentRow(first < m_list->count() ? first : 0);
    m_list->setVisible(!found.empty());
    m_none->setVisible(found.empty());
}

void Finder::choose()
{
    const auto* row = m_list->currentItem();
    if (!row || !row->data(kWhyDisabledRole).toString().isEmpty())
        return; // its reason stays readable
    const auto chosen = m_items[row->data(kItemRole).toULongLong()].chosen;
    closeAndGoBack();
    chosen();
}

void Finder::closeAndGoBack()
{
    hide();
    if (m_before && m_before->isVisible())
        m_before->setFocus(Qt::OtherFocusReason);
}

bool Finder::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parent() && event->type() == QEvent::Resize && isVisible())
        place();
    if (watched != m_query || !isVisible())
        return QFrame::eventFilter(watched, event);
    if (event->type() == QEvent::FocusOut && static_cast<QFocusEvent*>(event)->reason() != Qt::ActiveWindowFocusReason
        && static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason) {
        hide(); // a click elsewhere
        return false;
    }
    if (event->type() != QEvent::KeyPress)
        return QFrame::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    switch (key->key()) {
    case Qt::Key_Escape: closeAndGoBack(); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter: choose(); return true;
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown: QApplication::sendEvent(m_list, event); return true;
    case Qt::Key_Tab:
    case Qt::Key_Backtab: return true; // nothing else to go to
    default: return false;
    }
}

} // namespace ui
