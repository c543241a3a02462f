// SPDX-License-Identifier: GPL-3.0-or-later
// The list of layers by mouse and keyboard: columns, heat map, filter, selection, copying.
#include "tests/ui/support/heartbeat.h"
#include "tests/ui/support/studio_fixture.h"
#include "ui/inspect/filter_bar.h"
#include "ui/inspect/filter_edit.h"
#include "ui/inspect/inspect_view.h"
#include "ui/inspect/layer_browser.h"
#include "ui/model/heat_map_model.h"
#include "ui/model/kind_table.h"
#include "ui/model/layer_table_model.h"

#include <QAbstractItemView>
#include <QAbstractProxyModel>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QCompleter>
#include <QContextMenuEvent>
#include <QMenu>
#include <QMimeData>
#include <QSignalSpy>
#include <QToolButton>

using core::Role;
using ui::LayerTableModel;

namespace {

constexpr double kLimitMs = 100.0;

/** An open model in the workspace that shows its layers. */
struct Browser
{
    StudioFixture studio;
    ui::LayerBrowser& browser = studio.window->inspect().browser();
    ui::KindTable& table = browser.table();
    ui::Selection& selection = studio.document().selection();
    bool ready = open();
    Heartbeat heart;

    bool open()
    {
        const bool opened = studio.openModel();
        studio.window->showWorkspace(ui::Workspace::Inspect);
        return opened;
    }
    QPoint center(const core::LayerId& layer)
    {
        const auto* proxy = qobject_cast<const QAbstractProxyModel*>(table.model());
        const auto source = browser.model().index(browser.model().rowOf(layer), LayerTableModel::Layer);
        const auto index = proxy->mapFromSource(source);
        table.scrollTo(index);
        return table.visualRect(index).center();
    }
    void click(const core::LayerId& layer, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::mouseClick(table.viewport(), Qt::LeftButton, modifiers, center(layer));
    }
    bool beats() const { return heart.longestBlockedMs() < kLimitMs; }
};

} // namespace

