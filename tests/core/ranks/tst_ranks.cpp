// SPDX-License-Identifier: Apache-2.0
// Several ranks within one process, each with a store of its own; processes that die are tested with the command line.
#include "core/base/error.h"
#include "core/ranks/ranks.h"
#include "tests/support/free_port.h"
#include "tests/support/refuses.h"

#include <QtTest>

#include <future>
#include <set>

using namespace core;
using support::freePort;

namespace {

Launch launchOf(int rank, int size, int port)
{
    Launch launch;
    launch.rank = rank;
    launch.size = size;
    launch.address = "127.0.0.1";
    launch.port = port;
    return launch;
}

void setEnvironment(std::initializer_list<std::pair<const char*, const char*>> values)
{
    for (const auto* name : {"RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"})
        qunsetenv(name);
    for (const auto& [name, value] : values)
        qputenv(name, value);
}

} // namespace

class TestRanks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup()
    {
        setEnvironment({});
        qunsetenv("PLANISH_RANK_PATIENCE");
    }

    void theEnvironmentSaysWhoIsWho()
    {
        setEnvironment({});
        QVERIFY(!launchFromEnvironment());
        setEnvironment({{"WORLD_SIZE", "1"}, {"RANK", "0"}});
        QVERIFY(!launchFromEnvironment());
        QVERIFY(!Ranks::fromEnvironment());
        setEnvironment({{"WORLD_SIZE", "4"},
                        {"RANK", "3"},
                        {"LOCAL_RANK", "1"},
                        {"LOCAL_WORLD_SIZE", "2"},
                        {"MASTER_ADDR", "node7"},
                        {"MASTER_PORT", "29500"}});
        const auto launch = launchFromEnvironment();
        QVERIFY(launch.has_value());
        QCOMPARE(launch->rank, 3);
        QCOMPARE(launch->size, 4);
        QCOMPARE(launch->localRank, 1);
        QCOMPARE(launch->localSize, 2);
        QCOMPARE(launch->address, std::string("node7"));
        QCOMPARE(launch->port, 29500);
    }

    void anEnvironmentThatMakesNoSenseIsRefused()
    {
        setEnvironment({{"WORLD_SIZE", "2"}, {"MASTER_ADDR", "a"}, {"MASTER_PORT", "1234"}});
        PLANISH_REFUSES(launchFromEnvironment(), ErrorKind::InvalidArgument, {"RANK is ''", "WORLD_SIZE=2"});
        setEnvironment({{"WORLD_SIZE", "2"}, {"RANK", "2"}, {"MASTER_ADDR", "a"}, {"MASTER_PORT", "1234"}});
        PLANISH_REFUSES(launchFromEnvironment(), ErrorKind::InvalidArgument, {"RANK is '2'", "0 to 1"});
        setEnvironment({{"WORLD_SIZE", "2"}, {"RANK", "1"}, {"MASTER_ADDR", "a"}, {"MASTER_PORT", "x"}});
        PLANISH_REFUSES(launchFromEnvironment(), ErrorKind::InvalidArgument, {"MASTER_PORT is 'x'"});
        setEnvironment({{"WORLD_SIZE", "2"}, {"RANK", "1"}, {"MASTER_PORT", "80"}});
        PLANISH_REFUSES(launchFromEnvironment(), ErrorKind::InvalidArgument, {"MASTER_ADDR"});
        setEnvironment({{"WORLD_SIZE", "many"}});
        PLANISH_REFUSES(launchFromEnvironment(), ErrorKind::InvalidArgument, {"WORLD_SIZE is 'many'"});
        qputenv("PLANISH_RANK_PATIENCE", "soon");
        PLANISH_REFUSES(Ranks(launchOf(0, 2, freePort())), ErrorKind::InvalidArgument, {"PLANISH_RANK_PATIENCE"});
    }

    void everyNumberIsGivenOnce()
    {
        const int port = freePort();
        const auto work = [port](int rank) {
            Ranks ranks(launchOf(rank, 3, port));
            std::vector<std::int64_t> taken;
            ranks.enter("one");
            for (auto number = ranks.take("q"); number < 50; number = ranks.take("q"))
                taken.push_back(number);
            Progress progress;
            const auto gone = ranks.meet("end", {}, progress);
            ranks.enter("one"); // a second phase counts from 0 again, whatever its name
            if (rank == 0)
                taken.push_back(ranks.take("q") + 1000);
            ranks.meet("end", {}, progress);
            return gone.empty() ? taken : std::vector<std::int64_t>{};
        };
        std::vector<std::future<std::vector<std::int64_t>>> ranks;
        for (int rank = 0; rank < 3; ++rank)
            ranks.push_back(std::async(std::launch::async, work, rank));
        std::multiset<std::int64_t> all;
        for (auto& rank : ranks) {
            const auto taken = rank.get();
            QVERIFY(std::is_sorted(taken.begin(), taken.end()));
            all.insert(taken.begin(), taken.end());
        }
        QCOMPARE(all.size(), std::size_t(51));
        QCOMPARE(std::set<std::int64_t>(all.begin(), all.end()).size(), std::size_t(51));
        QCOMPARE(*all.begin(), std::int64_t(0));
        QCOMPARE(*all.rbegin(), std::int64_t(1000));
    }

    void whoFallsSilentIsLeftOut()
    {
        qputenv("PLANISH_RANK_PATIENCE", "1.5");
        const int port = freePort();
        Ranks first(launchOf(0, 3, port));
        first.enter("phase");
        {
            Ranks second(launchOf(1, 3, port)); // leaves without a word; the third never comes
            second.enter("phase");
            QCOMPARE(second.take("q"), std::int64_t(0));
        }
        QCOMPARE(first.take("q"), std::int64_t(1));
        Progress progress;
        QCOMPARE(first.meet("end", {}, progress), (std::vector<int>{1, 2}));
        QVERIFY(first.meet("own", {0}, progress).empty()); // awaits nobody
    }

    void withoutTheStoreWorkEnds()
    {
        qputenv("PLANISH_RANK_PATIENCE", "5");
        const int port = freePort();
        auto first = std::make_unique<Ranks>(launchOf(0, 2, port));
        Ranks second(launchOf(1, 2, port));
        first->enter("phase");
        second.enter("phase");
        QCOMPARE(second.take("q"), std::int64_t(0));
        first.reset(); // takes the store with it
        QVERIFY(second.take("q") > 1000000);
        Progress progress;
        QCOMPARE(second.meet("end", {0}, progress), std::vector<int>{0});
    }

    void whoCannotJoinIsToldWhere()
    {
        qputenv("PLANISH_RANK_PATIENCE", "0.3");
        const int port = freePort(); // nobody listens
        PLANISH_REFUSES(Ranks(launchOf(1, 2, port)), ErrorKind::Io, {"rank 1 of 2", "127.0.0.1:"});
    }

    void waitingCanBeStopped()
    {
        class Stop : public Progress
        {
            void checkpoint() override { throw Cancelled(); }
        } stop;
        Ranks ranks(launchOf(0, 2, freePort()));
        ranks.enter("phase");
        QVERIFY_EXCEPTION_THROWN(ranks.meet("end", {}, stop), Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestRanks)
#include "tst_ranks.moc"
