// SPDX-License-Identifier: Apache-2.0
#include "core/stats/normal_quantile.h"

#include <QtTest>

#include <cmath>

class TstNormalQuantile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** scipy.stats.norm.ppf of SciPy. */
    void agreesWithSciPy_data()
    {
        QTest::addColumn<double>("share");
        QTest::addColumn<double>("z");
        QTest::newRow("middle") << 0.5 << 0.0;
        QTest::newRow("97.5 %") << 0.975 << 1.959963984540054;
        QTest::newRow("1 %") << 0.01 << -2.3263478740408408;
        QTest::newRow("1e-9") << 1e-9 << -5.9978070150076865;
        QTest::newRow("1e-100") << 1e-100 << -21.273453560965322;
    }
    void agreesWithSciPy()
    {
        QFETCH(double, share);
        QFETCH(double, z);
        QVERIFY(std::abs(core::normalQuantile(share) - z) <= 1e-12 * std::max(1.0, std::abs(z)));
    }

    void isTheInverseOfTheShare()
    {
        for (double z = -7.0; z <= 7.0; z += 0.37) // above, 1 - share loses digits
            QVERIFY(std::abs(core::normalQuantile(core::normalShare(z)) - z) < (z < 3.0 ? 1e-11 : 1e-4));
    }

    void hasNoValueOutside()
    {
        QVERIFY(std::isnan(core::normalQuantile(-0.1)));
        QVERIFY(std::isnan(core::normalQuantile(std::nan(""))));
        QVERIFY(std::isinf(core::normalQuantile(1.0)));
    }
};

QTEST_GUILESS_MAIN(TstNormalQuantile)
#include "tst_normal_quantile.moc"
