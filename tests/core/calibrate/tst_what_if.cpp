// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/what_if.h"
#include "core/model/model.h"
#include "tests/support/refuses.h"
#include "tests/support/stories.h"

#include <QtTest>
#include <torch/torch.h>

using namespace core;

namespace {

struct Fixture
{
    std::shared_ptr<const Model> model;
    at::Tensor inputs; // of block 1

    Fixture()
    {
        Progress progress;
        model = Model::load(ModelFiles::open(support::storiesModel()), {}, progress);
        torch::manual_seed(6);
        const at::NoGradGuard noGrad;
        inputs = model->forward(0, model->embed(torch::randint(3, 500, {8, 48}, torch::kLong)));
    }
    ModuleProblem problem(ModuleKind kind, const QuantScheme& scheme) const
    {
        return {.info = model->info(),
                .rope = model->rope(),
                .weights = model->block(1).weights,
                .module = {1, kind},
                .scheme = scheme,
                .inputs = inputs};
    }
};

const WhatIfKind& rowOf(const WhatIf& result, TransformKind kind)
{
    return *std::find_if(result.kinds.begin(), result.kinds.end(), [&](const auto& row) { return row.kind == kind; });
}

class StopAtOnce : public Progress
{
    void checkpoint() override { throw Cancelled(); }
};

} // namespace

class TestWhatIf : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { PLANISH_NEEDS(support::storiesModel()); }

    void trainingLowersTheErrorOfEveryKind()
    {
        const Fixture fixture;
        Progress progress;
        for (const auto module : {ModuleKind::Attention, ModuleKind::Mlp}) {
            const auto result =
                compareKinds(fixture.problem(module, {3, 3, 2, 2, 0}), {.epochs = 10, .batch = 3}, progress);
            QCOMPARE(result.trainedWindows, 6);
            QCOMPARE(result.heldOutWindows, 2);
            QCOMPARE(result.steps, 20);
            QCOMPARE(result.kinds.size(), kTransformKinds.size());
            for (const auto& row : result.kinds) {
                QVERIFY2(row.error < row.errorStart, std::string(toString(row.kind)).c_str());
                QVERIFY(row.error > 0.0 && row.errorStderr > 0.0);
            }
            // Three bits without a transform: what every method of the literature improves on.
            QVERIFY(rowOf(result, TransformKind::Affine).error < rowOf(result, TransformKind::Identity).error);
            QVERIFY(rowOf(result, TransformKind::Affine).sqnr > rowOf(result, TransformKind::Identity).sqnr);
        }
    }

    /** Nothing is rounded at 16 bits, and then nothing is transformed either. */
    void withoutQuantizersNothingIsLost()
    {
        const Fixture fixture;
        Progress progress;
        const auto result =
            compareKinds(fixture.problem(ModuleKind::Mlp, {16, 16, 16, 16, 0}), {.epochs = 1, .batch = 4}, progress);
        for (const auto& row : result.kinds) {
            QVERIFY(row.error < 1e-10);
            QCOMPARE(row.onlineMacs, 0.0);
        }
    }

    /** d (n1 + n2) + nh^2 dh + (nh + nkv) dh^2 for attention, d (n1 + n2) + F (f1 + f2) for the MLP. Here d 64 = 8 x 8,
        nh 8, nkv 4, dh 8, F 172 = 4 x 43. Stored: the small matrices, P_v merged; an affine P_h with its inverse for the queries. */
    void costsAreThoseOfTheFormula()
    {
        const Fixture fixture;
        Progress progress;
        const CalibrationOptions start{.epochs = 0, .batch = 4};
        const auto attention = compareKinds(fixture.problem(ModuleKind::Attention, {4, 4, 4, 4, 0}), start, progress);
        const auto mlp = compareKinds(fixture.problem(ModuleKind::Mlp, {4, 4, 4, 4, 0}), start, progress);
        for (const auto kind : {TransformKind::Affine, TransformKind::Rotation, TransformKind::Hadamard}) {
            QCOMPARE(rowOf(attention, kind).onlineMacs, 64.0 * 16 + 64 * 8 + 12 * 64);
            QCOMPARE(rowOf(mlp, kind).onlineMacs, 64.0 * 16 + 172 * 47);
            QCOMPARE(rowOf(mlp, kind).addedBytes, std::uint64_t(4 * (64 + 64 + 16 + 43 * 43)));
            const bool inverse = kind == TransformKind::Affine;
            QCOMPARE(rowOf(attention, kind).addedBytes, std::uint64_t(4 * (64 + 64 + 64 + 64 + (inverse ? 64 : 0))));
        }
        // Of 64 x (64 + 32 + 32 + 64) multiply-adds of q, k, v, o.
        QCOMPARE(rowOf(attention, TransformKind::Affine).onlineShare, 2304.0 / (64.0 * 192.0));
        QCOMPARE(rowOf(attention, TransformKind::Identity).onlineMacs, 0.0);
        QCOMPARE(rowOf(attention, TransformKind::Identity).addedBytes, std::uint64_t(0));
        QVERIFY(rowOf(mlp, TransformKind::Affine).error == rowOf(mlp, TransformKind::Affine).errorStart);
    }

    void oneWindowIsRefusedAndStoppingWorks()
    {
        const Fixture fixture;
        Progress progress;
        auto problem = fixture.problem(ModuleKind::Mlp, {});
        problem.inputs = problem.inputs.narrow(0, 0, 1);
        PLANISH_REFUSES(compareKinds(problem, {}, progress), ErrorKind::InvalidArgument, {"two windows", "1"});
        StopAtOnce stop;
        QVERIFY_THROWS_EXCEPTION(Cancelled, compareKinds(fixture.problem(ModuleKind::Mlp, {}), {}, stop));
    }
};

QTEST_GUILESS_MAIN(TestWhatIf)
#include "tst_what_if.moc"
