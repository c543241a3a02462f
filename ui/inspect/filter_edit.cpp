// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/filter_edit.h"

#include "ui/plot/plot_colors.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QCoreApplication>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QStringListModel>
#include <QTextCharFormat>

namespace ui {

FilterEdit::FilterEdit(QWidget* parent)
    : QLineEdit(parent)
    , m_completer(new QCompleter(this))
    , m_words(new QStringListModel(this))
{
    m_completer->setModel(m_words);
    m_completer->setWidget(this); // not setCompleter: only one word of the text is completed
    m_completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    connect(this, &QLineEdit::textEdited, this, &FilterEdit::suggest);
    connect(m_completer, qOverload<const QString&>(&QCompleter::activated), this, &FilterEdit::complete);
}

std::pair<int, int> FilterEdit::wordAtCursor() const
{
    const auto whole = text();
    int start = cursorPosition();
    while (start > 0 && !whole[start - 1].isSpace())
        --start;
    int end = cursorPosition();
    while (end < whole.size() && !whole[end].isSpace())
        ++end;
    return {start, end - start};
}

void FilterEdit::suggest()
{
    const auto [start, length] = wordAtCursor();
    const auto words = length > 0 ? LayerFilter::completions(text().mid(start, length)) : QStringList();
    m_words->setStringList(words);
    if (words.isEmpty())
        m_completer->popup()->hide();
    else
        m_completer->complete();
}

void FilterEdit::complete(const QString& word)
{
    const auto [start, length] = wordAtCursor();
    auto whole = text();
    whole.replace(start, length, word);
    setText(whole);
    setCursorPosition(start + static_cast<int>(word.size()));
    if (word.endsWith(QLatin1Char(':')))
        suggest(); // its values
}

void FilterEdit::setProblem(const std::optional<LayerFilter::Problem>& problem)
{
    m_problem = problem;
    setToolTip(problem ? problem->text : QString());
    // A line edit has no formats of its own; what an input method underlines it does draw.
    QList<QInputMethodEvent::Attribute> attributes;
    if (problem) {
        QTextCharFormat format;
        format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        format.setUnderlineColor(plotColors(palette()).alarm);
        attributes.append({QInputMethodEvent::TextFormat, problem->start - cursorPosition(), problem->length, format});
    }
    QInputMethodEvent event(QString(), attributes);
    QCoreApplication::sendEvent(this, &event);
}

void FilterEdit::keyPressEvent(QKeyEvent* event)
{
    if (m_completer->popup()->isVisible()) {
        switch (event->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Escape:
        case Qt::Key_Tab: event->ignore(); return; // the list's
        default: break;
        }
    } else if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
        clear();
        return;
    } else if (event->key() == Qt::Key_Down
               || (event->key() == Qt::Key_Space && event->modifiers() & Qt::ControlModifier)) {
        const auto [start, length] = wordAtCursor();
        m_words->setStringList(LayerFilter::completions(text().mid(start, length)));
        m_completer->complete();
        return;
    }
    QLineEdit::keyPressEvent(event);
}

} // namespace ui
