// SPDX-License-Identifier: Apache-2.0
// Expected values: softmax attention written out in float64.
#include "gpu/cpu/attention.h"
#include "tests/support/tensor_checks.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <QtTest>

#include <limits>

namespace {

/** True where a query sees a key, [queries, keys]. */
at::Tensor causal(std::int64_t queries, std::int64_t keys, std::int64_t window)
{
    const auto key = at::arange(keys, at::kLong);
    const auto query = at::arange(keys - queries, keys, at::kLong).unsqueeze(1);
    const auto visible = key <= query;
    return window > 0 ? visible & (key > query - window) : visible;
}

at::Tensor expected(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, double scale,
                    const at::Tensor& visible)
{
    const auto group = q.size(1) / k.size(1);
    const auto keys = k.to(at::kDouble).repeat_interleave(group, 1);
    const auto values = v.to(at::kDouble).repeat_interleave(group, 1);
    const auto scores = (at::matmul(q.to(at::kDouble), keys.mT()) * scale)
                            .masked_fill(visible.logical_not(), -std::numeric_limits<double>::infinity());
    return at::matmul(scores.softmax(-1).nan_to_num(0.0), values);
}

/** [batch, heads, tokens, width], as products with matrices leave it: heads within tokens. */
at::Tensor rows(std::int64_t batch, std::int64_t heads, std::int64_t tokens, std::int64_t width)
{
    return at::randn({batch, tokens, heads, width}).transpose(1, 2);
}

double largestDifference(const at::Tensor& a, const at::Tensor& b)
{
    return (a.to(at::kDouble) - b).abs().max().item<double>();
}

} // namespace

class TestAttention : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { at::manual_seed(5); }

    void everyShapeGivesTheDefinition_data()
    {
        QTest::addColumn<int>("queries");
        QTest::addColumn<int>("keys");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("window");
        for (const int width : {1, 2, 7, 8, 32, 80, 128})
            for (const auto& [queries, keys] :
                 {std::pair(1, 1), {1, 70}, {2, 2}, {31, 31}, {32, 32}, {33, 33}, {65, 65}, {5, 200}, {129, 300}})
                for (const int window : {0, 1, 40})
                    QTest::addRow("%d of %d, width %d, window %d", queries, keys, width, window)
                        << queries << keys << width << window;
    }
    void everyShapeGivesTheDefinition()
    {
        QFETCH(int, queries);
        QFETCH(int, keys);
        QFETCH(int, width);
        QFETCH(int, window);
        const auto q = rows(2, 6, queries, width);
        const auto k = rows(2, 3, keys, width);
        const auto v = rows(2, 3, keys, width);
        const double scale = 1.0 / std::sqrt(double(width));
        const auto right = expected(q, k, v, scale, causal(queries, keys, window));
        int count = 0;
        const auto* all = gpu::cpu::allAttentionSteps(count);
        for (int i = 0; i < count; ++i) {
            const auto out = gpu::cpu::attend(q, k, v, scale, window, {}, all[i]);
            const double difference = largestDifference(out, right);
            QVERIFY2(difference < 2e-6, qPrintable(QStringLiteral("%1: %2").arg(all[i].name).arg(difference)));
            // The same by a mask, for each text and head.
            const auto visible = causal(queries, keys, window).expand({2, 6, queries, keys});
            const auto masked = gpu::cpu::attend(q, k, v, scale, 0, visible, all[i]);
            QVERIFY(largestDifference(masked, right) < 2e-6);
        }
    }

    void anyMaskIsObeyed()
    {
        const auto q = rows(3, 4, 37, 16);
        const auto k = rows(3, 2, 37, 16);
        const auto v = rows(3, 2, 37, 16);
        auto visible = at::rand({3, 1, 37, 37}) < 0.2;
        visible[1][0][4].fill_(false); // sees nothing
        const auto out = gpu::attend(q, k, v, 0.3, 0, visible);
        QVERIFY(largestDifference(out, expected(q, k, v, 0.3, visible)) < 2e-6);
        QCOMPARE(out[1][2][4].abs().max().item<float>(), 0.0f);
    }

    /** Scores in the hundreds: one key takes all, and none overflows. */
    void largeScoresStayExact()
    {
        const auto q = rows(1, 2, 70, 8) * 100.0;
        const auto k = rows(1, 2, 70, 8) * 100.0;
        const auto v = rows(1, 2, 70, 8);
        const auto right = expected(q, k, v, 1.0, causal(70, 70, 0));
        // float32 knows scores of 1e5 to 8e-3 alone, and so the weights of near ties.
        QVERIFY(largestDifference(gpu::attend(q, k, v, 1.0), right) < 0.05);
        QVERIFY(at::isfinite(gpu::attend(q * 1e6, k * 1e6, v, 1.0)).all().item<bool>());
    }

    void whatIsNotANumberStaysWhereItIsSeen()
    {
        const auto q = rows(1, 1, 40, 8);
        const auto k = rows(1, 1, 40, 8);
        auto v = rows(1, 1, 40, 8);
        v[0][0][20][3] = std::numeric_limits<float>::quiet_NaN();
        const auto out = gpu::attend(q, k, v, 1.0);
        QVERIFY(at::isnan(out.select(3, 3).narrow(2, 20, 20)).all().item<bool>());
        auto broken = k.clone();
        broken[0][0][10].fill_(std::numeric_limits<float>::quiet_NaN());
        const auto all = gpu::attend(q, broken, rows(1, 1, 40, 8), 1.0);
        QVERIFY(at::isfinite(all.narrow(2, 0, 10)).all().item<bool>());
        QVERIFY(at::isnan(all.narrow(2, 10, 30)).all().item<bool>());
    }

    void threadsDoNotMoveABit()
    {
        const auto q = rows(2, 8, 300, 32);
        const auto k = rows(2, 4, 300, 32);
        const auto v = rows(2, 4, 300, 32);
        at::set_num_threads(1);
        const auto alone = gpu::attend(q, k, v, 0.2);
        at::set_num_threads(3);
        QVERIFY(at::equal(gpu::attend(q, k, v, 0.2), alone));
    }

    void sizesThatDoNotGoTogetherAreRefused()
    {
        const auto q = rows(1, 4, 5, 8);
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::attend(q, rows(1, 3, 5, 8), rows(1, 3, 5, 8), 1.0));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::attend(q, rows(1, 4, 4, 8), rows(1, 4, 4, 8), 1.0));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::attend(q, rows(1, 4, 5, 7), rows(1, 4, 5, 7), 1.0));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::attend(q.to(at::kDouble), q, q, 1.0));
    }
};

QTEST_GUILESS_MAIN(TestAttention)
#include "tst_attention.moc"
