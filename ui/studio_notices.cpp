// SPDX-License-Identifier: GPL-3.0-or-later
// What the window tells or asks on its own account.
#include "ui/convert.h"
#include "ui/instance_lock.h"
#include "ui/notice_bar.h"
#include "ui/studio_window.h"

#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>

namespace ui {

namespace {

constexpr qint64 kWorthAsking = 10'000; // ms that a job has run before somebody may stop it by mistake

} // namespace

void StudioWindow::openWithBundle(const QString& source, const QString& bundle)
{
    auto* once = new QObject(this);
    connect(&m_studio.document(), &Document::readingChanged, once, [this, once, source, bundle] {
        const auto& now = m_studio.document();
        const bool isThere = now.modelPath() == source;
        if (isThere && now.readState() == Document::ReadState::Loading)
            return;
        once->deleteLater();
        if (isThere && now.readState() == Document::ReadState::Ready)
            m_studio.attachBundle(bundle);
    });
    openPath(source);
}

void StudioWindow::claimSession()
{
    m_instance = std::make_unique<InstanceLock>(m_settingsFile);
    if (m_instance->isFirst())
        return;
    m_notice->show(
        tr("Planish runs in another window already. A project that is open in both is overwritten by the one "
           "that saves last; settings too."),
        {{tr("Work in this one too"), [] {}}, {tr("Close this one"), [this] { close(); }}});
    m_notice->focusFirst();
}

void StudioWindow::explainBundle()
{
    const auto& document = m_studio.document();
    const auto source = toQString(document.description()->origin.source);
    QList<NoticeBar::Choice> choices;
    if (QFileInfo::exists(source))
        choices.append({tr("Open %1, this in slot B").arg(QFileInfo(source).fileName()),
                        [this, source, bundle = document.modelPath()] { openWithBundle(source, bundle); }});
    choices.append({tr("OK"), [] {}});
    m_notice->show(
        tr("%1 is a quantized model: it can be evaluated, exported and talked to. Layers and choices belong to "
           "the model that it was made from.")
            .arg(document.modelName()),
        choices);
}

bool StudioWindow::mayDiscard()
{
    const bool isModified = m_studio.document().isModified();
    const auto* job = m_studio.jobs().current();
    if (job && job->spentMs() < kWorthAsking)
        job = nullptr;
    if (!isModified && !job)
        return true;
    if (m_mayDiscard)
        return m_mayDiscard();
    QStringList reasons;
    if (isModified)
        reasons << tr("The choices, results and notes of %1 are not saved in a project.")
                       .arg(m_studio.document().modelName());
    if (job)
        reasons << tr("%1 is at work and will be stopped; what it has finished is kept.").arg(job->title());
    QMessageBox box(QMessageBox::Question, isModified ? tr("Unsaved changes") : tr("Work in progress"),
                    reasons.join(QLatin1Char('\n')), QMessageBox::Cancel, this);
    const auto* giveUp = box.addButton(isModified ? tr("Discard") : tr("Stop"), QMessageBox::DestructiveRole);
    const auto* keep = isModified ? box.addButton(QMessageBox::Save) : nullptr;
    box.setDefaultButton(keep ? QMessageBox::Save : QMessageBox::Cancel);
    box.exec();
    if (keep && box.clickedButton() == keep)
        return saveNow();
    return box.clickedButton() == giveUp;
}

} // namespace ui
