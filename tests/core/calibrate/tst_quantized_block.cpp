// SPDX-License-Identifier: Apache-2.0
// A block with transforms and without quantizers is the untransformed block: 1e-10 in float64, 1e-4 in
// float32, relative to what the block adds to its input.
#include "tests/support/shared_data.h"
#include "tests/support/small_block.h"

#include <ATen/ATen.h>
#include <QtTest>

using namespace core;
using namespace support;

Q_DECLARE_METATYPE(core::TransformKind)
Q_DECLARE_METATYPE(core::RotationForm)
Q_DECLARE_METATYPE(core::ModelInfo)

class TestQuantizedBlock : public QObject
{
    Q_OBJECT

    static void addPairs()
    {
        QTest::addColumn<TransformKind>("attention");
        QTest::addColumn<TransformKind>("mlp");
        QTest::addColumn<RotationForm>("form");
        for (const auto attention : kTransformKinds)
            for (const auto mlp : kTransformKinds)
                for (const auto form :
                     {RotationForm::TwoFactor, RotationForm::HadamardTwoFactor, RotationForm::HadamardStartUnscaled}) {
                    const bool rotates = attention == TransformKind::Rotation || mlp == TransformKind::Rotation;
                    if (rotates || form == RotationForm::TwoFactor)
                        QTest::addRow("%s, %s, %s", toString(attention).data(), toString(mlp).data(),
                                      toString(form).data())
                            << attention << mlp << form;
                }
    }

    static BlockTransforms startOfRow(const ModelInfo& info)
    {
        QFETCH(TransformKind, attention);
        QFETCH(TransformKind, mlp);
        QFETCH(RotationForm, form);
        CalibrationOptions options;
        options.rotationForm = form;
        return makeBlockParameters(info, planOf(attention, mlp), 0, options).transforms;
    }

private Q_SLOTS:
    void transformedBlockIsTheBlock_data() { addPairs(); }
    void transformedBlockIsTheBlock()
    {
        for (const bool headNorms : {false, true})
            for (const auto biases : {Biases::None, Biases::All}) {
                auto info = smallModel();
                info.headNorms = headNorms;
                const auto start = startOfRow(info);
                const auto hidden = normal({2, 17, info.hidden}, 3);
                const auto wide = randomWeights(info, biases, at::kDouble);
                PLANISH_AT_MOST(equivalenceError(info, wide, evaluate(moved(start, at::kDouble)), hidden), 1e-10);

                const auto narrow = randomWeights(info, biases, at::kFloat);
                const auto hiddenNarrow = hidden.to(at::kFloat);
                PLANISH_AT_MOST(equivalenceError(info, narrow, evaluate(start), hiddenNarrow), 1e-4);
                const auto trained = moved(start, at::kFloat);
                PLANISH_AT_MOST(equivalenceError(info, narrow, evaluate(trained), hiddenNarrow), 1e-4);

                // Finished: merged in float64, run in float64 and, as exported, in float32.
                const auto finished = finalize(trained);
                PLANISH_AT_MOST(equivalenceError(info, wide, finished, hidden), 1e-10);
                const QuantizedBlockHook hook(converted(finished, at::kFloat), {}, kOff);
                const auto merged = converted(foldedAndMerged(info, wide, finished), at::kFloat);
                PLANISH_AT_MOST(relativeError(forward(info, merged, hiddenNarrow, &hook) - hiddenNarrow,
                                              forward(info, wide, hidden) - hidden),
                                1e-4);
            }
    }

