// SPDX-License-Identifier: Apache-2.0
// Expected values: keys and values as their codes say, then softmax attention written out in float64.
#include "gpu/cpu/kv_attention.h"
#include "gpu/device.h"
#include "gpu/fake_quant.h"
#include "gpu/kernels.h"
#include "tests/support/tensor_checks.h"

#include <ATen/ATen.h>
#include <QtTest>

#include <limits>

using gpu::PackedRows;

namespace {

bool hasGpu()
{
    return gpu::loadCuda().empty() && gpu::cuda::isBuilt();
}

PackedRows onGpu(const PackedRows& rows)
{
    return {rows.bits, rows.width, rows.data.to(at::kCUDA), rows.scales.to(at::kCUDA), rows.zeros.to(at::kCUDA)};
}

/** The first `count` tokens of rows in a cache that has room for more: strides are not those of the sizes. */
PackedRows part(const PackedRows& rows, std::int64_t count)
{
    return {rows.bits, rows.width, rows.data.narrow(2, 0, count), rows.scales.narrow(2, 0, count),
            rows.zeros.narrow(2, 0, count)};
}

at::Tensor expectedAttention(const at::Tensor& q, const PackedRows& keys, const PackedRows& values, double scale,
                             std::int64_t window)
{
    const auto groups = q.size(1) / keys.data.size(1);
    const auto k = gpu::unpackRows(keys).to(at::kDouble).repeat_interleave(groups, 1);
    const auto v = gpu::unpackRows(values).to(at::kDouble).repeat_interleave(groups, 1);
    auto scores = at::matmul(q.to(at::kDouble), k.mT()) * scale;
    for (std::int64_t token = 0; token < q.size(2); ++token) {
        const auto last = k.size(2) - q.size(2) + token;
        for (std::int64_t key = 0; key < k.size(2); ++key)
            if (key > last || (window > 0 && key <= last - window))
                scores.select(2, token).select(2, key).fill_(-std::numeric_limits<double>::infinity());
    }
    return at::matmul(scores.softmax(-1), v);
}

} // namespace

