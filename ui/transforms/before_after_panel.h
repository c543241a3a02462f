// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QToolButton;

namespace ui {

class Comparisons;
class DistributionPanel;
class Studio;

/** What the chosen transform does to the selected layer's values: their spread and channels before and after, and what
    rounding costs them. */
class BeforeAfterPanel : public QWidget
{
    Q_OBJECT

public:
    BeforeAfterPanel(Studio& studio, Comparisons& comparisons, QWidget* parent = nullptr);

    DistributionPanel& panel() { return *m_panel; }
    /** From both to the state behind the transform, then to and fro between before and after, in the same axes. */
    void flip();

Q_SIGNALS:
    void hovered(const QString& text);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void build();
    void showComparison();
    void showErrors();
    void showSeries();
    QString placeholder() const;

    Studio& m_studio;
    Comparisons& m_comparisons;
    QToolButton* m_weights = nullptr;
    QToolButton* m_inputs = nullptr;
    QToolButton* m_both = nullptr;
    QToolButton* m_before = nullptr;
    QToolButton* m_after = nullptr;
    QLabel* m_errors = nullptr;
    DistributionPanel* m_panel = nullptr;
};

} // namespace ui