    void otherShapesAreEquivalentToo_data()
    {
        QTest::addColumn<ModelInfo>("info");
        const auto add = [](const char* name, auto change) {
            auto info = smallModel();
            change(info);
            QTest::newRow(name) << info;
        };
        add("one head", [](ModelInfo& i) { i.heads = i.kvHeads = 1; });
        add("as many key heads as query heads", [](ModelInfo& i) { i.kvHeads = 6; });
        add("one key head", [](ModelInfo& i) { i.kvHeads = 1; });
        add("hidden is a prime", [](ModelInfo& i) { i.hidden = 47; });
        add("two channels a head", [](ModelInfo& i) { i.headDim = 2; });
        add("inner size above the expanded product", [](ModelInfo& i) { i.intermediate = 688; });
        add("14 heads", [](ModelInfo& i) { i.heads = 14; });
        add("sliding window", [](ModelInfo& i) { i.slidingWindow = 5; });
    }
    void otherShapesAreEquivalentToo()
    {
        QFETCH(ModelInfo, info);
        const auto weights = randomWeights(info, Biases::All, at::kDouble);
        const auto hidden = normal({2, 17, info.hidden}, 3);
        for (const auto kind : kTransformKinds)
            for (const auto rule : {KroneckerRule::Balanced, KroneckerRule::Fermat}) {
                auto plan = planOf(kind, kind);
                plan.kronecker = rule;
                const auto start = makeBlockParameters(info, plan, 0, {}).transforms;
                PLANISH_AT_MOST(equivalenceError(info, weights, evaluate(moved(start, at::kDouble)), hidden), 1e-10);
            }
    }

    /** Keys alone, values alone, weights alone: only some of the sites have a transform. */
    void schemesThatQuantizeOnlySomethingAreEquivalentToo()
    {
        const auto info = smallModel();
        const auto weights = randomWeights(info, Biases::All, at::kDouble);
        const auto hidden = normal({2, 17, info.hidden}, 3);
        for (const auto& scheme : {QuantScheme{16, 16, 4, 16}, QuantScheme{16, 16, 16, 4}, QuantScheme{16, 16, 2, 2},
                                   QuantScheme{4, 16, 16, 16}, QuantScheme{16, 4, 16, 16}})
            for (const auto kind : {TransformKind::Affine, TransformKind::Rotation}) {
                const auto start = makeBlockParameters(info, planOf(kind, kind, scheme), 0, {}).transforms;
                PLANISH_AT_MOST(equivalenceError(info, weights, evaluate(moved(start, at::kDouble)), hidden), 1e-10);
            }
    }

    void blocksOfARealModelAreEquivalentToo_data() { addPairs(); }
    void blocksOfARealModelAreEquivalentToo()
    {
        const auto path = sharedFolder() / "data/models/stories260k/hf";
        PLANISH_NEEDS(path);
        const auto files = ModelFiles::open(path);
        const auto& info = files->info();
        const auto start = startOfRow(info);
        const auto wide = moved(start, at::kDouble);
        const auto narrow = moved(start, at::kFloat);
        const auto tokens = (at::arange(2 * 60, at::kLong) * 37 % info.vocab).view({2, 60});
        auto hidden =
            at::embedding(readTensor(files, files->matrix({-1, Role::Embedding}), at::kDouble, at::kCPU), tokens);
        for (int block = 0; block < info.blocks; ++block) {
            const auto weights = readBlock(files, block, at::kDouble, at::kCPU);
            PLANISH_AT_MOST(equivalenceError(info, weights, evaluate(wide), hidden), 1e-10);
            PLANISH_AT_MOST(equivalenceError(info, weights, finalize(narrow), hidden), 1e-10);
            PLANISH_AT_MOST(equivalenceError(info, readBlock(files, block, at::kFloat, at::kCPU), evaluate(narrow),
                                             hidden.to(at::kFloat)),
                            1e-4);
            hidden = forward(info, weights, hidden); // the next block's true input
        }
    }

