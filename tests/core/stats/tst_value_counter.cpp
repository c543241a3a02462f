// SPDX-License-Identifier: Apache-2.0
#include "core/stats/value_counter.h"

#include <QtTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

class TstValueCounter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** Against a full sort of the same values. */
    void orderStatisticsAreThoseOfASort()
    {
        std::mt19937 generator(7);
        std::student_t_distribution<float> draw(3.0f); // both signs, heavy tails
        std::vector<float> values(50'000);
        std::generate(values.begin(), values.end(), [&] { return draw(generator); });
        core::ValueCounter counter;
        counter.add(std::span(values).first(20'000));
        counter.add(std::span(values).subspan(20'000));
        std::sort(values.begin(), values.end());
        std::vector<std::int64_t> ranks(1'000);
        for (std::size_t i = 0; i < ranks.size(); ++i)
            ranks[i] = static_cast<std::int64_t>(i * (values.size() - 1) / (ranks.size() - 1));
        const auto found = counter.orderStatistics(ranks);
        for (std::size_t i = 0; i < ranks.size(); ++i) {
            const double exact = values[static_cast<std::size_t>(ranks[i])];
            QVERIFY2(std::abs(found[i] - exact) <= std::abs(exact) / 512.0, qPrintable(QString::number(exact)));
        }
    }

    void equalValuesAreExact()
    {
        core::ValueCounter counter;
        const std::vector<float> values{-3.14159f, 0.5f, 0.5f, 2.71828f};
        counter.add(values);
        const auto found = counter.orderStatistics(std::vector<std::int64_t>{0, 1, 2, 3});
        QCOMPARE(found, (std::vector<double>{values[0], 0.5, 0.5, values[3]}));
        QCOMPARE(counter.mean(), (double(values[0]) + 1.0 + values[3]) / 4.0);
    }

    void countsWhatIsNotFiniteApart()
    {
        core::ValueCounter counter;
        counter.add(std::vector<float>{1.0f, std::numeric_limits<float>::infinity(), std::nanf("")});
        QCOMPARE(counter.count(), 1);
        QCOMPARE(counter.nonFinite(), 2);
        QCOMPARE(counter.std(), 0.0);
    }
};

QTEST_GUILESS_MAIN(TstValueCounter)
#include "tst_value_counter.moc"
