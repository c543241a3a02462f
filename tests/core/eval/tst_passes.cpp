// SPDX-License-Identifier: Apache-2.0
// Passes dealt out to several ranks within one process; processes that die are tested with the command line.
#include "core/base/error.h"
#include "core/eval/passes.h"
#include "tests/support/free_port.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <QtTest>

#include <future>
#include <mutex>
#include <set>
#include <thread>

using namespace core;

namespace {

constexpr std::size_t kPasses = 23;

Launch launchOf(int rank, int size, int port)
{
    Launch launch;
    launch.rank = rank;
    launch.size = size;
    launch.address = "127.0.0.1";
    launch.port = port;
    return launch;
}

/** Pass i has i numbers that no arithmetic shortens, one of them not a number. */
PassValues valuesFor(std::size_t pass)
{
    PassValues values;
    for (std::size_t i = 0; i < pass; ++i)
        values.push_back(i == 3 ? std::numeric_limits<double>::quiet_NaN() : 1.0 / double(pass + i + 1));
    return values;
}

bool same(const PassValues& a, const PassValues& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

/** What one rank did and heard. */
struct Diary
{
    std::mutex mutex; // of the next two: several threads compute
    std::set<std::size_t> computed;
    bool twice = false;
    std::set<std::size_t> kept;
    std::size_t used = 0;
    bool wrong = false;

    PassWork work()
    {
        PassWork work{.phase = "test", .fractions = {}, .compute = {}, .use = {}};
        for (std::size_t pass = 0; pass < kPasses; ++pass)
            work.fractions.push_back(double(pass + 1) / kPasses);
        work.compute = [this](std::size_t pass, Progress&) {
            const std::scoped_lock lock(mutex);
            twice = !computed.insert(pass).second || twice;
            return valuesFor(pass);
        };
        work.use = [this](std::size_t pass, const PassValues& values) {
            wrong = wrong || pass != used++ || !same(values, valuesFor(pass));
            return std::string();
        };
        work.find = [](std::size_t pass) { return pass < 5 ? std::optional(valuesFor(pass)) : std::nullopt; };
        work.keep = [this](std::size_t pass, const PassValues& values) {
            wrong = !kept.insert(pass).second || !same(values, valuesFor(pass)) || wrong;
        };
        return work;
    }
};

} // namespace

class TestPasses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { qunsetenv("PLANISH_RANK_PATIENCE"); }

    void aloneEachIsComputedOnce()
    {
        Diary diary;
        Progress progress;
        runPasses(nullptr, diary.work(), progress);
        QVERIFY(!diary.wrong && !diary.twice);
        QCOMPARE(diary.used, kPasses);
        QCOMPARE(diary.computed.size(), kPasses - 5);
        QVERIFY(diary.kept == diary.computed);
    }

    void threadsShareThemAndAreHeardInOrder()
    {
        Diary diary;
        auto work = diary.work();
        work.threads = 3;
        std::set<std::thread::id> threads;
        bool astray = false;
        const auto compute = work.compute;
        work.compute = [&](std::size_t pass, Progress& progress) {
            std::this_thread::sleep_for(std::chrono::milliseconds(pass % 4)); // they overtake each other
            {
                const std::scoped_lock lock(diary.mutex);
                threads.insert(std::this_thread::get_id());
                astray = astray || at::GradMode::is_enabled() || at::get_num_threads() != 1;
            }
            return compute(pass, progress);
        };
        const int before = at::get_num_threads();
        at::set_num_threads(3);
        Progress progress;
        runPasses(nullptr, work, progress);
        QCOMPARE(at::get_num_threads(), 3);
        at::set_num_threads(before);
        QVERIFY(!diary.wrong && !diary.twice && !astray);
        QCOMPARE(threads.size(), std::size_t(3));
        QCOMPARE(diary.used, kPasses);
        QCOMPARE(diary.computed.size(), kPasses - 5);
        QVERIFY(diary.kept == diary.computed);
    }

    /** Stopped after the eighth pass was handed on: what the threads had finished by then is kept. */
    void stoppedThreadsLoseNothingFinished()
    {
        class StopAfter : public Progress
        {
        public:
            void report(double, std::string_view) override { ++reported; }
            void checkpoint() override
            {
                if (reported >= 8)
                    throw Cancelled{};
            }
            int reported = 0;
        };
        Diary diary;
        auto work = diary.work();
        work.threads = 2;
        StopAfter progress;
        QVERIFY_EXCEPTION_THROWN(runPasses(nullptr, work, progress), Cancelled);
        QVERIFY(!diary.wrong && !diary.twice);
        QCOMPARE(diary.used, std::size_t(8));
        QVERIFY(diary.kept == diary.computed);
    }

    void aFailingThreadStopsTheOthers()
    {
        Diary diary;
        auto work = diary.work();
        work.threads = 2;
        work.compute = [&](std::size_t pass, Progress& progress) -> PassValues {
            if (pass == 9)
                throw Error(ErrorKind::Numeric, "pass 9 is bad");
            for (;;) // until it is told
                progress.checkpoint();
        };
        Progress progress;
        QVERIFY_EXCEPTION_THROWN(
            {
                work.find = [](std::size_t pass) {
                    return pass < 8 ? std::optional(valuesFor(pass)) : std::nullopt; // 8 and 9 run at once
                };
                runPasses(nullptr, work, progress);
            },
            Error);
    }

    void ranksShareThemAndHearAll()
    {
        const int port = support::freePort();
        std::array<Diary, 3> diaries;
        const auto run = [&](int rank) {
            Ranks ranks(launchOf(rank, 3, port));
            Progress progress;
            runPasses(&ranks, diaries[std::size_t(rank)].work(), progress);
        };
        std::vector<std::future<void>> all;
        for (int rank = 0; rank < 3; ++rank)
            all.push_back(std::async(std::launch::async, run, rank));
        for (auto& rank : all)
            rank.get();
        std::size_t computed = 0;
        for (const auto& diary : diaries) {
            QVERIFY(!diary.wrong && !diary.twice);
            QCOMPARE(diary.used, kPasses);
            QVERIFY(diary.computed.empty() || *diary.computed.begin() >= 5); // known to rank 0
            computed += diary.computed.size();
        }
        QCOMPARE(computed, kPasses - 5);
        QCOMPARE(diaries[0].kept.size(), kPasses - 5); // the others' too
        QVERIFY(diaries[1].kept.empty() && diaries[2].kept.empty());
    }

    /** A rank that takes a pass and never comes back: the first does it in the end. */
    void whatASilentRankHadIsDoneByTheOthers()
    {
        qputenv("PLANISH_RANK_PATIENCE", "1.5");
        const int port = support::freePort();
        Ranks first(launchOf(0, 2, port));
        {
            Ranks second(launchOf(1, 2, port));
            second.enter("test");
            QCOMPARE(second.take("passes"), std::int64_t(0));
            QCOMPARE(second.take("passes"), std::int64_t(1));
            const double half = valuesFor(1).at(0); // what it had finished is taken as it is
            second.put("1", std::string(reinterpret_cast<const char*>(&half), sizeof half));
        }
        Diary diary;
        auto work = diary.work();
        work.find = {};
        Progress progress;
        runPasses(&first, work, progress);
        QVERIFY(!diary.wrong && !diary.twice);
        QCOMPARE(diary.used, kPasses);
        QCOMPARE(diary.kept.size(), kPasses);
        QCOMPARE(diary.computed.size(), kPasses - 1);
        QVERIFY(diary.computed.contains(0) && !diary.computed.contains(1));
    }
};

QTEST_GUILESS_MAIN(TestPasses)
#include "tst_passes.moc"
