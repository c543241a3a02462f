// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chat/token_panel.h"

#include "ui/convert.h"
#include "ui/format.h"
#include "ui/plot/token_plot.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

namespace {

constexpr int kShownBlocks = 5;

QString shown(const std::string& text)
{
    auto result = toQString(text);
    return result.replace(QLatin1Char('\n'), QStringLiteral("\u21b5"))
        .replace(QLatin1Char(' '), QStringLiteral("\u00b7"));
}

} // namespace

TokenPanel::TokenPanel(QWidget* parent)
    : QWidget(parent)
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(10);
    m_plot = new TokenPlot(this);
    m_plot->setPlaceholder(tr("Ask something: each token's divergence appears here"));
    row->addWidget(m_plot, 3);
    auto* side = new QVBoxLayout;
    m_title = new QLabel(this);
    m_title->setTextFormat(Qt::PlainText);
    side->addWidget(m_title);
    auto* tables = new QHBoxLayout;
    m_alternatives =
        buildTable(tr("Most probable tokens of both models"), {tr("reference"), tr("p"), tr("quantized"), tr("p")});
    m_blocks = buildTable(tr("Blocks by their error at this token"), {tr("block"), tr("error"), tr("of typical")});
    m_blocks->setToolTip(tr("Squared error of the block's output at this token, relative to what the block adds to its "
                            "input; every block is given the full-precision input, so each error is its own.\n"
                            "Enter or a click shows the block's layers."));
    tables->addWidget(m_alternatives, 4);
    tables->addWidget(m_blocks, 3);
    side->addLayout(tables, 1);
    row->addLayout(side, 3);
    connect(m_plot, &PlotView::sampleClicked, this, &TokenPanel::showToken);
    for (const auto signal : {&QTableWidget::itemActivated, &QTableWidget::itemClicked})
        connect(m_blocks, signal, this, [this](const QTableWidgetItem* item) {
            Q_EMIT blockActivated(m_blocks->item(item->row(), 0)->data(Qt::UserRole).toInt());
        });
    setAnswer(nullptr, -1);
}

QTableWidget* TokenPanel::buildTable(const QString& name, const QStringList& header)
{
    auto* table = new QTableWidget(0, static_cast<int>(header.size()), this);
    table->setAccessibleName(name);
    table->setHorizontalHeaderLabels(header);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(fontMetrics().lineSpacing() + 6);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setShowGrid(false);
    return table;
}

void TokenPanel::setAnswer(const Answer* answer, int turn)
{
    m_tokens = answer ? answer->tokens : std::vector<core::GeneratedToken>();
    m_turn = turn;
    QVector<TokenSample> samples;
    for (const auto& token : m_tokens) {
        const auto& apart = token.divergence;
        samples.append({.text = toQString(token.text),
                        .kl = apart ? apart->kl : 0.0,
                        .agrees = !apart || apart->otherTop == token.id,
                        .otherText = apart ? toQString(apart->otherText) : QString()});
    }
    m_plot->setTokens(samples);
    m_plot->setDetail(m_plot->agreement());
    m_token = -1;
    m_alternatives->setRowCount(0);
    m_blocks->setRowCount(0);
    m_title->setText(m_tokens.empty() ? QString() : tr("Click a token to see what both models held probable."));
}

void TokenPanel::showToken(int token)
{
    if (token < 0 || token >= static_cast<int>(m_tokens.size())
        || !m_tokens[static_cast<std::size_t>(token)].divergence)
        return;
    m_token = token;
    const auto& chosen = m_tokens[static_cast<std::size_t>(token)];
    m_plot->markToken(token);
    m_title->setText(tr("Token %1: \u201c%2\u201d, KL %3 nats")
                         .arg(token + 1)
                         .arg(shown(chosen.text), formatNumber(chosen.divergence->kl, 3)));
    fillAlternatives(*chosen.divergence);
    m_blocks->setRowCount(0);
    Q_EMIT tokenChosen({m_turn, token});
}

void TokenPanel::fillAlternatives(const core::TokenDivergence& token)
{
    const auto rows = std::max(token.alternatives.size(), token.otherAlternatives.size());
    m_alternatives->setRowCount(static_cast<int>(rows));
    const auto fill = [this](const std::vector<core::TokenAlternative>& tokens, int column) {
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            const auto row = static_cast<int>(i);
            m_alternatives->setItem(row, column, new QTableWidgetItem(shown(tokens[i].text)));
            auto* probability = new QTableWidgetItem(formatFixed(tokens[i].probability, 3));
            probability->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            m_alternatives->setItem(row, column + 1, probability);
        }
    };
    fill(token.alternatives, 0);
    fill(token.otherAlternatives, 2);
}

void TokenPanel::setBlockErrors(const std::vector<core::BlockError>& errors)
{
    auto sorted = errors;
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.atToken > b.atToken; });
    sorted.resize(std::min<std::size_t>(sorted.size(), kShownBlocks));
    m_blocks->setRowCount(static_cast<int>(sorted.size()));
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        const auto row = static_cast<int>(i);
        auto* block = new QTableWidgetItem(QString::number(sorted[i].block));
        block->setData(Qt::UserRole, sorted[i].block);
        m_blocks->setItem(row, 0, block);
        m_blocks->setItem(row, 1, new QTableWidgetItem(formatNumber(sorted[i].atToken, 3)));
        const bool known = sorted[i].typical > 0.0;
        m_blocks->setItem(row, 2,
                          new QTableWidgetItem(known ? formatNumber(sorted[i].atToken / sorted[i].typical, 3)
                                                       + QStringLiteral("\u00d7")
                                                     : QStringLiteral("\u2013")));
    }
}

} // namespace ui
