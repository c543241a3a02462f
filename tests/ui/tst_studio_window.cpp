// SPDX-License-Identifier: GPL-3.0-or-later
// The frame of the window as a person uses it, by mouse and keyboard, over the fake engine.
#include "tests/ui/support/studio_fixture.h"
#include "ui/inspect/distribution_panel.h"
#include "ui/inspect/filter_bar.h"
#include "ui/inspect/inspect_view.h"
#include "ui/inspect/layer_browser.h"
#include "ui/plot/histogram_plot.h"

#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QMenu>
#include <QMessageBox>
#include <QTimer>
#include <QToolButton>

#include <algorithm>

using core::ModuleId;
using core::ModuleKind;
using core::TransformKind;
using ui::Workspace;

namespace {

const ModuleId kOutlier{2, ModuleKind::Attention}; // robust z 4.0 in the fake model; the others of its kind below 1

} // namespace

class TstStudioWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
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

    void closingOffersToSave()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        const auto file = studio.path(QStringLiteral("kept.planish"));
        studio.window->studio().saveProject(file);
        studio.plan().overrideKind({kOutlier}, TransformKind::Identity);
        studio.window->setDiscardQuestion({});
        const auto answer = [](QMessageBox::StandardButton button) {
            QTimer::singleShot(0, [button] {
                auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
                QTest::mouseClick(box->button(button), Qt::LeftButton);
            });
        };
        answer(QMessageBox::Cancel);
        QVERIFY(!studio.window->close());
        QVERIFY(studio.document().isModified());
        answer(QMessageBox::Save);
        QVERIFY(studio.window->close());
        QVERIFY(!studio.document().isModified());
        QFile saved(file);
        QVERIFY(saved.open(QIODevice::ReadOnly));
        QVERIFY(saved.readAll().contains("identity"));
    }

    void aPlanOfAnotherModelIsRefused()
    {
        StudioFixture studio;
        QVERIFY(studio.openModel());
        auto other = studio.plan().plan();
        other.modules.resize(2);
        const auto file = studio.path(QStringLiteral("other.json"));
        studio.window->studio().engine()->writePlan(file.toStdString(), other);
        QVERIFY_EXCEPTION_THROWN(studio.window->studio().importPlan(file), core::Error);
        QVERIFY(!studio.plan().undoStack().canUndo());
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

    void keptFiltersOutliveTheWindow()
    {
        StudioFixture studio;
        const auto file = studio.path(QStringLiteral("kept.ini"));
        const auto factory = [&] { return std::make_unique<FakeSession>(studio.behaviour); };
        const QStringList kept{QStringLiteral("role:o z>1")};
        {
            ui::StudioWindow first(factory, file);
            Q_EMIT first.inspect().browser().filterBar().savedFiltersChanged(kept);
        }
        ui::StudioWindow second(factory, file);
        auto* menu = second.inspect().browser().filterBar().savedButton().menu();
        const auto entries = menu->actions();
        QVERIFY(std::any_of(entries.begin(), entries.end(), [&](const QAction* action) {
            return action->text().startsWith(QStringLiteral("\u2605")) && action->text().endsWith(kept.first());
        }));
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
};

QTEST_MAIN(TstStudioWindow)
#include "tst_studio_window.moc"
