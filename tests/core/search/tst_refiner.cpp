// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/calibrate/calibration_json.h"
#include "core/search/refiner.h"
#include "core/select/overrides.h"
#include "core/select/plan_file.h"
#include "tests/support/refuses.h"
#include "tests/support/stop_after.h"
#include "tests/support/stories.h"

#include <ATen/ATen.h>
#include <QTemporaryDir>
#include <QtTest>

using namespace core;

namespace {

/** Nothing but quantizers to begin with: a plan that transforms improve beyond doubt. */
CalibrationJob smallJob(const std::filesystem::path& folder)
{
    CalibrationJob job;
    job.files = ModelFiles::open(support::storiesModel());
    job.plan = uniformPlan(TransformKind::Identity, job.files->info().blocks, {4, 4, 4, 4, 0});
    job.options.samples = 8;
    job.options.seqlen = 32;
    job.options.epochs = 2;
    job.options.batch = 2;
    at::manual_seed(3);
    job.windows = at::randint(3, 500, {8, 32}, at::kLong);
    job.checkpoints = folder;
    return job;
}

Judging smallJudging(const CalibrationJob& job)
{
    Progress progress;
    at::manual_seed(4);
    return {.windows = at::randint(3, 500, {4, 48}, at::kLong),
            .options = {.candidates = {{TransformKind::Identity}, {TransformKind::Affine}}, .text = {}},
            .model = Model::load(job.files, {}, progress)};
}

const LossObserver kUnheard = [](const LossPoint&) {};

/** All that was tried, without the time it took. */
std::string factsOf(const RefinedPlan& refined)
{
    auto report = refinementToJson(refined.report);
    report.erase("seconds");
    return report.dump() + planToJson(refined.plan).dump();
}

} // namespace

class TestRefiner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyOtherCandidateIsTriedAndWhatWinsStays()
    {
        PLANISH_NEEDS(support::storiesModel());
        const QTemporaryDir folder;
        Progress progress;
        auto job = smallJob(folder.path().toStdString());
        applyOverrides(job.plan, {{ModuleId{1, ModuleKind::Mlp}, TransformKind::Identity}}); // decided by a person
        const auto refined = refinePlan(job, smallJudging(job), kUnheard, progress);
        const auto& report = refined.report;
        QCOMPARE(report.tokens, std::int64_t(4 * 47));
        QCOMPARE(report.swaps.size(), std::size_t(9)); // 10 modules, one of which is not ours to change
        QVERIFY(report.klAfter < report.klBefore);
        double kl = report.klBefore;
        for (const auto& swap : report.swaps) {
            QVERIFY(swap.from == (Candidate{TransformKind::Identity}));
            QVERIFY(swap.to == (Candidate{TransformKind::Affine}));
            QVERIFY(std::abs(swap.kl - kl - swap.difference) < 1e-12); // from the model as it stood
            QCOMPARE(swap.kept, swap.difference < -kSwapErrors * swap.stderror);
            QVERIFY(refined.plan.find(swap.module)->kind
                    == (swap.kept ? TransformKind::Affine : TransformKind::Identity));
            kl = swap.kept ? swap.kl : kl;
        }
        QCOMPARE(report.klAfter, kl);
        const auto& locked = *refined.plan.find({1, ModuleKind::Mlp});
        QVERIFY(locked.origin == Origin::User);
        QVERIFY(locked.kind == TransformKind::Identity);
        const auto& reason = refined.plan.find(report.swaps.front().module)->reason;
        QVERIFY2(reason.text.find("KL of the quantized model") != std::string::npos, reason.text.c_str());
        QVERIFY(!QDir(folder.path() + ".start").exists());
    }

    /** What stays is found again by the refined plan: no block is trained when the bundle is made. */
    void checkpointsFollowTheRefinedPlan()
    {
        PLANISH_NEEDS(support::storiesModel());
        const QTemporaryDir folder;
        Progress progress;
        auto job = smallJob(folder.path().toStdString());
        job.plan = refinePlan(job, smallJudging(job), kUnheard, progress).plan;
        job.options.resume = true;
        int steps = 0;
        const auto blocks = calibrateBlocks(
            job, [&](const LossPoint&) { ++steps; }, progress);
        QCOMPARE(steps, 0);
        for (const auto& block : blocks)
            QVERIFY(block.has_value());
    }

    void stoppedRefiningGoesOnBitByBit()
    {
        PLANISH_NEEDS(support::storiesModel());
        const QTemporaryDir whole;
        const QTemporaryDir stopped;
        Progress progress;
        int all = 0;
        auto job = smallJob(whole.path().toStdString());
        const auto expected = refinePlan(
            job, smallJudging(job), [&](const LossPoint&) { ++all; }, progress);
        job = smallJob(stopped.path().toStdString());
        struct Stop : Progress // in the third of five blocks
        {
            void checkpoint() override
            {
                if (QFile::exists(second) && ++later > 40)
                    throw Cancelled();
            }
            QString second;
            int later = 0;
        } stop;
        stop.second = stopped.filePath("refined-1.json");
        QVERIFY_EXCEPTION_THROWN(refinePlan(job, smallJudging(job), kUnheard, stop), Cancelled);
        QVERIFY(QFile::exists(stopped.filePath("refined-1.json")));
        QVERIFY(!QFile::exists(stopped.filePath("refined-2.json")));
        job.options.resume = true;
        int again = 0;
        const auto resumed = refinePlan(
            job, smallJudging(job), [&](const LossPoint&) { ++again; }, progress);
        QVERIFY2(again < all / 2, qPrintable(QString::number(again)));
        QCOMPARE(factsOf(resumed), factsOf(expected));
        const auto third = refinePlan(
            job, smallJudging(job), [&](const LossPoint&) { QFAIL("trained again"); }, progress);
        QCOMPARE(factsOf(third), factsOf(expected));
    }

    /** Another calibration into the same folder leaves the records but not the blocks: they are no longer believed. */
    void recordsWithoutTheirBlocksAreTriedAgain()
    {
        PLANISH_NEEDS(support::storiesModel());
        const QTemporaryDir folder;
        Progress progress;
        auto job = smallJob(folder.path().toStdString());
        const auto expected = refinePlan(job, smallJudging(job), kUnheard, progress);
        auto other = job;
        other.plan = uniformPlan(TransformKind::Affine, job.files->info().blocks, job.plan.scheme);
        other.options.seed = 9; // the same shapes from other draws
        other.options.blocks = {0, 1};
        calibrateBlocks(other, kUnheard, progress);
        job.options.resume = true;
        int steps = 0;
        const auto again = refinePlan(
            job, smallJudging(job), [&](const LossPoint&) { ++steps; }, progress);
        QVERIFY(steps > 0);
        QCOMPARE(factsOf(again), factsOf(expected));
    }

    void whatCannotBeRefinedIsRefused()
    {
        PLANISH_NEEDS(support::storiesModel());
        const QTemporaryDir folder;
        Progress progress;
        auto job = smallJob(folder.path().toStdString());
        auto judging = smallJudging(job);
        judging.windows = judging.windows.narrow(0, 0, 1);
        PLANISH_REFUSES(refinePlan(job, judging, kUnheard, progress), ErrorKind::InvalidArgument, {"48", "1"});
        job.options.blocks = {0, 2};
        PLANISH_REFUSES(refinePlan(job, smallJudging(job), kUnheard, progress), ErrorKind::Unsupported, {"range"});
    }
};

QTEST_GUILESS_MAIN(TestRefiner)
#include "tst_refiner.moc"
