// SPDX-License-Identifier: GPL-3.0-or-later
// Calibrating, evaluating and chatting in the window, over the fake engine.
#include "tests/ui/support/studio_fixture.h"
#include "ui/calibrate/block_table_model.h"
#include "ui/calibrate/calibrate_view.h"
#include "ui/calibrate/calibration_form.h"
#include "ui/chat/chat_view.h"
#include "ui/error_card.h"
#include "ui/evaluate/evaluate_view.h"
#include "ui/plot/loss_plot.h"
#include "ui/plot/perplexity_plot.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QTextBrowser>

using ui::Workspace;

namespace {

/** A read model, a text, an output folder, and the Calibrate workspace in front. */
struct Bench : StudioFixture
{
    bool prepare()
    {
        if (!openModel())
            return false;
        giveText();
        window->showWorkspace(Workspace::Calibrate);
        window->calibrate().form().output().setText(path(QStringLiteral("quantized")));
        window->calibrate().form().epochs().setValue(2);
        return true;
    }
    void click(QPushButton& button) { QTest::mouseClick(&button, Qt::LeftButton); }
    bool calibrate()
    {
        if (!prepare())
            return false;
        click(window->calibrate().startButton());
        return QTest::qWaitFor([this] { return !document().bundle().isEmpty() && window->studio().jobs().isIdle(); });
    }
};

} // namespace

