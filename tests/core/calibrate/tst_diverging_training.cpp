// SPDX-License-Identifier: Apache-2.0
// What a training does that cannot succeed as it was asked for: rates far too high, values that overflow.
#include "core/calibrate/block_trainer.h"
#include "core/select/overrides.h"
#include "tests/support/stories.h"
#include "tests/support/tensor_checks.h"

#include <ATen/ATen.h>
#include <QtTest>

using namespace core;
using namespace support;

namespace {

/** The second block of a real model, on random hidden states. */
struct Problem
{
    explicit Problem(std::int64_t windows = 8)
        : files(ModelFiles::open(support::storiesModel()))
        , rope(files->info(), at::kCPU)
        , weights(readBlock(files, 1, at::kFloat, at::kCPU))
        , inputs(normal({windows, 32, files->info().hidden}, 5, at::kFloat))
    {
        const at::NoGradGuard noGrad;
        targets = forwardBlock({.info = files->info(), .rope = rope}, weights, inputs);
        options.batch = 2;
        options.epochs = 4;
    }

    BlockProblem problem() const { return {files->info(), rope, weights, QuantScheme{}, 1, inputs, targets}; }
    BlockParameters start() const
    {
        return makeBlockParameters(files->info(), uniformPlan(TransformKind::Affine, 5, {}), 1, options);
    }

    std::shared_ptr<const ModelFiles> files;
    Rope rope;
    BlockWeights weights;
    at::Tensor inputs, targets;
    CalibrationOptions options;
};

bool allFinite(const BlockParameters& parameters)
{
    bool finite = true;
    for (const auto& list : {transformParameters(parameters), clipParameters(parameters)})
        for (const auto& tensor : list)
            finite = finite && at::isfinite(tensor).all().item<bool>() && !tensor.requires_grad();
    return finite;
}

std::vector<at::Tensor> copies(const BlockParameters& parameters)
{
    std::vector<at::Tensor> all;
    for (const auto& list : {transformParameters(parameters), clipParameters(parameters)})
        for (const auto& tensor : list)
            all.push_back(tensor.detach().clone());
    return all;
}

bool equal(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const at::Tensor& x, const at::Tensor& y) { return at::equal(x, y); });
}

const LossObserver kNobody = [](const LossPoint&) {};

} // namespace

