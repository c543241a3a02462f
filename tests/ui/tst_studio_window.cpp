// SPDX-License-Identifier: GPL-3.0-or-later
// The window as a person uses it, by mouse and keyboard, over the fake engine.
#include "tests/ui/support/studio_fixture.h"
#include "ui/error_card.h"
#include "ui/inspect/distribution_panel.h"
#include "ui/inspect/inspect_view.h"
#include "ui/model/kind_table.h"
#include "ui/model/layer_table_model.h"
#include "ui/plot/channel_plot.h"
#include "ui/plot/histogram_plot.h"
#include "ui/plot/threshold_plot.h"
#include "ui/transforms/group_rule_editor.h"
#include "ui/transforms/transforms_view.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QSet>
#include <QSignalSpy>
#include <QStackedWidget>

using core::ModuleId;
using core::ModuleKind;
using core::TransformKind;
using ui::LayerTableModel;
using ui::Workspace;

namespace {

const ModuleId kOutlier{2, ModuleKind::Attention}; // robust z 4.0 in the fake model; the others of its kind below 1

void dropOn(QWidget& widget, const QString& path)
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    const QPointF at(50, 50);
    QDragEnterEvent enter(at.toPoint(), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&widget, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&widget, &drop);
}

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

class TstStudioWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void paintsBeforeTheEngineIsThere()
    {
        /** Notes the first paint of what it watches. */
        class PaintWatch : public QObject
        {
        public:
            std::atomic_bool painted = false;
            bool eventFilter(QObject* watched, QEvent* event) override
            {
                if (event->type() == QEvent::Paint)
                    painted = true;
                return QObject::eventFilter(watched, event);
            }
        } watch;
        QTemporaryDir folder;
        std::atomic_bool paintedBefore = false;
        auto behaviour = std::make_shared<FakeBehaviour>();
        ui::StudioWindow window(
            [&] {
                paintedBefore = watch.painted.load();
                return std::make_unique<FakeSession>(behaviour);
            },
            folder.filePath(QStringLiteral("settings.ini")));
        window.installEventFilter(&watch);
        window.show();
        QTRY_VERIFY(window.studio().engine());
        QVERIFY(paintedBefore);
    }

    void opensAModelByDrop()
    {
        StudioFixture studio;
        QDir().mkpath(studio.path(QStringLiteral("dropped")));
        dropOn(*studio.window, studio.path(QStringLiteral("dropped")));
        QTRY_COMPARE(studio.document().readState(), ui::Document::ReadState::Ready);
        QCOMPARE(studio.document().modelName(), QStringLiteral("dropped"));
        QCOMPARE(studio.window->workspace(), Workspace::Inspect);
    }

    void opensAModelByDialog()
    {
        StudioFixture studio;
        QDir().mkpath(studio.path(QStringLiteral("chosen")));
        QTest::keyClick(studio.window.get(), Qt::Key_O, Qt::ControlModifier);
        QFileDialog* dialog = nullptr;
        QTRY_VERIFY((dialog = studio.window->findChild<QFileDialog*>()));
        dialog->setDirectory(studio.path(QString()));
        auto* name = dialog->findChild<QLineEdit*>();
        QVERIFY(name);
        name->setText(studio.path(QStringLiteral("chosen")));
        QTest::keyClick(name, Qt::Key_Return);
        QTRY_COMPARE(studio.document().modelName(), QStringLiteral("chosen"));
    }

    void opensARecentModelByClick()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        studio.window->showWorkspace(Workspace::Welcome);
        auto* recents = studio.window->findChild<QListWidget*>(QStringLiteral("recents"));
        QCOMPARE(recents->count(), 1);
        QSignalSpy reset(&studio.document(), &ui::Document::layersReset);
        QTest::mouseClick(recents->viewport(), Qt::LeftButton, {}, recents->visualItemRect(recents->item(0)).center());
        QVERIFY(!reset.isEmpty());
        QTRY_COMPARE(studio.document().readState(), ui::Document::ReadState::Ready);
    }

    void opensTheDemoByKey()
    {
        StudioFixture studio;
        QTest::keyClick(studio.window.get(), Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE(studio.document().readState(), ui::Document::ReadState::Ready);
        QCOMPARE(studio.document().modelName(), QStringLiteral("demo"));
    }

    void tableFillsWhileTheModelIsRead()
    {
        StudioFixture studio;
        studio.behaviour->layersAllowed = 10;
        QDir().mkpath(studio.path(QStringLiteral("m")));
        studio.window->openPath(studio.path(QStringLiteral("m")));
        auto& table = studio.window->inspect().table();
        QTRY_COMPARE(studio.document().readLayerCount(), 10);
        QCOMPARE(table.model()->rowCount(), 58);
        QVERIFY(!cell(table, 9, LayerTableModel::WeightKurtosis).data().toString().isEmpty());
        QVERIFY(cell(table, 10, LayerTableModel::WeightKurtosis).data().toString().isEmpty());
        studio.behaviour->layersAllowed = 1000;
        QTRY_COMPARE(studio.document().readState(), ui::Document::ReadState::Ready);
        QVERIFY(!cell(table, 57, LayerTableModel::WeightKurtosis).data().toString().isEmpty());
    }

    void readingStopsByKeyAndKeepsWhatWasRead()
    {
        StudioFixture studio;
        studio.behaviour->layersAllowed = 5;
        QDir().mkpath(studio.path(QStringLiteral("m")));
        studio.window->openPath(studio.path(QStringLiteral("m")));
        QTRY_COMPARE(studio.document().readLayerCount(), 5);
        QTest::keyClick(studio.window.get(), Qt::Key_Period, Qt::ControlModifier);
        QTRY_COMPARE(studio.document().readState(), ui::Document::ReadState::Stopped);
        QTRY_COMPARE(studio.behaviour->cancellations.load(), 1);
        QCOMPARE(studio.document().readLayerCount(), 5);
    }

    void anotherModelReplacesTheOneBeingRead()
    {
        StudioFixture studio;
        studio.behaviour->layersAllowed = 3;
        for (const auto* name : {"first", "second"})
            QDir().mkpath(studio.path(QString::fromLatin1(name)));
        studio.window->openPath(studio.path(QStringLiteral("first")));
        QTRY_COMPARE(studio.document().readLayerCount(), 3);
        studio.window->openPath(studio.path(QStringLiteral("second")));
        studio.behaviour->layersAllowed = 1000;
        QTRY_COMPARE(studio.document().readState(), ui::Document::ReadState::Ready);
        QCOMPARE(studio.document().modelName(), QStringLiteral("second"));
        QCOMPARE(studio.document().profile()->model, studio.path(QStringLiteral("second")).toStdString());
    }

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

    void unsavedWorkIsNotLostWithoutAsking()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        QVERIFY(!studio.document().isModified());
        studio.plan().overrideKind({kOutlier}, TransformKind::Identity);
        QVERIFY(studio.window->isWindowModified());
        int asked = 0;
        studio.window->setDiscardQuestion([&] {
            ++asked;
            return false;
        });
        QVERIFY(!studio.window->close());
        QCOMPARE(asked, 1);
        QVERIFY(studio.window->isVisible());
        studio.window->setDiscardQuestion([] { return true; });
        QVERIFY(studio.window->close());
    }

    void projectComesBackAsItWasLeft()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        studio.giveText();
        studio.plan().overrideKind({kOutlier}, TransformKind::Hadamard);
        studio.document().setNotes(QStringLiteral("look at 2.q"));
        studio.document().select({2, core::Role::Q});
        const auto file = studio.path(QStringLiteral("work.planish"));
        studio.window->studio().saveProject(file);
        QVERIFY(!studio.window->isWindowModified());
        QDir().mkpath(studio.path(QStringLiteral("other")));
        studio.window->openPath(studio.path(QStringLiteral("other")));
        QTRY_COMPARE(studio.document().readState(), ui::Document::ReadState::Ready);
        QVERIFY(studio.document().notes().isEmpty());
        studio.window->openPath(file);
        QTRY_COMPARE(studio.document().readState(), ui::Document::ReadState::Ready);
        QCOMPARE(studio.document().modelName(), QStringLiteral("toy-8b"));
        QVERIFY(studio.kindOf(kOutlier) == TransformKind::Hadamard);
        QVERIFY(studio.plan().isOverridden(kOutlier));
        QCOMPARE(studio.document().notes(), QStringLiteral("look at 2.q"));
        QCOMPARE(core::toString(*studio.document().selectedLayer()), std::string("2.q"));
        QVERIFY(!studio.window->isWindowModified());
    }

    void badProjectShowsACardAndLeavesTheModelOpen()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        QFile file(studio.path(QStringLiteral("bad.planish")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"schema\": 1");
        file.close();
        studio.window->openPath(file.fileName());
        QVERIFY(studio.window->errorCard().isVisible());
        QVERIFY(studio.window->errorCard().text().contains(QStringLiteral("bad.planish")));
        QCOMPARE(studio.document().modelName(), QStringLiteral("toy-8b"));
    }

    void brokenModelShowsWhatAndWhereAndCanBeTriedAgain()
    {
        StudioFixture studio;
        studio.behaviour->profileError =
            core::Error(core::ErrorKind::Corrupt, "tensor ends past the file", "model.safetensors: model.layers.0.v");
        QDir().mkpath(studio.path(QStringLiteral("m")));
        studio.window->openPath(studio.path(QStringLiteral("m")));
        QTRY_COMPARE(studio.document().readState(), ui::Document::ReadState::Failed);
        auto& card = studio.window->errorCard();
        QVERIFY(card.isVisible());
        QVERIFY(card.text().contains(QStringLiteral("tensor ends past the file")));
        QVERIFY(card.text().contains(QStringLiteral("model.layers.0.v")));
        QCOMPARE(studio.document().readLayerCount(), 2); // what was read stays
        studio.behaviour->profileError.reset();
        for (auto* button : card.findChildren<QPushButton*>())
            if (button->text() == QStringLiteral("Try again"))
                QTest::mouseClick(button, Qt::LeftButton);
        QTRY_COMPARE(studio.document().readState(), ui::Document::ReadState::Ready);
        QVERIFY(!card.isVisible());
    }

    void missingEngineIsAnErrorNotACrash()
    {
        StudioFixture studio;
        studio.behaviour->engineError = core::Error(core::ErrorKind::NotFound, "The engine library was not found");
        QTRY_VERIFY(studio.window->errorCard().isVisible());
        QVERIFY(studio.window->errorCard().text().contains(QStringLiteral("engine library")));
        studio.behaviour->engineError.reset();
        QVERIFY(studio.openModel()); // and it is looked for again
    }

    void workspacesByKeyShowTheEmptyStateWithoutAModel()
    {
        StudioFixture studio;
        QTest::keyClick(studio.window.get(), Qt::Key_4, Qt::ControlModifier);
        QCOMPARE(studio.window->workspace(), Workspace::Calibrate);
        auto* empty = studio.window->findChild<QWidget*>(QStringLiteral("emptyPage"));
        QVERIFY(empty->isVisible());
        QVERIFY(studio.openModel());
        QVERIFY(!empty->isVisible());
    }

    void themeIsRememberedAndRecoloursPlots()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        studio.window->setTheme(ui::ThemeChoice::Light);
        auto* canvas = studio.window->inspect().panel().histogram().canvas();
        QTRY_COMPARE(canvas->grab().toImage().pixelColor(2, 2), QColor(Qt::white));
        QTest::keyClick(studio.window.get(), Qt::Key_T, Qt::ControlModifier);
        QTRY_VERIFY(canvas->grab().toImage().pixelColor(2, 2).lightness() < 60);
        QCOMPARE(studio.window->settings().theme(), ui::ThemeChoice::Dark);
        studio.window->setTheme(ui::ThemeChoice::Light);
    }

    void copiesTheCommandOfTheNewestJob()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        QTest::keyClick(studio.window.get(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(QApplication::clipboard()->text(),
                 QStringLiteral("planish profile ") + studio.path(QStringLiteral("toy-8b")));
    }

    void noTwoCommandsShareAShortcut()
    {
        StudioFixture studio;
        QSet<QString> seen;
        for (const auto* action : studio.window->actions().all())
            for (const auto& keys : action->shortcuts()) {
                QVERIFY2(!seen.contains(keys.toString()), qPrintable(keys.toString()));
                seen.insert(keys.toString());
            }
        QVERIFY_EXCEPTION_THROWN(
            studio.window->actions().add(
                {QStringLiteral("x"), QStringLiteral("x"), QString(), {QKeySequence(QStringLiteral("Ctrl+O"))}}, this,
                [] {}),
            std::logic_error);
    }

    void everythingThatTakesFocusHasAName()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        for (auto* widget : studio.window->findChildren<QWidget*>()) {
            const bool isInput = widget->inherits("QLineEdit") || widget->inherits("QComboBox")
                || widget->inherits("QAbstractSpinBox") || widget->inherits("QTableView")
                || widget->inherits("QPlainTextEdit") || widget->inherits("QTextEdit")
                || widget->inherits("ui::PlotView");
            if (!isInput)
                continue;
            auto* parent = widget->parentWidget();
            if (parent && (parent->inherits("QAbstractSpinBox") || parent->inherits("QComboBox")))
                continue; // named by the whole
            QVERIFY2(!widget->accessibleName().isEmpty(), widget->metaObject()->className());
        }
    }
};

QTEST_MAIN(TstStudioWindow)
#include "tst_studio_window.moc"