    /** The law above would hold for a hook that does nothing and weights that stay: they do not. */
    void everyPartOfTheTransformCounts()
    {
        const auto info = smallModel();
        const auto weights = randomWeights(info, Biases::All, at::kDouble);
        const auto hidden = normal({2, 17, info.hidden}, 3);
        const auto start =
            makeBlockParameters(info, planOf(TransformKind::Affine, TransformKind::Affine), 0, {}).transforms;
        const auto whole = evaluate(moved(start, at::kDouble));
        const auto expected = forward(info, weights, hidden) - hidden;
        const auto error = [&](const BlockWeights& folded, const EvaluatedBlock& transforms) {
            const QuantizedBlockHook hook(transforms, {}, kOff);
            return relativeError(forward(info, folded, hidden, &hook) - hidden, expected);
        };
        const auto folded = foldedAndMerged(info, weights, whole);
        PLANISH_AT_MOST(error(folded, whole), 1e-10);
        QVERIFY(error(foldWeights(info, weights, whole, {}), whole) > 1e-2); // the inner scale
        for (const auto site : {Site::AttentionIn, Site::AttentionOut, Site::MlpIn, Site::MlpOut}) {
            auto without = whole;
            without.at(site) = {};
            QVERIFY(error(folded, without) > 1e-2);
        }
        auto wrongKey = whole; // queries not answered by the inverse
        wrongKey.key.rightInverse = wrongKey.key.right;
        QVERIFY(error(folded, wrongKey) > 1e-2);
        auto plainValues = folded; // P_v taken out of the rows of v
        plainValues.v = foldWeights(info, weights,
                                    [&] {
                                        auto t = whole;
                                        t.value = {};
                                        return t;
                                    }(),
                                    {})
                            .v;
        QVERIFY(error(plainValues, whole) > 1e-2);
    }

    void foldingFollowsFlatQuantsOrder()
    {
        const auto info = smallModel();
        const auto weights = randomWeights(info, Biases::All, at::kDouble);
        auto parameters = makeBlockParameters(info, planOf(TransformKind::Affine, TransformKind::Affine), 0, {});
        for (auto& clip : parameters.clips.weight)
            clip = {at::full_like(clip.max, 0.8, at::kDouble), at::full_like(clip.min, 0.3, at::kDouble)};
        const auto transforms = evaluate(moved(parameters.transforms, at::kDouble));
        const auto folded = foldWeights(info, weights, transforms, parameters.clips);
        // Each matrix: fold, then clamp; v: and then P_v on each head's rows.
        const auto clamped = [&](Role role, const EvaluatedTransform& transform) {
            return clampWeight(transform.fold(weights.matrix(role)), parameters.clips.weight[static_cast<int>(role)]);
        };
        PLANISH_AT_MOST(largestDifference(folded.q, clamped(Role::Q, transforms.attentionIn)), 1e-13);
        PLANISH_AT_MOST(largestDifference(folded.up, clamped(Role::Up, transforms.mlpIn)), 1e-13);
        PLANISH_AT_MOST(largestDifference(folded.down, clamped(Role::Down, transforms.mlpOut)), 1e-13);
        const auto values = clamped(Role::V, transforms.attentionIn);
        for (int head = 0; head < info.kvHeads; ++head) {
            const auto rows = at::Tensor(values.slice(0, head * info.headDim, (head + 1) * info.headDim));
            PLANISH_AT_MOST(largestDifference(folded.v.slice(0, head * info.headDim, (head + 1) * info.headDim),
                                              at::matmul(transforms.value.right.mT(), rows)),
                            1e-12);
        }
        // Rounded after all that; the inner scale multiplies the rounded rows of up.
        const auto rounded = foldAndQuantize(info, weights, transforms, parameters.clips, kFour);
        for (const auto role : kBlockRoles) {
            auto expected = quantizeWeight(folded.matrix(role), 4, 0);
            if (role == Role::Up)
                expected = expected * transforms.mlpOut.scale.unsqueeze(1);
            PLANISH_AT_MOST(largestDifference(rounded.matrix(role), expected), 1e-13);
        }
        PLANISH_AT_MOST(largestDifference(rounded.upBias, weights.upBias * transforms.mlpOut.scale), 1e-13);
        const auto untouched = foldAndQuantize(info, weights, transforms, {}, kOff);
        PLANISH_AT_MOST(largestDifference(untouched.up, foldedAndMerged(info, weights, transforms).up), 0.0);
    }

    void foldingInGroupsRoundsEachGroup()
    {
        const auto info = smallModel();
        const auto weights = randomWeights(info, Biases::None, at::kFloat);
        auto scheme = kFour;
        scheme.weightGroup = 4;
        const auto rounded = foldAndQuantize(info, weights, {}, {}, scheme);
        QVERIFY(at::equal(rounded.q, quantizeWeight(weights.q, 4, 4)));
    }