class TstLayerBrowser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void columnSetsShowTheirColumns()
    {
        Browser at;
        QVERIFY(at.ready);
        QVERIFY(at.table.isColumnHidden(LayerTableModel::Sqnr));
        at.browser.columns().setFocus();
        QTest::keyClick(&at.browser.columns(), Qt::Key_Down);
        QTest::keyClick(&at.browser.columns(), Qt::Key_Down);
        QTest::keyClick(&at.browser.columns(), Qt::Key_Down);
        QCOMPARE(at.browser.columns().currentText(), QStringLiteral("Quantization"));
        QVERIFY(!at.table.isColumnHidden(LayerTableModel::Sqnr));
        QVERIFY(at.table.isColumnHidden(LayerTableModel::WeightKurtosis));
        QVERIFY(at.beats());
    }

    void controlAndShiftChooseSeveralLayers()
    {
        Browser at;
        at.click({1, Role::Q});
        at.click({1, Role::O}, Qt::ShiftModifier);
        QCOMPARE(at.selection.layers().size(), std::size_t{4}); // q k v o
        at.click({3, Role::Down}, Qt::ControlModifier);
        QCOMPARE(at.selection.layers().size(), std::size_t{5});
        QVERIFY(at.selection.current() == (core::LayerId{3, Role::Down}));
        QTest::keyClick(&at.table, Qt::Key_R); // both modules at once
        QVERIFY(at.studio.kindOf({1, core::ModuleKind::Attention}) == core::TransformKind::Rotation);
        QVERIFY(at.studio.kindOf({3, core::ModuleKind::Mlp}) == core::TransformKind::Rotation);
        QVERIFY(at.beats());
    }

    void altAndArrowsWalkTheHistory()
    {
        Browser at;
        at.click({0, Role::K});
        at.click({2, Role::Up});
        QTest::keyClick(&at.table, Qt::Key_Left, Qt::AltModifier);
        QVERIFY(at.selection.current() == (core::LayerId{0, Role::K}));
        QCOMPARE(at.table.currentIndex().siblingAtColumn(LayerTableModel::Layer).data().toString(),
                 QStringLiteral("0.k"));
        QTest::keyClick(&at.table, Qt::Key_Right, Qt::AltModifier);
        QVERIFY(at.selection.current() == (core::LayerId{2, Role::Up}));
        QVERIFY(at.beats());
    }

    void heatMapSharesTheSelection()
    {
        Browser at;
        at.click({2, Role::V});
        QTest::mouseClick(&at.browser.heatButton(), Qt::LeftButton);
        QVERIFY(at.browser.showsHeatMap());
        auto& heat = at.browser.heatMap();
        auto* model = static_cast<ui::HeatMapModel*>(heat.model());
        QVERIFY(heat.selectionModel()->isSelected(model->indexOf({2, Role::V})));
        const auto cell = model->indexOf({5, Role::Down});
        heat.scrollTo(cell);
        QTest::mouseClick(heat.viewport(), Qt::LeftButton, {}, heat.visualRect(cell).center());
        QVERIFY(at.selection.current() == (core::LayerId{5, Role::Down}));
        QTest::keyClick(&heat, Qt::Key_Up);
        QVERIFY(at.selection.current() == (core::LayerId{4, Role::Down}));
        const core::ModuleId mlp{4, core::ModuleKind::Mlp};
        QTest::keyClick(&heat, Qt::Key_R); // the table's letters
        QVERIFY(at.studio.kindOf(mlp) == core::TransformKind::Rotation);
        QTest::keyClick(&heat, Qt::Key_N);
        QVERIFY(at.studio.kindOf(mlp) == core::TransformKind::Identity);
        QTest::keyClick(&heat, Qt::Key_BracketRight); // the next row of the table
        QVERIFY(at.selection.current() == (core::LayerId{5, Role::Q}));
        QTest::keyClick(&heat, Qt::Key_BracketLeft);
        QVERIFY(at.selection.current() == (core::LayerId{4, Role::Down}));
        QTest::keyClick(&heat, Qt::Key_Space);
        QVERIFY(at.studio.plan().plan().find(mlp)->origin == core::Origin::Automatic);
        QVERIFY(at.selection.current() == (core::LayerId{4, Role::Down}));
        QSignalSpy told(&at.browser, &ui::LayerBrowser::hovered);
        QTest::mouseMove(heat.viewport(), heat.visualRect(cell).center());
        QTRY_VERIFY(at.selection.hovered().has_value());
        QEvent left(QEvent::Leave);
        QCoreApplication::sendEvent(heat.viewport(), &left);
        QVERIFY(!at.selection.hovered().has_value());
        QVERIFY(told.last().first().toString().isEmpty());
        QContextMenuEvent asked(QContextMenuEvent::Mouse, heat.visualRect(cell).center(),
                                heat.viewport()->mapToGlobal(heat.visualRect(cell).center()));
        QCoreApplication::sendEvent(heat.viewport(), &asked);
        auto* menu = at.table.findChild<QMenu*>(QStringLiteral("choiceMenu"));
        QVERIFY(menu && menu->isVisible());
        menu->close();
        at.browser.heatColumn().setFocus();
        QTest::keyClick(&at.browser.heatColumn(), Qt::Key_Down);
        QCOMPARE(model->column(), int(LayerTableModel::RobustZ));
        QTest::mouseClick(&at.browser.tableButton(), Qt::LeftButton);
        QCOMPARE(at.table.currentIndex().siblingAtColumn(LayerTableModel::Layer).data().toString(),
                 QStringLiteral("4.down"));
        QVERIFY(at.beats());
    }

    void pointingAtARowShowsItEverywhere()
    {
        Browser at;
        const auto point = at.center({1, Role::Gate});
        QTest::mouseMove(at.table.viewport(), point - QPoint(3, 0));
        QTest::mouseMove(at.table.viewport(), point);
        QTRY_VERIFY(at.selection.hovered() == (core::LayerId{1, Role::Gate}));
        const int row = at.browser.model().rowOf({1, Role::Gate});
        QVERIFY(at.browser.model().index(row, 0).data(LayerTableModel::kHoverRole).toBool());
    }

    void filterCompletesByKeys()
    {
        Browser at;
        auto& edit = at.browser.filter();
        QTest::keyClick(at.studio.window.get(), Qt::Key_F, Qt::ControlModifier);
        QTRY_VERIFY(edit.hasFocus());
        QTest::keyClicks(&edit, QStringLiteral("z>3.5 mod"));
        QTRY_VERIFY(edit.suggestions().popup()->isVisible());
        QTest::keyClick(edit.suggestions().popup(), Qt::Key_Down);
        QTest::keyClick(edit.suggestions().popup(), Qt::Key_Return);
        QCOMPARE(edit.text(), QStringLiteral("z>3.5 module:"));
        edit.suggestions().popup()->hide();
        QTest::keyClicks(&edit, QStringLiteral("mlp"));
        QCOMPARE(at.table.model()->rowCount(), 3); // block 5
        QVERIFY(at.beats());
    }

    void filterUnderlinesWhatItDoesNotUnderstand()
    {
        Browser at;
        auto& edit = at.browser.filter();
        QTest::keyClicks(&edit, QStringLiteral("down"));
        QApplication::clipboard()->setText(QStringLiteral(" skew>1"));
        QTest::keyClick(&edit, Qt::Key_V, Qt::ControlModifier);
        QVERIFY(edit.problem());
        QCOMPARE(edit.problem()->start, 5);
        QCOMPARE(at.table.model()->rowCount(), 8); // "down" still holds
        const auto with = edit.grab().toImage();
        edit.setProblem({});
        QVERIFY(edit.grab().toImage() != with); // the line is there to see
        QTest::keyClick(&edit, Qt::Key_Escape); // the list, if it is open
        QTest::keyClick(&edit, Qt::Key_Escape);
        QCOMPARE(at.table.model()->rowCount(), 58);
        QVERIFY(at.beats());
    }

    void filtersAreKept()
    {
        Browser at;
        QSignalSpy changed(&at.browser.filterBar(), &ui::FilterBar::savedFiltersChanged);
        QTest::keyClicks(&at.browser.filter(), QStringLiteral("role:o z>1"));
        auto* menu = at.browser.filterBar().savedButton().menu();
        menu->popup(at.studio.window->mapToGlobal(QPoint(100, 100)));
        auto* keep = menu->findChild<QAction*>(QStringLiteral("keepFilter"));
        QVERIFY(keep);
        QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(keep).center());
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed.first().first().toStringList(), QStringList{QStringLiteral("role:o z>1")});
        at.browser.filterBar().setSavedFilters(changed.first().first().toStringList());
        at.browser.filter().clear();
        menu->popup(at.studio.window->mapToGlobal(QPoint(100, 100)));
        const auto entries = menu->actions();
        const auto entry = std::find_if(entries.begin(), entries.end(), [](const QAction* action) {
            return action->text().endsWith(QStringLiteral("role:o z>1"));
        });
        QVERIFY(entry != entries.end());
        QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(*entry).center());
        QCOMPARE(at.browser.filter().text(), QStringLiteral("role:o z>1"));
    }

    void copiesTheChosenRows()
    {
        Browser at;
        at.click({0, Role::Q});
        at.click({0, Role::K}, Qt::ControlModifier);
        QTest::keyClick(&at.table, Qt::Key_C, Qt::ControlModifier);
        const auto* data = QApplication::clipboard()->mimeData();
        const auto lines = data->text().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        QVERIFY(lines[0].contains(QStringLiteral("\tRobust z\t")));
        QVERIFY(lines[1].contains(QStringLiteral("\t0.q\t")));
        QVERIFY(data->html().contains(QStringLiteral("<td>0.k</td>")));
    }

    void noteIsWrittenByKeys()
    {
        Browser at;
        at.browser.columns().setCurrentText(QStringLiteral("Choices"));
        at.click({0, Role::V});
        at.table.setCurrentIndex(at.table.currentIndex().siblingAtColumn(LayerTableModel::Note));
        QTest::keyClick(&at.table, Qt::Key_F2);
        auto* editor = qobject_cast<QLineEdit*>(QApplication::focusWidget());
        QVERIFY2(editor, QApplication::focusWidget() ? QApplication::focusWidget()->metaObject()->className() : "none");
        QVERIFY(at.table.isAncestorOf(editor));
        QTest::keyClicks(editor, QStringLiteral("odd rows"));
        QTest::keyClick(editor, Qt::Key_Return);
        QTRY_COMPARE(at.studio.document().layerNote({0, Role::V}), QStringLiteral("odd rows"));
        QTest::keyClick(at.studio.window.get(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(at.studio.document().layerNote({0, Role::V}), QString());
    }
};

QTEST_MAIN(TstLayerBrowser)
#include "tst_layer_browser.moc"
