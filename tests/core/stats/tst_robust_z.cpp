// SPDX-License-Identifier: Apache-2.0
#include "core/stats/robust_z.h"

#include <QTest>

#include <cmath>
#include <limits>

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

QString compare(const std::vector<double>& ours, const std::vector<double>& expected)
{
    if (ours.size() != expected.size())
        return QStringLiteral("%1 values, %2 expected").arg(ours.size()).arg(expected.size());
    for (std::size_t i = 0; i < ours.size(); ++i)
        if (!(std::isnan(ours[i]) && std::isnan(expected[i])) && !(std::abs(ours[i] - expected[i]) < 1e-12))
            return QStringLiteral("value %1 is %2, expected %3")
                .arg(i)
                .arg(ours[i], 0, 'g', 17)
                .arg(expected[i], 0, 'g', 17);
    return {};
}

} // namespace

class TestRobustZ : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsValuesComputedByHand_data();
    void equalsValuesComputedByHand();
    void shiftAndScaleChangeNothing();
    void medianOfEvenCountIsBetweenTheMiddleTwo();
};

void TestRobustZ::equalsValuesComputedByHand_data()
{
    QTest::addColumn<std::vector<double>>("values");
    QTest::addColumn<std::vector<double>>("expected");
    using Values = std::vector<double>;
    // Median 3, deviations 2 1 0 1 97, MAD 1.
    QTest::newRow("one outlier") << Values{1, 2, 3, 4, 100} << Values{-1.349, -0.6745, 0, 0.6745, 0.6745 * 97};
    // Median (2 + 4) / 2 = 3, deviations 2 1 1 5, MAD (1 + 2) / 2 = 1.5.
    QTest::newRow("even count") << Values{1, 2, 4, 8}
                                << Values{-0.6745 * 2 / 1.5, -0.6745 / 1.5, 0.6745 / 1.5, 0.6745 * 5 / 1.5};
    // Median 1 and MAD 0; the mean deviation is 10 / 5 = 2, so z = 10 / (1.2533 * 2).
    QTest::newRow("MAD is zero") << Values{1, 1, 1, 1, 11} << Values{0, 0, 0, 0, 10 / (1.2533 * 2)};
    QTest::newRow("all equal") << Values{0.3, 0.3, 0.3} << Values{0, 0, 0};
    QTest::newRow("all zero") << Values{0, 0, 0} << Values{0, 0, 0};
    QTest::newRow("equal but for rounding") << Values{0.1 + 0.2, 0.3, 0.3, 0.3} << Values{0, 0, 0, 0};
    QTest::newRow("one value") << Values{42} << Values{0};
    QTest::newRow("two values") << Values{1, 3} << Values{-0.6745, 0.6745};
    QTest::newRow("none") << Values{} << Values{};
    // Without the NaN as in the first row.
    QTest::newRow("NaN does not count") << Values{1, 2, kNaN, 3, 4, 100}
                                        << Values{-1.349, -0.6745, kNaN, 0, 0.6745, 0.6745 * 97};
    QTest::newRow("nor does infinity") << Values{1, 3, std::numeric_limits<double>::infinity()}
                                       << Values{-0.6745, 0.6745, kNaN};
    QTest::newRow("only NaN") << Values{kNaN, kNaN} << Values{kNaN, kNaN};
}

void TestRobustZ::equalsValuesComputedByHand()
{
    QFETCH(std::vector<double>, values);
    QFETCH(std::vector<double>, expected);
    QCOMPARE(compare(core::robustZ(values), expected), QString());
}

void TestRobustZ::shiftAndScaleChangeNothing()
{
    const std::vector<double> values{0.3, -1.2, 4.5, 0.1, 0.8, 2.2, -0.4};
    auto moved = values;
    for (auto& value : moved)
        value = 1000.0 * value - 20.0;
    QCOMPARE(compare(core::robustZ(moved), core::robustZ(values)), QString());
}

void TestRobustZ::medianOfEvenCountIsBetweenTheMiddleTwo()
{
    QCOMPARE(core::medianOf({4, 1, 2, 9}), 3.0);
    QCOMPARE(core::medianOf({5, 1, 3}), 3.0);
    QVERIFY(std::isnan(core::medianOf({})));
}

QTEST_GUILESS_MAIN(TestRobustZ)
#include "tst_robust_z.moc"
