// SPDX-License-Identifier: GPL-3.0-or-later
// Zero-shot tasks in the Evaluate workspace, over the fake engine: ten items a task; the model alone has the first eight right,
// the bundle loses the eighth and gains the tenth.
#include "tests/ui/support/heartbeat.h"
#include "tests/ui/support/studio_fixture.h"
#include "ui/evaluate/evaluate_view.h"
#include "ui/evaluate/evaluation_form.h"
#include "ui/evaluate/item_table_model.h"
#include "ui/evaluate/layer_errors_panel.h"
#include "ui/evaluate/runs_table_model.h"
#include "ui/evaluate/task_table_model.h"
#include "ui/plot/error_plot.h"
#include "ui/plot/perplexity_plot.h"
#include "ui/plot/task_plot.h"
#include "ui/text_picker.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>

using ui::Workspace;

namespace {

struct Bench : StudioFixture
{
    bool prepare()
    {
        if (!openModel())
            return false;
        document().setBundle(path(QStringLiteral("quantized")), std::make_shared<core::CalibrationReport>(),
                             document().plan().plan());
        window->showWorkspace(Workspace::Evaluate);
        return true;
    }
    ui::EvaluateView& view() { return window->evaluate(); }
    void chooseTasks(std::initializer_list<int> tasks = {0})
    {
        for (const int task : tasks) {
            auto& box = view().form().task(task);
            QTest::mouseClick(&box, Qt::LeftButton, {}, QPoint(8, box.height() / 2));
        }
        auto* folder = view().form().tasksFolder().findChild<QLineEdit*>();
        folder->setFocus();
        QTest::keyClicks(folder, path(QStringLiteral("tasks")));
        QTest::keyClick(folder, Qt::Key_Return);
    }
    bool evaluate()
    {
        QTest::mouseClick(&view().startButton(), Qt::LeftButton);
        return QTest::qWaitFor([this] { return window->studio().jobs().isIdle() && view().startButton().isEnabled(); });
    }
};

} // namespace

