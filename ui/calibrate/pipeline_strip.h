// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/calibrate/pipeline.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace ui {

/** The phases in a row with a badge each, and a button that makes anew what is stale. */
class PipelineStrip : public QWidget
{
    Q_OBJECT

public:
    explicit PipelineStrip(Pipeline& pipeline, QWidget* parent = nullptr);

    QLabel& badge(Phase phase) { return *m_badges[static_cast<std::size_t>(phase)]; }
    QPushButton& button() { return *m_rerun; }

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    void show();

    Pipeline& m_pipeline;
    std::array<QLabel*, kPhases> m_badges{};
    QLabel* m_cause = nullptr;
    QPushButton* m_rerun = nullptr;
};

} // namespace ui
