// SPDX-License-Identifier: Apache-2.0
#include "core/eval/divergence.h"
#include "tests/support/loaded_model.h"
#include "tests/support/markov_model.h"
#include "tests/support/refuses.h"
#include "tests/support/shared_data.h"

#include <QtTest>

#include <cmath>
#include <numbers>

using namespace core;

namespace {

constexpr double kLn2 = std::numbers::ln2;

bool near(double a, double b, double tolerance = 1e-6)
{
    return std::abs(a - b) < tolerance;
}

} // namespace

class DivergenceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void distributionsKnownByHandGiveTheirDivergence()
    {
        // After 0: p = (1/2, 1/4, 1/4), q = (1/4, 1/4, 1/2): KL(p || q) = 1/2 ln 2 - 1/4 ln 2 = 1/4 ln 2, tops differ.
        // After 1: the same distribution: KL 0, tops agree. After 2 nothing is scored.
        const auto reference = support::markovModel({{0.5, 0.25, 0.25}, {0.2, 0.7, 0.1}, {0.3, 0.3, 0.4}});
        const auto model = support::markovModel({{0.25, 0.25, 0.5}, {0.2, 0.7, 0.1}, {0.3, 0.3, 0.4}});
        const std::vector<int> ids{0, 1, 0, 0, 0, 2}; // windows 0 1 | 0 0 | 0 2: after 0 each time
        Progress progress;
        const auto same = measureDivergence(*model, *reference, ids, {.seqlen = 2}, {}, progress);
        QCOMPARE(same.divergence.tokens, 3);
        QVERIFY(near(same.divergence.klMean, 0.25 * kLn2));
        QVERIFY(near(same.divergence.klStderr, 0.0));
        QCOMPARE(same.divergence.top1Agreement, 0.0);
        // Losses of the model ln 4, ln 4, ln 2; of the reference ln 4, ln 2, ln 4: the difference is 0, +ln 2, -ln 2 with mean
        // 0 and standard error sqrt((ln2^2 + ln2^2) / 2 / 3) = ln 2 / sqrt(3).
        QVERIFY(near(same.divergence.lnPerplexityDifference, 0.0));
        QVERIFY(near(same.divergence.lnPerplexityDifferenceStderr, kLn2 / std::sqrt(3.0)));
        QVERIFY(near(same.perplexity.value, std::exp(5.0 / 3.0 * kLn2), 1e-5));
        QVERIFY(near(same.referencePerplexity.value, same.perplexity.value, 1e-5));
        // p of the text's tokens: 1/4, 1/4, 1/2 against 1/4, 1/2, 1/4: differences 0, -1/4, 1/4.
        QVERIFY(near(same.divergence.probabilityDifferenceMean, 0.0));
        QVERIFY(near(same.divergence.probabilityDifferenceRms, std::sqrt(2.0 / 16.0 / 3.0)));
        // Their squares 0, 1/16, 1/16: sd of the mean = 1/16 * sqrt(2/3 / (3 * 2)) = 1/48, of the root 1/48 / (2 rms).
        QVERIFY(near(same.divergence.probabilityDifferenceRmsStderr,
                     1.0 / 48.0 / (2.0 * same.divergence.probabilityDifferenceRms)));
        QVERIFY(near(same.divergence.probabilityDifferencePercentiles.back().second, 0.25));
        QCOMPARE(same.divergence.top5Agreement, 1.0); // three tokens are all among the first five
    }

    void theFirstFiveChoicesAreComparedAsSets()
    {
        // The reference prefers 0 1 2 3 4, the model 7 1 2 6 5: two of five are shared, everywhere.
        const std::vector<double> p{0.3, 0.2, 0.15, 0.12, 0.1, 0.06, 0.04, 0.03};
        const std::vector<double> q{0.03, 0.2, 0.15, 0.06, 0.04, 0.1, 0.12, 0.3};
        const auto reference = support::markovModel(std::vector(8, p));
        const auto model = support::markovModel(std::vector(8, q));
        Progress progress;
        const std::vector<int> ids{0, 1, 2, 3};
        std::vector<TokenRecord> records;
        const auto result = measureDivergence(
                                *model, *reference, ids, {.seqlen = 4},
                                [&](const TokenRecord& record) { records.push_back(record); }, progress)
                                .divergence;
        QVERIFY(near(result.top5Agreement, 0.4));
        QVERIFY(near(result.top5Stderr, 0.0));
        QCOMPARE(result.top1Agreement, 0.0);
        QCOMPARE(records.size(), std::size_t(3));
        QCOMPARE(records[1].id, 2);
        QCOMPARE(records[1].position, std::int64_t(2));
        QCOMPARE(records[1].top, 7);
        QCOMPARE(records[1].referenceTop, 0);
        QVERIFY(near(records[1].loss, -std::log(0.15)));
        double divergence = 0.0; // by the definition
        for (std::size_t i = 0; i < p.size(); ++i)
            divergence += p[i] * std::log(p[i] / q[i]);
        QVERIFY(near(records[1].divergence, divergence));
        QVERIFY(near(result.klMean, divergence));
    }

    void agreementAndPercentilesCoverAllScoredTokens()
    {
        const auto reference = support::markovModel({{0.5, 0.25, 0.25}, {0.2, 0.7, 0.1}, {0.3, 0.3, 0.4}});
        const auto model = support::markovModel({{0.25, 0.25, 0.5}, {0.2, 0.7, 0.1}, {0.3, 0.3, 0.4}});
        const std::vector<int> ids{0, 1, 1, 1, 1}; // one window: after 0 once, after 1 three times
        Progress progress;
        const auto result = measureDivergence(*model, *reference, ids, {.seqlen = 5}, {}, progress).divergence;
        QCOMPARE(result.tokens, 4);
        QVERIFY(near(result.klMean, 0.25 * kLn2 / 4.0));
        QCOMPARE(result.top1Agreement, 0.75);
        QVERIFY(near(result.top1Stderr, 0.25)); // sqrt(p (1 - p) / (n - 1)) = sqrt(3/16/3)
        for (const auto& [percent, value] : result.klPercentiles) {
            if (percent == 100.0)
                QVERIFY(near(value, 0.25 * kLn2));
            if (percent == 50.0)
                QVERIFY(near(value, 0.0));
            // numpy.percentile([0, 0, 0, a], 90) = 0.7 a: position 0.9 * 3 = 2.7 between the third and the fourth.
            if (percent == 90.0)
                QVERIFY(near(value, 0.7 * 0.25 * kLn2));
        }
    }

    void anImpossibleTokenOfTheReferenceCountsNothing()
    {
        const auto reference = support::markovModel({{0.0, 1.0}, {0.0, 1.0}});
        const auto model = support::markovModel({{0.0, 1.0}, {0.5, 0.5}});
        Progress progress;
        const std::vector<int> ids{0, 1, 1}; // KL 0, then ln 2
        const auto result = measureDivergence(*model, *reference, ids, {.seqlen = 3}, {}, progress).divergence;
        QVERIFY2(near(result.klMean, 0.5 * kLn2), qPrintable(QString::number(result.klMean, 'g', 17)));
    }

    void aModelDoesNotDivergeFromItselfAndKeepsItsPerplexity()
    {
        const auto folder = support::sharedFolder() / "data/models/stories260k/hf";
        PLANISH_NEEDS(folder);
        const auto loaded = support::loadModel(folder);
        std::vector<int> ids;
        for (int i = 0; i < 1000; ++i)
            ids.push_back(3 + (i * i) % 500);
        for (const auto convention : {PerplexityConvention::Gptq, PerplexityConvention::LlamaCpp}) {
            const PerplexityOptions options{.seqlen = 128, .convention = convention};
            Progress progress;
            const auto paired = measureDivergence(*loaded.model, *loaded.model, ids, options, {}, progress);
            const auto alone = measurePerplexity(*loaded.model, ids, options, progress);
            QCOMPARE(paired.divergence.klMean, 0.0);
            QCOMPARE(paired.divergence.top1Agreement, 1.0);
            QCOMPARE(paired.divergence.tokens, alone.tokens);
            QVERIFY(near(paired.perplexity.value, alone.value, 1e-6 * alone.value));
            QVERIFY(near(paired.perplexity.stderror, alone.stderror, 1e-6 * alone.stderror));
            QCOMPARE(paired.referencePerplexity.value, paired.perplexity.value);
        }
    }

    void vocabulariesOfDifferentSizesAreRefused()
    {
        const auto two = support::markovModel({{0.5, 0.5}, {0.5, 0.5}});
        const auto three = support::markovModel({{0.5, 0.25, 0.25}, {0.2, 0.7, 0.1}, {0.3, 0.3, 0.4}});
        Progress progress;
        const std::vector<int> ids{0, 1, 0, 1};
        PLANISH_REFUSES(measureDivergence(*two, *three, ids, {.seqlen = 2}, {}, progress), ErrorKind::InvalidArgument,
                        {"vocabulary of 2", "3"});
    }

    void percentilesInterpolateAsNumpyDoes()
    {
        const std::vector<float> values{1.0f, 2.0f, 4.0f, 8.0f}; // numpy.percentile of these
        QCOMPARE(percentile(values, 0.0), 1.0);
        QCOMPARE(percentile(values, 25.0), 1.75);
        QCOMPARE(percentile(values, 50.0), 3.0);
        QCOMPARE(percentile(values, 100.0), 8.0);
        QCOMPARE(percentile(std::vector<float>{5.0f}, 99.9), 5.0);
    }
};

QTEST_GUILESS_MAIN(DivergenceTest)
#include "tst_divergence.moc"