class TstEvaluateView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** What is done, what runs and how far, and what comes: also of a job of several parts. */
    void everyPartShowsItsProgress()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        bench.giveText();
        bench.chooseTasks({0, 3});
        bench.behaviour->windowsAllowed = 5;
        QTest::mouseClick(&bench.view().startButton(), Qt::LeftButton);
        auto* parts = bench.view().findChild<QLabel*>(QStringLiteral("evaluationParts"));
        QTRY_COMPARE(parts->text(), QStringLiteral("\u25b6 perplexity 25 %  \u00b7  arc_easy  \u00b7  lambada_openai"));
        QVERIFY(parts->isVisible());
        bench.behaviour->windowsAllowed = 1 << 20;
        QTRY_VERIFY(bench.window->studio().jobs().isIdle());
        QTRY_VERIFY(!parts->isVisible());
        // Of the fake engine: ln(5.81 / 5.25) > 0 at p = 0.001.
        const auto* runs = bench.view().table().model();
        const auto cell = [&](int row, int column) { return runs->index(row, column).data().toString(); };
        const int row = cell(0, ui::RunsTableModel::Verdict).isEmpty() ? 1 : 0;
        QCOMPARE(cell(row, ui::RunsTableModel::Verdict), QStringLiteral("worse (p 0.001)"));
        const int verdicts = bench.behaviour->verdicts;
        bench.view().table().viewport()->repaint();
        QCOMPARE(cell(row, ui::RunsTableModel::Verdict), QStringLiteral("worse (p 0.001)"));
        QCOMPARE(bench.behaviour->verdicts.load(), verdicts); // looked up, not computed
        QCOMPARE(cell(row, ui::RunsTableModel::Tasks), QStringLiteral("arc_easy, lambada_openai"));
    }

    void ownItemsAreAskedFor()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        auto* own = bench.view().findChild<QWidget*>(QStringLiteral("ownItems"))->findChild<QLineEdit*>();
        own->setFocus();
        QTest::keyClicks(own, bench.path(QStringLiteral("mine.jsonl")));
        QTest::keyClick(own, Qt::Key_Return);
        QTest::mouseClick(&bench.view().form().copyButton(), Qt::LeftButton);
        QVERIFY(QGuiApplication::clipboard()->text().endsWith(QStringLiteral(" --items ")
                                                              + bench.path(QStringLiteral("mine.jsonl"))));
    }

    void tasksAreAnsweredByBothModelsAndPaired()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        Heartbeat heartbeat;
        bench.chooseTasks();
        QVERIFY(bench.evaluate());
        QCOMPARE(bench.behaviour->evaluations.load(), 2); // full precision first, as its answers were not known
        auto& view = bench.view();
        QCOMPARE(view.taskPlot().toCsv(),
                 QStringLiteral("task,model,accuracy,stderr\narc_easy,full precision,0.8,0.1333\n"
                                "arc_easy,quantized,0.8,0.1333\n"));
        const auto* tasks = view.taskTable().model();
        QCOMPARE(tasks->rowCount(), 1);
        QCOMPARE(tasks->index(0, ui::TaskTableModel::Lost).data().toString(), QStringLiteral("1"));
        QCOMPARE(tasks->index(0, ui::TaskTableModel::Gained).data().toString(), QStringLiteral("1"));
        QCOMPARE(tasks->index(0, ui::TaskTableModel::Verdict).data().toString(),
                 QStringLiteral("no significant difference"));
        QVERIFY(bench.evaluate());
        QCOMPARE(bench.behaviour->evaluations.load(), 3); // now they are
        QVERIFY(heartbeat.longestBlockedMs() < 100.0);
    }

    void aTaskWithoutChoicesHasAPerplexityToo()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        bench.chooseTasks({0, 3}); // arc_easy, lambada_openai
        QVERIFY(bench.evaluate());
        const auto* tasks = bench.view().taskTable().model();
        QCOMPARE(tasks->rowCount(), 2);
        QCOMPARE(tasks->index(0, ui::TaskTableModel::Perplexity).data().toString(), QString());
        QCOMPARE(tasks->index(1, ui::TaskTableModel::Perplexity).data().toString(),
                 QStringLiteral("10.25 \u00b1 0.50 \u2192 12.50 \u00b1 0.50"));
    }

    void answersComeBackWithTheProject()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        bench.chooseTasks();
        QVERIFY(bench.evaluate());
        const auto before = bench.view().taskPlot().toCsv();
        const auto file = bench.path(QStringLiteral("answers.planish"));
        bench.window->studio().saveProject(file);
        bench.document().setEvaluations({});
        QVERIFY(bench.view().taskPlot().toCsv() != before);
        bench.window->studio().openProject(file);
        QTRY_COMPARE(bench.view().taskPlot().toCsv(), before);
        QCOMPARE(bench.view().taskTable().model()->rowCount(), 1);
    }

    void onlyChangedAnswersAreShownOnRequest()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        bench.chooseTasks();
        QVERIFY(bench.evaluate());
        auto& view = bench.view();
        view.tabs().setCurrentIndex(2);
        const auto* items = view.itemTable().model();
        QCOMPARE(items->rowCount(), 10);
        view.changedOnly().setFocus();
        QTest::keyClick(&view.changedOnly(), Qt::Key_Space);
        QCOMPARE(items->rowCount(), 2);
        QCOMPARE(items->index(0, ui::ItemTableModel::Question).data().toString(), QStringLiteral("Question 8"));
        QCOMPARE(items->index(0, ui::ItemTableModel::Change).data().toString(), QStringLiteral("lost"));
        QCOMPARE(items->index(1, ui::ItemTableModel::Change).data().toString(), QStringLiteral("gained"));
    }

    void perplexityStaysWhenOnlyTasksAreMeasured()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        bench.giveText();
        QVERIFY(bench.evaluate());
        const auto perplexities = bench.view().plot().toCsv();
        QVERIFY(perplexities.contains(QStringLiteral("5.81")));
        bench.document().setEvaluationText({});
        bench.document().setText({});
        bench.chooseTasks();
        QVERIFY(bench.evaluate());
        QCOMPARE(bench.view().plot().toCsv(), perplexities);
    }

    void withoutAFolderOfItemsTasksCannotStart()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        auto& form = bench.view().form();
        QTest::mouseClick(&form.task(1), Qt::LeftButton, {}, QPoint(8, form.task(1).height() / 2));
        QVERIFY(form.task(1).isChecked());
        QVERIFY(!bench.view().startButton().isEnabled());
        bench.chooseTasks();
        QVERIFY(bench.view().startButton().isEnabled());
    }

    void theTablesAreProperModels()
    {
        core::TaskResult result;
        result.task = "piqa";
        result.items = 1;
        result.itemResults.resize(1);
        ui::TaskTableModel tasks;
        ui::ItemTableModel items;
        QAbstractItemModelTester taskTester(&tasks, QAbstractItemModelTester::FailureReportingMode::Fatal);
        QAbstractItemModelTester itemTester(&items, QAbstractItemModelTester::FailureReportingMode::Fatal);
        const std::vector<ui::PairedTask> paired{{.name = QStringLiteral("piqa"), .quantized = &result}};
        tasks.setTasks(paired, std::nullopt);
        items.setTasks(paired);
        QCOMPARE(tasks.rowCount(), 1);
        QCOMPARE(items.rowCount(), 1);
        items.setShown(ui::ItemTableModel::Shows::ChangedAnswers);
        QCOMPARE(items.rowCount(), 0);
    }

    /** Errors by layer, of the quantized model and of another run beside it. */
    void layersOfTwoRunsStandBesideEachOther()
    {
        Bench bench;
        QVERIFY(bench.prepare());
        ui::CalibrationRun other;
        other.bundle = bench.path(QStringLiteral("other"));
        other.report.blocks = {{.block = 0}};
        bench.document().setCalibrationRuns({other});
        auto* bar = bench.view().tabs().tabBar();
        QTest::mouseClick(bar, Qt::LeftButton, {}, bar->tabRect(3).center());
        auto& panel = bench.view().layers();
        QVERIFY(panel.isVisible() && panel.plot().isEmpty());
        panel.measureButton().setFocus();
        QTest::keyClick(&panel.measureButton(), Qt::Key_Space);
        QTRY_VERIFY(!panel.plot().isEmpty());
        QVERIFY(!panel.measureButton().isVisible()); // it is known
        QVERIFY(panel.plot().toCsv().startsWith(QStringLiteral("name,error\n0.q,")));
        panel.other().setFocus();
        QTest::keyClick(&panel.other(), Qt::Key_Down);
        QTRY_VERIFY(panel.plot().toCsv().startsWith(QStringLiteral("name,error,other_error\n0.q,")));
        QTest::qWait(50); // the queued replot places the dots
        QTest::mouseClick(panel.plot().canvas(), Qt::LeftButton, {}, panel.plot().pixelAt(2, 0.02).toPoint());
        QVERIFY(bench.document().selectedLayer() == (core::LayerId{0, core::Role::V}));
        const auto before = panel.plot().toCsv();
        panel.measure().setFocus();
        QTest::keyClick(&panel.measure(), Qt::Key_Down);
        QVERIFY(panel.plot().toCsv() != before); // of the weights
    }
};

QTEST_MAIN(TstEvaluateView)
#include "tst_evaluate_view.moc"
