// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transforms/transform_kind.h"

#include <QTableView>

namespace ui {

/** A table whose rows have a transform to choose: A affine, R rotation, H Hadamard, N none, Space back to automatic, L locked as it
    is, W what the kinds would do, U the best of them, for all selected rows; the kinds also by a right click. */
class KindTable : public QTableView
{
    Q_OBJECT

public:
    explicit KindTable(QWidget* parent = nullptr);

    /** Columns that hold kinds get glyphs and, the second, an editor. */
    void setKindColumns(int automatic, int choice);
    QModelIndexList selectedSourceRows() const; // of the model behind the proxy, if there is one

Q_SIGNALS:
    void kindRequested(core::TransformKind kind);
    void automaticRequested();
    void comparisonToggled(); // B
    void whatIfRequested();
    void bestRequested();
    void lockRequested();
    void precisionRequested(); // kept in full, or as the plan again
    void pointerLeft();

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void step(int rows); // from the current one
};

} // namespace ui
