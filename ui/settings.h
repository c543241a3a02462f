// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QKeySequence>
#include <QObject>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>

class QSettings;

namespace ui {

enum class ThemeChoice { System, Light, Dark, HighContrast };

/** What the studio remembers between runs, typed. In a file of its own where one is named (`--settings FILE`). */
class Settings : public QObject
{
    Q_OBJECT

public:
    static constexpr int kLayoutVersion = 2; // raise when docks or workspaces change

    explicit Settings(const QString& file = {}, QObject* parent = nullptr);
    ~Settings() override;

    ThemeChoice theme() const;
    void setTheme(ThemeChoice theme);
    QString language() const; // "de"; empty: the system's
    void setLanguage(const QString& language);
    int autosaveSeconds() const; // 0: never
    void setAutosaveSeconds(int seconds);
    QStringList layerFilters() const; // those a person keeps
    void setLayerFilters(const QStringList& filters);
    int activationTokens() const; // how much text runs through a model to measure its activations
    void setActivationTokens(int tokens);

    QStringList recents() const; // models and projects, newest first
    void addRecent(const QString& path);
    void replaceRecent(const QString& path, const QString& found);

    QByteArray geometry() const;
    void setGeometry(const QByteArray& geometry);
    /** Docks; empty where they were saved by a window of another layout, so that nothing is restored wrongly. */
    QByteArray layout(const QString& workspace) const;
    void setLayout(const QString& workspace, const QByteArray& layout);
    QStringList namedLayouts() const;
    QByteArray namedLayout(const QString& name) const;
    void setNamedLayout(const QString& name, const QByteArray& layout); // empty: away with it
    void forgetLayouts();                                               // of the workspaces, not those with names

    /** A person's own keys for a command; none where they are the command's. */
    std::optional<QList<QKeySequence>> shortcuts(const QString& action) const;
    void setShortcuts(const QString& action, const std::optional<QList<QKeySequence>>& keys);

    QString lastFolder() const;
    void setLastFolder(const QString& folder);

    /** Everything but what was opened lately goes back to how it came. */
    void reset();
    void exportTo(const QString& file) const; // throws core::Error(Io)
    void importFrom(const QString& file);     // throws core::Error: nothing is changed then

Q_SIGNALS:
    void recentsChanged();
    void changed(); // any of those a person sets

private:
    QByteArray versioned(const QString& key) const;

    std::unique_ptr<QSettings> m_settings;
};

} // namespace ui
