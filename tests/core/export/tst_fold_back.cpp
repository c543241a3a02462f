// SPDX-License-Identifier: Apache-2.0
#include "core/export/fold_back.h"
#include "core/export/native_bundle.h"
#include "tests/support/perturbed.h"
#include "tests/support/tensor_checks.h"

#include <QtTest>

using namespace core;

namespace {

ModelInfo smallModel()
{
    ModelInfo info;
    info.blocks = 1;
    info.hidden = 24;
    info.intermediate = 20;
    info.heads = 6; // two query heads share a key/value head
    info.kvHeads = 3;
    info.headDim = 4;
    info.vocab = 10;
    info.context = 64;
    return info;
}

/** Every tensor a block can have, biases and head norms included. */
BlockWeights randomWeights()
{
    std::uint64_t seed = 0;
    const auto random = [&](at::IntArrayRef shape) { return support::normal(shape, ++seed, at::kFloat); };
    BlockWeights weights;
    weights.q = random({24, 24});
    weights.k = random({12, 24});
    weights.v = random({12, 24});
    weights.o = random({24, 24});
    weights.gate = random({20, 24});
    weights.up = random({20, 24});
    weights.down = random({24, 20});
    weights.inputNorm = random({24});
    weights.postNorm = random({24});
    weights.qBias = random({24});
    weights.kBias = random({12});
    weights.vBias = random({12});
    weights.oBias = random({24});
    weights.gateBias = random({20});
    weights.upBias = random({20});
    weights.downBias = random({24});
    weights.qNorm = random({4});
    weights.kNorm = random({4});
    return weights;
}

BlockParameters parameters(TransformKind kind, const QuantScheme& scheme)
{
    Plan plan;
    plan.scheme = scheme;
    for (const auto module : {ModuleKind::Attention, ModuleKind::Mlp})
        plan.modules.push_back({.module = {0, module}, .kind = kind, .reason = {}});
    CalibrationOptions options;
    options.clipping = Clipping::None;
    auto made = makeBlockParameters(smallModel(), plan, 0, options);
    std::uint64_t seed = 100;
    for (const auto site : kSites)
        made.transforms.at(site) = support::perturbed(made.transforms.at(site), at::kFloat, ++seed);
    return made;
}

} // namespace

class FoldBackTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutRoundingTheOriginalWeightsComeBack_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("identity") << int(TransformKind::Identity);
        QTest::newRow("affine") << int(TransformKind::Affine);
        QTest::newRow("rotation") << int(TransformKind::Rotation);
        QTest::newRow("hadamard") << int(TransformKind::Hadamard);
    }

    /** Weights at 16 bits are folded and not rounded, so (W P^-T) P^T = W. The folded weights pass through float32: a relative error of
        2^-24 a number, times the condition of the perturbed matrices (below 100). */
    void withoutRoundingTheOriginalWeightsComeBack()
    {
        QFETCH(int, kind);
        const QuantScheme scheme{16, 4, 4, 4, 0};
        const auto original = randomWeights();
        const auto trained = parameters(TransformKind(kind), scheme);
        const auto quantized = quantizeBlock(smallModel(), original, trained, scheme);
        auto back = foldBack(smallModel(), quantized, finalize(trained.transforms));
        for (const auto role : kBlockRoles) {
            const auto name = std::string(toString(role));
            const auto error = support::relativeError(back.matrix(role), original.matrix(role));
            QVERIFY2(error < 1e-5, qPrintable(QString("%1: %2").arg(name.c_str()).arg(error)));
            if (kind != int(TransformKind::Identity)) // and there was something to take back
                QVERIFY2(support::relativeError(quantized.weights.matrix(role), original.matrix(role)) > 0.1,
                         name.c_str());
        }
        auto expected = original;
        const auto extras = back.extras();
        for (std::size_t i = 0; i < extras.size(); ++i) {
            const auto error = support::relativeError(*extras[i].second, *expected.extras()[i].second);
            QVERIFY2(error < 1e-5, qPrintable(QString("%1: %2").arg(extras[i].first).arg(error)));
        }
    }

    /** Without the trained parameters scales and P_v stay where they were merged, and the block still computes the same. */
    void whatIsNotTakenOutStaysMerged()
    {
        const auto info = smallModel();
        const QuantScheme scheme{3, 16, 16, 16, 0};
        const auto trained = parameters(TransformKind::Affine, scheme);
        const auto quantized = quantizeBlock(info, randomWeights(), trained, scheme);
        const auto runnable = runnableBlock(quantized, scheme);
        const Rope rope(info, at::kCPU);
        const auto x = support::normal({2, 7, 24}, 77, at::kFloat);
        const auto output = [&](const BlockWeights& weights, const BlockHook* hook) {
            const BlockContext context{
                .info = info, .rope = rope, .block = 0, .start = 0, .hook = hook, .cache = nullptr, .tap = nullptr};
            return forwardBlock(context, weights, x);
        };
        const auto expected = output(runnable.weights, runnable.hook.get());
        const auto all = foldBack(info, quantized, finalize(trained.transforms));
        const auto some = foldBack(info, quantized, quantized.transforms);
        PLANISH_AT_MOST(support::relativeError(output(all.to(at::kFloat), nullptr), expected), 1e-4);
        PLANISH_AT_MOST(support::relativeError(output(some.to(at::kFloat), nullptr), expected), 1e-4);
        QVERIFY(support::relativeError(some.inputNorm, all.inputNorm) > 0.1);
        QVERIFY(support::relativeError(some.v, all.v) > 0.1);
    }
};

QTEST_GUILESS_MAIN(FoldBackTest)
#include "tst_fold_back.moc"
