// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings.h"

#include "core/base/error.h"
#include "ui/convert.h"

#include <QDir>
#include <QFile>
#include <QSettings>

#include <algorithm>

namespace ui {

namespace {

constexpr int kKeptRecents = 10;
constexpr int kAutosaveSeconds = 30;
constexpr int kActivationTokens = 4096;

const QString kTheme = QStringLiteral("theme");
const QString kLanguage = QStringLiteral("language");
const QString kAutosave = QStringLiteral("autosaveSeconds");
const QString kTokens = QStringLiteral("activationTokens");
const QString kRecents = QStringLiteral("recents");
const QString kLayerFilters = QStringLiteral("layerFilters");
const QString kLayoutVersionKey = QStringLiteral("window/version");
const QString kGeometry = QStringLiteral("window/geometry");
const QString kLayouts = QStringLiteral("window/layouts/");
const QString kNamed = QStringLiteral("window/named");
const QString kShortcuts = QStringLiteral("shortcuts/");
const QString kLastFolder = QStringLiteral("lastFolder");

constexpr std::pair<ThemeChoice, const char*> kThemeNames[] = {{ThemeChoice::System, "system"},
                                                               {ThemeChoice::Light, "light"},
                                                               {ThemeChoice::Dark, "dark"},
                                                               {ThemeChoice::HighContrast, "high-contrast"}};

} // namespace

Settings::Settings(const QString& file, QObject* parent)
    : QObject(parent)
    , m_settings(file.isEmpty()
                     ? std::make_unique<QSettings>(QStringLiteral("planish"), QStringLiteral("planish-studio"))
                     : std::make_unique<QSettings>(file, QSettings::IniFormat))
{
}

Settings::~Settings() = default;

ThemeChoice Settings::theme() const
{
    const auto stored = m_settings->value(kTheme).toString();
    for (const auto& [theme, name] : kThemeNames)
        if (stored == QLatin1String(name))
            return theme;
    return ThemeChoice::System;
}

void Settings::setTheme(ThemeChoice theme)
{
    for (const auto& [choice, name] : kThemeNames)
        if (choice == theme)
            m_settings->setValue(kTheme, QString::fromLatin1(name));
    Q_EMIT changed();
}

QString Settings::language() const
{
    return m_settings->value(kLanguage).toString();
}

void Settings::setLanguage(const QString& language)
{
    m_settings->setValue(kLanguage, language);
    Q_EMIT changed();
}

int Settings::autosaveSeconds() const
{
    return std::clamp(m_settings->value(kAutosave, kAutosaveSeconds).toInt(), 0, 3600);
}

void Settings::setAutosaveSeconds(int seconds)
{
    m_settings->setValue(kAutosave, seconds);
    Q_EMIT changed();
}

QStringList Settings::layerFilters() const
{
    return m_settings->value(kLayerFilters).toStringList();
}

void Settings::setLayerFilters(const QStringList& filters)
{
    m_settings->setValue(kLayerFilters, filters);
    Q_EMIT changed();
}

int Settings::activationTokens() const
{
    return std::clamp(m_settings->value(kTokens, kActivationTokens).toInt(), 256, 1 << 20);
}

void Settings::setActivationTokens(int tokens)
{
    m_settings->setValue(kTokens, tokens);
    Q_EMIT changed();
}

QStringList Settings::recents() const
{
    return m_settings->value(kRecents).toStringList();
}

void Settings::addRecent(const QString& path)
{
    const auto absolute = QDir::cleanPath(QDir::current().absoluteFilePath(path));
    auto list = recents();
    list.removeAll(absolute);
    list.prepend(absolute);
    m_settings->setValue(kRecents, list.mid(0, kKeptRecents));
    Q_EMIT recentsChanged();
}

void Settings::replaceRecent(const QString& path, const QString& found)
{
    auto list = recents();
    list.removeAll(found);
    std::replace(list.begin(), list.end(), path, found);
    m_settings->setValue(kRecents, list);
    Q_EMIT recentsChanged();
}

QByteArray Settings::versioned(const QString& key) const
{
    return m_settings->value(kLayoutVersionKey).toInt() == kLayoutVersion ? m_settings->value(key).toByteArray()
                                                                          : QByteArray();
}

QByteArray Settings::geometry() const
{
    return versioned(kGeometry);
}

void Settings::setGeometry(const QByteArray& geometry)
{
    m_settings->setValue(kLayoutVersionKey, kLayoutVersion);
    m_settings->setValue(kGeometry, geometry);
}

QByteArray Settings::layout(const QString& workspace) const
{
    return versioned(kLayouts + workspace);
}

void Settings::setLayout(const QString& workspace, const QByteArray& layout)
{
    m_settings->setValue(kLayoutVersionKey, kLayoutVersion);
    m_settings->setValue(kLayouts + workspace, layout);
}

QStringList Settings::namedLayouts() const
{
    return m_settings->value(kNamed).toMap().keys(); // in order
}

QByteArray Settings::namedLayout(const QString& name) const
{
    return m_settings->value(kNamed).toMap().value(name).toByteArray();
}

void Settings::setNamedLayout(const QString& name, const QByteArray& layout)
{
    auto layouts = m_settings->value(kNamed).toMap(); // one value, so that a name may hold any letter
    if (layout.isEmpty())
        layouts.remove(name);
    else
        layouts.insert(name, layout);
    m_settings->setValue(kNamed, layouts);
}

void Settings::forgetLayouts()
{
    m_settings->remove(kLayouts.chopped(1));
    m_settings->remove(kGeometry);
}

std::optional<QList<QKeySequence>> Settings::shortcuts(const QString& action) const
{
    const auto value = m_settings->value(kShortcuts + action);
    if (!value.isValid())
        return {};
    const auto text = value.toString();
    return text.isEmpty() ? QList<QKeySequence>() : QKeySequence::listFromString(text);
}

void Settings::setShortcuts(const QString& action, const std::optional<QList<QKeySequence>>& keys)
{
    if (keys)
        m_settings->setValue(kShortcuts + action, QKeySequence::listToString(*keys));
    else
        m_settings->remove(kShortcuts + action);
    Q_EMIT changed();
}

QString Settings::lastFolder() const
{
    return m_settings->value(kLastFolder, QDir::homePath()).toString();
}

void Settings::setLastFolder(const QString& folder)
{
    m_settings->setValue(kLastFolder, folder);
}

void Settings::reset()
{
    const auto kept = recents();
    m_settings->clear();
    m_settings->setValue(kRecents, kept);
    Q_EMIT changed();
}

void Settings::exportTo(const QString& file) const
{
    QFile::remove(file);
    QSettings copy(file, QSettings::IniFormat);
    for (const auto& key : m_settings->allKeys())
        if (key != kRecents && key != kLastFolder) // about this machine's files
            copy.setValue(key, m_settings->value(key));
    copy.sync();
    if (copy.status() != QSettings::NoError)
        throw core::Error(core::ErrorKind::Io, "The settings could not be written", toStd(file));
}

void Settings::importFrom(const QString& file)
{
    if (!QFile::exists(file))
        throw core::Error(core::ErrorKind::NotFound, "There is no such settings file", toStd(file));
    const QSettings other(file, QSettings::IniFormat);
    const auto keys = other.allKeys();
    // The format takes any text for settings: what it holds must be ours.
    const bool areOurs = std::all_of(keys.begin(), keys.end(), [](const QString& key) {
        static const QStringList kRoots{kTheme,
                                        kLanguage,
                                        kAutosave,
                                        kTokens,
                                        QStringLiteral("window"),
                                        kRecents,
                                        kLayerFilters,
                                        kLastFolder,
                                        QStringLiteral("shortcuts")};
        return kRoots.contains(key.section(QLatin1Char('/'), 0, 0));
    });
    if (other.status() != QSettings::NoError || !areOurs)
        throw core::Error(core::ErrorKind::Corrupt, "This is no settings file of Planish", toStd(file));
    for (const auto& key : keys)
        if (key != kRecents && key != kLastFolder)
            m_settings->setValue(key, other.value(key));
    Q_EMIT changed();
}

} // namespace ui
