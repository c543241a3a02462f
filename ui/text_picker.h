// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLineEdit;

namespace ui {

/** A field for a text file with a button to browse; takes a file dropped on it. */
class TextPicker : public QWidget
{
    Q_OBJECT

public:
    explicit TextPicker(const QString& name, QWidget* parent = nullptr);

    QString path() const;
    void setPath(const QString& path); // tells nobody
    void setPlaceholder(const QString& text);

Q_SIGNALS:
    void pathEdited(const QString& path);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void browse();

    QLineEdit* m_edit;
};

} // namespace ui
