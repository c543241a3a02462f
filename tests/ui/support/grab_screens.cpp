// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of every workspace in every state and theme, to be looked at:
//   grab_screens OUT [W H]               the fake engine's data, all states
//   grab_screens OUT MODEL TEXT [W H]    the real engine (named by PLANISH_ENGINE) from reading to chat
#include "tests/ui/support/studio_fixture.h"
#include "ui/calibrate/calibrate_view.h"
#include "ui/calibrate/calibration_form.h"
#include "ui/calibrate/calibration_plots.h"
#include "ui/chat/chat_view.h"
#include "ui/chat/token_panel.h"
#include "ui/error_card.h"
#include "ui/evaluate/evaluate_view.h"
#include "ui/evaluate/evaluation_form.h"
#include "ui/evaluate/layer_errors_panel.h"
#include "ui/export/export_view.h"
#include "ui/finder.h"
#include "ui/inspect/distribution_panel.h"
#include "ui/inspect/inspect_view.h"
#include "ui/inspect/layer_browser.h"
#include "ui/model/kind_table.h"
#include "ui/plot/channel_plot.h"
#include "ui/plot/error_plot.h"
#include "ui/plot/what_if_plot.h"
#include "ui/text_picker.h"
#include "ui/transforms/transforms_view.h"
#include "ui/transforms/what_if_panel.h"
#include "ui/translations.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTableWidget>

