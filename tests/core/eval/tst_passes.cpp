// SPDX-License-Identifier: Apache-2.0
// Passes dealt out to several ranks within one process; processes that die are tested with the command line.
#include "core/eval/passes.h"
#include "tests/support/free_port.h"

#include <QtTest>

#include <future>
#include <set>

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
    std::set<std::size_t> computed, kept;
    std::size_t used = 0;
    bool wrong = false;

    PassWork work()
    {
        PassWork work{.phase = "test", .fractions = {}, .compute = {}, .use = {}};
        for (std::size_t pass = 0; pass < kPasses; ++pass)
            work.fractions.push_back(double(pass + 1) / kPasses);
        work.compute = [this](std::size_t pass, Progress&) {
            wrong = !computed.insert(pass).second || wrong;
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
        QVERIFY(!diary.wrong);
        QCOMPARE(diary.used, kPasses);
        QCOMPARE(diary.computed.size(), kPasses - 5);
        QVERIFY(diary.kept == diary.computed);
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
            QVERIFY(!diary.wrong);
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
        QVERIFY(!diary.wrong);
        QCOMPARE(diary.used, kPasses);
        QCOMPARE(diary.kept.size(), kPasses);
        QCOMPARE(diary.computed.size(), kPasses - 1);
        QVERIFY(diary.computed.contains(0) && !diary.computed.contains(1));
    }
};

QTEST_GUILESS_MAIN(TestPasses)
#include "tst_passes.moc"
