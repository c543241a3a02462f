// SPDX-License-Identifier: GPL-3.0-or-later
// From the first start to a choice: each journey by mouse and by keys, with no more presses than it may take, and the window
// alive all the while. What a journey counts as one press is said in tests/ui/support/hand.h.
#include "tests/ui/support/journey.h"
#include "ui/finder.h"
#include "ui/inspect/inspect_view.h"
#include "ui/inspect/layer_browser.h"
#include "ui/model/kind_table.h"
#include "ui/model/layer_table_model.h"
#include "ui/plot/channel_plot.h"
#include "ui/plot/histogram_plot.h"
#include "ui/plot/threshold_plot.h"
#include "ui/plot/what_if_plot.h"
#include "ui/teach/teach_view.h"
#include "ui/transforms/transforms_view.h"
#include "ui/transforms/what_if_panel.h"

#include <QAbstractProxyModel>
#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QTableView>
#include <QToolButton>

using core::ModuleKind;
using core::Role;
using core::TransformKind;
using ui::LayerTableModel;
using ui::Workspace;

namespace {

// Of the fake model: the attention of block 2 has a robust z of 4, the MLP of block 5 one of 7.5.
constexpr core::ModuleId kWorst{5, ModuleKind::Mlp};

struct Looking : Journey
{
    ui::InspectView& inspect() { return window->inspect(); }
    ui::KindTable& table() { return inspect().table(); }
    QModelIndex cell(int row, int column) { return table().model()->index(row, column); }
    QModelIndex cell(const core::LayerId& layer, int column)
    {
        auto& model = inspect().browser().model();
        return qobject_cast<const QAbstractProxyModel*>(table().model())
            ->mapFromSource(model.index(model.rowOf(layer), column));
    }
    bool show(Workspace workspace)
    {
        const bool ready = begin();
        window->showWorkspace(workspace);
        QCoreApplication::processEvents(); // a page that is shown for the first time is drawn whole
        hand.startOver();
        heart.emplace();
        return ready;
    }
    /** Another model was open before: the page has been drawn once. */
    bool openAnother()
    {
        const bool ready = show(Workspace::Inspect);
        window->showWorkspace(Workspace::Welcome);
        QCoreApplication::processEvents();
        return ready;
    }
    QPoint headerOf(int column)
    {
        const auto& header = *table().horizontalHeader();
        return {header.sectionViewportPosition(column) + header.sectionSize(column) / 2, header.height() / 2};
    }
};

} // namespace

