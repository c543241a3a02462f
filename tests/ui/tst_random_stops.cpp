// SPDX-License-Identifier: GPL-3.0-or-later
// Every kind of work is stopped a hundred times, at moments nobody chose: the window stays alive, the lane is free again at
// once, what was found before is kept, and the next work runs as if nothing had been.
#include "tests/ui/support/journey.h"
#include "ui/calibrate/calibrate_view.h"
#include "ui/calibrate/calibration_form.h"
#include "ui/chat/chat_view.h"
#include "ui/error_card.h"
#include "ui/plot/loss_plot.h"

#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRandomGenerator>
#include <QSignalSpy>

namespace {

constexpr int kStops = 100;
constexpr quint32 kSeed = 20'251'117;
constexpr int kIdleMs = 1000; // within which a stop takes effect

} // namespace

class TstRandomStops : public QObject
{
    Q_OBJECT

    enum Work { Calibration, Evaluation, Export, Chat, Activations, Kinds };

    static void start(Journey& at, int work)
    {
        auto& studio = at.window->studio();
        switch (work) {
        case Calibration: at.window->calibrate().startButton().click(); break;
        case Evaluation: {
            core::EvaluateSpec spec;
            spec.model = "quantized";
            spec.text = "text.txt";
            studio.evaluate(spec, QStringLiteral("quantized"));
            break;
        }
        case Export: {
            core::ExportSpec spec;
            spec.bundle = "quantized";
            spec.out = "out";
            studio.exportModel(spec);
            break;
        }
        case Chat:
            at.window->chat().prompt().setPlainText(QStringLiteral("Hello"));
            at.window->chat().sendButton().click();
            break;
        default: studio.measureActivations(64, 32);
        }
    }

private Q_SLOTS:
    void aHundredStopsAtMomentsNobodyChose()
    {
        Journey at;
        QVERIFY(at.beginQuantized());
        at.window->showWorkspace(ui::Workspace::Calibrate);
        at.window->calibrate().form().output().setText(at.path(QStringLiteral("quantized")));
        at.behaviour->burnUsPerStep = 100; // 8 blocks of 240 steps
        QRandomGenerator random(kSeed);
        auto& jobs = at.window->studio().jobs();
        int stopped = 0;
        bool keptPart = false; // of the losses of a calibration
        for (int i = 0; i < kStops; ++i) {
            const int work = static_cast<int>(random.bounded(static_cast<quint32>(Kinds)));
            at.behaviour->tokensAllowed = 1 + static_cast<int>(random.bounded(11u));
            at.behaviour->tensorsAllowed = 1 + static_cast<int>(random.bounded(60u));
            const int wait = static_cast<int>(random.bounded(120u)); // ms
            start(at, work);
            QTest::qWait(wait);
            const bool runs = !jobs.isIdle();
            QTest::keyClick(at.window.get(), Qt::Key_Period, Qt::ControlModifier);
            QVERIFY2(QTest::qWaitFor([&] { return jobs.isIdle(); }, kIdleMs),
                     qPrintable(QStringLiteral("stop %1 of work %2").arg(i).arg(work)));
            stopped += runs;
            keptPart |= at.window->calibrate().plot().pointCount() > 0;
            for (const auto* job : jobs.jobs())
                QVERIFY2(job->state() != ui::Job::State::Failed, qPrintable(job->title()));
        }
        QVERIFY(stopped > kStops / 3);                // others were done before they were stopped
        QVERIFY(!at.window->errorCard().isVisible()); // being stopped is no error
        QVERIFY(keptPart);
        at.behaviour->burnUsPerStep = 0;
        at.document().setBundle({}, nullptr, {});
        QTest::mouseClick(&at.window->calibrate().startButton(), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(at.document().bundle(), at.path(QStringLiteral("quantized")), 60'000);
        QVERIFY(at.beats());
    }
};

QTEST_MAIN(TstRandomStops)
#include "tst_random_stops.moc"