    void hookTransformsThenQuantizesEachSite()
    {
        const auto info = smallModel();
        auto parameters = makeBlockParameters(info, planOf(TransformKind::Affine, TransformKind::Affine), 0, {});
        double logit = 0.0;
        for (auto& clip : parameters.clips.activation)
            clip = {at::full({}, logit += 0.3), at::full({}, logit)};
        parameters.clips.key = {at::full({}, 0.5), at::full({}, 0.6)};
        parameters.clips.value = {at::full({}, 0.7), at::full({}, 0.8)};
        const QuantScheme scheme{.weightBits = 4, .activationBits = 5, .keyBits = 3, .valueBits = 2};
        const auto transforms = evaluate(moved(parameters.transforms, at::kFloat));
        const QuantizedBlockHook hook(transforms, parameters.clips, scheme);

        const auto x = normal({2, 5, info.hidden}, 1, at::kFloat);
        // The channel scale is in the norm's gamma already; sites are not rounded, the layers' inputs are.
        QVERIFY(at::equal(hook.atSite(Site::AttentionIn, x),
                          applyKronecker(x, transforms.attentionIn.left, transforms.attentionIn.right)));
        for (const auto role : kBlockRoles)
            QVERIFY(at::equal(hook.intoLayer(role, x).values,
                              quantizeActivation(x, 5, parameters.clips.activation[static_cast<int>(role)])));
        QVERIFY(!at::equal(hook.intoLayer(Role::Q, x).values, hook.intoLayer(Role::K, x).values));

        const auto heads = normal({2, info.kvHeads, 5, info.headDim}, 2, at::kFloat);
        QVERIFY(at::equal(hook.atSite(Site::KeyCache, heads),
                          quantizeCache(at::matmul(heads, transforms.key.right), 3, parameters.clips.key)));
        QVERIFY(at::equal(hook.atSite(Site::ValueCache, heads), quantizeCache(heads, 2, parameters.clips.value)));
        QVERIFY(at::equal(hook.atQuery(heads), at::matmul(heads, transforms.key.rightInverse)));
        // Scores are what they were: q P^-T (k P)^T = q k^T.
        const auto scores = at::matmul(hook.atQuery(heads), at::matmul(heads, transforms.key.right).mT());
        PLANISH_AT_MOST(relativeError(scores, at::matmul(heads, heads.mT())), 1e-5);
    }

    void gradientsReachEveryParameter_data() { addPairs(); }
    void gradientsReachEveryParameter()
    {
        const auto info = smallModel();
        QFETCH(TransformKind, attention);
        QFETCH(TransformKind, mlp);
        QFETCH(RotationForm, form);
        CalibrationOptions options;
        options.rotationForm = form;
        auto parameters = makeBlockParameters(info, planOf(attention, mlp), 0, options);
        for (auto& clip : parameters.clips.weight) // low enough to cut something in every row
            clip = {clip.max * 0.1, clip.min * 0.1};
        auto all = transformParameters(parameters);
        for (const auto& clip : clipParameters(parameters))
            all.push_back(clip);
        for (auto& parameter : all)
            parameter.requires_grad_();

        const auto weights = randomWeights(info, Biases::All, at::kFloat);
        const auto hidden = normal({2, 17, info.hidden}, 3, at::kFloat);
        const auto transforms = evaluate(parameters.transforms);
        const QuantizedBlockHook hook(transforms, parameters.clips, kFour);
        const auto out =
            forward(info, foldAndQuantize(info, weights, transforms, parameters.clips, kFour), hidden, &hook);
        (out - forward(info, weights, hidden)).square().mean().backward();
        for (const auto& parameter : all) {
            QVERIFY(parameter.grad().defined());
            QVERIFY(at::isfinite(parameter.grad()).all().item<bool>());
            QVERIFY(parameter.grad().abs().max().item<double>() > 0.0);
        }
    }
};

QTEST_GUILESS_MAIN(TestQuantizedBlock)
#include "tst_quantized_block.moc"
