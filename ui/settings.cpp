// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings.h"

#include <QDir>
#include <QSettings>

namespace ui {

namespace {

constexpr int kLayoutVersion = 1; // raise when docks or workspaces change
constexpr int kKeptRecents = 10;

const QString kTheme = QStringLiteral("theme");
const QString kRecents = QStringLiteral("recents");
const QString kLayoutVersionKey = QStringLiteral("window/version");
const QString kGeometry = QStringLiteral("window/geometry");
const QString kLayout = QStringLiteral("window/layout");
const QString kLastFolder = QStringLiteral("lastFolder");

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
    const auto name = m_settings->value(kTheme).toString();
    if (name == QLatin1String("light"))
        return ThemeChoice::Light;
    return name == QLatin1String("dark") ? ThemeChoice::Dark : ThemeChoice::System;
}

void Settings::setTheme(ThemeChoice theme)
{
    const auto name = theme == ThemeChoice::Light ? QStringLiteral("light")
        : theme == ThemeChoice::Dark              ? QStringLiteral("dark")
                                                  : QStringLiteral("system");
    m_settings->setValue(kTheme, name);
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

void Settings::removeRecent(const QString& path)
{
    auto list = recents();
    list.removeAll(path);
    m_settings->setValue(kRecents, list);
    Q_EMIT recentsChanged();
}

QByteArray Settings::geometry() const
{
    return m_settings->value(kLayoutVersionKey).toInt() == kLayoutVersion ? m_settings->value(kGeometry).toByteArray()
                                                                          : QByteArray();
}

QByteArray Settings::layout() const
{
    return m_settings->value(kLayoutVersionKey).toInt() == kLayoutVersion ? m_settings->value(kLayout).toByteArray()
                                                                          : QByteArray();
}

void Settings::setLayout(const QByteArray& geometry, const QByteArray& layout)
{
    m_settings->setValue(kLayoutVersionKey, kLayoutVersion);
    m_settings->setValue(kGeometry, geometry);
    m_settings->setValue(kLayout, layout);
}

void Settings::forgetLayout()
{
    m_settings->remove(QStringLiteral("window"));
}

QString Settings::lastFolder() const
{
    return m_settings->value(kLastFolder, QDir::homePath()).toString();
}

void Settings::setLastFolder(const QString& folder)
{
    m_settings->setValue(kLastFolder, folder);
}

} // namespace ui