class TstJourneysInspect : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void j1FirstStartToTheHeatMapByMouse()
    {
        Looking at;
        at.heart.emplace();
        auto* demo = Journey::button(*at.window, QStringLiteral("Open demo model"));
        QVERIFY(demo);
        at.hand.click(*demo);
        auto& heat = at.inspect().browser().heatMap();
        QTRY_VERIFY(heat.isVisible());
        QTRY_COMPARE(at.document().readState(), ui::Document::ReadState::Ready);
        QCOMPARE(heat.model()->rowCount(), 8); // one a block
        QCOMPARE(at.hand.clicks() + at.hand.keys(), 1);
        QVERIFY(at.beats());
    }
    void j1FirstStartToTheHeatMapByKeys()
    {
        Looking at;
        at.heart.emplace();
        at.hand.key(Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(at.document().readState(), ui::Document::ReadState::Ready);
        QVERIFY(at.inspect().browser().heatMap().isVisible());
        QCOMPARE(at.hand.keys(), 1);
        QVERIFY(at.beats());
    }

    void j2OwnModelByDrop()
    {
        Looking at;
        QVERIFY(at.openAnother());
        QDir().mkpath(at.path(QStringLiteral("mine")));
        at.hand.drop(*at.window, at.path(QStringLiteral("mine")));
        QTRY_COMPARE(at.document().modelName(), QStringLiteral("mine"));
        QTRY_COMPARE(at.document().readState(), ui::Document::ReadState::Ready);
        QCOMPARE(at.hand.clicks() + at.hand.keys(), 0);
        QVERIFY(at.beats());
    }
    void j2OwnModelByDialog()
    {
        Looking at;
        QVERIFY(at.openAnother());
        QDir().mkpath(at.path(QStringLiteral("mine")));
        at.hand.key(Qt::Key_O, Qt::ControlModifier);
        QTRY_VERIFY(at.window->findChild<QFileDialog*>());
        auto* dialog = at.window->findChild<QFileDialog*>();
        QVERIFY(QTest::qWaitForWindowActive(dialog));
        at.heart.emplace(); // what Qt's own dialog takes to appear is not the window's
        auto* name = dialog->findChild<QLineEdit*>();
        QTRY_COMPARE(QApplication::focusWidget(), name);
        name->selectAll();
        at.hand.type(at.path(QStringLiteral("mine")));
        if (QApplication::activePopupWidget()) // the dialog's own suggestions
            QApplication::activePopupWidget()->hide();
        at.hand.key(Qt::Key_Return);
        QTRY_COMPARE(at.document().modelName(), QStringLiteral("mine"));
        QCOMPARE(at.hand.keys() + at.hand.fields(), 3);
        QTRY_COMPARE(at.document().readState(), ui::Document::ReadState::Ready);
        QVERIFY(at.beats());
    }

    void j3WorstLayerByMouse()
    {
        Looking at;
        QVERIFY(at.show(Workspace::Inspect));
        at.hand.click(*at.table().horizontalHeader()->viewport(), at.headerOf(LayerTableModel::RobustZ));
        QCOMPARE(at.cell(0, LayerTableModel::RobustZ).data().toString(), QStringLiteral("7.50"));
        at.hand.click(at.table(), at.cell(0, LayerTableModel::Layer));
        QVERIFY(at.document().selectedModule() == kWorst);
        QVERIFY(at.inspect().panel().histogram().title().startsWith(QStringLiteral("5.")));
        QVERIFY(!at.inspect().panel().histogram().isEmpty());
        QCOMPARE(at.hand.clicks(), 2);
        QVERIFY(at.beats());
    }
    void j3WorstLayerByKeys()
    {
        Looking at;
        QVERIFY(at.show(Workspace::Inspect));
        at.hand.key(Qt::Key_K, Qt::ControlModifier);
        at.hand.type(QStringLiteral("worst"));
        at.hand.key(Qt::Key_Return);
        QVERIFY(at.document().selectedModule() == kWorst);
        QVERIFY(!at.inspect().panel().histogram().isEmpty());
        QCOMPARE(at.hand.keys(), 2);
        QCOMPARE(at.hand.fields(), 1);
        QVERIFY(at.beats());
    }

    void j4OverrideAndJ6UndoByMouse()
    {
        Looking at;
        QVERIFY(at.show(Workspace::Inspect));
        at.hand.click(*at.table().viewport(), at.table().visualRect(at.cell(0, LayerTableModel::Layer)).center(),
                      Qt::RightButton);
        auto* menu = at.table().findChild<QMenu*>(QStringLiteral("choiceMenu"));
        QVERIFY(menu);
        at.hand.choose(*menu, QStringLiteral("rotation"));
        QVERIFY(at.kindOf({0, ModuleKind::Attention}) == TransformKind::Rotation);
        QVERIFY(at.cell(0, LayerTableModel::Reason).data().toString().contains(QStringLiteral("rotation")));
        QCOMPARE(at.hand.clicks(), 2);
        at.hand.startOver();
        at.hand.click(at.toolButton("edit.undo"));
        QVERIFY(!at.plan().isOverridden({0, ModuleKind::Attention}));
        QCOMPARE(at.hand.clicks(), 1);
        QVERIFY(at.beats());
    }
    void j4OverrideAndJ6UndoByKeys()
    {
        Looking at;
        QVERIFY(at.show(Workspace::Inspect));
        at.hand.key(Qt::Key_R); // the first layer is selected when a model opens
        QVERIFY(at.kindOf({0, ModuleKind::Attention}) == TransformKind::Rotation);
        QCOMPARE(at.hand.keys(), 1);
        at.hand.startOver();
        at.hand.key(Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(!at.plan().isOverridden({0, ModuleKind::Attention}));
        QCOMPARE(at.hand.keys(), 1);
        QVERIFY(at.beats());
    }

    void j5OverrideAllAboveAThresholdByMouse()
    {
        Looking at;
        QVERIFY(at.show(Workspace::Transforms));
        auto& plot = at.window->transforms().plot(ModuleKind::Attention);
        QTRY_VERIFY(!plot.isEmpty());
        QTest::qWait(50); // the first replot places the line
        const auto pixel = [&](double z) { return plot.pixelAt(5.5, z).toPoint(); };
        at.hand.drag(*plot.canvas(), pixel(plot.lineValue()), pixel(2.0));
        QVERIFY(at.kindOf({2, ModuleKind::Attention}) == TransformKind::Rotation);
        QVERIFY(at.kindOf({0, ModuleKind::Attention}) == TransformKind::Affine);
        QCOMPARE(at.plan().undoStack().count(), 1); // one step back
        QVERIFY(at.hand.clicks() <= 2);
        QVERIFY(at.beats());
    }

    void j5OverrideAllAboveAThresholdByKeys()
    {
        Looking at;
        QVERIFY(at.show(Workspace::Transforms));
        auto& plot = at.window->transforms().plot(ModuleKind::Attention);
        QTRY_VERIFY(!plot.isEmpty());
        plot.setFocus();            // by Tab; the way is not the journey
        at.hand.key(Qt::Key_Minus); // 0.1 lower, and it counts
        QVERIFY(at.kindOf({2, ModuleKind::Attention}) == TransformKind::Rotation);
        QVERIFY(at.kindOf({0, ModuleKind::Attention}) == TransformKind::Affine);
        QCOMPARE(at.plan().undoStack().count(), 1);
        QVERIFY(at.hand.keys() <= 3);
        QVERIFY(at.beats());
    }

    void j7BeforeAndAfterByMouse()
    {
        Looking at;
        QVERIFY(at.show(Workspace::Inspect));
        auto* compare = at.inspect().findChild<QCheckBox*>(QStringLiteral("compare"));
        at.hand.click(*compare, QPoint(8, compare->height() / 2));
        QTRY_VERIFY(at.inspect().panel().channels().toCsv().startsWith(
            QStringLiteral("channel,absmax,channel_after,absmax_after")));
        QCOMPARE(at.hand.clicks(), 1);
        QVERIFY(at.beats());
    }
    void j7BeforeAndAfterByKeys()
    {
        Looking at;
        QVERIFY(at.show(Workspace::Inspect));
        at.hand.key(Qt::Key_B);
        QTRY_VERIFY(at.inspect().panel().channels().toCsv().startsWith(
            QStringLiteral("channel,absmax,channel_after,absmax_after")));
        QCOMPARE(at.hand.keys(), 1);
        QVERIFY(at.beats());
    }

    void j8WhatIfOfFourKindsByMouse()
    {
        Looking at;
        QVERIFY(at.show(Workspace::Transforms));
        at.document().select({5, Role::Down});
        at.hand.click(*at.window->transforms().findChild<QToolButton*>(QStringLiteral("whatIf")));
        QTRY_VERIFY(!at.window->transforms().whatIf().plot().isEmpty());
        QCOMPARE(at.window->transforms().whatIf().table().model()->rowCount(), 4);
        QCOMPARE(at.hand.clicks(), 1);
        QVERIFY(at.beats());
    }
    void j8WhatIfOfFourKindsByKeys()
    {
        Looking at;
        QVERIFY(at.show(Workspace::Transforms));
        at.document().select({5, Role::Down});
        at.window->transforms().table().setFocus();
        at.hand.key(Qt::Key_W);
        QTRY_VERIFY(!at.window->transforms().whatIf().plot().isEmpty());
        QCOMPARE(at.hand.keys(), 1);
        QVERIFY(at.beats());
    }

    void j19ALessonInClassByMouse()
    {
        Looking at;
        at.window->showWorkspace(Workspace::Teach);
        QCoreApplication::processEvents();
        const double before = at.window->font().pointSizeF();
        auto* presenter = Journey::button(at.window->teach(), QStringLiteral("Presenter"));
        QVERIFY(presenter);
        at.hand.click(*presenter);
        QCOMPARE(at.hand.clicks(), 1);
        QVERIFY(at.window->isPresenting() && presenter->isChecked());
        QVERIFY(std::abs(at.window->font().pointSizeF() / before - 1.5) < 0.05);
        at.hand.click(*presenter);
        QVERIFY(!at.window->isPresenting() && !presenter->isChecked());
    }
    /** Letters half as large again, everywhere: of lists, of buttons, of plots, and the rows with them. */
    void j19ALessonInClassByKeys()
    {
        Looking at;
        QVERIFY(at.show(Workspace::Inspect));
        auto& plot = at.inspect().panel().channels();
        const auto sizes = [&] {
            return std::array{at.window->font().pointSizeF(), at.toolButton("view.2").font().pointSizeF(),
                              plot.canvas()->font().pointSizeF(),
                              double(at.table().verticalHeader()->defaultSectionSize())};
        };
        const auto before = sizes();
        at.hand.key(Qt::Key_F8);
        const auto during = sizes();
        for (std::size_t i = 0; i < before.size(); ++i)
            QVERIFY2(std::abs(during[i] / before[i] - 1.5) < 0.05,
                     qPrintable(QStringLiteral("%1: %2").arg(i).arg(during[i] / before[i])));
        QCOMPARE(at.hand.keys(), 1);
        at.hand.key(Qt::Key_F8); // and back
        const auto after = sizes();
        for (std::size_t i = 0; i < before.size(); ++i)
            QVERIFY2(std::abs(after[i] - before[i]) < 1.01, qPrintable(QStringLiteral("%1: %2").arg(i).arg(after[i])));
        // No heartbeat: Qt polishes every widget in one go when the letters change, as with a new theme.
    }
};

QTEST_MAIN(TstJourneysInspect)
#include "tst_journeys_inspect.moc"
