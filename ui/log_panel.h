// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QPlainTextEdit;

namespace ui {

/** What the engine logs, newest last, with a button that copies it beside the versions for a report of a fault. */
class LogPanel : public QWidget
{
    Q_OBJECT

public:
    explicit LogPanel(QWidget* parent = nullptr);

    QString diagnostics() const; // versions and the last lines; no contents of files

private:
    QPlainTextEdit* m_text;
};

} // namespace ui
