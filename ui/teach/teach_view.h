// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QListWidget;

namespace ui {

class ActionRegistry;

/** Workspace "Teach": what serves a teacher in front of a class. Lessons will stand here. */
class TeachView : public QWidget
{
    Q_OBJECT

public:
    explicit TeachView(ActionRegistry& actions, QWidget* parent = nullptr);

    QListWidget& pages() { return *m_pages; }

Q_SIGNALS:
    void helpRequested(const QString& topic);

private:
    QWidget* buildCommands(ActionRegistry& actions);
    QWidget* buildPages();

    QListWidget* m_pages = nullptr;
};

} // namespace ui
