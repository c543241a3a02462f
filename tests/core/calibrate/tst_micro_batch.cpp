// SPDX-License-Identifier: Apache-2.0
// A batch that goes through the block in parts, because the user asked for it or the memory does not hold it.
#include "core/calibrate/block_trainer.h"
#include "core/select/overrides.h"
#include "tests/support/shared_data.h"
#include "tests/support/tensor_checks.h"

#include <ATen/ATen.h>
#include <QtTest>

using namespace core;
using namespace support;

namespace {

std::filesystem::path storiesModel()
{
    return sharedFolder() / "data/models/stories260k/hf";
}

} // namespace

class TestMicroBatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** The gradient of a mean is the mean of the parts' gradients, so only the order of float32 sums differs: the first epoch's
        losses, which follow from few steps, agree to their rounding's effect. */
    void partsTrainAsTheWholeBatchDoes_data()
    {
        QTest::addColumn<int>("part");
        QTest::newRow("one window") << 1;
        QTest::newRow("a part that does not divide the batch") << 3;
        QTest::newRow("more than the batch") << 9;
    }

    void partsTrainAsTheWholeBatchDoes()
    {
        QFETCH(int, part);
        PLANISH_NEEDS(storiesModel());
        const auto files = ModelFiles::open(storiesModel());
        const Rope rope(files->info(), at::kCPU);
        const auto weights = readBlock(files, 1, at::kFloat, at::kCPU);
        const auto inputs = normal({8, 32, files->info().hidden}, 5, at::kFloat);
        at::Tensor targets;
        {
            const at::NoGradGuard noGrad;
            targets = forwardBlock({.info = files->info(), .rope = rope}, weights, inputs);
        }
        const auto train = [&](int microBatch) {
            CalibrationOptions options;
            options.epochs = 2;
            options.batch = 4;
            options.microBatch = microBatch;
            auto parameters = makeBlockParameters(files->info(), uniformPlan(TransformKind::Affine, 5, {}), 1, options);
            Progress progress;
            return trainBlock(
                {files->info(), rope, weights, QuantScheme{}, 1, inputs, targets}, parameters, options,
                [](const LossPoint&) {}, progress);
        };
        const auto whole = train(0);
        const auto parts = train(part);
        QVERIFY(whole.errorEnd < whole.errorStart);
        QCOMPARE(parts.errorStart, whole.errorStart);
        QCOMPARE(parts.lossTrace.size(), std::size_t(2));
        QVERIFY2(std::abs(parts.lossTrace[0] / whole.lossTrace[0] - 1.0) < 2e-3,
                 qPrintable(QString::number(parts.lossTrace[0] / whole.lossTrace[0])));
    }

    /** Each window is done exactly once, although parts of more than two fail half way. */
    void exhaustedMemoryHalvesThePart()
    {
        std::vector<int> done(11, 0);
        std::vector<std::int64_t> tried;
        std::int64_t most = 8;
        inParts(at::kCPU, 11, most, [&](std::int64_t begin, std::int64_t count) {
            tried.push_back(count);
            TORCH_CHECK_WITH(OutOfMemoryError, count <= 2, "no room for ", count);
            for (auto i = begin; i < begin + count; ++i)
                ++done[std::size_t(i)];
        });
        QVERIFY(std::all_of(done.begin(), done.end(), [](int times) { return times == 1; }));
        QCOMPARE(most, std::int64_t(2));
        QCOMPARE(tried, (std::vector<std::int64_t>{8, 4, 2, 2, 2, 2, 2, 1}));
    }

    void onePartThatDoesNotFitIsAnError()
    {
        std::int64_t most = 2;
        QVERIFY_THROWS_EXCEPTION(c10::OutOfMemoryError,
                                 inParts(at::kCPU, 4, most, [](std::int64_t, std::int64_t count) {
                                     TORCH_CHECK_WITH(OutOfMemoryError, false, "no room for ", count);
                                 }));
    }
};

QTEST_GUILESS_MAIN(TestMicroBatch)
#include "tst_micro_batch.moc"
