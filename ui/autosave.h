// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QList>
#include <QLockFile>
#include <QObject>
#include <QTimer>

#include <memory>

namespace ui {

class Settings;
class Studio;

/** Work that an earlier run left behind without saving it. */
struct Recovery
{
    QString folder;
    QString file;    // a project
    QString name;    // of the model
    QString project; // where it was last saved by the person; empty where never
    QDateTime time;
};

/** Writes unsaved work aside: at an interval and after each job, into a folder of this run under the state folder, which a
    lock marks as alive. What a run that is not alive any more left there can be recovered. A clean end leaves nothing. */
class Autosave : public QObject
{
    Q_OBJECT

public:
    Autosave(Studio& studio, const Settings& settings, QObject* parent = nullptr);
    ~Autosave() override;

    /** $XDG_STATE_HOME/planish, else ~/.local/state/planish. */
    static QString stateFolder();
    static QList<Recovery> recoveries(); // newest first; of dead runs alone
    static void discard(const Recovery& recovery);

    void saveNow(); // where there is something unsaved, else what lies there is taken away
    void finish();  // the work was saved or given up
    QString file() const;

Q_SIGNALS:
    void saved();
    void failed(const QString& what);

private:
    void applyInterval();

    Studio& m_studio;
    const Settings& m_settings;
    QString m_folder;
    std::unique_ptr<QLockFile> m_lock;
    QTimer m_timer;
};

} // namespace ui
