// SPDX-License-Identifier: GPL-3.0-or-later
// What the card of a failure says and offers.
#include "tests/ui/support/journey.h"
#include "ui/calibrate/calibrate_view.h"
#include "ui/calibrate/calibration_form.h"
#include "ui/error_card.h"
#include "ui/evaluate/evaluate_view.h"
#include "ui/log_panel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QSpinBox>

namespace {

struct Failing : Journey
{
    bool prepare()
    {
        const bool ready = begin();
        window->showWorkspace(ui::Workspace::Calibrate);
        window->calibrate().form().output().setText(path(QStringLiteral("quantized")));
        window->calibrate().form().epochs().setValue(1);
        return ready;
    }
    ui::ErrorCard& card() { return window->errorCard(); }
    QPushButton* choice(const char* text) { return button(card(), QString::fromLatin1(text)); }
    void runOutOfMemory()
    {
        auto error = core::Error(core::ErrorKind::OutOfMemory, "memory ran out");
        behaviour->calibrateError = error.with({.requested = 8ull << 30, .available = 3ull << 30});
    }
    void start() { hand.click(window->calibrate().startButton()); }
    QString lastCommand() { return window->studio().jobs().jobs().last()->command(); }
};

} // namespace

class TstErrorCard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void outOfMemoryShowsFiguresAndCheaperRuns()
    {
        Failing at;
        QVERIFY(at.prepare());
        at.runOutOfMemory();
        at.start();
        QTRY_VERIFY(at.card().isVisible());
        QVERIFY2(at.card().text().contains(QStringLiteral("8.0 GiB were needed in one piece, 3.0 GiB were free.")),
                 qPrintable(at.card().text()));
        QVERIFY(!at.choice("On the CPU")); // it ran there
        auto* smaller = at.choice("Batch of 2");
        QVERIFY(smaller);
        at.hand.click(*smaller);
        QVERIFY2(at.lastCommand().contains(QStringLiteral("--batch 2")), qPrintable(at.lastCommand()));
        QTRY_VERIFY(at.card().isVisible()); // it does not fit either
        at.behaviour->calibrateError.reset();
        auto* half = at.choice("In bf16");
        QVERIFY(half && at.choice("Batch of 1"));
        half->setFocus();
        at.hand.key(Qt::Key_Space);
        QVERIFY(at.lastCommand().contains(QStringLiteral("--precision bf16")));
        QTRY_VERIFY(!at.document().bundle().isEmpty());
        QVERIFY(!at.card().isVisible());
    }

    /** The evaluation behind a calibration that fails: left alone, or done all the same. */
    void aStepThatFailedIsSkipped()
    {
        Failing at;
        QVERIFY(at.prepare());
        at.start();
        QTRY_VERIFY(!at.document().bundle().isEmpty());
        at.document().setEvaluationText(at.path(QStringLiteral("text.txt")));
        at.window->showWorkspace(ui::Workspace::Evaluate);
        at.hand.click(at.window->evaluate().startButton());
        QTRY_VERIFY(!at.document().evaluations().empty() && at.isIdle());
        const int evaluations = at.behaviour->evaluations;
        at.plan().overrideKind({{3, core::ModuleKind::Mlp}}, core::TransformKind::Hadamard);
        at.behaviour->calibrateError = core::Error(core::ErrorKind::Io, "the disk is full");
        at.hand.key(Qt::Key_F5);
        QTRY_VERIFY(at.card().isVisible() && at.isIdle());
        QCOMPARE(at.behaviour->evaluations.load(), evaluations);
        auto* skip = at.choice("Skip this step");
        QVERIFY(skip);
        at.hand.click(*skip);
        QTRY_COMPARE(at.behaviour->evaluations.load(), evaluations + 1);
        QVERIFY(!at.card().isVisible());
    }

    void diagnosticsNameVersionsAndNoFolders()
    {
        Failing at;
        QVERIFY(at.prepare());
        QTRY_VERIFY(at.window->studio().engine());
        at.behaviour->calibrateError = core::Error(core::ErrorKind::Io, "the disk is full", "quantized.work");
        at.start();
        QTRY_VERIFY(at.card().isVisible());
        auto* copy = at.choice("Copy diagnostics");
        QVERIFY(copy);
        at.hand.click(*copy);
        const auto text = QGuiApplication::clipboard()->text();
        for (const auto* part :
             {"Planish ", "Qt 6", "Device cpu", "Model toy-8b", "the disk is full", "quantized.work"})
            QVERIFY2(text.contains(QString::fromLatin1(part)), qPrintable(text));
        QVERIFY2(!text.contains(at.path(QString())), qPrintable(text));
    }

    /** The log shows commands with their paths; what is copied to be sent to others has the files' names alone. */
    void theLogsDiagnosticsNameNoFolders()
    {
        Failing at;
        QVERIFY(at.prepare());
        at.behaviour->calibrateError = core::Error(core::ErrorKind::Io, "the disk is full", "quantized.work");
        at.start();
        QTRY_VERIFY(at.card().isVisible());
        auto* log = at.window->findChild<ui::LogPanel*>();
        QVERIFY(log);
        QVERIFY2(log->text().contains(at.path(QString())), qPrintable(log->text()));
        const auto copied = log->diagnostics();
        QVERIFY2(!copied.contains(at.path(QString())), qPrintable(copied));
        QVERIFY2(copied.contains(QStringLiteral("text.txt")), qPrintable(copied));
    }
};

QTEST_MAIN(TstErrorCard)
#include "tst_error_card.moc"
