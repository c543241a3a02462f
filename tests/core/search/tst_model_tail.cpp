// SPDX-License-Identifier: Apache-2.0
#include "core/search/model_tail.h"
#include "tests/support/markov_model.h"

#include <QtTest>

#include <cmath>

using namespace core;

namespace {

const std::vector<std::vector<double>> kTable{{0.5, 0.25, 0.25}, {0.1, 0.2, 0.7}, {0.0, 0.5, 0.5}};

double klOf(std::size_t from, std::size_t to)
{
    double sum = 0.0;
    for (std::size_t i = 0; i < kTable.size(); ++i)
        if (kTable[from][i] > 0.0) // 0 ln 0 is 0
            sum += kTable[from][i] * std::log(kTable[from][i] / kTable[to][i]);
    return sum;
}

} // namespace

class TestModelTail : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** After each token the model predicts its row of the table: KL by its definition. */
    void divergenceIsTheMeanOverAWindow()
    {
        const auto model = support::markovModel(kTable);
        const ModelTail tail(*model, -1);
        Progress progress;
        const auto hidden = [&](std::vector<std::int64_t> ids) {
            return tail.final(model->embed(at::tensor(ids).view({2, 2})), progress);
        };
        const auto reference = hidden({0, 1, 2, 2});
        const auto windows = tail.divergence(reference, hidden({1, 0, 2, 1}), progress);
        QCOMPARE(windows.size(), std::size_t(2));
        QVERIFY(std::abs(windows[0] - (klOf(0, 1) + klOf(1, 0)) / 2.0) < 1e-6);
        QVERIFY(std::abs(windows[1] - klOf(2, 1) / 2.0) < 1e-6);
        for (const double value : tail.divergence(reference, reference, progress))
            QCOMPARE(value, 0.0);
    }
};

QTEST_GUILESS_MAIN(TestModelTail)
#include "tst_model_tail.moc"
