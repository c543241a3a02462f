// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/instance_lock.h"

#include "ui/autosave.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>

namespace ui {

namespace {

/** One for each file of settings: windows of different ones do not meet. */
QString lockFileFor(const QString& settingsFile)
{
    const auto name = settingsFile.isEmpty() ? QString() : QFileInfo(settingsFile).absoluteFilePath();
    const auto hash = QCryptographicHash::hash(name.toUtf8(), QCryptographicHash::Sha1).toHex().left(12);
    QDir().mkpath(Autosave::stateFolder());
    return Autosave::stateFolder() + QStringLiteral("/window-%1.lock").arg(QString::fromLatin1(hash));
}

} // namespace

InstanceLock::InstanceLock(const QString& settingsFile)
    : m_lock(lockFileFor(settingsFile))
{
    m_lock.setStaleLockTime(0); // alive as long as its process is
    m_isFirst = m_lock.tryLock(0);
}

} // namespace ui
