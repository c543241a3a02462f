// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_runner.h"
#include "ui/jobs/jobs_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

namespace {

using Ints = std::vector<int>;

/** Work that stays at a checkpoint until `open`. */
void waitAtGate(const std::atomic_bool& open, core::Progress& progress)
{
    while (!open) {
        progress.checkpoint();
        QThread::yieldCurrentThread();
    }
}

} // namespace

class TstJobRunner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void deliversUpdatesInOrderAndThenTheResult()
    {
        ui::JobRunner runner;
        Ints seen;
        int result = 0;
        auto* job = runner.run<int, int>(
            {.title = QStringLiteral("count")},
            [](const ui::Feed<int>& feed, core::Progress&) {
                for (int i = 0; i < 1000; ++i)
                    feed(i);
                return 42;
            },
            {.updated = [&](const Ints& batch) { seen.insert(seen.end(), batch.begin(), batch.end()); },
             .done = [&](const std::shared_ptr<const int>& value) { result = *value; }});
        QTRY_COMPARE(job->state(), ui::Job::State::Done);
        QCOMPARE(seen.size(), 1000u);
        QVERIFY(std::is_sorted(seen.begin(), seen.end()));
        QCOMPARE(result, 42);
    }

    /** A glance at a map does not wait for a calibration of hours, and a second long job does. */
    void briefWorkIsDoneAtACheckpointOfWhatRuns()
    {
        ui::JobRunner runner;
        std::atomic_bool open = false;
        std::atomic<Qt::HANDLE> lane = nullptr;
        auto* longOne = runner.run<int, int>({.title = QStringLiteral("long")},
                                             [&](const ui::Feed<int>&, core::Progress& progress) {
                                                 lane = QThread::currentThreadId();
                                                 waitAtGate(open, progress);
                                                 return 1;
                                             },
                                             {});
        auto* waiting = runner.run<int, int>({.title = QStringLiteral("waits")},
                                             [](const ui::Feed<int>&, core::Progress&) { return 2; }, {});
        QTRY_VERIFY(lane.load() != nullptr);
        for (const bool fails : {false, true}) {
            int seen = 0;
            auto* glance =
                runner.run<int, int>({.title = QStringLiteral("glance"), .quiet = true, .brief = true},
                                     [&](const ui::Feed<int>& feed, core::Progress& progress) {
                                         progress.checkpoint(); // nothing steps in within it
                                         if (fails || QThread::currentThreadId() != lane.load())
                                             throw std::runtime_error("not on the lane");
                                         feed(5);
                                         return 3;
                                     },
                                     {.updated = [&](const Ints& batch) { seen += batch.front(); }, .done = {}});
            QTRY_VERIFY(glance->isOver());
            QCOMPARE(glance->state(), fails ? ui::Job::State::Failed : ui::Job::State::Done);
            QCOMPARE(seen, fails ? 0 : 5);
        }
        QCOMPARE(longOne->state(), ui::Job::State::Running);
        QCOMPARE(waiting->state(), ui::Job::State::Queued);
        open = true;
        QTRY_COMPARE(waiting->state(), ui::Job::State::Done);
        QCOMPARE(longOne->state(), ui::Job::State::Done);
    }

    void batchesUpdatesInsteadOfFloodingTheWindow()
    {
        ui::JobRunner runner;
        int batches = 0;
        auto* job = runner.run<int, int>({.title = QStringLiteral("flood")},
                                         [](const ui::Feed<int>& feed, core::Progress& progress) {
                                             for (int i = 0; i < 200'000; ++i) {
                                                 feed(i);
                                                 progress.report(i / 200'000.0, "x");
                                             }
                                             return 0;
                                         },
                                         {.updated = [&](const Ints&) { ++batches; }, .done = {}});
        QTRY_COMPARE(job->state(), ui::Job::State::Done);
        // 15 a second: a bound far below the 200,000 updates that holds on any machine this finishes on in 5 seconds.
        QVERIFY2(batches < 200, qPrintable(QString::number(batches)));
    }

    void cancelShowsAtOnceAndAppliesNothing()
    {
        ui::JobRunner runner;
        std::atomic_bool open = false;
        bool applied = false;
        auto* job = runner.run<int, int>({.title = QStringLiteral("wait")},
                                         [&](const ui::Feed<int>&, core::Progress& progress) {
                                             waitAtGate(open, progress);
                                             return 1;
                                         },
                                         {.updated = {}, .done = [&](const auto&) { applied = true; }});
        QTRY_COMPARE(job->state(), ui::Job::State::Running);
        job->cancel();
        QCOMPARE(job->state(), ui::Job::State::Stopping); // without going back to the event loop
        QTRY_COMPARE(job->state(), ui::Job::State::Cancelled);
        QVERIFY(!applied);
    }

    void resultThatComesAfterCancelIsDropped()
    {
        ui::JobRunner runner;
        std::atomic_bool open = false;
        bool applied = false;
        auto* job = runner.run<int, int>({.title = QStringLiteral("deaf")},
                                         [&](const ui::Feed<int>&, core::Progress&) {
                                             while (!open)
                                                 QThread::yieldCurrentThread(); // no checkpoint
                                             return 1;
                                         },
                                         {.updated = {}, .done = [&](const auto&) { applied = true; }});
        QTRY_COMPARE(job->state(), ui::Job::State::Running);
        job->cancel();
        open = true;
        QTRY_COMPARE(job->state(), ui::Job::State::Cancelled);
        QVERIFY(!applied);
    }

    void queuedJobIsCancelledWithoutRunning()
    {
        ui::JobRunner runner;
        std::atomic_bool open = false;
        std::atomic_bool ran = false;
        runner.run<int, int>({.title = QStringLiteral("first")},
                             [&](const ui::Feed<int>&, core::Progress& progress) {
                                 waitAtGate(open, progress);
                                 return 1;
                             },
                             {});
        auto* second = runner.run<int, int>({.title = QStringLiteral("second")},
                                            [&](const ui::Feed<int>&, core::Progress&) {
                                                ran = true;
                                                return 1;
                                            },
                                            {});
        QCOMPARE(second->state(), ui::Job::State::Queued);
        second->cancel();
        QCOMPARE(second->state(), ui::Job::State::Cancelled);
        open = true;
        QTRY_VERIFY(runner.isIdle());
        QVERIFY(!ran);
    }

    void jobsRunOneAfterTheOther()
    {
        ui::JobRunner runner;
        std::atomic_int running = 0;
        std::atomic_int most = 0;
        for (int i = 0; i < 5; ++i)
            runner.run<int, int>({.title = QString::number(i)},
                                 [&](const ui::Feed<int>&, core::Progress&) {
                                     most = std::max(most.load(), ++running);
                                     QThread::yieldCurrentThread();
                                     --running;
                                     return 0;
                                 },
                                 {});
        QTRY_VERIFY(runner.isIdle());
        QCOMPARE(most.load(), 1);
    }

    void errorsBecomeFailuresWithTheirContext()
    {
        ui::JobRunner runner;
        auto* job =
            runner.run<int, int>({.title = QStringLiteral("fail")},
                                 [](const ui::Feed<int>&, core::Progress&) -> int {
                                     throw core::Error(core::ErrorKind::Corrupt, "cut short", "model.safetensors");
                                 },
                                 {});
        QTRY_COMPARE(job->state(), ui::Job::State::Failed);
        QVERIFY(job->failure()->kind == core::ErrorKind::Corrupt);
        QCOMPARE(job->failure()->context, QStringLiteral("model.safetensors"));
    }

    void memoryThatRunsOutHasItsOwnKind()
    {
        ui::JobRunner runner;
        auto* job =
            runner.run<int, int>({.title = QStringLiteral("big")},
                                 [](const ui::Feed<int>&, core::Progress&) -> int { throw std::bad_alloc(); }, {});
        QTRY_COMPARE(job->state(), ui::Job::State::Failed);
        QVERIFY(job->failure()->kind == core::ErrorKind::OutOfMemory);
    }

    void closingStopsWhatRuns()
    {
        std::atomic_bool stopped = false;
        {
            ui::JobRunner runner;
            std::atomic_bool never = false;
            auto* job = runner.run<int, int>({.title = QStringLiteral("endless")},
                                             [&](const ui::Feed<int>&, core::Progress& progress) {
                                                 try {
                                                     waitAtGate(never, progress);
                                                 } catch (const core::Cancelled&) {
                                                     stopped = true;
                                                     throw;
                                                 }
                                                 return 0;
                                             },
                                             {});
            QTRY_COMPARE(job->state(), ui::Job::State::Running);
        }
        QVERIFY(stopped);
    }

    void timeLeftFollowsThePaceSoFar()
    {
        ui::JobRunner runner;
        std::atomic_bool open = false;
        auto* job = runner.run<int, int>({.title = QStringLiteral("half")},
                                         [&](const ui::Feed<int>&, core::Progress& progress) {
                                             progress.report(0.5, "half");
                                             waitAtGate(open, progress);
                                             return 0;
                                         },
                                         {});
        QTRY_COMPARE(job->fraction(), 0.5);
        // Half is done, so as much is left as was spent; the two are read a moment apart.
        const auto spent = job->spentMs();
        const auto left = job->leftMs().value();
        QVERIFY(left >= spent && left <= job->spentMs());
        open = true;
        QTRY_COMPARE(job->state(), ui::Job::State::Done);
        QVERIFY(!job->leftMs());
    }

    void modelListsTheNewestFirstAndSkipsQuietJobs()
    {
        ui::JobRunner runner;
        ui::JobsModel model(runner, nullptr);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
        const auto nothing = [](const ui::Feed<int>&, core::Progress&) { return 0; };
        runner.run<int, int>({.title = QStringLiteral("one")}, nothing, {});
        runner.run<int, int>({.title = QStringLiteral("glance"), .command = {}, .quiet = true}, nothing, {});
        runner.run<int, int>({.title = QStringLiteral("two")}, nothing, {});
        QTRY_VERIFY(runner.isIdle());
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("two"));
        QCOMPARE(model.index(1, 0).data().toString(), QStringLiteral("one"));
    }
};

QTEST_GUILESS_MAIN(TstJobRunner)
#include "tst_job_runner.moc"
