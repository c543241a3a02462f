// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/status_line.h"

#include "ui/format.h"
#include "ui/memory.h"
#include "ui/studio.h"
#include "ui/view_parts.h"

#include <QEvent>
#include <QLabel>
#include <QProgressBar>
#include <QStatusBar>
#include <QToolButton>

namespace ui {

StatusLine::StatusLine(QStatusBar& bar, Studio& studio, QAction* stop)
    : QObject(&bar)
    , m_studio(studio)
{
    build(bar, stop);
    auto& document = studio.document();
    connect(&document, &Document::selectionChanged, this, &StatusLine::showSelection);
    connect(&document, &Document::profileChanged, this, &StatusLine::showSelection);
    connect(&document, &Document::layersReset, this, &StatusLine::showSelection);
    connect(&document, &Document::bundleChanged, this, &StatusLine::showStale);
    connect(&document.plan(), &PlanEditor::changed, this, &StatusLine::showStale);
    connect(&studio.jobs(), &JobRunner::changed, this, &StatusLine::showJob);
    connect(&studio.jobs(), &JobRunner::added, this, &StatusLine::showJob);
    connect(&studio, &Studio::engineReady, this, &StatusLine::showDevice);
    showOften(this, [this] {
        if (!m_studio.jobs().isIdle())
            showJob();
        showDevice();
    });
    showSelection();
    showStale();
    showJob();
    showDevice();
}

void StatusLine::build(QStatusBar& bar, QAction* stop)
{
    bar.setSizeGripEnabled(false);
    m_hover = new QLabel(&bar);
    m_hover->setContentsMargins(12, 0, 0, 0);
    m_hover->setTextFormat(Qt::PlainText);
    m_hover->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_selection = new QLabel(&bar);
    m_selection->setObjectName(QStringLiteral("statusSelection"));
    m_selection->setContentsMargins(8, 0, 8, 0);
    m_stale = new QLabel(tr("\u26a0 The quantized model is older than the plan"), &bar);
    m_stale->setObjectName(QStringLiteral("statusStale"));
    m_stale->setToolTip(tr("Calibrate again for the changed choices to count. A click leads there."));
    m_stale->setCursor(Qt::PointingHandCursor);
    m_stale->installEventFilter(this);
    m_jobText = new QLabel(&bar);
    m_jobText->setObjectName(QStringLiteral("statusJob"));
    m_jobBar = new QProgressBar(&bar);
    m_jobBar->setRange(0, 1000);
    m_jobBar->setTextVisible(false);
    m_jobBar->setFixedSize(140, 10);
    m_jobBar->setAccessibleName(tr("Progress of the current job"));
    m_jobStop = new QToolButton(&bar);
    m_jobStop->setDefaultAction(stop);
    m_jobStop->setAutoRaise(true);
    m_jobStop->setAccessibleName(tr("Stop the current job"));
    m_device = new QLabel(&bar);
    m_device->setContentsMargins(8, 0, 0, 0);
    bar.setContentsMargins(0, 0, 12, 0); // a label's own margin ends where the window does
    m_device->setToolTip(tr("What computes, and the memory that this program holds of the machine's"));
    m_device->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    bar.addWidget(m_hover, 1);
    for (QWidget* widget :
         {static_cast<QWidget*>(m_selection), static_cast<QWidget*>(m_stale), static_cast<QWidget*>(m_jobText),
          static_cast<QWidget*>(m_jobBar), static_cast<QWidget*>(m_jobStop), static_cast<QWidget*>(m_device)})
        bar.addPermanentWidget(widget);
}

void StatusLine::showSelection()
{
    const auto& document = m_studio.document();
    const auto& layer = document.selectedLayer();
    if (!layer) {
        m_selection->setText(document.layers().empty() ? QString() : tr("nothing selected"));
        return;
    }
    auto text = layerName(*layer);
    if (const auto module = document.selectedModule())
        if (const auto* profile = document.module(*module))
            text = tr("%1, z %2").arg(text, formatFixed(profile->robustZ, 2));
    m_selection->setText(text);
}

void StatusLine::showStale()
{
    m_stale->setVisible(m_studio.document().isBundleStale());
}

void StatusLine::showJob()
{
    const auto* job = m_studio.jobs().current();
    m_jobBar->setVisible(job);
    m_jobStop->setVisible(job);
    if (!job) {
        m_jobText->clear();
        m_jobText->setToolTip({});
        return;
    }
    int waiting = 0;
    for (const auto* other : m_studio.jobs().jobs())
        waiting += other != job && !other->isQuiet() && other->state() == Job::State::Queued;
    m_jobBar->setValue(static_cast<int>(job->fraction() * 1000.0));
    const auto left = job->leftMs();
    auto text = job->state() == Job::State::Stopping ? tr("%1: stopping\u2026").arg(job->title())
        : left ? tr("%1: %2 spent, %3 left").arg(job->title(), formatDuration(job->spentMs()), formatDuration(*left))
               : job->title();
    if (waiting > 0)
        text += tr(", %n more waiting", nullptr, waiting);
    m_jobText->setText(text);
    m_jobText->setToolTip(job->text());
}

void StatusLine::showDevice()
{
    const auto memory = tr("%1 of %2").arg(formatBytes(usedMemory()), formatBytes(machineMemory()));
    const auto text = m_studio.deviceName().isEmpty() ? memory : tr("%1   %2").arg(m_studio.deviceName(), memory);
    if (text != m_device->text())
        m_device->setText(text);
}

bool StatusLine::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_stale && event->type() == QEvent::MouseButtonRelease)
        Q_EMIT staleClicked();
    return QObject::eventFilter(watched, event);
}

} // namespace ui
