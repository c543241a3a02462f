// SPDX-License-Identifier: Apache-2.0
// What a block's options mean: widths by module, form of the affine matrices, start of the scales, sharing of clips.
#include "tests/support/small_block.h"

#include <QtTest>

using namespace core;
using namespace support;

class TestBlockOptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** Attention and MLP at different widths: each half has the transforms that its own widths ask for. */
    void mixedWidthsAreEquivalentToo()
    {
        const auto info = smallModel();
        const auto weights = randomWeights(info, Biases::All, at::kDouble);
        const auto hidden = normal({2, 17, info.hidden}, 3);
        const QuantScheme none{16, 16, 16, 16};
        for (const auto& [attention, mlp] : {std::pair{QuantScheme{}, none}, std::pair{none, QuantScheme{}},
                                             std::pair{QuantScheme{16, 16, 4, 4}, QuantScheme{8, 16}}}) {
            auto plan = planOf(TransformKind::Affine, TransformKind::Rotation);
            plan.modules[0].scheme = attention;
            plan.modules[1].scheme = mlp;
            const auto shapes = transformShapes(info, plan.schemeOf(0), plan.kronecker);
            QCOMPARE(shapes.attentionIn.right > 1, attention.weightBits < 16);
            QCOMPARE(shapes.key.right > 1, attention.keyBits < 16);
            QCOMPARE(shapes.mlpOut.right > 1, mlp.weightBits < 16);
            const auto start = makeBlockParameters(info, plan, 0, {});
            QCOMPARE(start.clips.weight[static_cast<int>(Role::Q)].max.defined(), attention.weightBits < 16);
            QCOMPARE(start.clips.weight[static_cast<int>(Role::Down)].max.defined(), mlp.weightBits < 16);
            QCOMPARE(start.clips.activation[static_cast<int>(Role::Up)].max.defined(), mlp.activationBits < 16);
            PLANISH_AT_MOST(equivalenceError(info, weights, evaluate(moved(start.transforms, at::kDouble)), hidden),
                            1e-10);
        }
    }

    void theDirectInverseIsEquivalentToo()
    {
        const auto info = smallModel();
        CalibrationOptions options;
        options.affineForm = AffineForm::Direct;
        const auto start =
            makeBlockParameters(info, planOf(TransformKind::Affine, TransformKind::Affine), 0, options).transforms;
        const auto hidden = normal({2, 17, info.hidden}, 3);
        const auto weights = randomWeights(info, Biases::All, at::kDouble);
        PLANISH_AT_MOST(equivalenceError(info, weights, evaluate(moved(start, at::kDouble)), hidden), 1e-10);
        PLANISH_AT_MOST(equivalenceError(info, weights, finalize(moved(start, at::kFloat)), hidden), 1e-10);
        const auto narrow = moved(start, at::kFloat);
        PLANISH_AT_MOST(equivalenceError(info, randomWeights(info, Biases::All, at::kFloat), evaluate(narrow),
                                         hidden.to(at::kFloat)),
                        1e-4);
        // The reference starts at the Haar matrix itself, orthogonal.
        const auto evaluated = evaluate(start);
        PLANISH_AT_MOST(orthogonalityError(evaluated.mlpOut.right), 1e-5);
        PLANISH_AT_MOST(largestDifference(evaluated.mlpOut.right, evaluated.mlpOut.rightInverse), 1e-5);
        std::size_t matrices = 0;
        for (const auto& parameter : transformParameters({start, {}}))
            matrices += parameter.dim() == 2 ? 1 : 0;
        QCOMPARE(matrices, std::size_t(3 * 2 + 3)); // one for each factor
    }

    /** FlatQuant's start up to 4 bits, where sigmoid(4) cuts 0.0179862 off the range; above, the cut times the cube of the number of
        steps stays 0.0179862 * 7^3 = 6.16927. */
    void clipsStartWhereTheyCutLittle()
    {
        for (int bits = 2; bits <= 8; ++bits) {
            auto plan = planOf(TransformKind::Affine, TransformKind::Affine);
            plan.scheme = {bits, bits, bits, bits};
            const auto clips = makeBlockParameters(smallModel(), plan, 0, {}).clips;
            for (const auto* clip :
                 {&clips.weight[0], &clips.weight[6], &clips.activation[0], &clips.key, &clips.value})
                for (const auto* logit : {&clip->max, &clip->min}) {
                    const double start = logit->max().item<double>();
                    QCOMPARE(logit->min().item<double>(), start);
                    const double steps = (1 << (bits - 1)) - 1;
                    if (bits <= 4)
                        QCOMPARE(start, 4.0);
                    else
                        PLANISH_AT_MOST(std::abs(std::pow(steps, 3) / (1.0 + std::exp(start)) - 6.16927), 1e-3);
                }
        }
    }

    /** c = max(wmax^0.7 / xmax^0.3, 1e-5), worked out by hand: 2^0.7 / 8^0.3, 3^0.7 / 0.5^0.3, the floor of xmax, and of c. */
    void channelScalesStartByTheFormula()
    {
        ModelInfo info;
        info.hidden = 4;
        info.intermediate = 4;
        info.heads = info.kvHeads = 2;
        info.headDim = 2;
        info.blocks = 1;
        auto weights = randomWeights(info, Biases::None, at::kFloat);
        const auto rows = [](std::initializer_list<float> first) {
            auto matrix = at::zeros({4, 4});
            matrix[1].copy_(at::tensor(std::vector<float>(first)));
            return matrix;
        };
        weights.q = rows({-2.0f, 1.0f, 1.0f, 0.0f});
        weights.k = rows({0.5f, -3.0f, 0.5f, 0.0f});
        weights.v = rows({1.0f, 2.0f, -0.25f, 1e-12f});
        auto start =
            makeBlockParameters(info, planOf(TransformKind::Affine, TransformKind::Rotation), 0, {}).transforms;
        const auto ones = at::ones({4});
        startChannelScales(start, weights, {at::tensor({8.0f, 0.5f, 0.0f, 1.0f}), ones, ones}, 0.3);
        const auto scale = evaluate(start).attentionIn.scale;
        const double expected[] = {std::pow(2.0, 0.7) / std::pow(8.0, 0.3), std::pow(3.0, 0.7) / std::pow(0.5, 0.3),
                                   1.0 / std::pow(1e-5, 0.3), 1e-5};
        for (int i = 0; i < 4; ++i)
            PLANISH_AT_MOST(std::abs(scale[i].item<double>() / expected[i] - 1.0), 1e-5);
        // With inputs of one, c = wmax^0.7: up and gate together, and down.
        const auto both = at::maximum(weights.up.abs().amax(0), weights.gate.abs().amax(0)).pow(0.7);
        PLANISH_AT_MOST(relativeError(evaluate(start).mlpIn.scale, both), 1e-5);
        PLANISH_AT_MOST(relativeError(evaluate(start).mlpOut.scale, weights.down.abs().amax(0).pow(0.7)), 1e-5);
    }

    void sharedClipsQuantizeTheInputOnce()
    {
        class CountingHook : public QuantizedBlockHook
        {
        public:
            using QuantizedBlockHook::QuantizedBlockHook;
            LayerInput intoLayer(Role role, const at::Tensor& x) const override
            {
                ++calls;
                return QuantizedBlockHook::intoLayer(role, x);
            }
            mutable int calls = 0;
        };
        const auto info = smallModel();
        const auto weights = randomWeights(info, Biases::All, at::kFloat);
        const auto hidden = normal({2, 9, info.hidden}, 3, at::kFloat);
        const auto run = [&](ClipSharing sharing) {
            CalibrationOptions options;
            options.clipSharing = sharing;
            const auto parameters =
                makeBlockParameters(info, planOf(TransformKind::Affine, TransformKind::Affine), 0, options);
            const auto transforms = evaluate(parameters.transforms);
            const CountingHook hook(transforms, parameters.clips, kFour);
            auto out =
                forward(info, foldAndQuantize(info, weights, transforms, parameters.clips, kFour), hidden, &hook);
            return std::pair(out, hook.calls);
        };
        const auto [apart, sevenCalls] = run(ClipSharing::PerLayer);
        const auto [together, fourCalls] = run(ClipSharing::PerInput);
        QCOMPARE(sevenCalls, 7);
        QCOMPARE(fourCalls, 4);              // q, k, v | o | gate, up | down
        QVERIFY(at::equal(apart, together)); // at the start all clips are equal
    }
};

QTEST_GUILESS_MAIN(TestBlockOptions)
#include "tst_block_options.moc"
