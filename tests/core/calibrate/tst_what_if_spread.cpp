// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/what_if_spread.h"

#include <QtTest>

#include <limits>

class TestWhatIfSpread : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** 1.96 standard errors of the difference are 0.137 in the first pair and 0.0137 in the second. */
    void errorsWithinTheirSpreadAreAlike()
    {
        const core::WhatIfKind wide{.error = 1.14, .errorStderr = 0.056};
        QVERIFY(core::areAlike(wide, {.error = 1.18, .errorStderr = 0.042}));
        const core::WhatIfKind narrow{.error = 1.14, .errorStderr = 0.0056};
        QVERIFY(!core::areAlike(narrow, {.error = 1.18, .errorStderr = 0.0042}));
        QVERIFY(!core::areAlike(wide, {.error = std::numeric_limits<double>::quiet_NaN(), .errorStderr = 0.1}));
    }
};

QTEST_GUILESS_MAIN(TestWhatIfSpread)
#include "tst_what_if_spread.moc"
