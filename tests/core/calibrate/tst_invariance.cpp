// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/invariance.h"
#include "core/select/overrides.h"
#include "tests/support/stories.h"

#include <QtTest>
#include <torch/torch.h>

using namespace core;

namespace {

at::Tensor tokens()
{
    torch::manual_seed(2);
    return torch::randint(3, 500, {2, 40}, torch::kLong);
}

} // namespace

class TestInvariance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { PLANISH_NEEDS(support::storiesModel()); }

    /** The bounds that InvarianceReport states. */
    void everyKindKeepsTheFunction_data()
    {
        QTest::addColumn<int>("kind");
        for (const auto kind : kTransformKinds)
            QTest::newRow(std::string(toString(kind)).c_str()) << int(kind);
    }

    void everyKindKeepsTheFunction()
    {
        QFETCH(int, kind);
        const auto files = ModelFiles::open(support::storiesModel());
        const auto plan = uniformPlan(TransformKind(kind), files->info().blocks, {4, 4, 4, 4, 0});
        Progress progress;
        const auto report = checkInvariance(
            files,
            [&](int block, const BlockWeights& weights, const ChannelMaxima& maxima) {
                auto parameters = makeBlockParameters(files->info(), plan, block, {});
                startChannelScales(parameters.transforms, weights, maxima, 0.3);
                return std::move(parameters.transforms);
            },
            tokens(), progress);
        QCOMPARE(report.blocks.size(), std::size_t(5));
        QVERIFY(report.blocks[1].attention == TransformKind(kind) && report.blocks[1].mlp == TransformKind(kind));
        QCOMPARE(report.tokens, std::int64_t(80));
        QVERIFY(report.holds());
        const bool transforms = TransformKind(kind) != TransformKind::Identity;
        // What is computed in another order differs in its last digits, or nothing was transformed at all.
        QVERIFY((report.logits.float64 > 0.0) == transforms && (report.logits.float32 > 0.0) == transforms);
    }

    /** A matrix taken as its own inverse transpose without being orthogonal. */
    void aTransformThatChangesTheFunctionIsFound()
    {
        const auto files = ModelFiles::open(support::storiesModel());
        const auto plan = uniformPlan(TransformKind::Hadamard, files->info().blocks, {4, 4, 4, 4, 0});
        Progress progress;
        const auto report = checkInvariance(
            files,
            [&](int block, const BlockWeights&, const ChannelMaxima&) {
                auto parameters = makeBlockParameters(files->info(), plan, block, {});
                if (block == 3) {
                    auto& transform = std::get<HadamardTransform>(parameters.transforms.mlpOut);
                    transform.right = transform.right * 1.01;
                }
                return std::move(parameters.transforms);
            },
            tokens(), progress);
        QVERIFY(!report.holds());
        for (const auto& block : report.blocks)
            QCOMPARE(InvarianceReport::isSmall(block.output), block.block != 3);
        QVERIFY(!InvarianceReport::isSmall(report.logits));
    }
};

QTEST_GUILESS_MAIN(TestInvariance)
#include "tst_invariance.moc"
