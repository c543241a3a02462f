// SPDX-License-Identifier: Apache-2.0
#include "core/search/search_json.h"
#include "core/search/searcher.h"
#include "core/select/overrides.h"
#include "tests/support/refuses.h"
#include "tests/support/stop_after.h"
#include "tests/support/stories.h"

#include <ATen/ATen.h>
#include <QTemporaryDir>
#include <QtTest>

#include <numeric>

using namespace core;

namespace {

SearchJob smallJob(const std::filesystem::path& checkpoints)
{
    SearchJob job;
    job.files = ModelFiles::open(support::storiesModel());
    job.options.training.epochs = 2;
    job.options.training.batch = 2;
    at::manual_seed(3);
    job.windows = {at::randint(3, 500, {6, 32}, at::kLong), at::randint(3, 500, {2, 32}, at::kLong)};
    job.checkpoints = checkpoints;
    return job;
}

/** All that a block's search found, without the time it took. */
std::string factsOf(const std::optional<BlockSearch>& block)
{
    auto json = blockSearchToJson(*block);
    json.erase("seconds");
    return json.dump();
}

} // namespace

class TestSearcher : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void windowsAreHeldOutFromTheEndOfTheText()
    {
        std::vector<int> ids(1000);
        std::iota(ids.begin(), ids.end(), 0);
        SearchOptions options;
        options.training.samples = 16;
        options.training.seqlen = 20;
        const auto windows = sampleSearchWindows(ids, options);
        QCOMPARE(windows.training.sizes().vec(), (std::vector<std::int64_t>{12, 20}));
        QCOMPARE(windows.heldOut.sizes().vec(), (std::vector<std::int64_t>{4, 20}));
        QVERIFY(windows.training.max().item<int>() < 750);
        QVERIFY(windows.heldOut.min().item<int>() >= 750);
        options.training.samples = 1;
        PLANISH_REFUSES(sampleSearchWindows(ids, options), ErrorKind::InvalidArgument, {"1 windows"});
        options.training.samples = 16;
        options.training.seqlen = 400; // the held-out quarter has 250 tokens
        PLANISH_REFUSES(sampleSearchWindows(ids, options), ErrorKind::InvalidArgument, {"250", "400"});
    }

    void stoppedSearchGoesOnBitByBit()
    {
        PLANISH_NEEDS(support::storiesModel());
        const QTemporaryDir whole;
        const QTemporaryDir stopped;
        Progress progress;
        const auto expected = searchBlocks(smallJob(whole.path().toStdString()), {}, progress);
        auto job = smallJob(stopped.path().toStdString());
        support::StopAfter stop(150);
        QVERIFY_EXCEPTION_THROWN(searchBlocks(job, {}, stop), Cancelled);
        const auto finished = QDir(stopped.path()).entryList(QDir::Files).size();
        QVERIFY2(finished > 0 && finished < 5, qPrintable(QString::number(finished)));
        job.options.training.resume = true;
        int steps = 0;
        const SearchObserver observer{.onGate = {}, .onLoss = [&](const LossPoint&) { ++steps; }};
        const auto resumed = searchBlocks(job, observer, progress);
        QCOMPARE(steps, int(5 - finished) * 6);
        for (std::size_t block = 0; block < 5; ++block)
            QCOMPARE(QString::fromStdString(factsOf(resumed[block])), QString::fromStdString(factsOf(expected[block])));
        const auto result = finishSearch(job, resumed);
        QCOMPARE(result.modules.size(), std::size_t(10));
        QCOMPARE(result.plan.modules.size(), std::size_t(10));
        QCOMPARE(result.losses.modules.size(), std::size_t(10));
        QCOMPARE(result.losses.modules[3].candidates.size(), std::size_t(2));
    }

    /** The divergence of the last block's pair by definition: its outputs through the final norm and the head. */
    void heldOutWindowsMayMeasureTheDivergence()
    {
        PLANISH_NEEDS(support::storiesModel());
        Progress progress;
        auto job = smallJob({});
        job.options.training.epochs = 0;
        job.options.training.blocks = std::pair(4, 5);
        const auto errors = searchBlocks(job, {}, progress);
        job.options.measure = HeldOutMeasure::Divergence;
        PLANISH_REFUSES(searchBlocks(job, {}, progress), ErrorKind::InvalidArgument, {"whole model"});
        job.model = Model::load(job.files, {}, progress);
        const auto found = searchBlocks(job, {}, progress);
        for (std::size_t i = 0; i < 2; ++i)
            for (std::size_t j = 0; j < 2; ++j)
                for (std::size_t window = 0; window < 2; ++window) {
                    const double kl = found[4]->heldOut[i][j][window];
                    QVERIFY(std::isfinite(kl) && kl > 0.0 && kl != errors[4]->heldOut[i][j][window]);
                }
        job.scheme = {.weightBits = 16, .activationBits = 16, .keyBits = 16, .valueBits = 16};
        const auto exact = searchBlocks(job, {}, progress);
        for (const double kl : exact[4]->heldOut[0][0])
            QVERIFY2(std::abs(kl) < 1e-6, std::to_string(kl).c_str()); // nothing is rounded
        const auto again = searchFromJson(searchToJson(finishSearch(job, exact)), "search");
        QVERIFY(again.options.measure == HeldOutMeasure::Divergence);
    }

    /** Candidates compete at the width their module will have: at 16 bits nothing is rounded, and there is no error. */
    void modulesAreSearchedAtTheirOwnWidths()
    {
        PLANISH_NEEDS(support::storiesModel());
        Progress progress;
        auto job = smallJob({});
        job.options.training.epochs = 0;
        job.options.training.blocks = std::pair(2, 4);
        job.widths = uniformPlan(TransformKind::Affine, 5, job.scheme);
        const QuantScheme full{.weightBits = 16, .activationBits = 16, .keyBits = 16, .valueBits = 16};
        for (const auto place : {6, 7}) // the modules of block 3
            job.widths.modules[std::size_t(place)].scheme = full;
        const auto found = searchBlocks(job, {}, progress);
        QVERIFY(found[2]->heldOut[0][0][0] > 1e-6);
        QVERIFY(found[3]->heldOut[0][0][0] < 1e-9);
        const auto result = finishSearch(job, found); // no plan yet, as blocks are missing
        QCOMPARE(result.losses.modules.size(), std::size_t(2));
        for (const auto& module : result.losses.modules)
            QCOMPARE(module.module.block, 2);
    }

    /** What was made from something else is not taken; decisions alone may change. */
    void checkpointsOfAnotherSearchAreNotTaken()
    {
        PLANISH_NEEDS(support::storiesModel());
        const QTemporaryDir folder;
        Progress progress;
        auto job = smallJob(folder.path().toStdString());
        job.options.training.epochs = 0;
        searchBlocks(job, {}, progress);
        job.options.training.resume = true;
        const auto steps = [&](const SearchJob& changed) {
            int count = 0;
            searchBlocks(changed, {.onGate = {}, .onLoss = [&](const LossPoint&) { ++count; }}, progress);
            return count;
        };
        auto decided = job;
        decided.options.margin = 0.2;
        decided.options.decideBy = DecideBy::Gate;
        QCOMPARE(steps(decided), 0);
        auto asymmetric = job;
        asymmetric.scheme.weightAsymmetric = true;
        asymmetric.options.training.blocks = std::pair(1, 2);
        QVERIFY(factsOf(searchBlocks(asymmetric, {}, progress)[1]) != factsOf(searchBlocks(job, {}, progress)[1]));
        auto trained = job;
        trained.options.training.epochs = 1;
        trained.options.training.blocks = std::pair(1, 2);
        QCOMPARE(steps(trained), 3);
    }

    void rangesAddUp()
    {
        PLANISH_NEEDS(support::storiesModel());
        const QTemporaryDir folder;
        Progress progress;
        auto job = smallJob(folder.path().toStdString());
        job.options.training.epochs = 0;
        job.options.training.blocks = std::pair(0, 3);
        const auto part = finishSearch(job, searchBlocks(job, {}, progress));
        QVERIFY(part.modules.empty());
        QVERIFY(part.plan.warnings.at(0).find("3, 4") != std::string::npos);
        job.options.training.blocks = std::pair(3, 5);
        QCOMPARE(finishSearch(job, searchBlocks(job, {}, progress)).modules.size(), std::size_t(10));
    }

    /** Named modules are searched as if the others' first candidate were the only one; what is not named keeps it. */
    void onlyTheNamedModulesAreSearched_data()
    {
        QTest::addColumn<int>("mode");
        for (const auto& [word, mode] : kSearchModes)
            QTest::newRow(std::string(word).c_str()) << int(mode);
    }

    void onlyTheNamedModulesAreSearched()
    {
        PLANISH_NEEDS(support::storiesModel());
        QFETCH(int, mode);
        Progress progress;
        auto job = smallJob({});
        job.options.mode = static_cast<SearchMode>(mode);
        job.options.candidates.push_back({TransformKind::Hadamard});
        job.options.modules = {{1, ModuleKind::Mlp}, {3, ModuleKind::Attention}};
        const auto blocks = searchBlocks(job, {}, progress);
        QVERIFY(!blocks[0] && !blocks[2] && !blocks[4]);
        QCOMPARE(blocks[1]->heldOut.size(), std::size_t(1));
        QCOMPARE(blocks[1]->heldOut[0].size(), std::size_t(3));
        QCOMPARE(blocks[3]->heldOut.size(), std::size_t(3));
        QCOMPARE(blocks[3]->heldOut[2].size(), std::size_t(1));
        for (const auto& row : blocks[3]->heldOut)
            QVERIFY(row[0].size() == 2 && row[0][0] > 0.0 && row[0][1] < 10.0);
        const auto result = finishSearch(job, blocks);
        QCOMPARE(result.modules.size(), std::size_t(2));
        QCOMPARE(result.losses.modules.size(), std::size_t(2));
        QCOMPARE(result.losses.modules[1].candidates.size(), std::size_t(3));
        QCOMPARE(result.plan.modules.size(), std::size_t(10));
        for (std::size_t i = 0; i < 10; ++i) {
            const auto& choice = result.plan.modules[i];
            const ModuleId expected{int(i / 2), i % 2 == 0 ? ModuleKind::Attention : ModuleKind::Mlp};
            QVERIFY(choice.module == expected);
            const bool searched = job.options.searches(expected);
            QCOMPARE(choice.reason.text.find("not searched") == std::string::npos, searched);
            QVERIFY(searched || choice.kind == TransformKind::Affine);
        }
    }

    /** An oracle trains the module that is not searched anew beside each candidate: the first pair is that of a search without the
        others, the last one that of a search for it alone. */
    void anOraclesOtherModuleStartsAnew()
    {
        PLANISH_NEEDS(support::storiesModel());
        Progress progress;
        const auto lossesOf = [&](std::vector<Candidate> candidates) {
            auto job = smallJob({});
            job.options.mode = SearchMode::Oracle;
            job.options.candidates = std::move(candidates);
            job.options.modules = {{0, ModuleKind::Mlp}};
            return searchBlocks(job, {}, progress)[0]->heldOut[0];
        };
        const Candidate affine{};
        const Candidate rotation{TransformKind::Rotation};
        const Candidate hadamard{TransformKind::Hadamard};
        const auto all = lossesOf({affine, rotation, hadamard});
        QCOMPARE(all[0], lossesOf({affine})[0]);
        QCOMPARE(all[2], lossesOf({affine, hadamard})[1]);
    }

    void wrongJobsAreRefused()
    {
        PLANISH_NEEDS(support::storiesModel());
        Progress progress;
        const auto refused = [&](auto change, std::initializer_list<std::string_view> fragments) {
            auto job = smallJob({});
            change(job);
            PLANISH_REFUSES(searchBlocks(job, {}, progress), ErrorKind::InvalidArgument, fragments);
        };
        refused([](SearchJob& job) { job.options.training.batch = 7; }, {"batch 7", "6 windows"});
        refused([](SearchJob& job) { job.options.training.blocks = std::pair(3, 6); }, {"3:6"});
        refused([](SearchJob& job) { job.options.margin = 1.0; }, {"margin"});
        refused([](SearchJob& job) { job.options.modules = {{5, ModuleKind::Mlp}}; }, {"5.mlp", "0 to 4"});
        refused([](SearchJob& job) { job.scheme.weightGroup = 48; }, {"48", "64"});
        refused([](SearchJob& job) { job.options.candidates = {{}, {}}; }, {"twice"});
        refused([](SearchJob& job) { job.windows.training = at::zeros({6, 1024}, at::kLong); }, {"1024"});
    }
};

QTEST_GUILESS_MAIN(TestSearcher)
#include "tst_searcher.moc"
