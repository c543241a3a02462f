// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plot/plot_view.h"

class QCPGraph;

namespace ui {

/** A token of an answer that a second model read along. */
struct TokenSample
{
    QString text;
    double kl = 0.0; // nats
    bool agrees = true;
    QString otherText; // what the second model would have chosen
};

/** KL divergence of each token of an answer: impulses in the text's order, disagreements marked. */
class TokenPlot : public PlotView
{
    Q_OBJECT

public:
    explicit TokenPlot(QWidget* parent = nullptr);

    void setTokens(const QVector<TokenSample>& tokens);
    void markToken(int token) { setCursor(token); }
    QString summary() const override;
    QString agreement() const; // "mean KL 0.37 nats, the same choice at 72 %"; empty without tokens

protected:
    int sampleCount() const override { return static_cast<int>(m_tokens.size()); }
    QPointF samplePosition(int sample) const override;
    QString sampleText(int sample) const override;
    QStringList csvColumns() const override;
    QStringList csvCells(int sample) const override;
    void fitView() override;
    void applyColors() override;
    QVector<LegendEntry> legend() const override;

private:
    QCPGraph* m_impulses = nullptr;
    QCPGraph* m_disagreements = nullptr;
    QVector<TokenSample> m_tokens;
};

} // namespace ui
