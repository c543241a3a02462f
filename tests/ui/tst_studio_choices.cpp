// SPDX-License-Identifier: GPL-3.0-or-later
// Layers looked at and choices made, by mouse and keyboard, over the fake engine.
#include "tests/ui/support/studio_fixture.h"
#include "ui/inspect/distribution_panel.h"
#include "ui/inspect/inspect_view.h"
#include "ui/model/kind_table.h"
#include "ui/model/layer_table_model.h"
#include "ui/plot/channel_plot.h"
#include "ui/plot/histogram_plot.h"
#include "ui/plot/threshold_plot.h"
#include "ui/transforms/group_rule_editor.h"
#include "ui/transforms/transforms_view.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>

using core::ModuleId;
using core::ModuleKind;
using core::TransformKind;
using ui::LayerTableModel;
using ui::Workspace;

namespace {

const ModuleId kOutlier{2, ModuleKind::Attention}; // robust z 4.0 in the fake model; the others of its kind below 1

QModelIndex cell(ui::KindTable& table, int row, int column)
{
    return table.model()->index(row, column);
}

void clickRow(ui::KindTable& table, int row)
{
    const auto index = cell(table, row, LayerTableModel::Layer);
    table.scrollTo(index);
    QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, table.visualRect(index).center());
}

} // namespace

