// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "ui/chat/transcript_pane.h"

#include <QWidget>

class QLabel;
class QTableWidget;

namespace ui {

class TokenPlot;

/** Below two models side by side: the divergence of each token of an answer, what both models held most probable at the
    token in question, and which blocks of the quantized model go wrong there. */
class TokenPanel : public QWidget
{
    Q_OBJECT

public:
    explicit TokenPanel(QWidget* parent = nullptr);

    void setAnswer(const Answer* answer, int turn); // null: nothing to show
    void showToken(int token);
    void setBlockErrors(const std::vector<core::BlockError>& errors); // of the token shown
    int token() const { return m_token; }                             // -1: none

    TokenPlot& plot() { return *m_plot; }
    QTableWidget& alternatives() { return *m_alternatives; }
    QTableWidget& blocks() { return *m_blocks; }

Q_SIGNALS:
    void tokenChosen(const ui::TokenPlace& place); // its blocks are wanted
    void blockActivated(int block);

private:
    QTableWidget* buildTable(const QString& name, const QStringList& header);
    void fillAlternatives(const core::TokenDivergence& token);

    std::vector<core::GeneratedToken> m_tokens;
    int m_turn = -1;
    int m_token = -1;
    TokenPlot* m_plot = nullptr;
    QLabel* m_title = nullptr;
    QTableWidget* m_alternatives = nullptr;
    QTableWidget* m_blocks = nullptr;
};

} // namespace ui
