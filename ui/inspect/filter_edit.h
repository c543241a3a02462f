// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/model/layer_filter.h"

#include <QLineEdit>

class QCompleter;
class QStringListModel;

namespace ui {

/** A field for filters: completes keys and values of the word being typed and underlines in red what is not understood. */
class FilterEdit : public QLineEdit
{
    Q_OBJECT

public:
    explicit FilterEdit(QWidget* parent = nullptr);

    void setProblem(const std::optional<LayerFilter::Problem>& problem); // none: all is understood
    const std::optional<LayerFilter::Problem>& problem() const { return m_problem; }
    QCompleter& suggestions() { return *m_completer; }

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void suggest();
    void complete(const QString& word);
    std::pair<int, int> wordAtCursor() const; // start, length

    QCompleter* m_completer;
    QStringListModel* m_words;
    std::optional<LayerFilter::Problem> m_problem;
};

} // namespace ui
