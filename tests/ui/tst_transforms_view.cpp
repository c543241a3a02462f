// SPDX-License-Identifier: GPL-3.0-or-later
// The workspace Transforms, by mouse and key.
// Long, as all panels of the workspace are driven over one bench with one plan.
#include "tests/ui/support/studio_fixture.h"
#include "ui/inspect/distribution_panel.h"
#include "ui/model/kind_table.h"
#include "ui/model/module_table_model.h"
#include "ui/plot/channel_plot.h"
#include "ui/plot/gate_plot.h"
#include "ui/plot/histogram_plot.h"
#include "ui/plot/what_if_plot.h"
#include "ui/transforms/before_after_panel.h"
#include "ui/transforms/plan_diff_model.h"
#include "ui/transforms/plan_diff_panel.h"
#include "ui/transforms/search_panel.h"
#include "ui/transforms/searches.h"
#include "ui/transforms/transforms_view.h"
#include "ui/transforms/what_if_panel.h"
#include "ui/transforms/what_ifs.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>

using core::ModuleId;
using core::ModuleKind;
using core::TransformKind;

namespace {

const ModuleId kHeavy{2, ModuleKind::Attention}; // where the fake engine finds Hadamard best
const ModuleId kPlain{0, ModuleKind::Mlp};       // and affine here

/** The window with an open model, a text, and the workspace in front. */
struct Bench : StudioFixture
{
    bool open()
    {
        if (!openModel())
            return false;
        giveText();
        window->showWorkspace(ui::Workspace::Transforms);
        return QTest::qWaitForWindowExposed(window.get());
    }
    ui::TransformsView& view() { return window->transforms(); }
    ui::WhatIfPanel& whatIf() { return view().whatIf(); }
    void selectRow(const ModuleId& module, Qt::KeyboardModifiers modifiers = {})
    {
        auto& table = view().table();
        const auto* model = qobject_cast<const ui::ModuleTableModel*>(table.model());
        const auto index = model->index(model->rowOf(module), 0);
        table.scrollTo(index);
        QTest::mouseClick(table.viewport(), Qt::LeftButton, modifiers, table.visualRect(index).center());
    }
    bool isIdle()
    {
        return QTest::qWaitFor([this] { return window->studio().jobs().isIdle(); }, 60'000);
    }
};

} // namespace

class TstTransformsView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** One key asks, one takes the best over, one takes it back. */
    void whatIfByKeys()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.selectRow(kHeavy);
        QVERIFY(bench.whatIf().plot().isEmpty());
        QTest::keyClick(&bench.view().table(), Qt::Key_W);
        QCOMPARE(bench.view().tabs().currentWidget(), static_cast<QWidget*>(&bench.whatIf()));
        QTRY_VERIFY(!bench.whatIf().plot().isEmpty());
        QCOMPARE(bench.whatIf().table().model()->rowCount(), 4);
        // 10 log10(1 / 0.011), of the fake engine's smallest error
        QVERIFY(bench.whatIf().verdict().text().contains(QStringLiteral("19.59 dB")));
        QVERIFY(bench.whatIf().verdict().text().contains(QStringLiteral("Hadamard")));
        QTest::keyClick(&bench.view().table(), Qt::Key_U);
        QVERIFY(bench.kindOf(kHeavy) == TransformKind::Hadamard);
        QCOMPARE(bench.plan().undoStack().count(), 1);
        QTest::keyClick(bench.window.get(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(bench.kindOf(kHeavy) == TransformKind::Affine);
    }

    /** By mouse, and another kind than the best by a click on its bar. */
    void whatIfByMouse()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.selectRow(kPlain);
        auto* bar = bench.view().tabs().tabBar();
        QTest::mouseClick(bar, Qt::LeftButton, {}, bar->tabRect(1).center());
        QTest::mouseClick(&bench.whatIf().startButton(), Qt::LeftButton);
        auto& plot = bench.whatIf().plot();
        QTRY_VERIFY(!plot.isEmpty());
        QTRY_VERIFY(plot.canvas()->isVisible() && plot.canvas()->width() > 60);
        QVERIFY(bench.whatIf().useButton().text().contains(QStringLiteral("affine")));
        QTest::qWait(50); // the plot is laid out
        QTest::mouseClick(plot.canvas(), Qt::LeftButton, {}, plot.pixelAt(2.0, 0.005).toPoint()); // rotation
        QTRY_VERIFY(bench.whatIf().useButton().text().contains(QStringLiteral("rotation")));
        QTest::mouseClick(&bench.whatIf().useButton(), Qt::LeftButton);
        QVERIFY(bench.kindOf(kPlain) == TransformKind::Rotation);
        QCOMPARE(bench.plan().plan().find(kPlain)->origin, core::Origin::User);
    }

