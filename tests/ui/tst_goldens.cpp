// SPDX-License-Identifier: GPL-3.0-or-later
// Every workspace, in light and dark, empty, ready and after an error, against committed pictures. They are compared at a
// quarter of their size and with a tolerance: a changed word passes, a panel that is gone, a colour of the wrong theme or a
// plot that is not drawn does not. PLANISH_UPDATE_GOLDENS=1 writes them anew, to be looked at before they are committed.
#include "tests/support/paths.h"
#include "tests/ui/support/heartbeat.h"
#include "tests/ui/support/studio_fixture.h"
#include "ui/calibrate/calibrate_view.h"
#include "ui/calibrate/calibration_form.h"
#include "ui/chat/chat_view.h"
#include "ui/evaluate/evaluate_view.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>

using ui::Workspace;

namespace {

constexpr Workspace kWorkspaces[] = {Workspace::Welcome,   Workspace::Inspect,  Workspace::Transforms,
                                     Workspace::Calibrate, Workspace::Evaluate, Workspace::Chat,
                                     Workspace::Export};
constexpr int kColumns = 4;
constexpr QSize kTile(320, 200);
constexpr int kVisible = 48;          // of 255: what an eye takes for another colour
constexpr double kMostVisible = 0.05; // share of such pixels: some words, no panel
constexpr double kBlockedMs = 100.0;

QString folderOf(const std::string& parent)
{
    return QString::fromStdString(parent) + QStringLiteral("/goldens");
}

struct Difference
{
    double visible = 0.0;
    QString tile;
};

int distance(QRgb a, QRgb b)
{
    return std::max({std::abs(qRed(a) - qRed(b)), std::abs(qGreen(a) - qGreen(b)), std::abs(qBlue(a) - qBlue(b))});
}

/** The tile that differs most. */
Difference compare(const QImage& drawn, const QImage& golden)
{
    Difference worst;
    int number = 0;
    for (const auto workspace : kWorkspaces) {
        const QPoint corner(number % kColumns * kTile.width(), number / kColumns * kTile.height());
        int differing = 0;
        for (int y = 0; y < kTile.height(); ++y)
            for (int x = 0; x < kTile.width(); ++x)
                differing +=
                    distance(drawn.pixel(corner + QPoint(x, y)), golden.pixel(corner + QPoint(x, y))) > kVisible;
        const double share = static_cast<double>(differing) / (kTile.width() * kTile.height());
        if (share >= worst.visible)
            worst = {share, QStringLiteral("workspace %1").arg(static_cast<int>(workspace) + 1)};
        ++number;
    }
    return worst;
}

bool makeReady(StudioFixture& studio)
{
    if (!studio.openModel())
        return false;
    studio.giveText();
    auto& window = *studio.window;
    window.studio().measureActivations(4096, 256);
    if (!QTest::qWaitFor([&] { return studio.document().hasActivations() && window.studio().jobs().isIdle(); }, 60'000))
        return false;
    studio.document().select({5, core::Role::Down});
    window.calibrate().form().output().setText(QStringLiteral("toy-8b-w4"));
    window.calibrate().form().output().setText(studio.path(QStringLiteral("toy-8b-w4")));
    QTest::mouseClick(&window.calibrate().startButton(), Qt::LeftButton);
    if (!QTest::qWaitFor([&] { return !studio.document().bundle().isEmpty(); }, 60'000))
        return false;
    QTest::mouseClick(&window.evaluate().startButton(), Qt::LeftButton);
    if (!QTest::qWaitFor([&] { return !studio.document().evaluations().empty(); }, 60'000))
        return false;
    window.chat().prompt().setPlainText(QStringLiteral("Who lives in Velm?"));
    QTest::mouseClick(&window.chat().sendButton(), Qt::LeftButton);
    return QTest::qWaitFor([&] { return window.studio().jobs().isIdle(); }, 60'000);
}

bool makeError(StudioFixture& studio)
{
    studio.behaviour->profileError = core::Error(
        core::ErrorKind::Corrupt, "tensor ends at byte 1,064,960 but the file has 1,040,128: it is truncated",
        "model.safetensors: model.layers.0.self_attn.v_proj.weight");
    QDir().mkpath(studio.path(QStringLiteral("toy-8b")));
    studio.window->openPath(studio.path(QStringLiteral("toy-8b")));
    return QTest::qWaitFor([&] { return studio.document().readState() == ui::Document::ReadState::Failed; }, 60'000);
}

} // namespace

class TstGoldens : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QApplication::setFont(QFont(QStringLiteral("DejaVu Sans"), 9)); }

    void workspacesLookAsTheyShould_data()
    {
        QTest::addColumn<int>("theme");
        QTest::addColumn<QString>("state");
        for (const auto& [theme, name] :
             {std::pair(ui::ThemeChoice::Light, "light"), std::pair(ui::ThemeChoice::Dark, "dark")})
            for (const auto* state : {"empty", "ready", "error"})
                QTest::addRow("%s-%s", state, name) << static_cast<int>(theme) << QString::fromLatin1(state);
    }
    void workspacesLookAsTheyShould()
    {
        QFETCH(int, theme);
        QFETCH(QString, state);
        StudioFixture studio;
        studio.window->resize(1280, 800);
        studio.window->setTheme(static_cast<ui::ThemeChoice>(theme));
        QTRY_VERIFY(studio.window->studio().engine());
        Heartbeat heart;
        QVERIFY(state == QLatin1String("empty")
                || (state == QLatin1String("ready") ? makeReady(studio) : makeError(studio)));
        QVERIFY(heart.beats() > 0 || state == QLatin1String("empty"));
        QVERIFY2(heart.longestBlockedMs() < kBlockedMs, qPrintable(QString::number(heart.longestBlockedMs())));
        QImage sheet(kTile.width() * kColumns, kTile.height() * 2, QImage::Format_RGB32);
        sheet.fill(Qt::black);
        QPainter painter(&sheet);
        int number = 0;
        for (const auto workspace : kWorkspaces) {
            studio.window->showWorkspace(workspace);
            for (int i = 0; i < 5; ++i)
                QCoreApplication::processEvents(); // layouts and queued replots
            painter.drawImage(
                number % kColumns * kTile.width(), number / kColumns * kTile.height(),
                studio.window->grab().toImage().scaled(kTile, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
            ++number;
        }
        painter.end();
        const auto name = QStringLiteral("%1.png").arg(QLatin1String(QTest::currentDataTag()));
        const auto golden = folderOf(support::sourceFolder() + "/tests/ui") + QLatin1Char('/') + name;
        if (qEnvironmentVariableIsSet("PLANISH_UPDATE_GOLDENS")) {
            QVERIFY(QDir().mkpath(QFileInfo(golden).absolutePath()) && sheet.save(golden));
            return;
        }
        if (!QFileInfo::exists(golden))
            QSKIP("no golden is committed: PLANISH_UPDATE_GOLDENS=1 writes one, to be looked at");
        const QImage expected(golden);
        QCOMPARE(expected.size(), sheet.size());
        const auto difference = compare(sheet, expected);
        QDir().mkpath(folderOf(support::binaryFolder()));
        sheet.save(folderOf(support::binaryFolder()) + QLatin1Char('/') + name);
        QVERIFY2(difference.visible < kMostVisible,
                 qPrintable(QStringLiteral("%1 of %2: %3 of its pixels look otherwise; see build goldens/%2")
                                .arg(difference.tile, name)
                                .arg(difference.visible)));
    }
};

QTEST_MAIN(TstGoldens)
#include "tst_goldens.moc"
