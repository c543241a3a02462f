// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLineEdit;

namespace ui {

/** A field for a text file, or a folder, with a button to browse; takes one dropped on it. */
class TextPicker : public QWidget
{
    Q_OBJECT

public:
    enum class Picks { Text, Folder };

    explicit TextPicker(const QString& name, QWidget* parent = nullptr, Picks picks = Picks::Text);

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
    Picks m_picks;
};

} // namespace ui