class TestDivergingTraining : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { PLANISH_NEEDS(support::storiesModel()); }

    void ordinaryTrainingWarnsOfNothing()
    {
        const Problem made;
        auto parameters = made.start();
        Progress progress;
        const auto report = trainBlock(made.problem(), parameters, made.options, kNobody, progress);
        QVERIFY(report.warnings.empty());
        QCOMPARE(report.lossTrace.size(), std::size_t(4));
        QVERIFY(report.errorEnd < report.errorStart);
    }

    /** At 500 times the recipe's rate exp(log scale) overflows or the error rises; some halvings later it trains. */
    void ratesAreHalvedUntilItTrains()
    {
        Problem made;
        made.options.learningRate = 2.5;
        made.options.clipLearningRate = 0.05;
        auto parameters = made.start();
        Progress progress;
        const auto report = trainBlock(made.problem(), parameters, made.options, kNobody, progress);
        QVERIFY(!report.warnings.empty());
        QVERIFY2(QString::fromStdString(report.warnings[0]).contains("halved to 1.25"), report.warnings[0].c_str());
        QVERIFY(report.errorEnd < report.errorStart);
        QVERIFY(allFinite(parameters));
        const auto measured = blockError(made.problem(), parameters, made.options.batch, progress);
        QCOMPARE(measured, report.errorEnd);
    }

    void aHopelessRateLeavesTheLastGoodState()
    {
        Problem made;
        made.options.learningRate = 1e9;
        made.options.clipLearningRate = 1e9;
        auto parameters = made.start();
        const auto before = copies(parameters);
        Progress progress;
        const auto report = trainBlock(made.problem(), parameters, made.options, kNobody, progress);
        QCOMPARE(report.warnings.size(), std::size_t(6)); // five halvings, and that it gave up
        QVERIFY(QString::fromStdString(report.warnings.back()).contains("which are kept"));
        QVERIFY(equal(copies(parameters), before));
        QVERIFY(allFinite(parameters));
        QCOMPARE(report.errorEnd, report.errorStart);
        QVERIFY(report.lossTrace.empty());
    }

    /** One window's targets are NaN from the third step of each epoch: nothing can be learned, nothing may be broken. */
    void aLossThatIsNoNumberLeavesTheStart()
    {
        Problem made;
        made.targets[5].fill_(std::numeric_limits<float>::quiet_NaN());
        auto parameters = made.start();
        const auto before = copies(parameters);
        Progress progress;
        const auto report = trainBlock(made.problem(), parameters, made.options, kNobody, progress);
        QCOMPARE(report.warnings.size(), std::size_t(1));
        QVERIFY2(QString::fromStdString(report.warnings[0]).contains("the loss of step 2 is nan"),
                 report.warnings[0].c_str());
        QVERIFY(equal(copies(parameters), before));
    }

    /** Weights so large that the squared error leaves float32, while every output is finite. */
    void overflowLeavesTheStart()
    {
        Problem made;
        made.weights.down = made.weights.down * 1e30;
        {
            const at::NoGradGuard noGrad;
            made.targets = forwardBlock({.info = made.files->info(), .rope = made.rope}, made.weights, made.inputs);
        }
        QVERIFY(at::isfinite(made.targets).all().item<bool>());
        auto parameters = made.start();
        const auto before = copies(parameters);
        Progress progress;
        const auto report = trainBlock(made.problem(), parameters, made.options, kNobody, progress);
        QCOMPARE(report.warnings.size(), std::size_t(1));
        QVERIFY2(QString::fromStdString(report.warnings[0]).contains("inf"), report.warnings[0].c_str());
        QVERIFY(equal(copies(parameters), before));
    }

    void bfloat16TrainsAsFarAsFloat32()
    {
        const Problem made;
        auto narrow = made.problem();
        narrow.precision = Precision::BFloat16;
        auto parameters = made.start();
        auto wide = made.start();
        Progress progress;
        std::vector<double> losses, wideLosses;
        const auto report = trainBlock(
            narrow, parameters, made.options, [&](const LossPoint& point) { losses.push_back(point.loss); }, progress);
        const auto expected = trainBlock(
            made.problem(), wide, made.options, [&](const LossPoint& point) { wideLosses.push_back(point.loss); },
            progress);
        QVERIFY(report.warnings.empty());
        QVERIFY(losses[0] != wideLosses[0]);                       // it is another arithmetic
        QVERIFY(std::abs(losses[0] / wideLosses[0] - 1.0) < 0.05); // of the same thing
        QCOMPARE(report.errorStart, expected.errorStart);          // errors are measured in float32
        QVERIFY(std::abs(report.errorEnd / expected.errorEnd - 1.0) < 0.1);
    }

    /** Queries of 3.4e38 are finite in float32 (below 3.4028e38) and infinite in bfloat16 (above 3.3962e38, half a step past its largest); keys of 1e-38 make
        scores of about 1 of them. Only the MLP is trained. */
    void whatOverflowsInBfloat16IsRepeatedInFloat32()
    {
        Problem made;
        const auto& info = made.files->info();
        made.weights.q = at::zeros_like(made.weights.q);
        made.weights.k = at::zeros_like(made.weights.k);
        made.weights.qBias = at::zeros({info.heads * info.headDim});
        made.weights.qBias[0] = 3.4e38f;
        made.weights.kBias = at::full({info.kvHeads * info.headDim}, 1e-38f);
        {
            const at::NoGradGuard noGrad;
            made.targets = forwardBlock({.info = info, .rope = made.rope}, made.weights, made.inputs);
        }
        QVERIFY(at::isfinite(made.targets).all().item<bool>());
        auto plan = uniformPlan(TransformKind::Affine, 5, {});
        plan.modules[2].kind = TransformKind::Identity;
        plan.modules[2].scheme = QuantScheme{16, 16, 16, 16};
        const BlockProblem problem{info, made.rope,   made.weights, plan.schemeOf(1),
                                   1,    made.inputs, made.targets, Precision::BFloat16};
        auto parameters = makeBlockParameters(info, plan, 1, made.options);
        Progress progress;
        const auto report = trainBlock(problem, parameters, made.options, kNobody, progress);
        QCOMPARE(report.warnings.size(), std::size_t(1));
        QVERIFY2(QString::fromStdString(report.warnings[0]).contains("in fp32 instead of bf16"),
                 report.warnings[0].c_str());
        QVERIFY(report.errorEnd < report.errorStart);
        auto float32 = makeBlockParameters(info, plan, 1, made.options);
        auto wide = problem;
        wide.precision = Precision::Float32;
        trainBlock(wide, float32, made.options, kNobody, progress);
        QVERIFY(equal(copies(parameters), copies(float32))); // from the start, in float32
    }

    void threeBitsAreTrainedInFloat32()
    {
        auto plan = uniformPlan(TransformKind::Affine, 2, {});
        QVERIFY(trainingPrecision(plan, Precision::BFloat16) == Precision::BFloat16);
        QVERIFY(trainingPrecision(plan, Precision::Float32) == Precision::Float32);
        plan.modules[3].scheme = QuantScheme{4, 3, 4, 4};
        QVERIFY(trainingPrecision(plan, Precision::BFloat16) == Precision::Float32);
    }

    void aStoppedRunLeavesNoGradients()
    {
        class Stop : public Progress
        {
            int left = 8;
            void checkpoint() override
            {
                if (--left == 0)
                    throw Cancelled();
            }
        } stop;
        const Problem made;
        auto parameters = made.start();
        QVERIFY_EXCEPTION_THROWN(trainBlock(made.problem(), parameters, made.options, kNobody, stop), Cancelled);
        QVERIFY(allFinite(parameters));
    }
};

QTEST_GUILESS_MAIN(TestDivergingTraining)
#include "tst_diverging_training.moc"
