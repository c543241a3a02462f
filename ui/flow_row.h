// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>
#include <QList>

namespace ui {

/** Fields beside one another, which go on in a second line where the room ends. In each line what can grow takes what is left;
    all stand in the middle of their line's height. */
class FlowRow : public QLayout
{
public:
    explicit FlowRow(int spacing = 6);
    ~FlowRow() override;

    void addItem(QLayoutItem* item) override;
    int count() const override { return static_cast<int>(m_items.size()); }
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSize() const override; // the widest field alone
    Qt::Orientations expandingDirections() const override { return {}; }
    void setGeometry(const QRect& room) override;

private:
    int widthOf(const QLayoutItem& item) const;
    int arrange(const QRect& room, bool apply) const; // the height it takes
    void placeLine(const QList<QLayoutItem*>& line, const QRect& room) const;

    QList<QLayoutItem*> m_items;
};

} // namespace ui
