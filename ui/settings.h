// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QObject>
#include <QString>
#include <QStringList>

#include <memory>

class QSettings;

namespace ui {

enum class ThemeChoice { System, Light, Dark };

/** What the studio remembers between runs, typed. In a file of its own where one is named (`--settings FILE`). */
class Settings : public QObject
{
    Q_OBJECT

public:
    explicit Settings(const QString& file = {}, QObject* parent = nullptr);
    ~Settings() override;

    ThemeChoice theme() const;
    void setTheme(ThemeChoice theme);

    QStringList recents() const; // models and projects, newest first
    void addRecent(const QString& path);
    void removeRecent(const QString& path);

    /** Geometry and docks; empty where it was saved by a window of another layout, so that nothing is restored wrongly. */
    QByteArray geometry() const;
    QByteArray layout() const;
    void setLayout(const QByteArray& geometry, const QByteArray& layout);
    void forgetLayout();

    QString lastFolder() const;
    void setLastFolder(const QString& folder);

Q_SIGNALS:
    void recentsChanged();

private:
    std::unique_ptr<QSettings> m_settings;
};

} // namespace ui
