// SPDX-License-Identifier: GPL-3.0-or-later
// From a plan to a file: calibrate, stop, evaluate, export, report, each by mouse and by keys, with no more presses than it
// may take, and the window alive all the while.
#include "tests/ui/support/journey.h"
#include "ui/calibrate/calibrate_view.h"
#include "ui/calibrate/calibration_form.h"
#include "ui/evaluate/evaluate_view.h"
#include "ui/evaluate/evaluation_form.h"
#include "ui/export/export_view.h"
#include "ui/plot/loss_plot.h"
#include "ui/status_line.h"

#include <QApplication>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QTableView>

using ui::Workspace;

namespace {

struct Running : Journey
{
    ui::CalibrateView& calibrate() { return window->calibrate(); }
    bool prepare()
    {
        const bool ready = begin();
        calibrate().form().output().setText(path(QStringLiteral("quantized")));
        return ready;
    }
};

} // namespace

class TstJourneysRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void j9CalibrateAndJ10StopByMouse()
    {
        Running at;
        QVERIFY(at.prepare());
        at.behaviour->stepsAllowed = 20;
        at.hand.click(at.toolButton("view.4"));
        at.hand.click(at.calibrate().startButton());
        QTRY_VERIFY(at.calibrate().plot().pointCount() > 0);
        QCOMPARE(at.hand.clicks(), 2);
        at.hand.startOver();
        at.hand.click(at.calibrate().stopButton());
        QVERIFY(!at.calibrate().stopButton().isEnabled()); // seen at once
        QTRY_VERIFY_WITH_TIMEOUT(at.isIdle(), 1000);
        QCOMPARE(at.hand.clicks(), 1);
        at.behaviour->stepsAllowed = 1 << 20;
        at.hand.startOver();
        at.hand.click(at.calibrate().resumeButton());
        QTRY_COMPARE_WITH_TIMEOUT(at.document().bundle(), at.path(QStringLiteral("quantized")), 60'000);
        QCOMPARE(at.hand.clicks(), 1);
        QVERIFY(at.beats());
    }
    void j9CalibrateAndJ10StopByKeys()
    {
        Running at;
        QVERIFY(at.prepare());
        at.behaviour->stepsAllowed = 20;
        at.hand.key(Qt::Key_4, Qt::ControlModifier);
        at.hand.key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(at.calibrate().plot().pointCount() > 0);
        QCOMPARE(at.hand.keys(), 2);
        at.hand.startOver();
        at.hand.key(Qt::Key_Period, Qt::ControlModifier);
        QTRY_VERIFY_WITH_TIMEOUT(at.isIdle(), 1000);
        QCOMPARE(at.hand.keys(), 1);
        QVERIFY(at.calibrate().resumeButton().isVisible());
        QTRY_VERIFY(at.window->actions().at(QStringLiteral("run.resume"))->isEnabled());
        at.behaviour->stepsAllowed = 1 << 20;
        at.hand.startOver();
        at.hand.key(Qt::Key_Return, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_COMPARE_WITH_TIMEOUT(at.document().bundle(), at.path(QStringLiteral("quantized")), 60'000);
        QCOMPARE(at.hand.keys(), 1);
        QVERIFY(at.window->studio().jobs().jobs().last()->command().contains(QStringLiteral("--resume")));
        QVERIFY(at.beats());
    }

    void j11EvaluateByMouse()
    {
        Running at;
        QVERIFY(at.beginQuantized());
        at.document().setEvaluationText(at.document().text());
        at.hand.click(at.toolButton("view.5"));
        at.hand.click(at.window->evaluate().startButton());
        QTRY_COMPARE(at.window->evaluate().table().model()->rowCount(), 1);
        QVERIFY(at.window->evaluate().table().model()->index(0, 1).data().toString().contains(QChar(0xb1))); // +-
        QCOMPARE(at.hand.clicks(), 2);
        QVERIFY(at.beats());
    }
    void j11EvaluateByKeys()
    {
        Running at;
        QVERIFY(at.beginQuantized());
        at.document().setEvaluationText(at.document().text());
        at.hand.key(Qt::Key_5, Qt::ControlModifier);
        at.hand.key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(at.window->evaluate().table().model()->rowCount(), 1);
        QCOMPARE(at.hand.keys(), 2);
        QVERIFY(at.beats());
    }

    void j14ExportAndVerify_data()
    {
        QTest::addColumn<bool>("byMouse");
        QTest::newRow("mouse") << true;
        QTest::newRow("keys") << false;
    }
    void j14ExportAndVerify()
    {
        QFETCH(bool, byMouse);
        Running at;
        QVERIFY(at.beginQuantized());
        auto& view = at.window->exporting();
        if (byMouse) {
            at.hand.click(at.toolButton("view.7"));
            at.hand.click(view.startButton());
        } else {
            at.hand.key(Qt::Key_7, Qt::ControlModifier);
            at.hand.key(Qt::Key_Return, Qt::ControlModifier);
        }
        QTRY_VERIFY(view.result().contains(QStringLiteral("Read back")));
        QVERIFY(at.hand.clicks() + at.hand.keys() <= 3);
        QVERIFY(at.beats());
    }

    void j15TheSameOnAServer()
    {
        Running at;
        QVERIFY(at.prepare());
        at.window->showWorkspace(Workspace::Calibrate);
        auto* copy = Journey::button(at.calibrate(), QStringLiteral("Copy as command"));
        QVERIFY(copy);
        at.hand.click(*copy);
        const auto line = QApplication::clipboard()->text();
        QVERIFY2(line.startsWith(QStringLiteral("planish calibrate ")), qPrintable(line));
        QCOMPARE(at.hand.clicks(), 1);
        at.hand.click(at.calibrate().startButton());
        QTRY_VERIFY_WITH_TIMEOUT(!at.document().bundle().isEmpty(), 60'000);
        QCOMPARE(at.window->studio().jobs().jobs().last()->command(), line); // what ran is what was copied
        QApplication::clipboard()->clear();
        at.hand.startOver();
        at.hand.key(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(QApplication::clipboard()->text(), line);
        QCOMPARE(at.hand.keys(), 1);
        QVERIFY(at.beats());
    }

    void j16ReportForAnIssueByKeys()
    {
        Running at;
        QVERIFY(at.beginQuantized());
        at.window->settings().setLastFolder(at.path(QString()));
        at.window->showWorkspace(Workspace::Evaluate);
        at.hand.startOver();
        at.hand.key(Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(at.window->findChild<QFileDialog*>());
        auto* dialog = at.window->findChild<QFileDialog*>();
        QVERIFY(QTest::qWaitForWindowActive(dialog));
        at.heart.emplace(); // what Qt's own dialog takes to appear is not the window's
        QTRY_COMPARE(QApplication::focusWidget(), dialog->findChild<QLineEdit*>());
        at.hand.key(Qt::Key_Return);
        QTRY_VERIFY(QFile::exists(at.path(QStringLiteral("toy-8b.html"))));
        QCOMPARE(at.hand.keys(), 2);
        QVERIFY(at.beats());
    }
    void j16ReportForAnIssueByMouse()
    {
        Running at;
        QVERIFY(at.beginQuantized());
        QDir().mkpath(at.path(QStringLiteral("quantized")));
        at.document().setEvaluationText(at.document().text());
        at.window->settings().setLastFolder(at.path(QString()));
        at.window->showWorkspace(Workspace::Evaluate);
        at.hand.click(at.window->evaluate().startButton());
        QTRY_COMPARE(at.window->evaluate().table().model()->rowCount(), 1);
        QTRY_VERIFY(at.isIdle());
        at.hand.startOver();
        at.hand.click(at.window->evaluate().form().reportButton());
        QTRY_VERIFY(at.window->findChild<QFileDialog*>());
        auto* dialog = at.window->findChild<QFileDialog*>();
        QVERIFY(QTest::qWaitForWindowActive(dialog));
        at.heart.emplace(); // what Qt's own dialog takes to appear is not the window's
        at.hand.click(*dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save));
        QTRY_VERIFY(QFile::exists(at.path(QStringLiteral("toy-8b.html"))));
        QCOMPARE(at.hand.clicks(), 2);
        QTRY_VERIFY(at.isIdle());
        QFile page(at.path(QStringLiteral("toy-8b.html")));
        QVERIFY(page.open(QIODevice::ReadOnly));
        const auto html = page.readAll(); // the fake engine names what it was given
        QVERIFY2(html.contains("evaluation-1.json") && html.contains("quantized"), html.constData());
        QVERIFY(at.beats());
    }
};

QTEST_MAIN(TstJourneysRun)
#include "tst_journeys_run.moc"
