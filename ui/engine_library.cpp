// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/engine_library.h"

#include "core/base/error.h"
#include "core/session/engine_layout.h"
#include "ui/convert.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QLibrary>

namespace ui {

namespace {

QStringList candidates()
{
    const auto named = qEnvironmentVariable("PLANISH_ENGINE");
    if (!named.isEmpty())
        return {named};
    const QDir beside(QCoreApplication::applicationDirPath());
    QStringList paths;
    for (const auto& folder : {QStringLiteral("../lib"), QStringLiteral("../lib/planish"), QStringLiteral(".")})
        paths += QDir::cleanPath(beside.absoluteFilePath(folder + QStringLiteral("/libplanish-engine.so")));
    return paths;
}

} // namespace

std::unique_ptr<core::Session> loadEngineSession()
{
    // OpenMP's threads sleep while they wait for work instead of spinning: the window shares the processors with them.
    if (!qEnvironmentVariableIsSet("OMP_WAIT_POLICY"))
        qputenv("OMP_WAIT_POLICY", "PASSIVE");
    QStringList tried;
    for (const auto& path : candidates()) {
        if (!QFileInfo::exists(path)) {
            tried += path;
            continue;
        }
        QLibrary library(path); // stays loaded: what it made outlives this object
        const auto create = reinterpret_cast<core::Session* (*)()>(library.resolve("planishCreateSession"));
        if (!create)
            throw core::Error(core::ErrorKind::Io, "The engine could not be loaded: " + toStd(library.errorString()),
                              toStd(path));
        const auto layout = reinterpret_cast<std::size_t (*)()>(library.resolve("planishEngineLayout"));
        if (!layout || layout() != core::engineLayout())
            throw core::Error(core::ErrorKind::Unsupported,
                              "The engine is of another version than this program: install both anew", toStd(path));
        return std::unique_ptr<core::Session>(create());
    }
    throw core::Error(core::ErrorKind::NotFound,
                      "The engine library was not found beside the program. Looked for "
                          + toStd(tried.join(QStringLiteral(", "))));
}

} // namespace ui
