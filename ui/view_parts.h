// SPDX-License-Identifier: GPL-3.0-or-later
// Parts that several views show alike.
#pragma once

#include <QString>

#include <functional>

class QAbstractItemModel;
class QAction;
class QLabel;
class QObject;
class QProgressBar;
class QPushButton;
class QSpinBox;
class QTableView;
class QToolButton;
class QWidget;

namespace ui {

/** A table of which rows are selected, with its names along the top alone. While it has no rows it says `whenEmpty`. */
QTableView* rowTable(QWidget* parent, const QString& name, QAbstractItemModel* model, const QString& whenEmpty = {});

/** A plot over the table of what it shows. */
QWidget* plotOverTable(QWidget* parent, QWidget* plot, QTableView* table);

/** A thin bar that keeps its place while it is hidden; 1000 is all. */
QProgressBar* progressLine(QWidget* parent, const QString& name);

/** A field for whole numbers; `name` is what screen readers say. */
QSpinBox* spinBox(QWidget* parent, int low, int high, int value, const QString& name, const QString& tip);

/** A title `growth` times as large as the letters around it; above 1.5 the page's own. */
QLabel* heading(QWidget* parent, const QString& text, double growth);

/** A large button that does what `action` does and looks as it looks now. */
QPushButton* commandButton(QWidget* parent, QAction* action);

/** One of several buttons in a row of which one is down. */
QToolButton* segment(QWidget* parent, const QString& text, const QString& tip);

/** Calls `show` twice a second while `owner` lives: time goes on while work is silent. */
void showOften(QObject* owner, std::function<void()> show);

} // namespace ui
