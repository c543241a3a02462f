// SPDX-License-Identifier: GPL-3.0-or-later
// Opening models, and what is shown where that fails, over the fake engine.
#include "tests/ui/support/studio_fixture.h"
#include "ui/error_card.h"
#include "ui/inspect/inspect_view.h"
#include "ui/model/kind_table.h"
#include "ui/model/layer_table_model.h"
#include "ui/notice_bar.h"

#include <QApplication>
#include <QDir>
#include <QFileDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>

using ui::LayerTableModel;
using ui::Workspace;

namespace {

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

} // namespace

class TstStudioOpen : public QObject
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
        QVERIFY(studio.window->notice().text().startsWith(QStringLiteral("Reading was stopped")));
        QTRY_COMPARE(studio.behaviour->cancellations.load(), 1);
        QCOMPARE(studio.document().readLayerCount(), 5);
        studio.behaviour->layersAllowed = 1000;
        QTest::mouseClick(studio.window->notice().findChild<QPushButton*>(), Qt::LeftButton); // read again
        QTRY_COMPARE(studio.document().readState(), ui::Document::ReadState::Ready);
    }

    void aBundleAloneSaysWhereItsLayersAre()
    {
        StudioFixture studio;
        QDir().mkpath(studio.path(QStringLiteral("toy-8b")));
        QDir().mkpath(studio.path(QStringLiteral("toy.bundle")));
        studio.window->openPath(studio.path(QStringLiteral("toy.bundle")));
        QTRY_COMPARE(studio.document().readState(), ui::Document::ReadState::Ready);
        QTRY_VERIFY(studio.window->notice().text().contains(QStringLiteral("toy.bundle is a quantized model")));
        auto* open = studio.window->notice().findChild<QPushButton*>();
        QVERIFY(open && open->text().contains(QStringLiteral("toy-8b")));
        QTest::mouseClick(open, Qt::LeftButton);
        QTRY_COMPARE(studio.document().bundle(), studio.path(QStringLiteral("toy.bundle")));
        QCOMPARE(studio.document().modelPath(), studio.path(QStringLiteral("toy-8b")));
        QCOMPARE(studio.document().readState(), ui::Document::ReadState::Ready);
        QVERIFY(!studio.window->notice().isVisible());
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
};

QTEST_MAIN(TstStudioOpen)
#include "tst_studio_open.moc"
