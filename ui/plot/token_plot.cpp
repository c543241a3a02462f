// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/token_plot.h"

#include <QLocale>
#include <qcustomplot.h>

#include <algorithm>

namespace ui {

TokenPlot::TokenPlot(QWidget* parent)
    : PlotView(parent)
{
    setTitle(tr("Divergence of each token"));
    setPinnable(false);
    setAxisLabels(tr("token of the answer"), tr("KL (nats)"));
    m_impulses = plot().addGraph();
    m_impulses->setLineStyle(QCPGraph::lsImpulse);
    m_disagreements = plot().addGraph();
    m_disagreements->setLineStyle(QCPGraph::lsNone);
    applyColors();
    fitView();
}

void TokenPlot::setTokens(const QVector<TokenSample>& tokens)
{
    m_tokens = tokens;
    m_impulses->data()->clear();
    m_disagreements->data()->clear();
    for (int i = 0; i < m_tokens.size(); ++i) {
        m_impulses->addData(i + 1, m_tokens[i].kl);
        if (!m_tokens[i].agrees)
            m_disagreements->addData(i + 1, m_tokens[i].kl);
    }
    fitView();
    refresh();
}

QPointF TokenPlot::samplePosition(int sample) const
{
    return {static_cast<double>(sample + 1), m_tokens[sample].kl}; // tokens count from 1
}

QString TokenPlot::sampleText(int sample) const
{
    const auto& token = m_tokens[sample];
    const auto kl = QLocale().toString(token.kl, 'g', 3);
    return token.agrees
        ? tr("\u201c%1\u201d, KL %2 nats").arg(token.text, kl)
        : tr("\u201c%1\u201d, KL %2 nats, the other model: \u201c%3\u201d").arg(token.text, kl, token.otherText);
}

QStringList TokenPlot::csvColumns() const
{
    return {QStringLiteral("token"), QStringLiteral("text"), QStringLiteral("kl_nats"), QStringLiteral("agrees"),
            QStringLiteral("other_text")};
}

QStringList TokenPlot::csvCells(int sample) const
{
    const auto& token = m_tokens[sample];
    return {QString::number(sample + 1), token.text, csvNumber(token.kl),
            token.agrees ? QStringLiteral("1") : QStringLiteral("0"), token.otherText};
}

QString TokenPlot::agreement() const
{
    if (m_tokens.isEmpty())
        return {};
    double sum = 0.0;
    int agreeing = 0;
    for (const auto& token : m_tokens) {
        sum += token.kl;
        agreeing += token.agrees ? 1 : 0;
    }
    return tr("%1 % same choice, mean KL %2")
        .arg(100 * agreeing / m_tokens.size())
        .arg(QLocale().toString(sum / m_tokens.size(), 'g', 3));
}

QString TokenPlot::summary() const
{
    if (m_tokens.isEmpty())
        return {};
    const auto worst =
        std::max_element(m_tokens.begin(), m_tokens.end(), [](const auto& a, const auto& b) { return a.kl < b.kl; });
    return tr("%n token(s), %1, largest at token %2 \u201c%3\u201d", nullptr, static_cast<int>(m_tokens.size()))
        .arg(agreement())
        .arg(worst - m_tokens.begin() + 1)
        .arg(worst->text.trimmed());
}

void TokenPlot::fitView()
{
    double highest = 0.0;
    for (const auto& token : m_tokens)
        highest = std::max(highest, token.kl);
    plot().xAxis->setRange(0.4, std::max<double>(10.0, static_cast<double>(m_tokens.size())) + 0.6);
    plot().yAxis->setRange(0.0, highest > 0.0 ? highest * 1.15 : 1.0);
}

void TokenPlot::applyColors()
{
    m_impulses->setPen(QPen(colors().after, 1));
    m_disagreements->setScatterStyle(
        QCPScatterStyle(QCPScatterStyle::ssDiamond, QPen(colors().alarm, 1), QBrush(colors().alarm), 7));
}

QVector<PlotView::LegendEntry> TokenPlot::legend() const
{
    if (m_tokens.isEmpty())
        return {};
    return {{QStringLiteral("\u25c6"), tr("another choice"), colors().alarm}};
}

} // namespace ui