class TestKvAttention : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { gpu::loadCuda(); } // before LibTorch looks for it
    void init() { at::manual_seed(3); }

    void codesAreThoseOfTheSimulatedQuantizer_data()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("group");
        for (const int bits : {2, 3, 4, 5, 8})
            for (const int group : {0, 8, 32})
                QTest::addRow("%d bits, groups of %d", bits, group) << bits << group;
    }
    void codesAreThoseOfTheSimulatedQuantizer()
    {
        QFETCH(int, bits);
        QFETCH(int, group);
        auto x = at::randn({2, 3, 7, 32}) * 2.0;
        x[0][1][2].zero_();
        x[0][1][3].mul_(1e-42);
        x[1][0][1].abs_();
        x[1][2].mul_(1e20);
        const auto maxLogit = at::full({}, 2.0f);
        const auto minLogit = at::full({}, 1.2f);
        const auto rows = x.reshape({-1, group > 0 ? group : 32});
        const auto simulated =
            gpu::quantizeRows(rows,
                              {.grid = gpu::Grid::Asymmetric, .bits = bits, .maxLogit = maxLogit, .minLogit = minLogit})
                .values;
        const gpu::RowRange range{maxLogit.sigmoid().item<float>(), minLogit.sigmoid().item<float>()};
        const auto packed = gpu::packRows(x, bits, range, group);
        QCOMPARE(packed.data.size(3), std::int64_t(bits == 2 ? 8 : bits <= 4 ? 16 : 32));
        QVERIFY(at::equal(gpu::unpackRows(packed), simulated.view(x.sizes())));
        if (hasGpu()) {
            const auto there = gpu::packRows(x.to(at::kCUDA), bits, range, group);
            QVERIFY(at::equal(there.data.cpu(), packed.data));
            QVERIFY(at::equal(there.scales.cpu(), packed.scales));
            QVERIFY(at::equal(there.zeros.cpu(), packed.zeros));
        }
    }

    void attendsAsTheValuesDo_data()
    {
        QTest::addColumn<int>("keyHeads");
        QTest::addColumn<int>("perHead");
        QTest::addColumn<int>("tokens");
        QTest::addColumn<int>("keys");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("window");
        for (const auto& [keyHeads, perHead, tokens, keys, width, window] : {std::array{1, 1, 1, 1, 8, 0},
                                                                             {2, 1, 1, 5, 16, 0},
                                                                             {2, 4, 1, 33, 64, 0},
                                                                             {1, 3, 4, 9, 24, 0},
                                                                             {3, 2, 2, 70, 128, 0},
                                                                             {2, 5, 8, 131, 40, 0},
                                                                             {1, 8, 1, 1025, 128, 0},
                                                                             {2, 2, 3, 50, 32, 7},
                                                                             {1, 1, 1, 300, 256, 1},
                                                                             {2, 1, 8, 8, 64, 0}})
            QTest::addRow("%d x %d heads of %d, %d of %d tokens, window %d", keyHeads, perHead, width, tokens, keys,
                          window)
                << keyHeads << perHead << tokens << keys << width << window;
    }
    void attendsAsTheValuesDo()
    {
        QFETCH(int, keyHeads);
        QFETCH(int, perHead);
        QFETCH(int, tokens);
        QFETCH(int, keys);
        QFETCH(int, width);
        QFETCH(int, window);
        int count = 0;
        const auto* const steps = gpu::cpu::allPackedSteps(count);
        const double scale = 1.0 / std::sqrt(double(width));
        for (const auto& [keyBits, valueBits] : {std::pair{4, 4}, {2, 8}, {8, 2}, {3, 5}})
            for (const int group : {0, 8}) {
                const auto q = at::randn({2, keyHeads * perHead, tokens, width}) * 2.0;
                const auto room = [&](int bits) {
                    return part(gpu::packRows(at::randn({2, keyHeads, keys + 6, width}) + 0.3, bits, {}, group), keys);
                };
                const auto k = room(keyBits);
                const auto v = room(valueBits);
                const auto expected = expectedAttention(q, k, v, scale, window);
                // A score of about 2 sqrt(width) sums carries 1e-6 of rounding, a value about as much: of the largest value.
                const double bound = 5e-6 * gpu::unpackRows(v).abs().max().item<double>();
                const auto check = [&](const at::Tensor& got, const char* name) {
                    const double error = support::largestDifference(got, expected);
                    QVERIFY2(error <= bound,
                             qPrintable(QString("%1, K%2V%3: %4 > %5")
                                            .arg(name)
                                            .arg(keyBits)
                                            .arg(valueBits)
                                            .arg(error)
                                            .arg(bound)));
                };
                for (int i = 0; i < count; ++i)
                    check(gpu::cpu::attendPacked(q, k, v, scale, window, steps[i]), steps[i].name);
                check(gpu::attendPacked(q, k, v, scale, window), "dispatch");
                if (hasGpu())
                    check(gpu::attendPacked(q.to(at::kCUDA), onGpu(k), onGpu(v), scale, window).cpu(), "cuda");
            }
    }

    /** One score far above all others: the answer is that key's value, to the last bit of its scale. */
    void oneLoudKeyIsTheAnswer()
    {
        auto keys = at::zeros({1, 1, 40, 16});
        keys[0][0][17].fill_(30.0);
        const auto k = gpu::packRows(keys, 4, {});
        const auto v = gpu::packRows(at::randn({1, 1, 40, 16}), 4, {});
        const auto q = at::full({1, 1, 1, 16}, 10.0);
        const auto got = gpu::attendPacked(q, k, v, 1.0);
        PLANISH_AT_MOST(support::largestDifference(got[0][0][0], gpu::unpackRows(v)[0][0][17]), 1e-6);
        if (hasGpu())
            PLANISH_AT_MOST(
                support::largestDifference(gpu::attendPacked(q.to(at::kCUDA), onGpu(k), onGpu(v), 1.0).cpu(), got),
                1e-5);
    }

    void nanAndInfinityStayNan()
    {
        auto x = at::randn({1, 1, 4, 16});
        x[0][0][1][3] = std::numeric_limits<float>::quiet_NaN();
        x[0][0][2][5] = std::numeric_limits<float>::infinity();
        const auto rows = gpu::packRows(x, 4, {});
        QVERIFY(at::equal(rows.scales.isnan().flatten(), at::tensor({0, 1, 1, 0}).to(at::kBool)));
        const auto q = at::randn({1, 1, 1, 16});
        QVERIFY(gpu::attendPacked(q, rows, rows, 1.0).isnan().all().item<bool>());
        // Keys the query does not see do not matter.
        QVERIFY(!gpu::attendPacked(q, part(rows, 1), part(rows, 1), 1.0).isnan().any().item<bool>());
    }

    void refusesWhatDoesNotFit()
    {
        const auto x = at::randn({1, 2, 5, 12});
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::packRows(x, 1, {}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::packRows(x, 4, {}, 5));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::packRows(x, 4, {}, 3)); // ends inside a byte
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::packRows(at::randn({1, 1, 1, 10}), 2, {}));
        const auto rows = gpu::packRows(x, 4, {});
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::attendPacked(at::randn({1, 3, 1, 12}), rows, rows, 1.0));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::attendPacked(at::randn({1, 2, 6, 12}), rows, rows, 1.0));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::attendPacked(at::randn({1, 2, 1, 16}), rows, rows, 1.0));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument,
                                 gpu::attendPacked(at::randn({1, 2, 1, 12}), rows, part(rows, 4), 1.0));
    }

    void onAGpu()
    {
        if (!hasGpu())
            QSKIP(qPrintable(QStringLiteral("all rows ran on the CPU alone, no CUDA: %1")
                                 .arg(QString::fromStdString(gpu::loadCuda()))));
    }
};

QTEST_APPLESS_MAIN(TestKvAttention)
#include "tst_kv_attention.moc"
