// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/autosave.h"

#include "core/base/error.h"
#include "ui/convert.h"
#include "ui/settings.h"
#include "ui/studio.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUuid>

#include <algorithm>
#include <cstdio>

namespace ui {

namespace {

const QString kWork = QStringLiteral("work.planish");
const QString kAbout = QStringLiteral("about.json");
const QString kLock = QStringLiteral("lock");

QDir runsFolder()
{
    return QDir(Autosave::stateFolder() + QStringLiteral("/unsaved"));
}

/** Whether the run that owns the folder is gone. QLockFile knows a dead process by its id. */
bool isAbandoned(const QString& folder)
{
    QLockFile lock(folder + QLatin1Char('/') + kLock);
    lock.setStaleLockTime(0); // alive as long as its process is
    return lock.tryLock(0);
}

/** Aside and renamed, so that being killed leaves the old or the new. Without waiting for the disk as QSaveFile does: this
    runs on the window's thread, and what it guards against is the end of this process, not of the machine. */
void replaceFile(const QString& path, const QByteArray& bytes)
{
    QFile file(path + QStringLiteral(".new"));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        throw core::Error(core::ErrorKind::Io, toStd(file.errorString()), toStd(path));
    file.close();
    if (std::rename(QFile::encodeName(file.fileName()).constData(), QFile::encodeName(path).constData()) != 0)
        throw core::Error(core::ErrorKind::Io, "the file could not be renamed", toStd(path));
}

} // namespace

QString Autosave::stateFolder()
{
    const auto state = qEnvironmentVariable("XDG_STATE_HOME");
    return (state.isEmpty() ? QDir::homePath() + QStringLiteral("/.local/state") : state) + QStringLiteral("/planish");
}

Autosave::Autosave(Studio& studio, const Settings& settings, QObject* parent)
    : QObject(parent)
    , m_studio(studio)
    , m_settings(settings)
    , m_folder(runsFolder().filePath(QUuid::createUuid().toString(QUuid::WithoutBraces)))
{
    connect(&m_timer, &QTimer::timeout, this, &Autosave::saveNow);
    connect(&settings, &Settings::changed, this, &Autosave::applyInterval);
    connect(&studio.jobs(), &JobRunner::ended, this, [this](const Job* job) {
        if (!job->isQuiet())
            QTimer::singleShot(0, this, &Autosave::saveNow); // once its results are in the document
    });
    connect(&studio, &Studio::projectChanged, this, [this] {
        if (!m_studio.document().isModified())
            finish();
    });
    applyInterval();
}

Autosave::~Autosave()
{
    finish();
}

void Autosave::applyInterval()
{
    const int seconds = m_settings.autosaveSeconds();
    if (seconds == 0)
        m_timer.stop();
    else if (!m_timer.isActive() || m_timer.interval() != seconds * 1000)
        m_timer.start(seconds * 1000);
}

QString Autosave::file() const
{
    return m_folder + QLatin1Char('/') + kWork;
}

void Autosave::saveNow()
{
    if (m_settings.autosaveSeconds() == 0 || m_studio.document().readState() == Document::ReadState::Loading)
        return;
    if (!m_studio.document().isModified()) {
        finish();
        return;
    }
    try {
        if (!m_lock) {
            QDir().mkpath(m_folder);
            m_lock = std::make_unique<QLockFile>(m_folder + QLatin1Char('/') + kLock);
            m_lock->setStaleLockTime(0);
            m_lock->tryLock(0);
        }
        // First what it is, then the work: work without a name would not be offered.
        const QJsonObject about{{QStringLiteral("model"), m_studio.document().modelName()},
                                {QStringLiteral("project"), m_studio.projectPath()}};
        replaceFile(m_folder + QLatin1Char('/') + kAbout, QJsonDocument(about).toJson());
        replaceFile(file(), projectToJson(m_studio.currentProject(), m_folder));
        Q_EMIT saved();
    } catch (const core::Error& error) {
        Q_EMIT failed(tr("Unsaved work could not be written aside: %1").arg(toQString(error.what())));
    }
}

void Autosave::finish()
{
    if (!m_lock)
        return;
    m_lock.reset();
    QDir(m_folder).removeRecursively();
}

QList<Recovery> Autosave::recoveries()
{
    QList<Recovery> found;
    for (const auto& run : runsFolder().entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const auto folder = run.absoluteFilePath();
        if (!isAbandoned(folder))
            continue;
        const QFileInfo work(folder + QLatin1Char('/') + kWork);
        QFile about(folder + QLatin1Char('/') + kAbout);
        if (!work.exists() || !about.open(QIODevice::ReadOnly)) {
            QDir(folder).removeRecursively(); // it never came to save anything
            continue;
        }
        const auto json = QJsonDocument::fromJson(about.readAll()).object();
        found.append({.folder = folder,
                      .file = work.absoluteFilePath(),
                      .name = json.value(QLatin1String("model")).toString(),
                      .project = json.value(QLatin1String("project")).toString(),
                      .time = work.lastModified()});
    }
    std::sort(found.begin(), found.end(), [](const Recovery& a, const Recovery& b) { return a.time > b.time; });
    return found;
}

void Autosave::discard(const Recovery& recovery)
{
    QDir(recovery.folder).removeRecursively();
}

} // namespace ui
