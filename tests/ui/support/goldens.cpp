// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/support/goldens.h"

#include "tests/support/paths.h"
#include "ui/calibrate/calibrate_view.h"
#include "ui/calibrate/calibration_form.h"
#include "ui/chat/chat_view.h"
#include "ui/evaluate/evaluate_view.h"

#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QFontInfo>
#include <QHash>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

namespace golden {

namespace {

constexpr int kCell = 60;             // of the picture, looked at by itself
constexpr int kVisible = 48;          // of 255: what an eye takes for another colour
constexpr double kMostVisible = 0.05; // share of such pixels: some words, no panel
constexpr double kMostInCell = 0.35;  // the same in one cell: other words, not another thing
const char* const kFont = "DejaVu Sans";

QString folderOf(const std::string& parent)
{
    return QString::fromStdString(parent) + QStringLiteral("/goldens");
}

int distance(QRgb a, QRgb b)
{
    return std::max({std::abs(qRed(a) - qRed(b)), std::abs(qGreen(a) - qGreen(b)), std::abs(qBlue(a) - qBlue(b))});
}

} // namespace

bool Difference::isVisible() const
{
    return all > kMostVisible || inCell > kMostInCell;
}

Difference compare(const QImage& drawn, const QImage& approved)
{
    Difference difference;
    difference.marked = QImage(drawn.size(), QImage::Format_RGB32);
    QHash<std::pair<int, int>, int> cells;
    int differing = 0;
    for (int y = 0; y < drawn.height(); ++y)
        for (int x = 0; x < drawn.width(); ++x) {
            const auto now = drawn.pixel(x, y);
            const bool differs = distance(now, approved.pixel(x, y)) > kVisible;
            const int faded = 190 + qGray(now) / 4;
            difference.marked.setPixel(x, y, differs ? qRgb(220, 0, 0) : qRgb(faded, faded, faded));
            if (!differs)
                continue;
            ++differing;
            ++cells[{x / kCell, y / kCell}];
        }
    difference.all = static_cast<double>(differing) / (drawn.width() * drawn.height());
    for (auto cell = cells.cbegin(); cell != cells.cend(); ++cell)
        if (const double share = static_cast<double>(cell.value()) / (kCell * kCell); share > difference.inCell) {
            difference.inCell = share;
            difference.cell = QPoint(cell.key().first, cell.key().second) * kCell;
        }
    return difference;
}

QString judge(const QImage& drawn, const QString& name)
{
    const auto approved = folderOf(support::sourceFolder() + "/tests/ui") + QLatin1Char('/') + name;
    if (qEnvironmentVariableIsSet("PLANISH_UPDATE_GOLDENS"))
        return QDir().mkpath(QFileInfo(approved).absolutePath()) && drawn.save(approved)
            ? QString()
            : approved + QStringLiteral(": not written");
    const QImage expected(approved);
    if (expected.size() != drawn.size())
        return name + QStringLiteral(": no such golden; PLANISH_UPDATE_GOLDENS=1 writes one, to be looked at");
    const auto difference = compare(drawn, expected);
    if (!difference.isVisible())
        return {};
    const auto report = folderOf(support::binaryFolder());
    QDir().mkpath(report);
    drawn.save(report + QLatin1Char('/') + name);
    difference.marked.save(report + QStringLiteral("/difference-") + name);
    return QStringLiteral("%1: %2 % of its pixels look otherwise, %3 % around %4, %5; see %6/difference-%1")
        .arg(name)
        .arg(difference.all * 100.0, 0, 'f', 1)
        .arg(difference.inCell * 100.0, 0, 'f', 0)
        .arg(difference.cell.x())
        .arg(difference.cell.y())
        .arg(report);
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

QString whyNot()
{
    QApplication::setFont(QFont(QString::fromLatin1(kFont), 9));
    const auto found = QFontInfo(QApplication::font()).family();
    if (found != QLatin1String(kFont))
        return QStringLiteral("the goldens are drawn with %1, here is %2").arg(QLatin1String(kFont), found);
    if (QString::fromLatin1(qVersion()).section(QLatin1Char('.'), 0, 1) != QLatin1String("6.4"))
        return QStringLiteral("the goldens are drawn by Qt 6.4, here is %1").arg(QLatin1String(qVersion()));
    return {};
}

QImage grab(StudioFixture& studio, ui::Workspace workspace, const QSize& size)
{
    studio.window->showWorkspace(workspace);
    for (int i = 0; i < 5; ++i)
        QCoreApplication::processEvents(); // layouts and queued replots
    auto drawn = studio.window->grab().toImage().scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    drawn.setDevicePixelRatio(1.0);
    return drawn.convertToFormat(QImage::Format_RGB32);
}

} // namespace golden
