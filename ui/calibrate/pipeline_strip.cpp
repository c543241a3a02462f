// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calibrate/pipeline_strip.h"

#include "ui/plot/plot_colors.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace ui {

namespace {

QString glyph(Pipeline::State state)
{
    switch (state) {
    case Pipeline::State::Missing: return QStringLiteral("\u25cb");
    case Pipeline::State::Fresh: return QStringLiteral("\u2713");
    case Pipeline::State::Stale: return QStringLiteral("\u26a0");
    case Pipeline::State::Running: return QStringLiteral("\u25b6");
    case Pipeline::State::Failed: return QStringLiteral("\u2717");
    }
    return {};
}

} // namespace

PipelineStrip::PipelineStrip(Pipeline& pipeline, QWidget* parent)
    : QWidget(parent)
    , m_pipeline(pipeline)
    , m_cause(new QLabel(this))
    , m_rerun(new QPushButton(this))
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    for (int phase = 0; phase < kPhases; ++phase) {
        if (phase > 0)
            row->addWidget(new QLabel(QStringLiteral("\u2192"), this));
        m_badges[static_cast<std::size_t>(phase)] = new QLabel(this);
        row->addWidget(m_badges[static_cast<std::size_t>(phase)]);
    }
    row->addSpacing(10);
    m_cause->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(m_cause, 1);
    row->addWidget(m_rerun);
    connect(m_rerun, &QPushButton::clicked, &pipeline, &Pipeline::rerun);
    connect(&pipeline, &Pipeline::changed, this, &PipelineStrip::refresh);
    show();
}

void PipelineStrip::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_badges.back())
        show();
}

void PipelineStrip::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    show();
}

/** While it is not seen nothing is drawn: the plan changes with every move of a threshold. */
void PipelineStrip::refresh()
{
    if (isVisible())
        show();
}

void PipelineStrip::show()
{
    const auto colors = plotColors(palette());
    QString cause;
    for (int i = 0; i < kPhases; ++i) {
        const auto phase = static_cast<Phase>(i);
        const auto status = m_pipeline.status(phase);
        const bool stale = status.state == Pipeline::State::Stale;
        const bool failed = status.state == Pipeline::State::Failed;
        const auto color = stale || failed             ? colors.alarm
            : status.state == Pipeline::State::Running ? colors.before
            : status.state == Pipeline::State::Missing ? colors.muted
                                                       : colors.text;
        auto* badge = m_badges[static_cast<std::size_t>(i)];
        badge->setText(QStringLiteral("<span style='color:%1'>%2 %3</span>")
                           .arg(color.name(), glyph(status.state), Pipeline::name(phase)));
        const auto words = stale                       ? tr("stale: %1").arg(status.cause)
            : failed                                   ? tr("could not be made")
            : status.state == Pipeline::State::Running ? tr("is made now")
            : status.state == Pipeline::State::Missing ? tr("not made yet")
                                                       : tr("as new as what it is made from");
        badge->setToolTip(words);
        badge->setAccessibleName(tr("%1, %2").arg(Pipeline::name(phase), words));
        if (stale && cause.isEmpty())
            cause = tr("%1: %2").arg(Pipeline::name(phase), status.cause);
    }
    const int stale = m_pipeline.staleCount();
    m_cause->setText(cause);
    m_cause->setToolTip(cause);
    const auto why = m_pipeline.whyNoRerun();
    m_rerun->setText(stale > 0 ? tr("Re-run %n stale step(s)", nullptr, stale) : tr("Re-run stale steps"));
    m_rerun->setToolTip(why.isEmpty()
                            ? tr("Makes anew what is older than what it was made from; blocks that nothing changed "
                                 "for are kept. Key: F5")
                            : why);
    m_rerun->setEnabled(why.isEmpty());
    m_rerun->setVisible(stale > 0);
}

} // namespace ui
