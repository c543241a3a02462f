// SPDX-License-Identifier: GPL-3.0-or-later
// Workspace "Export" by mouse and keyboard, over the fake engine.
#include "tests/ui/support/studio_fixture.h"
#include "ui/calibrate/calibrate_view.h"
#include "ui/calibrate/calibration_form.h"
#include "ui/error_card.h"
#include "ui/export/export_view.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QLineEdit>
#include <QPushButton>

namespace {

/** A calibrated model, with the workspace shown. */
bool calibrate(StudioFixture& studio)
{
    if (!studio.openModel())
        return false;
    studio.giveText();
    auto& view = studio.window->calibrate();
    studio.window->showWorkspace(ui::Workspace::Calibrate);
    view.form().output().setText(studio.path(QStringLiteral("toy-w4")));
    QTest::mouseClick(&view.startButton(), Qt::LeftButton);
    return QTest::qWaitFor([&] { return !studio.document().bundle().isEmpty(); }, 60'000);
}

} // namespace

class TstExportView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysBeforeTheClickWhatIsCarriedAndLost()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        QTest::keyClick(studio.window.get(), Qt::Key_7, Qt::ControlModifier);
        QCOMPARE(studio.window->workspace(), ui::Workspace::Export);
        auto& view = studio.window->exporting();
        QVERIFY(view.explanation().contains(QStringLiteral("vLLM")));
        QVERIFY(view.explanation().contains(QStringLiteral("Loses")));
        QVERIFY(view.checks().contains(QStringLiteral("calibrate first")));
        QVERIFY(!view.startButton().isEnabled());
    }

    void whatTheEngineSaysOfAFormatStandsBeforeTheClick()
    {
        StudioFixture studio;
        QVERIFY(calibrate(studio));
        studio.window->showWorkspace(ui::Workspace::Export);
        auto& view = studio.window->exporting();
        view.format().setFocus();
        studio.behaviour->exportObstacle = "0.attention: gptq has no place for a transform";
        for (const auto* word : {"compressed-tensors", "gptq", "awq"}) {
            QTest::keyClick(&view.format(), Qt::Key_Down);
            QCOMPARE(view.format().currentData().toString(), QLatin1String(word));
            QVERIFY(view.explanation().contains(QStringLiteral("vLLM")));
            QCOMPARE(view.output().text(), studio.path(QStringLiteral("toy-w4-") + QLatin1String(word)));
            QVERIFY2(view.checks().contains(QStringLiteral("has no place for a transform")), qPrintable(view.checks()));
            QVERIFY(!view.startButton().isEnabled());
        }
        studio.behaviour->exportObstacle.clear();
        QTest::keyClick(&view.format(), Qt::Key_Down);
        QVERIFY(view.explanation().contains(QStringLiteral("llama.cpp")));
        QCOMPARE(view.output().text(), studio.path(QStringLiteral("toy-w4.gguf")));
        QVERIFY2(view.checks().contains(QStringLiteral("can carry it")), qPrintable(view.checks()));
        QVERIFY(view.checks().contains(QStringLiteral("Lost: activation quantizers")));
        QVERIFY(view.checks().contains(QStringLiteral("Size about 3.0 MiB")));
        QVERIFY(view.startButton().isEnabled());
        QTest::mouseClick(&view.startButton(), Qt::LeftButton);
        QTRY_VERIFY(view.result().contains(QStringLiteral("Written")));
    }

    void exportsAndVerifiesInThreeKeys()
    {
        StudioFixture studio;
        QVERIFY(calibrate(studio));
        QTest::keyClick(studio.window.get(), Qt::Key_7, Qt::ControlModifier);
        auto& view = studio.window->exporting();
        QCOMPARE(view.output().text(), studio.path(QStringLiteral("toy-w4-hf")));
        QVERIFY2(view.startButton().isEnabled(), qPrintable(view.checks()));
        view.startButton().setFocus();
        QTest::keyClick(&view.startButton(), Qt::Key_Space);
        QTRY_VERIFY(view.result().contains(QStringLiteral("Written")));
        QVERIFY(view.result().contains(QStringLiteral("5.81"))); // before and after, as the fake engine measures
        QVERIFY(view.result().contains(QStringLiteral("activation quantizers")));
    }

    void optionsReachTheEngineAndTheCommand()
    {
        StudioFixture studio;
        QVERIFY(calibrate(studio));
        studio.window->showWorkspace(ui::Workspace::Export);
        auto& view = studio.window->exporting();
        view.dtype().setFocus();
        QTest::keyClick(&view.dtype(), Qt::Key_End); // float16
        QTest::mouseClick(&view.verify(), Qt::LeftButton, {}, QPoint(8, view.verify().height() / 2));
        QVERIFY(!view.verify().isChecked());
        view.output().setText(studio.path(QStringLiteral("mine")));
        for (auto* button : view.findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Copy as command"))
                QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(QApplication::clipboard()->text(),
                 QStringLiteral("planish export %1 --format hf --out %2 --dtype f16")
                     .arg(studio.path(QStringLiteral("toy-w4")), studio.path(QStringLiteral("mine"))));
        QTest::mouseClick(&view.startButton(), Qt::LeftButton);
        QTRY_VERIFY(view.result().contains(QStringLiteral("not read back")));
        QVERIFY(view.result().contains(QStringLiteral("F16")));
    }

    void olderThanThePlanIsSaid()
    {
        StudioFixture studio;
        QVERIFY(calibrate(studio));
        studio.plan().overrideKind({{2, core::ModuleKind::Attention}}, core::TransformKind::Identity);
        QVERIFY(studio.window->exporting().checks().contains(QStringLiteral("older than the plan")));
        QVERIFY(studio.window->exporting().startButton().isEnabled()); // a warning, no wall
    }

    void failureShowsACardAndStopping()
    {
        StudioFixture studio;
        QVERIFY(calibrate(studio));
        studio.window->showWorkspace(ui::Workspace::Export);
        auto& view = studio.window->exporting();
        studio.behaviour->exportError = core::Error(core::ErrorKind::Io, "the disk is full", "model.safetensors");
        QTest::mouseClick(&view.startButton(), Qt::LeftButton);
        QTRY_VERIFY(studio.window->errorCard().isVisible());
        QVERIFY(studio.window->errorCard().text().contains(QStringLiteral("the disk is full")));
        studio.behaviour->exportError.reset();
        studio.behaviour->tensorsAllowed = 3;
        QTest::mouseClick(&view.startButton(), Qt::LeftButton);
        QTRY_COMPARE(view.startButton().text(), QStringLiteral("Stop"));
        QTest::mouseClick(&view.startButton(), Qt::LeftButton);
        QTRY_COMPARE(view.startButton().text(), QStringLiteral("Export"));
        QVERIFY(view.result().isEmpty());
    }
};

QTEST_MAIN(TstExportView)
#include "tst_export_view.moc"
