// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"

#include <QWidget>

#include <map>

class QLabel;
class QTreeWidget;
class QTreeWidgetItem;

namespace ui {

class Studio;

/** Slot A, the model, as a tree of blocks, modules and layers; below it slot B, the quantized model that it is compared
    with, which takes a bundle dropped on it. */
class ModelTree : public QWidget
{
    Q_OBJECT

public:
    explicit ModelTree(Studio& studio, QWidget* parent = nullptr);

    QTreeWidget& tree() { return *m_tree; }
    QWidget& slotB() { return *m_slotB; }

Q_SIGNALS:
    void bundleRequested(); // the person wants to choose one

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildSlotB();
    void rebuild();
    void fillNumbers();
    void showSelection();
    void showSlotB();

    Studio& m_studio;
    QLabel* m_nameA;
    QTreeWidget* m_tree;
    QWidget* m_slotB;
    QLabel* m_nameB;
    std::map<core::LayerId, QTreeWidgetItem*> m_layers;
    std::map<core::ModuleId, QTreeWidgetItem*> m_modules;
};

} // namespace ui
