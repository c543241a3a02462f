// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/block_transforms.h"
#include "core/select/overrides.h"
#include "tests/support/tensor_checks.h"

#include <QtTest>

using namespace core;

namespace {

ModelInfo smallModel()
{
    ModelInfo info;
    info.blocks = 3;
    info.hidden = 48;
    info.intermediate = 44;
    info.heads = 6;
    info.kvHeads = 2;
    info.headDim = 10;
    info.context = 64;
    return info;
}

std::vector<at::Tensor> parametersOfModule(const BlockParameters& parameters, ModuleKind kind)
{
    std::vector<at::Tensor> all;
    for (const auto site : kSites)
        if (moduleOf(site) == kind)
            for (const auto& tensor : parametersOf(parameters.transforms.at(site)))
                all.push_back(tensor);
    return all;
}

bool equal(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const at::Tensor& x, const at::Tensor& y) { return at::equal(x, y); });
}

BlockParameters makeHalf(ModuleKind module, const Candidate& candidate, std::uint64_t seed = 5, int block = 1)
{
    CalibrationOptions options;
    options.seed = seed;
    return makeModuleParameters(smallModel(), {}, KroneckerRule::Balanced, {block, module}, candidate, options);
}

} // namespace

class TestBlockTransforms : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** Results of earlier versions must come back: they drew a block's sites in order from one generator, seeded by splitmix64
        of seed and block. */
    void firstStartOfAUniformBlockIsOneSequence()
    {
        const std::uint64_t seed = 5;
        for (const auto kind : {TransformKind::Affine, TransformKind::Rotation})
            for (int block = 0; block < 3; ++block) {
                std::uint64_t z = seed + 0x9E3779B97F4A7C15ull * (std::uint64_t(block) + 1);
                z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
                z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
                auto generator = at::detail::createCPUGenerator(z ^ (z >> 31));
                const auto shapes = transformShapes(smallModel(), QuantScheme{}, KroneckerRule::Balanced);
                std::vector<at::Tensor> expected;
                for (const auto site : kSites)
                    for (const auto& tensor :
                         parametersOf(makeTransform(kind, shapes.at(site), RotationForm::TwoFactor, generator)))
                        expected.push_back(tensor);
                CalibrationOptions options;
                options.seed = seed;
                const auto made = makeBlockParameters(smallModel(), uniformPlan(kind, 3, {}), block, options);
                QVERIFY(equal(transformParameters(made), expected));
            }
    }

    void startDoesNotDependOnTheOtherModule()
    {
        CalibrationOptions options;
        options.seed = 5;
        for (const auto mlp : kTransformKinds)
            for (const auto attention : kTransformKinds) {
                auto plan = uniformPlan(attention, 3, {});
                plan.modules[3].kind = mlp; // of block 1
                plan.modules[3].start = 2;
                plan.modules[2].start = 1;
                const auto both = makeBlockParameters(smallModel(), plan, 1, options);
                for (const auto module : {ModuleKind::Attention, ModuleKind::Mlp}) {
                    const bool isMlp = module == ModuleKind::Mlp;
                    const auto half = makeHalf(module, {isMlp ? mlp : attention, {}, isMlp ? 2 : 1});
                    QVERIFY(equal(parametersOfModule(both, module), parametersOfModule(half, module)));
                }
            }
    }

    /** A choice that was made with other draws than the calibration's keeps its own. */
    void startIsDrawnWithTheChoicesSeed()
    {
        CalibrationOptions options;
        options.seed = 9;
        auto plan = uniformPlan(TransformKind::Rotation, 3, {});
        plan.modules[2].seed = 5; // attention of block 1
        const auto both = makeBlockParameters(smallModel(), plan, 1, options);
        QVERIFY(equal(parametersOfModule(both, ModuleKind::Attention),
                      parametersOfModule(makeHalf(ModuleKind::Attention, {TransformKind::Rotation, {}, 0}, 5),
                                         ModuleKind::Attention)));
        QVERIFY(
            equal(parametersOfModule(both, ModuleKind::Mlp),
                  parametersOfModule(makeHalf(ModuleKind::Mlp, {TransformKind::Rotation, {}, 0}, 9), ModuleKind::Mlp)));
    }

    /** Restarts differ from each other, and kinds of one start share their draws: only then do two kinds differ by the kind. */
    void startsDifferAndKindsShareThem()
    {
        for (const auto module : {ModuleKind::Attention, ModuleKind::Mlp}) {
            const auto site = module == ModuleKind::Attention ? Site::AttentionIn : Site::MlpIn;
            std::vector<at::Tensor> seen;
            for (const int start : {0, 1, 2}) {
                const auto affine = makeHalf(module, {TransformKind::Affine, {}, start});
                const auto rotation = makeHalf(module, {TransformKind::Rotation, {}, start});
                const auto& a = std::get<AffineTransform>(affine.transforms.at(site));
                const auto& r = std::get<RotationTransform>(rotation.transforms.at(site));
                QVERIFY(at::equal(a.left.u, r.left.u) && at::equal(a.right.v, r.right.v));
                for (const auto& earlier : seen)
                    QVERIFY(!at::equal(earlier, a.left.u));
                seen.push_back(a.left.u);
                QVERIFY(!equal(parametersOfModule(affine, module),
                               parametersOfModule(makeHalf(module, {TransformKind::Affine, {}, start}, 6), module)));
                QVERIFY(!equal(parametersOfModule(affine, module),
                               parametersOfModule(makeHalf(module, {TransformKind::Affine, {}, start}, 5, 2), module)));
            }
        }
        const auto a = makeHalf(ModuleKind::Attention, {TransformKind::Affine, {}, 1});
        const auto m = makeHalf(ModuleKind::Mlp, {TransformKind::Affine, {}, 1});
        QVERIFY(!at::equal(std::get<AffineTransform>(a.transforms.attentionIn).left.u,
                           std::get<AffineTransform>(m.transforms.mlpIn).left.u));
    }

    void halvesHoldTheirOwnPartAlone()
    {
        const auto attention = makeHalf(ModuleKind::Attention, {});
        const auto mlp = makeHalf(ModuleKind::Mlp, {});
        QVERIFY(parametersOfModule(attention, ModuleKind::Mlp).empty());
        QVERIFY(parametersOfModule(mlp, ModuleKind::Attention).empty());
        // q, k, v, o and gate, up, down: two logits each for weights and for inputs, keys and values besides.
        QCOMPARE(clipParameters(attention).size(), std::size_t(4 * 4 + 4));
        QCOMPARE(clipParameters(mlp).size(), std::size_t(3 * 4));
        QCOMPARE(clipParameters(joined(attention, mlp)).size(), std::size_t(7 * 4 + 4));
    }
};

QTEST_GUILESS_MAIN(TestBlockTransforms)
#include "tst_block_transforms.moc"
