// SPDX-License-Identifier: GPL-3.0-or-later
// The studio: composition only. The engine is a library that the window loads after its first paint.
#include "ui/engine_library.h"
#include "ui/icons.h"
#include "ui/settings.h"
#include "ui/studio_window.h"
#include "ui/translations.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QTemporaryDir>
#include <QTimer>

namespace {

struct Arguments
{
    Q_DECLARE_TR_FUNCTIONS(Arguments)

public:
    QString settings;
    QString open; // model or project
    bool demo = false;
    bool safe = false;
};

Arguments parseArguments(const QApplication& application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(Arguments::tr("Studies and quantizes large language models."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption demo(QStringLiteral("demo"), Arguments::tr("Open the embedded demo model."));
    const QCommandLineOption project(QStringLiteral("project"), Arguments::tr("Open a project file."),
                                     QStringLiteral("file"));
    const QCommandLineOption settings(QStringLiteral("settings"), Arguments::tr("Keep settings in this file."),
                                      QStringLiteral("file"));
    const QCommandLineOption safe(QStringLiteral("safe-mode"),
                                  Arguments::tr("Start as for the first time: no settings are read or kept."));
    parser.addOptions({demo, project, settings, safe});
    parser.addPositionalArgument(QStringLiteral("model"),
                                 Arguments::tr("A model folder, a .gguf file, a bundle or a project."),
                                 QStringLiteral("[model]"));
    parser.process(application);
    Arguments arguments{.settings = parser.value(settings),
                        .open = parser.value(project),
                        .demo = parser.isSet(demo),
                        .safe = parser.isSet(safe)};
    if (arguments.open.isEmpty() && !parser.positionalArguments().isEmpty())
        arguments.open = parser.positionalArguments().first();
    return arguments;
}

} // namespace

int main(int argc, char** argv)
{
    QApplication::setApplicationName(QStringLiteral("planish-studio"));
    QApplication::setApplicationDisplayName(QStringLiteral("Planish"));
    QApplication::setOrganizationName(QStringLiteral("planish"));
    QApplication::setApplicationVersion(QStringLiteral(PLANISH_VERSION));
    QApplication application(argc, argv);
    ui::installTranslations(application);
    auto arguments = parseArguments(application);
    const QTemporaryDir nowhere; // goes with the program, and the settings in it
    if (arguments.safe)
        arguments.settings = nowhere.filePath(QStringLiteral("settings.ini"));
    if (const auto language = ui::Settings(arguments.settings).language(); !language.isEmpty())
        ui::installTranslations(application, language);
    ui::StudioWindow window(ui::loadEngineSession, arguments.settings);
    QApplication::setWindowIcon(ui::icon(QStringLiteral("planish"), window.palette()));
    window.show();
    window.claimSession();
    // Behind the first paint, like everything that touches a file.
    QTimer::singleShot(0, &window, [&] {
        if (!arguments.open.isEmpty())
            window.openPath(arguments.open);
        else if (arguments.demo)
            window.openDemo();
    });
    return QApplication::exec();
}