    void whatIfStopsAndSaysSo()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.behaviour->kindsAllowed = 2;
        bench.selectRow(kPlain);
        bench.selectRow(kHeavy, Qt::ControlModifier); // both are asked for, one after the other
        QTest::keyClick(&bench.view().table(), Qt::Key_W);
        QTRY_VERIFY(bench.whatIf().answers().isWaiting(kPlain) && bench.whatIf().answers().isWaiting(kHeavy));
        QTRY_VERIFY(bench.whatIf().stopButton().isEnabled());
        QTest::mouseClick(&bench.whatIf().stopButton(), Qt::LeftButton);
        QVERIFY(bench.isIdle());
        QVERIFY(bench.whatIf().verdict().text().contains(QStringLiteral("Stopped")));
        QVERIFY(!bench.whatIf().answers().answer(kPlain) && !bench.whatIf().answers().answer(kHeavy));
    }

    /** The line for the terminal, and the warning that an answer was for other bits. */
    void whatIfTwinAndStaleness()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.selectRow(kHeavy);
        QTest::keyClick(&bench.view().table(), Qt::Key_W);
        QTRY_VERIFY(bench.whatIf().answers().answer(kHeavy));
        auto scheme = bench.plan().plan().scheme;
        scheme.weightBits = 3;
        scheme.activationAsymmetric = true;
        bench.plan().changeScheme(scheme);
        QVERIFY(bench.whatIf().answers().isStale(kHeavy));
        QVERIFY(bench.whatIf().verdict().text().contains(QStringLiteral("compare again")));
        QSignalSpy copied(&bench.view(), &ui::TransformsView::commandCopied);
        for (auto* button : bench.whatIf().findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Copy as command"))
                QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(copied.count(), 1);
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 QStringLiteral("planish what-if %1 --module 2.attention --text %2 --wbits 3 --aasym --samples 16 "
                                "--seqlen 256 --batch 4 --epochs 8")
                     .arg(bench.path(QStringLiteral("toy-8b")), bench.path(QStringLiteral("text.txt"))));
    }

    void withoutATextItSaysWhy()
    {
        Bench bench;
        QVERIFY(bench.openModel());
        bench.document().setText({});
        bench.window->showWorkspace(ui::Workspace::Transforms);
        QVERIFY(!bench.whatIf().startButton().isEnabled());
        bench.selectRow(kPlain);
        QTest::keyClick(&bench.view().table(), Qt::Key_W);
        QVERIFY(!bench.whatIf().answers().isWaiting(kPlain));
    }

    /** Gates are drawn while they move; what was found is taken over in one step, past what the person decided. */
    void searchShowsItsGatesAndIsTakenOver()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.plan().overrideKind({kPlain}, TransformKind::Hadamard);
        auto& panel = bench.view().search();
        bench.view().tabs().setCurrentWidget(&panel);
        bench.behaviour->gateStepsAllowed = 40; // within block 1
        QTest::mouseClick(&panel.startButton(), Qt::LeftButton);
        QTRY_VERIFY(bench.behaviour->gateStepsDone >= 40);
        QTRY_VERIFY(!panel.plot().isEmpty());
        QTRY_COMPARE(panel.searches().newest()->block, 1);
        QVERIFY(!panel.startButton().isEnabled() && panel.stopButton().isEnabled());
        QVERIFY(!panel.useButton().isEnabled());
        bench.behaviour->gateStepsAllowed = 1 << 20;
        QTRY_VERIFY(bench.document().search());
        QTRY_VERIFY(panel.useButton().isEnabled());
        bench.selectRow(kHeavy);
        QVERIFY(panel.plot().title().contains(QStringLiteral("2.attention")));
        // Of the fake engine: after 30 steps the rotation's gate is 1 / (1 + exp(-0.2 * 29)) = 0.997.
        QVERIFY(panel.plot().toCsv().contains(QStringLiteral("29,rotation,0.99698")));
        const int steps = bench.plan().undoStack().count();
        QTest::mouseClick(&panel.useButton(), Qt::LeftButton);
        QCOMPARE(bench.plan().undoStack().count(), steps + 1);
        QVERIFY(bench.kindOf(kHeavy) == TransformKind::Rotation);
        QVERIFY(bench.kindOf(kPlain) == TransformKind::Hadamard);
        QCOMPARE(bench.plan().plan().find(kHeavy)->reason.text, std::string("held-out error 20 % smaller"));
    }

    /** B shows one state after the other in the same axes: only then does the eye see the difference. */
    void beforeAndAfterFlipByKey()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.selectRow(kHeavy);
        auto& panel = bench.view().beforeAfter().panel();
        QTRY_VERIFY(panel.channels().toCsv().contains(QStringLiteral("absmax_after")));
        const auto look = [&] {
            QTest::qWait(50); // replots are queued
            return std::pair(panel.channels().canvas()->grab().toImage(), panel.channels().valueAt({200, 60}));
        };
        const auto both = look();
        QTest::keyClick(&bench.view().table(), Qt::Key_B);
        const auto after = look();
        QTest::keyClick(&bench.view().table(), Qt::Key_B);
        const auto before = look();
        QVERIFY(both.first != after.first && after.first != before.first);
        QVERIFY(both.second == after.second && after.second == before.second);
        QTest::keyClick(&bench.view().table(), Qt::Key_B);
        QVERIFY(look().first == after.first);
        panel.channels().setPinned(true); // keeps what it shows, the other plot follows the selection
        const auto title = panel.channels().title();
        bench.selectRow(kPlain);
        QTRY_VERIFY(panel.histogram().title() != title && !panel.histogram().title().startsWith(title.left(3)));
        QCOMPARE(panel.channels().title(), title);
    }

    void modulesAreKeptInFullPrecisionByKey()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.selectRow(kHeavy);
        QTest::keyClick(&bench.view().table(), Qt::Key_X);
        QCOMPARE(bench.plan().plan().schemeOf(kHeavy).weightBits, core::kFullPrecisionBits);
        const int row = bench.view().table().currentIndex().row();
        const auto cell = [&](int column) { return bench.view().table().model()->index(row, column); };
        QCOMPARE(cell(ui::ModuleTableModel::Bits).data().toString(), QStringLiteral("full"));
        QTest::keyClick(&bench.view().table(), Qt::Key_X);
        QCOMPARE(bench.plan().plan().schemeOf(kHeavy).weightBits, 4);
        QTest::keyClick(&bench.view().table(), Qt::Key_BracketRight);
        QCOMPARE(bench.view().table().currentIndex().row(), row + 1);
        QTest::keyClick(&bench.view().table(), Qt::Key_BracketLeft);
        QCOMPARE(bench.view().table().currentIndex().row(), row);
    }

    void aModulesNoteIsTypedIntoItsRow()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.selectRow(kHeavy);
        auto& table = bench.view().table();
        const auto note = table.model()->index(table.currentIndex().row(), ui::ModuleTableModel::Note);
        table.setCurrentIndex(note);
        QTest::keyClick(&table, Qt::Key_F2);
        auto* editor = table.viewport()->findChild<QLineEdit*>();
        QVERIFY(editor);
        QTest::keyClicks(editor, QStringLiteral("clips early"));
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(note.data().toString(), QStringLiteral("clips early"));
        QCOMPARE(bench.document().layerNote({kHeavy.block, core::Role::Q}), QStringLiteral("clips early"));
        bench.document().select({kHeavy.block, core::Role::V});
        auto* card = bench.window->findChild<QLineEdit*>(QStringLiteral("layerNote"));
        card->setFocus();
        QTest::keyClicks(card, QStringLiteral("wide"));
        QTest::keyClick(card, Qt::Key_Return);
        QCOMPARE(note.data().toString(), QStringLiteral("clips early; 2.v: wide"));
        bench.plan().undoStack().undo();
        QCOMPARE(note.data().toString(), QStringLiteral("clips early"));
    }

    void startsCompeteInASearch()
    {
        Bench bench;
        QVERIFY(bench.open());
        auto& panel = bench.view().search();
        bench.view().tabs().setCurrentWidget(&panel);
        auto* starts = panel.findChild<QSpinBox*>(QStringLiteral("starts"));
        starts->setFocus();
        QTest::keyClick(starts, Qt::Key_Up);
        QTest::mouseClick(&panel.copyButton(), Qt::LeftButton);
        QVERIFY2(QApplication::clipboard()->text().contains(QStringLiteral(" --starts 2 ")),
                 qPrintable(QApplication::clipboard()->text()));
        auto* measure = panel.findChild<QComboBox*>(QStringLiteral("measure"));
        measure->setFocus();
        QTest::keyClick(measure, Qt::Key_Down);
        QTest::mouseClick(&panel.copyButton(), Qt::LeftButton);
        QVERIFY(QApplication::clipboard()->text().contains(QStringLiteral(" --measure kl ")));
    }

    void searchIsStoppedByMouseAndItsLineIsTheSame()
    {
        Bench bench;
        QVERIFY(bench.open());
        auto& panel = bench.view().search();
        bench.view().tabs().setCurrentWidget(&panel);
        bench.behaviour->gateStepsAllowed = 5;
        QTest::mouseClick(&panel.startButton(), Qt::LeftButton);
        QTRY_VERIFY(bench.behaviour->gateStepsDone >= 5);
        QTest::mouseClick(&panel.stopButton(), Qt::LeftButton);
        QVERIFY(bench.isIdle());
        QVERIFY(panel.state().text().contains(QStringLiteral("finished blocks are kept")));
        QVERIFY(!bench.document().search());
        panel.modes().setCurrentIndex(static_cast<int>(core::SearchMode::Oracle));
        const auto command = panel.searches().job()->command();
        QVERIFY2(
            command.startsWith(QStringLiteral("planish select %1 --method search --text %2 --candidates "
                                              "affine,rotation --samples 32 --seqlen 256 --epochs 5 --batch 4 "
                                              "--checkpoints ")
                                   .arg(bench.path(QStringLiteral("toy-8b")), bench.path(QStringLiteral("text.txt")))),
            qPrintable(command));
        QVERIFY(command.endsWith(QStringLiteral(" --resume")));
    }

    /** A result survives the project; a file of another program is refused with its name. */
    void searchIsKeptWithTheProject()
    {
        Bench bench;
        QVERIFY(bench.open());
        auto& panel = bench.view().search();
        bench.view().tabs().setCurrentWidget(&panel);
        QTest::mouseClick(&panel.startButton(), Qt::LeftButton);
        QTRY_VERIFY(bench.document().search());
        QVERIFY(bench.isIdle());
        const auto project = bench.path(QStringLiteral("p.planish"));
        bench.window->studio().saveProject(project);
        bench.document().setSearch(nullptr);
        bench.window->studio().openProject(project);
        QTRY_VERIFY(bench.document().search());
        QCOMPARE(bench.document().search()->modules.size(), std::size_t(16));
        QVERIFY_THROWS_EXCEPTION(core::Error, panel.open(bench.path(QStringLiteral("nothing.json"))));
    }

    void secondPlanIsTakenOverRowByRow()
    {
        Bench bench;
        QVERIFY(bench.open());
        auto other = bench.plan().plan();
        for (auto& choice : other.modules)
            if (choice.module == kHeavy || choice.module == kPlain)
                choice.kind = choice.automaticKind = TransformKind::Hadamard;
        const auto file = bench.path(QStringLiteral("other.json"));
        bench.window->studio().engine()->writePlan(file.toStdString(), other);
        auto& panel = bench.view().planDiff();
        bench.view().tabs().setCurrentWidget(&panel);
        panel.open(file);
        QCOMPARE(panel.model().rowCount(), 2);
        QVERIFY(panel.state().text().contains(QStringLiteral("2 of 16")));
        QVERIFY(!panel.takeSelectedButton().isEnabled());
        auto& table = panel.table();
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, table.visualRect(table.model()->index(0, 0)).center());
        QTest::mouseClick(&panel.takeSelectedButton(), Qt::LeftButton);
        QVERIFY(bench.kindOf(kPlain) == TransformKind::Hadamard);
        QVERIFY(bench.kindOf(kHeavy) == TransformKind::Affine);
        QCOMPARE(panel.model().rowCount(), 1);
        QTest::mouseClick(&panel.takeAllButton(), Qt::LeftButton);
        QVERIFY(bench.kindOf(kHeavy) == TransformKind::Hadamard);
        QCOMPARE(panel.model().rowCount(), 0);
        QCOMPARE(bench.plan().undoStack().count(), 2);
        bench.plan().undoStack().undo();
        QCOMPARE(panel.model().rowCount(), 1);
    }

    void planOfAnotherModelIsRefused()
    {
        Bench bench;
        QVERIFY(bench.open());
        auto other = bench.plan().plan();
        other.modules.pop_back();
        const auto file = bench.path(QStringLiteral("other.json"));
        bench.window->studio().engine()->writePlan(file.toStdString(), other);
        QVERIFY_THROWS_EXCEPTION(core::Error, bench.view().planDiff().open(file));
        QCOMPARE(bench.view().planDiff().model().rowCount(), 0);
    }

    /** Several rows, one step each: a kind, a lock, bits of their own. */
    void selectedRowsAreChangedTogether()
    {
        Bench bench;
        QVERIFY(bench.open());
        bench.selectRow(kPlain);
        bench.selectRow(kHeavy, Qt::ControlModifier);
        QTest::keyClick(&bench.view().table(), Qt::Key_L);
        QCOMPARE(bench.plan().undoStack().count(), 1);
        QVERIFY(bench.plan().isOverridden(kPlain) && bench.plan().isOverridden(kHeavy));
        auto rule = bench.plan().rule();
        rule.mlp.constantKind = rule.attention.constantKind = TransformKind::Rotation;
        bench.plan().commitRule(rule, QStringLiteral("all rotation"));
        QVERIFY(bench.kindOf(kPlain) == TransformKind::Affine); // the lock held
        QTest::keyClick(&bench.view().table(), Qt::Key_L);
        QVERIFY(bench.kindOf(kPlain) == TransformKind::Rotation);
        Q_EMIT bench.view().table().customContextMenuRequested({5, 5});
        auto* menu = bench.view().table().findChild<QMenu*>();
        QVERIFY(menu);
        for (auto* bits : menu->findChildren<QMenu*>())
            for (auto* action : bits->actions())
                if (action->text().startsWith(QStringLiteral("W8 A8")))
                    action->trigger();
        menu->close();
        QCOMPARE(bench.plan().plan().schemeOf(kHeavy).activationBits, 8);
        QCOMPARE(bench.plan().plan().schemeOf({4, ModuleKind::Mlp}).activationBits, 4);
        rule.mlp.constantKind = TransformKind::Affine;
        bench.plan().commitRule(rule, QStringLiteral("affine again"));
        QCOMPARE(bench.plan().plan().schemeOf(kPlain).weightBits, 8); // a rule decides kinds alone
        for (int i = 0; i < 5; ++i)
            bench.plan().undoStack().undo();
        QCOMPARE(bench.plan().plan().schemeOf(kPlain).weightBits, 4);
        QVERIFY(!bench.plan().undoStack().canUndo());
    }
};

QTEST_MAIN(TstTransformsView)
#include "tst_transforms_view.moc"
