// SPDX-License-Identifier: Apache-2.0
#include "core/stats/outlier_channels.h"

#include <QtTest>

class TstOutlierChannels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void channelsOverFourTimesTheMedianStandOut()
    {
        const std::vector<float> absmax{1.0f, 9.0f, 0.5f, 1.0f, 4.0f, 4.1f, 1.2f}; // median 1.2, limit 4.8
        QCOMPARE(core::outlierChannels(absmax), std::vector<int>{1});
        const std::vector<float> lower{1.0f, 9.0f, 0.5f, 1.0f, 4.0f, 4.1f, 1.0f}; // median 1, limit 4, not itself
        QCOMPARE(core::outlierChannels(lower), (std::vector<int>{1, 5}));
    }

    void nothingStandsOutOfNothing()
    {
        QVERIFY(core::outlierChannels({}).empty());
        QVERIFY(core::outlierChannels(std::vector<float>{0.0f, 0.0f, 3.0f}).empty()); // the median channel is empty
    }
};

QTEST_GUILESS_MAIN(TstOutlierChannels)
#include "tst_outlier_channels.moc"