namespace {

template <typename Condition>
void waitFor(const Condition& condition)
{
    if (!QTest::qWaitFor(condition, 1'200'000))
        qFatal("waited for too long");
}

void grab(ui::StudioWindow& window, const QString& folder, const QString& name)
{
    QTest::qWait(120); // queued replots; a picture is no test
    window.grab().save(folder + QLatin1Char('/') + name + QStringLiteral(".png"));
}

constexpr const char* kNames[] = {"welcome",  "inspect", "transforms", "calibrate",
                                  "evaluate", "chat",    "export",     "teach"};

void grabAll(ui::StudioWindow& window, const QString& folder, const QString& state)
{
    for (int i = 0; i < static_cast<int>(std::size(kNames)); ++i) {
        window.showWorkspace(static_cast<ui::Workspace>(i));
        grab(window, folder, QLatin1String(kNames[i]) + QLatin1Char('-') + state);
    }
}

void grabStates(const QString& folder, const QString& suffix, ui::ThemeChoice theme, const QSize& size)
{
    StudioFixture studio;
    studio.window->resize(size);
    studio.window->setTheme(theme);
    waitFor([&] { return studio.window->studio().engine() != nullptr; });
    grabAll(*studio.window, folder, QStringLiteral("empty") + suffix);
    studio.window->showWorkspace(ui::Workspace::Inspect);
    studio.behaviour->layersAllowed = 23;
    QDir().mkpath(studio.path(QStringLiteral("toy-8b")));
    studio.window->openPath(studio.path(QStringLiteral("toy-8b")));
    waitFor([&] { return studio.document().readLayerCount() == 23; });
    grabAll(*studio.window, folder, QStringLiteral("loading") + suffix);
    studio.window->showWorkspace(ui::Workspace::Inspect);
    studio.behaviour->layersAllowed = 1 << 20;
    waitFor([&] { return studio.document().readState() == ui::Document::ReadState::Ready; });
    studio.giveText();
    studio.window->studio().measureActivations(4096, 256);
    waitFor([&] { return studio.document().hasActivations() && studio.window->studio().jobs().isIdle(); });
    studio.document().select({5, core::Role::Down});
    grabAll(*studio.window, folder, QStringLiteral("ready") + suffix);
    auto rule = studio.plan().rule();
    rule.attention.mode = core::GroupRule::Mode::Threshold;
    rule.mlp.mode = core::GroupRule::Mode::Threshold;
    studio.plan().commitRule(rule, QStringLiteral("rule"));
    studio.plan().overrideKind({{3, core::ModuleKind::Mlp}}, core::TransformKind::Hadamard);
    studio.window->showWorkspace(ui::Workspace::Transforms);
    grab(*studio.window, folder, QStringLiteral("transforms") + suffix);
    studio.window->showWorkspace(ui::Workspace::Calibrate);
    studio.behaviour->stepsAllowed = 700;
    studio.window->calibrate().form().output().setText(studio.path(QStringLiteral("toy-8b-w4a4kv4")));
    QTest::mouseClick(&studio.window->calibrate().startButton(), Qt::LeftButton);
    waitFor([&] { return studio.behaviour->stepsDone >= 700; });
    grab(*studio.window, folder, QStringLiteral("calibrate") + suffix);
    studio.behaviour->stepsAllowed = 1 << 20;
    waitFor([&] { return !studio.document().bundle().isEmpty(); });
    grab(*studio.window, folder, QStringLiteral("calibrated") + suffix);
    for (const int plot : {1, 2}) {
        studio.window->calibrate().plots().setCurrentIndex(plot);
        grab(*studio.window, folder, QStringLiteral("calibrated-%1").arg(plot) + suffix);
    }
    studio.window->showWorkspace(ui::Workspace::Evaluate);
    QTest::mouseClick(&studio.window->evaluate().startButton(), Qt::LeftButton);
    waitFor([&] { return !studio.document().evaluations().empty(); });
    grab(*studio.window, folder, QStringLiteral("evaluate") + suffix);
    studio.window->evaluate().tabs().setCurrentIndex(3);
    studio.window->evaluate().layers().measureButton().click();
    waitFor([&] { return !studio.window->evaluate().layers().plot().isEmpty(); });
    grab(*studio.window, folder, QStringLiteral("evaluate-layers") + suffix);
    studio.window->showWorkspace(ui::Workspace::Inspect);
    studio.window->inspect().setOther(ui::InspectView::Other::Quantized);
    studio.window->inspect().setComparing(true);
    studio.window->inspect().browser().showAs(true);
    grab(*studio.window, folder, QStringLiteral("inspect-both") + suffix);
    studio.window->showWorkspace(ui::Workspace::Transforms);
    grab(*studio.window, folder, QStringLiteral("transforms-both") + suffix);
    studio.window->showWorkspace(ui::Workspace::Chat);
    studio.window->chat().prompt().setPlainText(QStringLiteral("Who lives in Velm?"));
    QTest::mouseClick(&studio.window->chat().sendButton(), Qt::LeftButton);
    waitFor([&] { return studio.window->studio().jobs().isIdle(); });
    grab(*studio.window, folder, QStringLiteral("chat") + suffix);
    studio.window->showWorkspace(ui::Workspace::Export);
    grab(*studio.window, folder, QStringLiteral("export") + suffix);
    QTest::mouseClick(&studio.window->exporting().startButton(), Qt::LeftButton);
    waitFor([&] { return !studio.window->exporting().result().isEmpty(); });
    for (const auto* dock : {"model", "log"})
        studio.window->showDock(QString::fromLatin1(dock));
    grab(*studio.window, folder, QStringLiteral("exported") + suffix);
    studio.window->actions().at(QStringLiteral("view.palette"))->trigger();
    QTest::keyClicks(&studio.window->finder().query(), QStringLiteral("sa"));
    grab(*studio.window, folder, QStringLiteral("palette") + suffix);
}

void grabError(const QString& folder, const QString& suffix, ui::ThemeChoice theme, const QSize& size)
{
    StudioFixture studio;
    studio.window->resize(size);
    studio.window->setTheme(theme);
    studio.behaviour->profileError = core::Error(core::ErrorKind::Corrupt,
                                                 "tensor 'model.layers.0.self_attn.v_proj.weight' ends at byte "
                                                 "1,064,960 but the file has 1,040,128: it is truncated",
                                                 "model.safetensors: model.layers.0.self_attn.v_proj.weight");
    QDir().mkpath(studio.path(QStringLiteral("toy-8b")));
    studio.window->openPath(studio.path(QStringLiteral("toy-8b")));
    waitFor([&] { return studio.document().readState() == ui::Document::ReadState::Failed; });
    grabAll(*studio.window, folder, QStringLiteral("error") + suffix);
}

/** The model in `folder` with half of its weights, in `to`. */
QString cutShort(const QString& folder, const QString& to)
{
    QDir().mkpath(to);
    for (const auto& file : QDir(folder).entryInfoList(QDir::Files))
        QFile::copy(file.filePath(), to + QLatin1Char('/') + file.fileName());
    QFile weights(to + QStringLiteral("/model.safetensors"));
    weights.setPermissions(weights.permissions() | QFile::WriteOwner);
    weights.resize(weights.size() / 2);
    return to;
}

/** The whole main job on a real model, small enough to be waited for. */
void grabReal(const QString& folder, const QStringList& arguments)
{
    QTemporaryDir scratch;
    ui::StudioWindow window(ui::loadEngineSession, scratch.filePath(QStringLiteral("settings.ini")));
    window.setDiscardQuestion([] { return true; });
    if (arguments.size() > 3)
        window.resize(arguments[2].toInt(), arguments[3].toInt());
    window.setTheme(ui::ThemeChoice::Light);
    window.show();
    const auto both = [&](const QString& name) {
        window.setTheme(ui::ThemeChoice::Dark);
        grab(window, folder, name + QStringLiteral("-dark"));
        window.setTheme(ui::ThemeChoice::Light);
        grab(window, folder, name + QStringLiteral("-light"));
    };
    auto& studio = window.studio();
    auto& document = studio.document();
    const auto idle = [&] {
        return studio.jobs().isIdle() && document.readState() != ui::Document::ReadState::Loading;
    };
    waitFor([&] { return studio.engine() != nullptr; });
    both(QStringLiteral("welcome"));
    window.showWorkspace(ui::Workspace::Inspect);
    both(QStringLiteral("empty"));
    window.openPath(arguments[0]);
    waitFor([&] { return document.readState() == ui::Document::ReadState::Ready; });
    document.setText(arguments[1]);
    studio.measureActivations(2048, 256);
    waitFor([&] { return document.hasActivations() && idle(); });
    window.inspect().setSource(ui::InspectView::Source::Inputs);
    window.inspect().setComparing(true);
    document.select({3, core::Role::Down});
    waitFor([&] {
        return window.inspect().panel().channels().toCsv().startsWith(QStringLiteral("channel,absmax,channel_after"));
    });
    both(QStringLiteral("inspect"));
    auto rule = document.plan().rule();
    rule.attention.mode = core::GroupRule::Mode::Threshold;
    rule.attention.beta = 1.0;
    rule.mlp.mode = core::GroupRule::Mode::Threshold;
    rule.mlp.beta = 2.5;
    document.plan().commitRule(rule, QStringLiteral("Thresholds"));
    window.showWorkspace(ui::Workspace::Transforms);
    document.select({0, core::Role::Down});
    waitFor([&] { return !window.transforms().panel().channels().isEmpty(); });
    both(QStringLiteral("transforms"));
    Q_EMIT window.transforms().table().whatIfRequested();
    waitFor([&] { return !window.transforms().whatIf().plot().isEmpty() && idle(); });
    both(QStringLiteral("what-if"));
    window.setPresenting(true);
    both(QStringLiteral("presenter"));
    window.setPresenting(false);
    window.showWorkspace(ui::Workspace::Calibrate);
    window.calibrate().form().output().setText(scratch.filePath(document.modelName() + QStringLiteral("-w4a4kv4")));
    window.calibrate().form().epochs().setValue(4);
    QTest::mouseClick(&window.calibrate().startButton(), Qt::LeftButton);
    waitFor([&] { return !document.bundle().isEmpty() || window.errorCard().isVisible(); });
    both(QStringLiteral("calibrate"));
    window.showWorkspace(ui::Workspace::Evaluate);
    window.evaluate().limit().setValue(8192);
    if (const auto tasks = arguments[0] + QStringLiteral("/tasks"); QDir(tasks).exists()) {
        window.evaluate().form().tasksFolder().setPath(tasks);
        for (int i = 0; i < 6; ++i)
            window.evaluate().form().task(i).setChecked(true);
    }
    QTest::mouseClick(&window.evaluate().startButton(), Qt::LeftButton);
    waitFor([&] { return (!document.evaluations().empty() && idle()) || window.errorCard().isVisible(); });
    both(QStringLiteral("evaluate"));
    window.evaluate().tabs().setCurrentIndex(1);
    both(QStringLiteral("tasks"));
    window.evaluate().tabs().setCurrentIndex(3);
    window.evaluate().layers().measureButton().click();
    waitFor([&] { return !window.evaluate().layers().plot().isEmpty() && idle(); });
    both(QStringLiteral("layers"));
    window.showWorkspace(ui::Workspace::Chat);
    window.chat().continues().setChecked(true);
    window.chat().prompt().setPlainText(QStringLiteral("Nora lives in Velm."));
    QTest::mouseClick(&window.chat().sendButton(), Qt::LeftButton);
    waitFor(idle);
    both(QStringLiteral("chat"));
    auto& chat = window.chat();
    chat.bar().modes().setCurrentIndex(static_cast<int>(ui::ChatBar::Mode::Agreement));
    QTest::mouseClick(&chat.againButton(), Qt::LeftButton);
    waitFor(idle);
    chat.tokenPanel().showToken(5);
    waitFor([&] { return chat.tokenPanel().blocks().rowCount() > 0; });
    both(QStringLiteral("chat-agreement"));
    window.showWorkspace(ui::Workspace::Export);
    QTest::mouseClick(&window.exporting().startButton(), Qt::LeftButton);
    waitFor([&] { return !window.exporting().result().isEmpty() || window.errorCard().isVisible(); });
    both(QStringLiteral("export"));
    window.showWorkspace(ui::Workspace::Teach);
    both(QStringLiteral("teach"));
    window.openPath(cutShort(arguments[0], scratch.filePath(QStringLiteral("cut short"))));
    waitFor([&] { return window.errorCard().isVisible(); });
    window.showWorkspace(ui::Workspace::Inspect);
    both(QStringLiteral("error"));
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    ui::installTranslations(application);
    const auto folder = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QStringLiteral(".");
    QDir().mkpath(folder);
    const bool sizes = argc == 4 && application.arguments()[2].toInt() > 0;
    if (argc > 3 && !sizes) {
        grabReal(folder, application.arguments().mid(2));
        return 0;
    }
    const auto size =
        sizes ? QSize(application.arguments()[2].toInt(), application.arguments()[3].toInt()) : QSize(1280, 800);
    for (const auto& [theme, suffix] : {std::pair{ui::ThemeChoice::Light, QStringLiteral("-light")},
                                        std::pair{ui::ThemeChoice::Dark, QStringLiteral("-dark")}}) {
        grabStates(folder, suffix, theme, size);
        grabError(folder, suffix, theme, size);
    }
    return 0;
}