class TstStudioChoices : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rowClickShowsThatLayersPlots()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        clickRow(studio.window->inspect().table(), 9);
        QCOMPARE(core::toString(*studio.document().selectedLayer()), std::string("1.v"));
        QVERIFY(studio.window->inspect().panel().histogram().title().startsWith(QStringLiteral("1.v")));
        QVERIFY(!studio.window->inspect().panel().channels().isEmpty());
    }

    void keysOverrideTheModuleOfTheRow_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<int>("kind");
        QTest::newRow("A") << int(Qt::Key_A) << int(TransformKind::Affine);
        QTest::newRow("R") << int(Qt::Key_R) << int(TransformKind::Rotation);
        QTest::newRow("H") << int(Qt::Key_H) << int(TransformKind::Hadamard);
        QTest::newRow("N") << int(Qt::Key_N) << int(TransformKind::Identity);
    }
    void keysOverrideTheModuleOfTheRow()
    {
        QFETCH(int, key);
        QFETCH(int, kind);
        StudioFixture studio;
        QVERIFY(studio.openModel());
        auto& table = studio.window->inspect().table();
        clickRow(table, 0);
        QTest::keyClick(&table, static_cast<Qt::Key>(key));
        QCOMPARE(static_cast<int>(studio.kindOf({0, ModuleKind::Attention})), kind);
        QVERIFY(studio.plan().isOverridden({0, ModuleKind::Attention}));
        QTest::keyClick(&table, Qt::Key_Space);
        QVERIFY(!studio.plan().isOverridden({0, ModuleKind::Attention}));
        QTest::keyClick(studio.window.get(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(studio.plan().isOverridden({0, ModuleKind::Attention}));
        QTest::keyClick(studio.window.get(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(!studio.plan().isOverridden({0, ModuleKind::Attention}));
        QTest::keyClick(studio.window.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(studio.plan().isOverridden({0, ModuleKind::Attention}));
    }

    void comboInTheCellOverrides()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        auto& table = studio.window->inspect().table();
        const auto index = cell(table, 0, LayerTableModel::Choice);
        table.scrollTo(index);
        const auto at = table.visualRect(index).center();
        QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, at);
        QTest::mouseDClick(table.viewport(), Qt::LeftButton, {}, at);
        auto* box = table.viewport()->findChild<QComboBox*>();
        QVERIFY(box);
        box->setFocus();
        QTest::keyClick(box, Qt::Key_R); // to "rotation": takes effect at once and closes the editor
        QVERIFY(studio.kindOf({0, ModuleKind::Attention}) == TransformKind::Rotation);
        QVERIFY(studio.plan().isOverridden({0, ModuleKind::Attention}));
    }

    void filterByKeyboardHidesRows()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        QTest::keyClick(studio.window.get(), Qt::Key_F, Qt::ControlModifier);
        auto* edit = studio.window->findChild<QLineEdit*>(QStringLiteral("layerFilter"));
        QTRY_VERIFY(edit->hasFocus());
        QTest::keyClicks(edit, QStringLiteral("z>3.5"));
        QCOMPARE(studio.window->inspect().table().model()->rowCount(), 7); // 2.attention and 5.mlp
    }

    void beforeAndAfterIsAskedOnceAndDrawn()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        auto& inspect = studio.window->inspect();
        clickRow(inspect.table(), 14); // 2.q
        QTest::keyClick(&inspect.table(), Qt::Key_B);
        QVERIFY(inspect.isComparing());
        QTRY_COMPARE(studio.behaviour->comparisons.load(), 1);
        QTRY_VERIFY(inspect.panel().channels().toCsv().startsWith(QStringLiteral("channel,absmax,channel_after")));
        QTest::keyClick(&inspect.table(), Qt::Key_B);
        QTest::keyClick(&inspect.table(), Qt::Key_B);
        QTRY_VERIFY(inspect.panel().channels().toCsv().startsWith(QStringLiteral("channel,absmax,channel_after")));
        QCOMPARE(studio.behaviour->comparisons.load(), 1); // remembered
        // A bundle that is written anew has the old path, and other transforms.
        studio.document().setBundle(studio.path(QStringLiteral("quantized")),
                                    std::make_shared<core::CalibrationReport>(), studio.plan().plan());
        QTRY_COMPARE(studio.behaviour->comparisons.load(), 2);
        studio.document().setBundle(studio.path(QStringLiteral("quantized")),
                                    std::make_shared<core::CalibrationReport>(), studio.plan().plan());
        QTRY_COMPARE(studio.behaviour->comparisons.load(), 3);
    }

    void activationsFillTheirColumnsAndPlots()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        studio.giveText();
        auto& inspect = studio.window->inspect();
        inspect.setSource(ui::InspectView::Source::Inputs);
        QVERIFY(inspect.panel().histogram().isEmpty());
        for (auto* button : inspect.findChildren<QPushButton*>())
            if (button->text().startsWith(QStringLiteral("Measure")))
                QTest::mouseClick(button, Qt::LeftButton);
        QTRY_VERIFY(studio.document().hasActivations());
        QTRY_VERIFY(!cell(inspect.table(), 0, LayerTableModel::InputKurtosis).data().toString().isEmpty());
        QVERIFY(!inspect.panel().histogram().isEmpty());
    }

    void thresholdDragPreviewsAndReleaseIsOneStep()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        QTest::keyClick(studio.window.get(), Qt::Key_3, Qt::ControlModifier);
        auto& plot = studio.window->transforms().plot(ModuleKind::Attention);
        QVERIFY(QTest::qWaitForWindowExposed(studio.window.get()));
        const auto at = [&](double z) { return plot.pixelAt(3.5, z).toPoint(); };
        const int steps = studio.plan().undoStack().count();
        QTRY_VERIFY(plot.canvas()->rect().contains(at(3.5)));
        QTest::mousePress(plot.canvas(), Qt::LeftButton, {}, at(3.5));
        QTest::mouseMove(plot.canvas(), at(3.0));
        QTest::mouseMove(plot.canvas(), at(1.8));
        QVERIFY(studio.plan().isPreviewing());
        QVERIFY(studio.kindOf(kOutlier) == TransformKind::Rotation); // 4.0 is above 1.8
        QCOMPARE(studio.plan().previewChanges(), 1);
        QTest::mouseRelease(plot.canvas(), Qt::LeftButton, {}, at(1.8));
        QVERIFY(!studio.plan().isPreviewing());
        QCOMPARE(studio.plan().undoStack().count(), steps + 1);
        QVERIFY(std::abs(studio.plan().rule().attention.beta - 1.8) < 0.06);       // a pixel or two
        QVERIFY(studio.plan().rule().mlp.mode == core::GroupRule::Mode::Constant); // the other group is left alone
        QTest::keyClick(studio.window.get(), Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(studio.kindOf(kOutlier) == TransformKind::Affine);
        QVERIFY(studio.plan().rule().attention.mode == core::GroupRule::Mode::Constant);
    }

    void ruleByListAndNumber()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        studio.window->showWorkspace(Workspace::Transforms);
        auto& editor = studio.window->transforms().editor(ModuleKind::Mlp);
        editor.modes().setFocus();
        QTest::keyClick(&editor.modes(), Qt::Key_Down); // all affine -> all rotation
        QVERIFY(studio.kindOf({0, ModuleKind::Mlp}) == TransformKind::Rotation);
        QVERIFY(studio.kindOf({0, ModuleKind::Attention}) == TransformKind::Affine);
    }
};

QTEST_MAIN(TstStudioChoices)
#include "tst_studio_choices.moc"
