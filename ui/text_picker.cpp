// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/text_picker.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>

namespace ui {

TextPicker::TextPicker(const QString& name, QWidget* parent, Picks picks)
    : QWidget(parent)
    , m_edit(new QLineEdit(this))
    , m_picks(picks)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    auto* button = new QPushButton(tr("Browse\u2026"), this);
    button->setAccessibleName(tr("Browse for %1").arg(name));
    row->addWidget(m_edit, 1);
    row->addWidget(button);
    m_edit->setAccessibleName(name);
    if (picks == Picks::Text)
        m_edit->setToolTip(tr("UTF-8 text, or .jsonl with a \u201ctext\u201d key; either may be gzipped"));
    m_edit->setMinimumWidth(120);
    m_edit->setAcceptDrops(false); // a drop means the file, not its name inside the old one
    setAcceptDrops(true);
    setFocusProxy(m_edit);
    connect(m_edit, &QLineEdit::editingFinished, this, [this] { Q_EMIT pathEdited(m_edit->text()); });
    connect(button, &QPushButton::clicked, this, &TextPicker::browse);
}

QString TextPicker::path() const
{
    return m_edit->text();
}

void TextPicker::setPath(const QString& path)
{
    if (m_edit->text() != path)
        m_edit->setText(path);
}

void TextPicker::setPlaceholder(const QString& text)
{
    m_edit->setPlaceholderText(text);
}

void TextPicker::browse()
{
    const auto path = m_picks == Picks::Folder
        ? QFileDialog::getExistingDirectory(this, tr("Choose a folder"), m_edit->text())
        : QFileDialog::getOpenFileName(this, tr("Choose a text"), m_edit->text(),
                                       tr("Texts (*.txt *.jsonl *.gz);;All files (*)"));
    if (path.isEmpty())
        return;
    m_edit->setText(path);
    Q_EMIT pathEdited(path);
}

void TextPicker::dragEnterEvent(QDragEnterEvent* event)
{
    const auto urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.first().isLocalFile())
        event->acceptProposedAction();
}

void TextPicker::dropEvent(QDropEvent* event)
{
    m_edit->setText(event->mimeData()->urls().first().toLocalFile());
    event->acceptProposedAction();
    Q_EMIT pathEdited(m_edit->text());
}

} // namespace ui
