// SPDX-License-Identifier: Apache-2.0
#include "core/chat/sampler.h"
#include "tests/support/refuses.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <map>

using namespace core;

namespace {

std::vector<float> logitsOf(std::initializer_list<double> probabilities)
{
    std::vector<float> logits;
    for (const double p : probabilities)
        logits.push_back(static_cast<float>(std::log(p)));
    return logits;
}

std::map<int, int> drawMany(const GenerationOptions& options, const std::vector<float>& logits, int times)
{
    Sampler sampler(options);
    std::map<int, int> counts;
    for (int i = 0; i < times; ++i)
        ++counts[sampler.choose(logits).id];
    return counts;
}

/** |count - n p| within 5 standard deviations of a binomial: one seed in two million would miss it. */
bool plausible(int count, int n, double p)
{
    return std::abs(count - n * p) <= 5.0 * std::sqrt(n * p * (1.0 - p));
}

} // namespace

class SamplerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void temperatureZeroTakesTheFirstOfTheBest()
    {
        Sampler sampler({.temperature = 0.0});
        const std::vector<float> logits{0.0f, 2.0f, 2.0f, 1.0f};
        QCOMPARE(sampler.choose(logits).id, 1);
    }

    void theLogProbabilityIsTheModels()
    {
        Sampler greedy({.temperature = 0.0});
        QVERIFY(std::abs(greedy.choose(logitsOf({0.2, 0.5, 0.3})).logProbability - std::log(0.5)) < 1e-6);
        Sampler sharp({.temperature = 0.01, .topK = 1});
        QVERIFY(std::abs(sharp.choose(logitsOf({0.2, 0.5, 0.3})).logProbability - std::log(0.5)) < 1e-6);
    }

    void drawsFollowTheProbabilities()
    {
        const auto counts = drawMany({.temperature = 1.0, .seed = 7}, logitsOf({0.6, 0.3, 0.1}), 20000);
        QVERIFY(plausible(counts.at(0), 20000, 0.6));
        QVERIFY(plausible(counts.at(1), 20000, 0.3));
        QVERIFY(plausible(counts.at(2), 20000, 0.1));
    }

    void temperatureRaisesProbabilitiesToItsInverse()
    {
        // At 0.5 the weights are squares: 0.36 : 0.09 : 0.01.
        const auto counts = drawMany({.temperature = 0.5, .seed = 8}, logitsOf({0.6, 0.3, 0.1}), 20000);
        QVERIFY(plausible(counts.at(0), 20000, 0.36 / 0.46));
        QVERIFY(plausible(counts.at(1), 20000, 0.09 / 0.46));
    }

    void topKKeepsTheBestAndTheirProportions()
    {
        const auto counts = drawMany({.temperature = 1.0, .topK = 2, .seed = 9}, logitsOf({0.1, 0.6, 0.3}), 20000);
        QVERIFY(!counts.contains(0));
        QVERIFY(plausible(counts.at(1), 20000, 2.0 / 3.0));
    }

    void topPKeepsTheFewestThatReachIt()
    {
        const auto logits = logitsOf({0.05, 0.5, 0.15, 0.3});
        QCOMPARE(drawMany({.temperature = 1.0, .topP = 0.4}, logits, 500).size(), 1u);
        const auto two = drawMany({.temperature = 1.0, .topP = 0.75}, logits, 2000);
        QVERIFY(two.contains(1) && two.contains(3) && two.size() == 2);
        QCOMPARE(drawMany({.temperature = 1.0, .topP = 0.9}, logits, 2000).size(), 3u);
        QCOMPARE(drawMany({.temperature = 1.0, .topP = 0.999}, logits, 2000).size(), 4u);
    }

    void topPIsTakenOfWhatTopKLeft()
    {
        // Of 0.4 : 0.3 : 0.2 : 0.1 top-k 2 leaves 4/7 and 3/7; top-p 0.5 then leaves the first alone.
        const auto logits = logitsOf({0.4, 0.3, 0.2, 0.1});
        QCOMPARE(drawMany({.temperature = 1.0, .topK = 2, .topP = 0.5}, logits, 500).size(), 1u);
    }

    void theSameSeedDrawsTheSame()
    {
        const auto logits = logitsOf({0.25, 0.25, 0.25, 0.25});
        std::vector<int> first, again, other;
        Sampler a({.temperature = 1.0, .seed = 3}), b({.temperature = 1.0, .seed = 3}),
            c({.temperature = 1.0, .seed = 4});
        for (int i = 0; i < 50; ++i) {
            first.push_back(a.choose(logits).id);
            again.push_back(b.choose(logits).id);
            other.push_back(c.choose(logits).id);
        }
        QCOMPARE(first, again);
        QVERIFY(first != other);
    }

    void impossibleTokensAreNeverDrawn()
    {
        const float never = -std::numeric_limits<float>::infinity();
        const auto counts = drawMany({.temperature = 5.0}, {never, 1.0f, never, 0.0f}, 1000);
        QCOMPARE(counts.size(), 2u);
        QVERIFY(counts.contains(1) && counts.contains(3));
    }

    void brokenLogitsAreANumericError()
    {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const float infinity = std::numeric_limits<float>::infinity();
        Sampler sampler({.temperature = 1.0});
        PLANISH_REFUSES(sampler.choose(std::vector<float>{0.0f, nan}), ErrorKind::Numeric, {"token 1", "NaN"});
        PLANISH_REFUSES(sampler.choose(std::vector<float>{infinity, 0.0f}), ErrorKind::Numeric,
                        {"token 0", "infinite"});
        PLANISH_REFUSES(sampler.choose(std::vector<float>{-infinity, -infinity}), ErrorKind::Numeric, {"none of"});
    }

    void optionsThatMakeNoSenseAreRefused()
    {
        const auto kind = ErrorKind::InvalidArgument;
        PLANISH_REFUSES(Sampler({.temperature = -1.0}), kind, {"temperature"});
        PLANISH_REFUSES(Sampler({.temperature = std::numeric_limits<double>::quiet_NaN()}), kind, {"temperature"});
        PLANISH_REFUSES(Sampler({.topK = -1}), kind, {"top-k"});
        PLANISH_REFUSES(Sampler({.topP = 0.0}), kind, {"top-p"});
        PLANISH_REFUSES(Sampler({.topP = 1.5}), kind, {"top-p"});
    }
};

QTEST_GUILESS_MAIN(SamplerTest)
#include "tst_sampler.moc"