class TstStudioJobs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void calibrationDrawsItsLossesAndEndsWithABundle()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        bench.behaviour->stepsAllowed = 40; // of 8 blocks of 32 steps
        auto& view = bench.window->calibrate();
        bench.click(view.startButton());
        QTRY_COMPARE(view.plot().pointCount(), 40);
        QCOMPARE(view.plot().blockCount(), 2);
        QVERIFY(!view.startButton().isEnabled());
        bench.behaviour->stepsAllowed = 1 << 20;
        QTRY_COMPARE(bench.document().bundle(), bench.path(QStringLiteral("quantized")));
        QCOMPARE(view.plot().pointCount(), 8 * 32);
        QTRY_VERIFY(view.startButton().isEnabled());
        QVERIFY(QFile::exists(bench.path(QStringLiteral("quantized.plan.json")))); // for the command line
    }

    void calibrationStopsAndOffersToResume()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        bench.behaviour->stepsAllowed = 40;
        auto& view = bench.window->calibrate();
        bench.click(view.startButton());
        QTRY_COMPARE(bench.behaviour->stepsDone.load(), 40);
        bench.click(view.stopButton());
        QVERIFY(!view.stopButton().isEnabled()); // at once
        QTRY_VERIFY(view.resumeButton().isVisible());
        QTRY_COMPARE(bench.behaviour->cancellations.load(), 1);
        QVERIFY(bench.document().bundle().isEmpty());
        bench.behaviour->stepsAllowed = 1 << 20;
        bench.click(view.resumeButton());
        QTRY_VERIFY(!bench.document().bundle().isEmpty());
        QVERIFY(bench.window->studio().jobs().jobs().last()->command().contains(QStringLiteral("--resume")));
    }

    void calibrationErrorShowsACardAndTheFormStays()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        bench.behaviour->calibrateError = core::Error(core::ErrorKind::OutOfMemory, "8.2 GB needed, 4.0 GB free");
        bench.click(bench.window->calibrate().startButton());
        QTRY_VERIFY(bench.window->errorCard().isVisible());
        QVERIFY(bench.window->errorCard().text().contains(QStringLiteral("8.2 GB")));
        QVERIFY(bench.window->errorCard().text().contains(QStringLiteral("smaller batch")));
        QTRY_VERIFY(bench.window->calibrate().startButton().isEnabled());
    }

    void commandSaysWhatTheButtonWouldDo()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        bench.window->calibrate().copyCommand();
        const auto line = QApplication::clipboard()->text();
        QVERIFY(line.startsWith(QStringLiteral("planish calibrate ") + bench.path(QStringLiteral("toy-8b"))));
        QVERIFY(line.contains(QStringLiteral("--epochs 2")));
        QVERIFY(line.contains(QStringLiteral("--plan ") + bench.path(QStringLiteral("quantized.plan.json"))));
        QVERIFY(QFile::exists(bench.path(QStringLiteral("quantized.plan.json"))));
    }

    void bitsChangeThePlanAndCanBeUndone()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        QSpinBox* weights = nullptr;
        for (auto* box : bench.window->calibrate().form().findChildren<QSpinBox*>())
            if (box->prefix().startsWith(QLatin1Char('W')))
                weights = box;
        QVERIFY(weights);
        weights->setFocus();
        QTest::keyClick(weights, Qt::Key_Down);
        QCOMPARE(bench.plan().plan().scheme.weightBits, 3);
        bench.plan().undoStack().undo();
        QCOMPARE(weights->value(), 4);
    }

    void changedPlanMakesTheBundleStale()
    {
        Bench bench;
        QVERIFY(bench.calibrate());
        QVERIFY(!bench.document().isBundleStale());
        bench.plan().overrideKind({{0, core::ModuleKind::Mlp}}, core::TransformKind::Identity);
        QVERIFY(bench.document().isBundleStale());
        bench.plan().undoStack().undo();
        QVERIFY(!bench.document().isBundleStale());
    }

    void evaluationShowsBothPerplexities()
    {
        Bench bench;
        QVERIFY(bench.calibrate());
        bench.window->showWorkspace(Workspace::Evaluate);
        auto& view = bench.window->evaluate();
        bench.click(view.startButton());
        QTRY_COMPARE(view.table().model()->rowCount(), 1);
        // Values of the fake engine: 5.81 quantized, 5.25 full precision, both with 0.8 % standard error.
        QCOMPARE(view.plot().toCsv(),
                 QStringLiteral("model,perplexity,stderr\nfull precision,5.25,0.042\nquantized,5.81,0.04648\n"));
        QVERIFY(
            view.table().model()->index(0, 3).data().toString().startsWith(QStringLiteral("+10.67"))); // 5.81 / 5.25
    }

    void blockTableIsAProperModel()
    {
        ui::BlockTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        model.begin(3);
        model.follow(
            {{.block = 0, .step = 0, .steps = 4, .loss = 1.0}, {.block = 1, .step = 1, .steps = 4, .loss = 1.0}});
        QCOMPARE(model.index(0, ui::BlockTableModel::State).data().toString(), QStringLiteral("done"));
        QCOMPARE(model.index(1, ui::BlockTableModel::State).data().toString(), QStringLiteral("50 %"));
        QCOMPARE(model.index(2, ui::BlockTableModel::State).data().toString(), QStringLiteral("waiting"));
        model.stop();
        QCOMPARE(model.index(2, ui::BlockTableModel::State).data().toString(), QStringLiteral("not done"));
        QCOMPARE(model.finishedBlocks(), 1);
        core::CalibrationReport report;
        report.blocks.push_back(
            {.block = 0, .errorStart = 0.5, .errorEnd = 0.125, .lossTrace = {}, .seconds = 1.0, .warnings = {}});
        model.finish(report);
        QCOMPARE(model.index(0, ui::BlockTableModel::Gain).data().toString(), QStringLiteral("4 \u00d7"));
    }

    void chatStreamsAndEndsWithItsSpeed()
    {
        Bench bench;
        QVERIFY(bench.openModel());
        bench.window->showWorkspace(Workspace::Chat);
        auto& view = bench.window->chat();
        bench.behaviour->tokensAllowed = 3;
        view.prompt().setFocus();
        QTest::keyClicks(&view.prompt(), QStringLiteral("Tell me"));
        QTest::keyClick(&view.prompt(), Qt::Key_Return);
        QTRY_VERIFY(view.transcript().toPlainText().endsWith(QStringLiteral("Once upon a")));
        QVERIFY(!view.sendButton().isEnabled());
        bench.behaviour->tokensAllowed = 1 << 20;
        QTRY_VERIFY(view.transcript().toPlainText().contains(QStringLiteral("123.4 tokens a second")));
        QVERIFY(view.transcript().toPlainText().contains(QStringLiteral("a cooper in Velm.")));
        QVERIFY(view.transcript().toPlainText().contains(QStringLiteral("Tell me")));
    }

    void chatStopsByButtonAndKeepsWhatWasWritten()
    {
        Bench bench;
        QVERIFY(bench.openModel());
        bench.window->showWorkspace(Workspace::Chat);
        auto& view = bench.window->chat();
        bench.behaviour->tokensAllowed = 2;
        view.prompt().setPlainText(QStringLiteral("Hi"));
        bench.click(view.sendButton());
        QTRY_VERIFY(view.transcript().toPlainText().endsWith(QStringLiteral("Once upon")));
        bench.click(view.stopButton());
        QTRY_VERIFY(view.transcript().toPlainText().contains(QStringLiteral("stopped by you")));
        QVERIFY(view.transcript().toPlainText().contains(QStringLiteral("Once upon")));
    }

    void chatErrorIsSaidInTheConversation()
    {
        Bench bench;
        QVERIFY(bench.openModel());
        bench.window->showWorkspace(Workspace::Chat);
        bench.behaviour->chatError = core::Error(core::ErrorKind::Unsupported, "the chat template uses 'macro'");
        auto& view = bench.window->chat();
        view.prompt().setPlainText(QStringLiteral("Hi"));
        bench.click(view.sendButton());
        QTRY_VERIFY(view.transcript().toPlainText().contains(QStringLiteral("macro")));
        QVERIFY(bench.window->errorCard().isVisible());
    }

    void quantizedModelAnswersOnceThereIsOne()
    {
        Bench bench;
        QVERIFY(bench.openModel());
        QVERIFY(!bench.window->chat().subject().isEnabled());
        QVERIFY(bench.calibrate());
        QVERIFY(bench.window->chat().subject().isEnabled());
        QCOMPARE(bench.window->chat().subject().currentIndex(), 0);
    }
};

QTEST_MAIN(TstStudioJobs)
#include "tst_studio_jobs.moc"
