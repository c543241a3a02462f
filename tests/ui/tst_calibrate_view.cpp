// SPDX-License-Identifier: GPL-3.0-or-later
// The workspace Calibrate beyond a single run: estimates, the queue, runs beside each other, what is stale.
#include "tests/ui/support/studio_fixture.h"
#include "ui/calibrate/advanced_options.h"
#include "ui/calibrate/block_table_model.h"
#include "ui/calibrate/calibrate_view.h"
#include "ui/calibrate/calibration_form.h"
#include "ui/calibrate/calibration_plots.h"
#include "ui/calibrate/calibration_runs.h"
#include "ui/calibrate/device_row.h"
#include "ui/calibrate/pipeline_strip.h"
#include "ui/calibrate/preflight_panel.h"
#include "ui/evaluate/evaluate_view.h"
#include "ui/plot/error_plot.h"
#include "ui/plot/loss_plot.h"
#include "ui/plot/memory_plot.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>

using ui::Phase;
using ui::Pipeline;

namespace {

/** A read model, a text, an output folder, and the workspace in front. */
struct Bench : StudioFixture
{
    bool prepare()
    {
        if (!openModel())
            return false;
        giveText();
        window->showWorkspace(ui::Workspace::Calibrate);
        name("quantized");
        view().form().epochs().setValue(2);
        return true;
    }
    ui::CalibrateView& view() { return window->calibrate(); }
    void name(const char* folder)
    {
        view().form().output().setText(path(QString::fromLatin1(folder)));
        Q_EMIT view().form().output().textEdited({});
    }
    static void click(QPushButton& button) { QTest::mouseClick(&button, Qt::LeftButton); }
    bool isIdle()
    {
        return QTest::qWaitFor([this] { return window->studio().jobs().isIdle(); }, 60'000);
    }
    bool calibrate()
    {
        click(view().startButton());
        return isIdle() && !document().bundle().isEmpty();
    }
    Pipeline::State state(Phase phase) { return view().pipeline().status(phase).state; }
    void selectRun(int row, Qt::KeyboardModifiers modifiers = {})
    {
        auto& table = view().runTable();
        QTest::mouseClick(table.viewport(), Qt::LeftButton, modifiers,
                          table.visualRect(table.model()->index(row, 0)).center());
    }
};

} // namespace

class TstCalibrateView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** Paused at the next step, by mouse and by key; what is left is counted from the work alone. */
    void aCalibrationPausesAndGoesOn()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        bench.behaviour->stepsAllowed = 40;
        Bench::click(bench.view().startButton());
        QTRY_VERIFY(bench.behaviour->stepsDone >= 40);
        QTRY_VERIFY(bench.view().pauseButton().isEnabled());
        auto* job = bench.window->studio().jobs().current();
        Bench::click(bench.view().pauseButton());
        QVERIFY(job->isPaused());
        QCOMPARE(bench.view().pauseButton().text(), QStringLiteral("Continue"));
        bench.behaviour->stepsAllowed = 1 << 20;
        QTest::qWait(100); // at most one step more, then it stands
        const int steps = bench.behaviour->stepsDone;
        const auto spent = job->spentMs();
        QTest::qWait(200);
        QCOMPARE(bench.behaviour->stepsDone.load(), steps);
        QVERIFY(job->spentMs() - spent <= 2); // its clock stands, but for rounding
        QCOMPARE(job->state(), ui::Job::State::Running);
        QTest::keyClick(bench.window.get(), Qt::Key_Pause);
        QVERIFY(!job->isPaused());
        QTRY_COMPARE(job->state(), ui::Job::State::Done);
    }

    void estimateSaysWhatItNeeds()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        auto& preflight = bench.view().preflight();
        QVERIFY(!preflight.memory().isVisible());
        Bench::click(preflight.button());
        QTRY_VERIFY(preflight.memory().isVisible());
        QVERIFY2(preflight.memory().text().contains(QStringLiteral("1.5 GiB of 8.0 GiB")),
                 qPrintable(preflight.memory().text()));
        QVERIFY(preflight.verdict().text().contains(QStringLiteral("It fits")));
        QVERIFY(bench.window->studio().jobs().jobs().last()->command().endsWith(QStringLiteral(" --preflight")));
        bench.view().form().epochs().setValue(7);
        QVERIFY(preflight.verdict().text().contains(QStringLiteral("other settings")));
    }

    void estimateThatDoesNotFitSaysWhatHelps()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        bench.behaviour->memoryNeeded = 16ull << 30;
        Bench::click(bench.view().preflight().button());
        QTRY_VERIFY(bench.view().preflight().verdict().text().contains(QStringLiteral("--micro-batch")));
        QVERIFY(!bench.view().preflight().verdict().text().contains(QStringLiteral("It fits")));
        QVERIFY(bench.view().startButton().isEnabled()); // advice, no prohibition
    }

    /** A second run waits behind the first, a third is taken out again. */
    void calibrationsQueueUp()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        bench.behaviour->stepsAllowed = 40;
        auto& view = bench.view();
        Bench::click(view.startButton());
        QTRY_COMPARE(bench.behaviour->stepsDone.load(), 40);
        QVERIFY(!view.startButton().isEnabled()); // it writes there
        bench.name("second");
        QVERIFY(view.startButton().isEnabled());
        QCOMPARE(view.startButton().text(), QStringLiteral("Add to queue"));
        Bench::click(view.startButton());
        bench.name("third");
        Bench::click(view.startButton());
        QCOMPARE(view.runs().rowCount(), 3);
        QTRY_COMPARE(view.runs().waiting(), 2);
        QVERIFY(!view.startButton().isEnabled());
        QTest::mouseClick(view.tabs().tabBar(), Qt::LeftButton, {}, view.tabs().tabBar()->tabRect(1).center());
        bench.selectRun(2);
        QCOMPARE(view.removeButton().text(), QStringLiteral("Stop"));
        Bench::click(view.removeButton());
        QCOMPARE(view.runs().waiting(), 1);
        bench.behaviour->stepsAllowed = 1 << 20;
        QVERIFY(bench.isIdle());
        QTRY_COMPARE(bench.document().bundle(), bench.path(QStringLiteral("second")));
        QVERIFY(view.runs().isFinished(0) && view.runs().isFinished(1) && !view.runs().isFinished(2));
        QCOMPARE(bench.document().calibrationRuns().size(), std::size_t(2));
    }

    /** A click on a block's dot leads to its row. */
    void aBlockIsChosenInThePlotOfErrors()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        auto& view = bench.view();
        QVERIFY(bench.calibrate());
        auto* bar = view.plots().tabBar();
        QTest::mouseClick(bar, Qt::LeftButton, {}, bar->tabRect(1).center());
        auto& plot = view.plots().errors();
        QVERIFY(plot.isVisible());
        QTest::qWait(50); // the queued replot places the dots
        QTest::mouseClick(plot.canvas(), Qt::LeftButton, {}, plot.pixelAt(4, 0.1).toPoint());
        QCOMPARE(view.blockTable().currentIndex().row(), 4);
        bar->setFocus();
        QTest::keyClick(bar, Qt::Key_Right);
        QVERIFY(view.plots().memory().isVisible());
    }

    /** Two finished runs: numbers in the table, curves over each other, kept with the project. */
    void runsAreCompared()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        auto& view = bench.view();
        QVERIFY(bench.calibrate());
        const auto errorOf = [&view](int block) {
            return view.blockTable().model()->index(block, ui::BlockTableModel::ErrorEnd).data().toString();
        };
        QTRY_COMPARE(errorOf(0), QStringLiteral("0.0032")); // of the fake engine: 0.16 of 0.02
        view.form().epochs().setValue(4);
        bench.name("longer");
        QVERIFY(bench.calibrate());
        view.tabs().setCurrentIndex(1);
        QCOMPARE(view.runs().rowCount(), 2);
        // Of the fake engine: every block ends at 0.16 of its start.
        QVERIFY(std::abs(ui::CalibrationRuns::meanGain(view.runs().runAt(0).report) - 1.0 / 0.16) < 1e-9);
        bench.selectRun(0);
        const int alone = view.plot().pointCount();
        QCOMPARE(alone, 8 * 32);
        QVERIFY(!view.plot().toCsv().contains(QStringLiteral("longer")));
        QVERIFY(view.plots().errors().toCsv().contains(QStringLiteral("\n0,0.02,0.0032"))); // before and after training
        QCOMPARE(view.plots().memory().blockCount(), 8);
        bench.selectRun(1, Qt::ControlModifier);
        QVERIFY(view.plot().toCsv().startsWith(QStringLiteral("block,step,loss,run")));
        QVERIFY(view.plot().toCsv().contains(QStringLiteral(",longer")));
        QVERIFY(view.plots().errors().toCsv().contains(QStringLiteral("\n0,0.0032,0.0032"))); // of both runs
        QVERIFY(!view.blockTable().isColumnHidden(ui::BlockTableModel::OtherEnd));
        QCOMPARE(view.blockTable().model()->index(0, ui::BlockTableModel::OtherEnd).data().toString(),
                 view.blockTable().model()->index(0, ui::BlockTableModel::ErrorEnd).data().toString());
        const auto project = bench.path(QStringLiteral("p.planish"));
        bench.window->studio().saveProject(project);
        bench.window->studio().openProject(project);
        QTRY_COMPARE(view.runs().rowCount(), 2);
        QVERIFY(bench.isIdle());
        QVERIFY(view.runs().isFinished(1));
        QCOMPARE(view.runs().losses(0).size(), std::size_t(8 * 2)); // means of epochs now
        bench.selectRun(1);
        QCOMPARE(view.plot().pointCount(), 8 * 2);
        QVERIFY(view.plots().memory().summary().contains(QStringLiteral("block 3"))); // the largest of the fake engine
        Bench::click(view.removeButton());
        QCOMPARE(bench.document().calibrationRuns().size(), std::size_t(1));
    }

    /** A changed choice marks all that follows; one key makes it anew in order. */
    void staleStepsAreMarkedAndRunAgain()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        QVERIFY(bench.state(Phase::Calibration) == Pipeline::State::Missing);
        QVERIFY(bench.calibrate());
        bench.document().setEvaluationText(bench.path(QStringLiteral("text.txt")));
        bench.window->showWorkspace(ui::Workspace::Evaluate);
        Bench::click(bench.window->evaluate().startButton());
        QTRY_VERIFY(bench.state(Phase::Evaluation) == Pipeline::State::Fresh);
        QCOMPARE(bench.view().pipeline().staleCount(), 0);
        bench.window->showWorkspace(ui::Workspace::Calibrate);
        QVERIFY(!bench.view().strip().button().isVisible());
        bench.plan().overrideKind({{3, core::ModuleKind::Mlp}}, core::TransformKind::Hadamard);
        QVERIFY(bench.state(Phase::Calibration) == Pipeline::State::Stale);
        QVERIFY(bench.state(Phase::Evaluation) == Pipeline::State::Stale);
        QVERIFY(bench.state(Phase::Choices) == Pipeline::State::Fresh);
        QVERIFY(bench.view().strip().button().isVisible());
        QVERIFY(bench.view().strip().badge(Phase::Calibration).text().contains(QStringLiteral("\u26a0")));
        const int evaluations = bench.behaviour->evaluations;
        QTest::keyClick(bench.window.get(), Qt::Key_F5);
        QTRY_COMPARE(bench.view().pipeline().staleCount(), 0);
        QVERIFY(bench.isIdle());
        QCOMPARE(bench.behaviour->evaluations.load(), evaluations + 1);
        QVERIFY(!bench.document().isBundleStale());
        bool resumed = false;
        for (const auto* job : bench.window->studio().jobs().jobs())
            resumed = resumed || job->command().contains(QStringLiteral("--resume"));
        QVERIFY(resumed); // blocks that nothing changed for are kept
        bench.document().setEvaluationText(bench.path(QStringLiteral("other.txt")));
        QVERIFY(bench.state(Phase::Evaluation) == Pipeline::State::Stale);
        QTest::keyClick(bench.window.get(), Qt::Key_F5);
        QTRY_VERIFY(bench.state(Phase::Evaluation) == Pipeline::State::Fresh);
        QVERIFY(bench.window->studio().jobs().jobs().last()->command().contains(QStringLiteral("other.txt")));
    }

    void undoMakesItFreshAgain()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        QVERIFY(bench.calibrate());
        auto scheme = bench.plan().plan().scheme;
        scheme.weightBits = 3;
        bench.plan().setModuleScheme({{1, core::ModuleKind::Mlp}}, scheme);
        QVERIFY(bench.state(Phase::Calibration) == Pipeline::State::Stale);
        bench.plan().undoStack().undo();
        QVERIFY(bench.state(Phase::Calibration) == Pipeline::State::Fresh);
        QFile other(bench.path(QStringLiteral("other.txt")));
        QVERIFY(other.open(QIODevice::WriteOnly));
        bench.document().setText(bench.path(QStringLiteral("other.txt")));
        QVERIFY(bench.state(Phase::Calibration) == Pipeline::State::Stale);
        QVERIFY(bench.view().pipeline().status(Phase::Calibration).cause.contains(QStringLiteral("text.txt")));
    }

    void oneBlockIsTrainedFromAnotherStart()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        QVERIFY(bench.calibrate());
        bench.view().trainAgain(5);
        QVERIFY(bench.isIdle());
        QCOMPARE(bench.plan().plan().find({5, core::ModuleKind::Attention})->start, 1);
        QCOMPARE(bench.plan().plan().find({4, core::ModuleKind::Attention})->start, 0);
        QVERIFY(bench.window->studio().jobs().jobs().last()->command().contains(QStringLiteral("--resume")));
        QVERIFY(!bench.document().isBundleStale());
        QCOMPARE(bench.document().calibrationRuns().size(), std::size_t(1)); // the same folder
    }

    /** Folded away at first; each reaches the engine and the command line, bits through the plan. */
    void moreOptionsReachTheEngine()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        auto& form = bench.view().form();
        QVERIFY(!form.advanced().isVisible());
        form.moreButton().click();
        QVERIFY(form.advanced().isVisible());
        form.advanced().microBatch().setValue(2);
        QCOMPARE(form.spec().options.microBatch, 2);
        form.advanced().asymmetricActivations().click();
        QVERIFY(form.spec().plan.scheme.activationAsymmetric);
        form.advanced().weightGroup().setValue(32);
        QCOMPARE(form.spec().plan.scheme.weightGroup, 32);
        form.advanced().keepFirst().setValue(1);
        form.advanced().keepLast().setValue(2);
        Bench::click(form.advanced().keepButton());
        const auto plan = form.spec().plan;
        QCOMPARE(plan.schemeOf({0, core::ModuleKind::Mlp}).weightBits, 8);
        QCOMPARE(plan.schemeOf({6, core::ModuleKind::Attention}).keyBits, 8);
        QCOMPARE(plan.schemeOf({5, core::ModuleKind::Mlp}).weightBits, 4);
        QCOMPARE(plan.schemeOf({7, core::ModuleKind::Mlp}).weightGroup, 32);
        bench.plan().undoStack().undo();
        QCOMPARE(form.spec().plan.schemeOf({0, core::ModuleKind::Mlp}).weightBits, 4);
        bench.view().copyCommand();
        Bench::click(bench.view().startButton());
        QVERIFY(bench.window->studio().jobs().jobs().last()->command().contains(QStringLiteral("--micro-batch 2")));
        QVERIFY(bench.isIdle());
    }

    /** A refined plan comes back as an edit; the bundle is no older than it. */
    void refinedPlanIsAdopted()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        const core::ModuleId first{0, core::ModuleKind::Attention};
        const auto kind = [&] { return bench.plan().plan().find(first)->kind; };
        const auto before = kind();
        QVERIFY(before != core::TransformKind::Rotation);
        auto& form = bench.view().form();
        form.moreButton().click();
        form.advanced().refine().click();
        QVERIFY(form.spec().refine.has_value());
        Bench::click(bench.view().startButton());
        QVERIFY(bench.window->studio().jobs().jobs().last()->command().contains(QStringLiteral("--refine")));
        QVERIFY(bench.isIdle());
        QVERIFY(kind() == core::TransformKind::Rotation);
        QVERIFY(!bench.document().isBundleStale());
        QVERIFY2(bench.plan().undoStack().undoText().contains(QStringLiteral("0.5")),
                 qPrintable(bench.plan().undoStack().undoText()));
        bench.plan().undoStack().undo();
        QVERIFY(kind() == before);
        QVERIFY(bench.document().isBundleStale());
    }

    void deviceAndMemoryAreShown()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        auto& device = bench.view().device();
        QTRY_VERIFY(device.devices().isEnabled());
        QVERIFY(device.devices().itemText(0).startsWith(QStringLiteral("cpu")));
        QVERIFY(device.devices().itemText(1).contains(QStringLiteral("no NVIDIA driver")));
        QVERIFY(device.meter().value() > 0);
        const auto copied = [&bench] {
            bench.view().copyCommand();
            return QGuiApplication::clipboard()->text();
        };
        QVERIFY(copied().startsWith(QStringLiteral("planish calibrate "))); // as the engine chose
        Q_EMIT device.devices().activated(0);
        QVERIFY(bench.isIdle());
        QVERIFY(copied().startsWith(QStringLiteral("planish --device cpu calibrate ")));
        QVERIFY(bench.calibrate());
        const auto ran = bench.window->studio().jobs().jobs().last()->command();
        QVERIFY(ran.startsWith(QStringLiteral("planish --device cpu ")));
    }
};

QTEST_MAIN(TstCalibrateView)
#include "tst_calibrate_view.moc"
