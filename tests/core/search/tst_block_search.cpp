// SPDX-License-Identifier: Apache-2.0
// Planted blocks, where it is known which candidate is better.
#include "core/search/block_search.h"
#include "core/search/decisions.h"
#include "tests/support/tensor_checks.h"

#include <QtTest>

#include <cmath>

using namespace core;
using support::normal;

Q_DECLARE_METATYPE(core::SearchMode)

namespace {

ModelInfo smallModel()
{
    ModelInfo info;
    info.blocks = 1;
    info.hidden = 32;
    info.intermediate = 32;
    info.heads = 4;
    info.kvHeads = 2;
    info.headDim = 8;
    info.context = 64;
    return info;
}

/** Values of a symmetric 4-bit grid with 7 in every row: rounding them changes nothing. */
at::Tensor onTheGrid(std::int64_t rows, std::int64_t columns, std::uint64_t seed)
{
    auto grid = (3.0 * normal({rows, columns}, seed)).round().clamp(-7, 7);
    grid.select(1, 0).fill_(7.0);
    return (grid / 7.0 / std::sqrt(double(columns))).to(at::kFloat);
}

BlockWeights gaussianWeights(const ModelInfo& info)
{
    const auto matrix = [](std::int64_t rows, std::int64_t columns, std::uint64_t seed) {
        return (normal({rows, columns}, seed) / std::sqrt(double(columns))).to(at::kFloat);
    };
    BlockWeights weights;
    weights.inputNorm = at::ones({info.hidden});
    weights.postNorm = at::ones({info.hidden});
    weights.q = matrix(info.heads * info.headDim, info.hidden, 1);
    weights.k = matrix(info.kvHeads * info.headDim, info.hidden, 2);
    weights.v = matrix(info.kvHeads * info.headDim, info.hidden, 3);
    weights.o = matrix(info.hidden, info.heads * info.headDim, 4);
    weights.gate = matrix(info.intermediate, info.hidden, 5);
    weights.up = matrix(info.intermediate, info.hidden, 6);
    weights.down = matrix(info.hidden, info.intermediate, 7);
    return weights;
}

/** Attention whose input channels are an outlier each second row, where a Hadamard matrix helps; an MLP on the quantizer's grid, which
    any rotation spoils. Weights alone are quantized, nothing is clipped: what is better is known, not trained. */
BlockWeights plantedWeights(const ModelInfo& info)
{
    auto weights = gaussianWeights(info);
    for (auto* matrix : {&weights.q, &weights.k, &weights.v, &weights.o})
        matrix->select(1, 5).mul_(12.0);
    weights.gate = onTheGrid(info.intermediate, info.hidden, 15);
    weights.up = onTheGrid(info.intermediate, info.hidden, 16);
    weights.down = onTheGrid(info.hidden, info.intermediate, 17);
    return weights;
}

const QuantScheme kWeightsOnly{.weightBits = 4, .activationBits = 16, .keyBits = 16, .valueBits = 16};

/** A block with everything a search needs; windows [count, 16, hidden]. */
struct Planted
{
    Planted(BlockWeights made, std::int64_t windows, const SearchOptions& searchOptions)
        : weights(std::move(made))
        , options(searchOptions)
    {
        inputs = normal({windows, 16, info.hidden}, 99, at::kFloat);
        const at::NoGradGuard noGrad;
        targets = forwardBlock({.info = info, .rope = rope}, weights, inputs);
        for (const auto module : {ModuleKind::Attention, ModuleKind::Mlp})
            for (const auto& candidate : withStarts(options.candidates, options.starts))
                candidates.of(module).push_back(makeModuleParameters(info, kWeightsOnly, KroneckerRule::Balanced,
                                                                     {0, module}, candidate, options.training));
    }

    BlockProblem part(std::int64_t begin, std::int64_t count) const
    {
        return {info, rope, weights, kWeightsOnly, 0, inputs.narrow(0, begin, count), targets.narrow(0, begin, count)};
    }

    BlockSearch search(std::int64_t training, const SearchObserver& observer = {})
    {
        Progress progress;
        return searchBlock(part(0, training), part(training, inputs.size(0) - training), candidates, options, nullptr,
                           observer, progress);
    }

    ModelInfo info = smallModel();
    Rope rope{info, at::kCPU};
    BlockWeights weights;
    SearchOptions options;
    at::Tensor inputs, targets;
    CandidateBlock candidates;
};

SearchOptions optionsOf(SearchMode mode, std::vector<Candidate> candidates, int epochs)
{
    SearchOptions options;
    options.mode = mode;
    options.candidates = std::move(candidates);
    options.training.epochs = epochs;
    options.training.batch = 2;
    options.training.clipping = Clipping::None;
    return options;
}

const GatePoint& lastGate(const BlockSearch& search, ModuleKind module)
{
    const auto found = std::find_if(search.gates.rbegin(), search.gates.rend(),
                                    [&](const GatePoint& point) { return point.module.kind == module; });
    return *found;
}

} // namespace

class TestBlockSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void betterCandidateOfEachModuleIsFound_data()
    {
        QTest::addColumn<SearchMode>("mode");
        for (const auto mode : {SearchMode::Expected, SearchMode::Decoupled, SearchMode::GumbelSt})
            QTest::newRow(wordFor(kSearchModes, mode).data()) << mode;
    }
    void betterCandidateOfEachModuleIsFound()
    {
        QFETCH(SearchMode, mode);
        const std::vector<Candidate> candidates{{TransformKind::Identity}, {TransformKind::Hadamard}};
        Planted planted(plantedWeights(smallModel()), 24, optionsOf(mode, candidates, 5));
        const auto search = planted.search(18);
        const double attention = lastGate(search, ModuleKind::Attention).probabilities[1];
        const double mlp = lastGate(search, ModuleKind::Mlp).probabilities[1];
        QVERIFY2(attention > 0.95, qPrintable(QString::number(attention)));
        QVERIFY2(mlp < 0.05, qPrintable(QString::number(mlp)));
        const auto decisions = decide({search}, candidates, planted.options);
        QVERIFY(decisions[0].chosen == 1 && decisions[1].chosen == 0);
        QVERIFY(!decisions[0].disagree && !decisions[1].disagree);
    }

    /** The literal mixture of outputs stops where the errors e of the branches cancel best:
        p = (|e0|^2 - e0 e1) / (|e0|^2 + |e1|^2 - 2 e0 e1), inside (0, 1); the expected loss goes to a corner of the same problem. */
    void softMixStopsBetweenTheCandidates()
    {
        const std::vector<Candidate> candidates{{TransformKind::Identity}, {TransformKind::Hadamard}};
        auto options = optionsOf(SearchMode::SoftMix, candidates, 40);
        options.temperatureEnd = 1.0; // at low temperatures steps of 0.1 are too long to come to rest
        options.entropy = 0.0;
        auto weights = gaussianWeights(smallModel());
        weights.down.zero_();             // the MLP adds nothing, whatever its gate
        weights.v.select(1, 5).mul_(2.5); // so that the branches are not of equal quality
        Planted planted(weights, 10, options);
        const auto search = planted.search(8);
        const auto heldOut = planted.part(8, 2);
        const auto error = [&](std::size_t k) {
            const at::NoGradGuard noGrad;
            const CandidateHalf half(heldOut, ModuleKind::Attention, planted.candidates.attention[k]);
            return (half.forward(heldOut.inputs) - heldOut.targets).to(at::kDouble).flatten();
        };
        const auto dot = [](const at::Tensor& a, const at::Tensor& b) { return at::dot(a, b).item<double>(); };
        const auto e0 = error(0);
        const auto e1 = error(1);
        const double optimum = (dot(e0, e0) - dot(e0, e1)) / (dot(e0, e0) + dot(e1, e1) - 2.0 * dot(e0, e1));
        QVERIFY2(optimum > 0.2 && optimum < 0.8, qPrintable(QString::number(optimum)));
        const double found = lastGate(search, ModuleKind::Attention).probabilities[1];
        QVERIFY2(std::abs(found - optimum) < 0.02, qPrintable(QString("%1 instead of %2").arg(found).arg(optimum)));

        auto discrete = optionsOf(SearchMode::Expected, candidates, 40);
        Planted again(weights, 10, discrete);
        const double corner = lastGate(again.search(8), ModuleKind::Attention).probabilities[1];
        QVERIFY2(std::abs(corner - 0.5) > 0.45, qPrintable(QString::number(corner)));
        QCOMPARE(corner > 0.5, dot(e1, e1) < dot(e0, e0));
    }

    /** Frozen in the first epoch, then one step after every second of the transforms; the temperature falls from 1 to 0.1. */
    void gatesMoveOnTheirSchedule()
    {
        const std::vector<Candidate> candidates{{TransformKind::Identity}, {TransformKind::Hadamard}};
        Planted planted(plantedWeights(smallModel()), 12, optionsOf(SearchMode::Expected, candidates, 3));
        std::vector<int> stepsBefore;
        int steps = 0;
        const SearchObserver observer{.onGate = [&](const GatePoint&) { stepsBefore.push_back(steps); },
                                      .onLoss = [&](const LossPoint&) { ++steps; }};
        const auto search = planted.search(8, observer); // 4 batches an epoch
        QCOMPARE(steps, 12);
        QCOMPARE(stepsBefore, (std::vector<int>{6, 6, 8, 8, 10, 10, 12, 12})); // both modules at once
        QCOMPARE(search.gates.size(), std::size_t(8));
        QCOMPARE(search.gates.front().temperature, 1.0);
        PLANISH_AT_MOST(std::abs(search.gates.back().temperature - 0.1), 1e-12);
        QCOMPARE(search.gates.back().step, 3);
        QCOMPARE(search.gates.back().steps, 4);
    }

    /** Held-out losses without relaxation are those of the block as calibration measures it. */
    void pairsAreMeasuredAsBlocks()
    {
        const std::vector<Candidate> candidates{
            {TransformKind::Affine}, {TransformKind::Rotation}, {TransformKind::Hadamard}};
        Planted planted(gaussianWeights(smallModel()), 11, optionsOf(SearchMode::Expected, candidates, 1));
        planted.options.training.batch = 3;
        const auto search = planted.search(6);
        Progress progress;
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = 0; j < 3; ++j) {
                QCOMPARE(search.heldOut[i][j].size(), std::size_t(5));
                double sum = 0.0;
                for (const double window : search.heldOut[i][j])
                    sum += window;
                const auto both = joined(planted.candidates.attention[i], planted.candidates.mlp[j]);
                const double expected = blockError(planted.part(6, 5), both, 2, progress);
                PLANISH_AT_MOST(std::abs(sum / 5.0 - expected) / expected, 1e-5); // float32 sums in another order
            }
    }

    /** One candidate in each module is plain calibration: the same steps on the same windows. */
    void aSearchWithoutChoiceIsCalibration()
    {
        auto options = optionsOf(SearchMode::Expected, {{TransformKind::Affine}}, 4);
        Planted planted(gaussianWeights(smallModel()), 8, options);
        Planted plain(gaussianWeights(smallModel()), 8, options);
        planted.search(6);
        auto parameters = joined(plain.candidates.attention[0], plain.candidates.mlp[0]);
        Progress progress;
        const auto report = trainBlock(
            plain.part(0, 6), parameters, options.training, [](const LossPoint&) {}, progress);
        QVERIFY(report.errorEnd < report.errorStart);
        const double searched = blockError(
            planted.part(0, 6), joined(planted.candidates.attention[0], planted.candidates.mlp[0]), 2, progress);
        // Float32 sums in another order, amplified over 12 steps.
        PLANISH_AT_MOST(std::abs(searched / report.errorEnd - 1.0), 1e-2);
    }

    /** Every trained candidate ends better than it starts, also one that the gates have given up. */
    void everyCandidateIsTrained_data()
    {
        QTest::addColumn<SearchMode>("mode");
        for (const auto mode : {SearchMode::Expected, SearchMode::Decoupled, SearchMode::Oracle})
            QTest::newRow(wordFor(kSearchModes, mode).data()) << mode;
    }
    void everyCandidateIsTrained()
    {
        QFETCH(SearchMode, mode);
        const std::vector<Candidate> candidates{{TransformKind::Affine},
                                                {TransformKind::Rotation, RotationForm::HadamardTwoFactor}};
        auto options = optionsOf(mode, candidates, 6);
        options.training.learningRate = 2e-2;
        Planted planted(plantedWeights(smallModel()), 12, options);
        Progress progress;
        const auto training = planted.part(0, 8);
        const auto errorOf = [&](std::size_t k) {
            return blockError(training, joined(planted.candidates.attention[k], planted.candidates.mlp[k]), 2,
                              progress);
        };
        const double before[] = {errorOf(0), errorOf(1)};
        if (mode == SearchMode::Oracle)
            trainEveryCandidate(training, planted.part(8, 4), planted.candidates, options, nullptr, {}, progress);
        else
            planted.search(8);
        for (const std::size_t k : {0, 1})
            QVERIFY2(errorOf(k) < before[k], qPrintable(QString("%1 -> %2").arg(before[k]).arg(errorOf(k))));
    }

    void drawsRepeatBySeed()
    {
        const std::vector<Candidate> candidates{{TransformKind::Affine}, {TransformKind::Rotation}};
        const auto run = [&](std::uint64_t seed) {
            auto options = optionsOf(SearchMode::GumbelSt, candidates, 3);
            options.training.seed = seed;
            Planted planted(gaussianWeights(smallModel()), 10, options);
            const auto search = planted.search(8);
            std::vector<double> all;
            for (const auto& point : search.gates)
                all.insert(all.end(), point.probabilities.begin(), point.probabilities.end());
            all.push_back(search.heldOut[0][0][0]);
            return all;
        };
        QVERIFY(run(3) == run(3));
        QVERIFY(run(3) != run(4));
    }
};

QTEST_GUILESS_MAIN(TestBlockSearch)
#include "tst_block_search.moc"
