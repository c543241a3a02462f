// SPDX-License-Identifier: Apache-2.0
#include "core/stats/rank_correlation.h"

#include <QTest>

#include <cmath>

using namespace core;

class TestRankCorrelation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalValuesShareTheirRanks();
    void rhoAndExactProbabilityAreThoseOfScipy_data();
    void rhoAndExactProbabilityAreThoseOfScipy();
    void drawnProbabilityComesNearToScipys();
    void valuesAreExchangedWithinTheirStratumOnly();
    void nothingToRankIsNotANumber();
};

using Values = std::vector<double>;
Q_DECLARE_METATYPE(Values)

void TestRankCorrelation::equalValuesShareTheirRanks()
{
    // scipy.stats.rankdata([1, 2, 2, 3, 5, 5, 5, 8])
    const Values values{1, 2, 2, 3, 5, 5, 5, 8};
    QCOMPARE(ranksOf(values), (Values{1, 2.5, 2.5, 4, 6, 6, 6, 8}));
}

void TestRankCorrelation::rhoAndExactProbabilityAreThoseOfScipy_data()
{
    // scipy 1.17.1: stats.spearmanr(a, b).statistic and stats.permutation_test((a,), lambda x: abs(stats.spearmanr(x,
    // b).statistic), permutation_type='pairings', n_resamples=np.inf, alternative='greater').pvalue
    QTest::addColumn<Values>("a");
    QTest::addColumn<Values>("b");
    QTest::addColumn<double>("rho");
    QTest::addColumn<double>("p");
    QTest::newRow("five") << Values{1.5, -0.2, 3.1, 0.4, 2.2} << Values{0.1, -0.3, 0.9, 0.2, 0.05} << 0.6 << 0.35;
    QTest::newRow("ties") << Values{1, 2, 2, 3, 5, 5, 8} << Values{7, 1, 4, 4, 4, 2, 9} << 0.16984155512168939
                          << 0.7428571428571429;
    QTest::newRow("eight, falling") << Values{3, 1, 4, 1.5, 9, 2.6, 5.3, 5.8} << Values{-2, 7, 1, 8, -3, 8.1, 4, 5}
                                    << -0.6666666666666669 << 0.08308531746031746;
}

void TestRankCorrelation::rhoAndExactProbabilityAreThoseOfScipy()
{
    QFETCH(Values, a);
    QFETCH(Values, b);
    QFETCH(double, rho);
    QFETCH(double, p);
    const auto result = spearman(a, b, std::vector<int>(a.size(), 0), 0);
    QVERIFY(std::abs(result.rho - rho) < 1e-12);
    QVERIFY2(std::abs(result.pValue - p) < 1e-12, qPrintable(QString::number(result.pValue)));
    QVERIFY(result.exact);
}

void TestRankCorrelation::drawnProbabilityComesNearToScipys()
{
    const Values a{0.3, 1.2, -0.7, 2.5, 0.9, -1.4, 3.3, 0.1, 1.9, -0.2, 2.2, -2.1};
    const Values b{1.0, 0.8, -0.2, 1.9, 1.4, 0.1, 1.2, -0.5, 2.4, 0.3, 0.6, -1.1};
    const std::vector<int> strata(12, 0);
    const auto result = spearman(a, b, strata, 3);
    QVERIFY(std::abs(result.rho - 0.7832167832167832) < 1e-12); // scipy's spearmanr
    // scipy's permutation test with 40000 draws says 0.0041; two samples of p = 0.004 with 20000 and 40000 draws differ by
    // sqrt(0.004 / 20000 + 0.004 / 40000) = 0.00055, and five times that is allowed.
    QVERIFY2(std::abs(result.pValue - 0.0041) < 0.0028, qPrintable(QString::number(result.pValue)));
    QVERIFY(!result.exact);
    QCOMPARE(spearman(a, b, strata, 3).pValue, result.pValue);
}

void TestRankCorrelation::valuesAreExchangedWithinTheirStratumOnly()
{
    // All of rho comes from the difference between the two strata: within each, no order of b is rarer than another. Two values a
    // stratum: 4 pairings, all with the same sum of products of centred ranks (a is constant within a stratum), so p = 1.
    const Values a{1, 1, 5, 5};
    const Values b{1, 2, 8, 9};
    QVERIFY(spearman(a, b, std::vector<int>{0, 0, 1, 1}, 0).pValue == 1.0);
    QVERIFY(spearman(a, b, std::vector<int>{0, 0, 0, 0}, 0).pValue < 0.5); // 8 of 24 pairings
}

void TestRankCorrelation::nothingToRankIsNotANumber()
{
    for (const auto& [a, b] : {std::pair{Values{}, Values{}}, std::pair{Values{1, 2}, Values{2, 1}},
                               std::pair{Values{3, 3, 3}, Values{1, 2, 3}}}) {
        const auto result = spearman(a, b, std::vector<int>(a.size(), 0), 0);
        QVERIFY(std::isnan(result.rho));
        QCOMPARE(result.pValue, 1.0);
    }
}

QTEST_GUILESS_MAIN(TestRankCorrelation)
#include "tst_rank_correlation.moc"
