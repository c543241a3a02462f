// SPDX-License-Identifier: Apache-2.0
// Expected values: the sums written out in ATen's float64 operators, in which products of codes are exact. Whole-number parts must
// agree to the last bit for every instruction set and device. One long file, because all of these share one table of cases.
#include "gpu/cpu/packed_linear.h"
#include "gpu/device.h"
#include "gpu/fake_quant.h"
#include "gpu/kernels.h"
#include "tests/support/tensor_checks.h"

#include <ATen/ATen.h>
#include <QtTest>

#include <limits>

using gpu::PackedMatrix;
using gpu::RowCodes;

namespace {

struct Case
{
    int tokens, rows, columns, groups, bits;
    bool asymmetric;
};

/** Codes [rows, columns] int64 in the range of a signed or unsigned code; `fill` 0: drawn, -1: all lowest, 1: all highest. */
at::Tensor codesFor(const Case& c, int fill)
{
    const int low = c.asymmetric ? 0 : -(1 << (c.bits - 1));
    const int high = c.asymmetric ? (1 << c.bits) - 1 : (1 << (c.bits - 1)) - 1;
    if (fill != 0)
        return at::full({c.rows, c.columns}, fill < 0 ? low : high, at::kLong);
    return at::randint(low, high + 1, {c.rows, c.columns}, at::kLong);
}

/** Packed by the format's words, independent of core/quant: the first element in the low bits. */
PackedMatrix packed(const at::Tensor& codes, const Case& c)
{
    const int perByte = c.bits == 2 ? 4 : c.bits <= 4 ? 2 : 1;
    const int slot = 8 / perByte;
    const int bytes = (c.columns + perByte - 1) / perByte;
    PackedMatrix matrix{c.bits, c.rows, c.columns, at::zeros({c.rows, bytes}, at::kByte),
                        at::rand({c.rows, c.groups}) * 0.1 + 0.01};
    auto data = matrix.data.accessor<std::uint8_t, 2>();
    const auto values = codes.accessor<std::int64_t, 2>();
    for (int row = 0; row < c.rows; ++row)
        for (int i = 0; i < c.columns; ++i)
            data[row][i / perByte] |=
                static_cast<std::uint8_t>((values[row][i] & ((1 << slot) - 1)) << (slot * (i % perByte)));
    if (c.asymmetric)
        matrix.zeros = at::randint(0, 1 << c.bits, {c.rows, c.groups}, at::kByte);
    return matrix;
}

/** (code - zero) * scale in float64. */
at::Tensor values(const at::Tensor& codes, const PackedMatrix& matrix)
{
    auto wide = codes.to(at::kDouble).view({matrix.rows, matrix.scales.size(1), -1});
    if (matrix.zeros.defined())
        wide = wide - matrix.zeros.unsqueeze(-1).to(at::kDouble);
    return (wide * matrix.scales.unsqueeze(-1).to(at::kDouble)).view({matrix.rows, matrix.columns});
}

RowCodes drawnActivations(int tokens, int columns)
{
    return {at::randint(-128, 128, {tokens, columns}, at::kChar), at::rand({tokens}) + 0.5};
}

at::Tensor exactProduct(const RowCodes& x, const at::Tensor& weight)
{
    return at::matmul(x.codes.to(at::kDouble) * x.scales.to(at::kDouble).unsqueeze(-1), weight.t());
}

/** Largest sum of magnitudes a result is made of: what a rounding is relative to. */
double magnitude(const at::Tensor& x, const at::Tensor& weight)
{
    return at::matmul(x.to(at::kDouble).abs(), weight.abs().t()).max().item<double>();
}

PackedMatrix onGpu(const PackedMatrix& matrix)
{
    auto moved = matrix;
    moved.data = matrix.data.to(at::kCUDA);
    moved.scales = matrix.scales.to(at::kCUDA);
    if (matrix.zeros.defined())
        moved.zeros = matrix.zeros.to(at::kCUDA);
    return moved;
}

bool hasGpu()
{
    return gpu::loadCuda().empty() && gpu::cuda::isBuilt();
}

/** Every way to compute on this machine, by name. */
using Ways = std::vector<std::pair<std::string, std::function<at::Tensor(const RowCodes&, const PackedMatrix&)>>>;

Ways integerWays()
{
    Ways ways{{"reference", [](const RowCodes& x, const PackedMatrix& weight) {
                   return gpu::cpu::packedLinearReference(x, weight, {});
               }}};
    int count = 0;
    const auto* const steps = gpu::cpu::allPackedSteps(count);
    for (int i = 0; i < count; ++i)
        ways.emplace_back(steps[i].name, [&one = steps[i]](const RowCodes& x, const PackedMatrix& weight) {
            return gpu::cpu::packedLinear(x, weight, {}, one);
        });
    ways.emplace_back("dispatch",
                      [](const RowCodes& x, const PackedMatrix& weight) { return gpu::packedLinear(x, weight, {}); });
    if (hasGpu())
        ways.emplace_back("cuda", [](const RowCodes& x, const PackedMatrix& weight) {
            return gpu::packedLinear(RowCodes{x.codes.to(at::kCUDA), x.scales.to(at::kCUDA)}, onGpu(weight), {}).cpu();
        });
    return ways;
}

} // namespace

class TestPackedLinear : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { gpu::loadCuda(); } // before LibTorch looks for it
    void init() { at::manual_seed(7); }

    void shapes_data()
    {
        QTest::addColumn<int>("tokens");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::addColumn<int>("groups");
        for (const auto& [tokens, rows, columns, groups] : {std::array{1, 1, 1, 1},
                                                            {1, 1, 7, 1},
                                                            {2, 3, 1, 1},
                                                            {1, 5, 63, 1},
                                                            {3, 4, 64, 1},
                                                            {4, 9, 129, 1},
                                                            {1, 130, 256, 2},
                                                            {5, 6, 384, 3},
                                                            {7, 33, 200, 25},
                                                            {8, 64, 512, 4},
                                                            {9, 17, 1000, 1},
                                                            {70, 65, 192, 1},
                                                            {130, 96, 256, 4},
                                                            {2, 3, 2050, 1},
                                                            {33, 128, 128, 1},
                                                            {64, 256, 1024, 8}})
            QTest::addRow("%d tokens, %d x %d, %d groups", tokens, rows, columns, groups)
                << tokens << rows << columns << groups;
    }

    void wholeNumbersAreExact_data() { shapes_data(); }
    void wholeNumbersAreExact()
    {
        QFETCH(int, tokens);
        QFETCH(int, rows);
        QFETCH(int, columns);
        QFETCH(int, groups);
        for (const int bits : {2, 3, 4, 5, 8})
            for (const bool asymmetric : {false, true}) {
                const Case c{tokens, rows, columns, groups, bits, asymmetric};
                const auto codes = codesFor(c, 0);
                auto weight = packed(codes, c);
                weight.scales.fill_(1.0); // the result is then the whole number itself
                const RowCodes x{drawnActivations(tokens, columns).codes, at::ones({tokens})};
                // Below 2^24, so that float32 holds every partial sum: 2050 * 128 * 63, larger ones round the same way.
                const auto expected = exactProduct(x, values(codes, weight)).to(at::kFloat);
                for (const auto& [name, multiply] : integerWays())
                    if (groups == 1 || expected.abs().max().item<float>() < 16777216.0f)
                        QVERIFY2(at::equal(multiply(x, weight), expected),
                                 (name + ", " + std::to_string(bits) + " bits").c_str());
            }
    }

    void scalesAndZerosApply_data() { shapes_data(); }
    void scalesAndZerosApply()
    {
        QFETCH(int, tokens);
        QFETCH(int, rows);
        QFETCH(int, columns);
        QFETCH(int, groups);
        for (const int bits : {2, 3, 4, 6, 8})
            for (const bool asymmetric : {false, true}) {
                const Case c{tokens, rows, columns, groups, bits, asymmetric};
                const auto codes = codesFor(c, 0);
                const auto weight = packed(codes, c);
                const auto x = drawnActivations(tokens, columns);
                const auto exact = exactProduct(x, values(codes, weight));
                const auto reach = magnitude(x.codes.to(at::kFloat) * x.scales.unsqueeze(-1), values(codes, weight));
                // Each group's sum, its product and the running sum are rounded once: 2^-24 of what was added so far.
                const double bound = (groups + 3) * std::ldexp(1.0, -24) * reach;
                for (const auto& [name, multiply] : integerWays()) {
                    const auto error = (multiply(x, weight).to(at::kDouble) - exact).abs().max().item<double>();
                    QVERIFY2(
                        error <= bound,
                        qPrintable(QString("%1, %2 bits: %3 > %4").arg(name.c_str()).arg(bits).arg(error).arg(bound)));
                }
            }
    }

    void extremesDoNotOverflow_data()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("fill");
        QTest::addColumn<int>("x");
        QTest::addColumn<bool>("asymmetric");
        for (const int bits : {4, 8})
            for (const int fill : {-1, 1})
                for (const int x : {-128, 127})
                    for (const bool asymmetric : {false, true})
                        QTest::addRow("%d bits, weights %s, activations %d, %s", bits, fill < 0 ? "lowest" : "highest",
                                      x, asymmetric ? "asymmetric" : "symmetric")
                            << bits << fill << x << asymmetric;
    }
    void extremesDoNotOverflow()
    {
        QFETCH(int, bits);
        QFETCH(int, fill);
        QFETCH(int, x);
        QFETCH(bool, asymmetric);
        const Case c{2, 5, 65536, 1, bits, asymmetric};
        const auto codes = codesFor(c, fill);
        auto weight = packed(codes, c);
        weight.scales.fill_(1.0);
        if (asymmetric)
            weight.zeros.fill_(fill < 0 ? (1 << bits) - 1 : 0);
        const RowCodes rows{at::full({c.tokens, c.columns}, x, at::kChar), at::ones({c.tokens})};
        const auto expected = exactProduct(rows, values(codes, weight)).to(at::kFloat);
        for (const auto& [name, multiply] : integerWays())
            QVERIFY2(at::equal(multiply(rows, weight), expected), name.c_str());
    }

    void floatActivations_data() { shapes_data(); }
    void floatActivations()
    {
        QFETCH(int, tokens);
        QFETCH(int, rows);
        QFETCH(int, columns);
        QFETCH(int, groups);
        int count = 0;
        const auto* const steps = gpu::cpu::allPackedSteps(count);
        for (const int bits : {2, 3, 4, 7, 8})
            for (const bool asymmetric : {false, true}) {
                const Case c{tokens, rows, columns, groups, bits, asymmetric};
                const auto codes = codesFor(c, 0);
                const auto weight = packed(codes, c);
                const auto x = at::randn({tokens, columns});
                const auto bias = at::randn({rows});
                const auto exact = at::matmul(x.to(at::kDouble), values(codes, weight).t()) + bias;
                // Sums of n products in float32 in any order: n * 2^-24 of the sum of magnitudes at worst, sqrt(n) typically.
                const double bound = (std::sqrt(double(columns)) + groups + 3) * std::ldexp(1.0, -23)
                    * (magnitude(x, values(codes, weight)) + 4.0);
                const auto check = [&](const at::Tensor& y, const char* name) {
                    const auto error = (y.to(at::kDouble) - exact).abs().max().item<double>();
                    QVERIFY2(error <= bound,
                             qPrintable(QString("%1, %2 bits: %3 > %4").arg(name).arg(bits).arg(error).arg(bound)));
                };
                check(gpu::cpu::packedLinearReference(x, weight, bias), "reference");
                if (gpu::cpu::groupsAreWholeBytes(weight))
                    for (int i = 0; i < count; ++i)
                        check(gpu::cpu::packedLinear(x, weight, bias, steps[i]), steps[i].name);
                check(gpu::packedLinear(x, weight, bias), "dispatch");
                if (hasGpu())
                    check(gpu::packedLinear(x.to(at::kCUDA), onGpu(weight), bias.to(at::kCUDA)).cpu(), "cuda");
            }
    }

    void groupsThatEndInsideAByte()
    {
        const Case c{3, 4, 21, 3, 4, true};
        const auto codes = codesFor(c, 0);
        const auto weight = packed(codes, c);
        const auto x = drawnActivations(c.tokens, c.columns);
        PLANISH_AT_MOST(
            support::largestDifference(gpu::packedLinear(x, weight, {}), exactProduct(x, values(codes, weight))), 1e-2);
        QVERIFY(at::allclose(gpu::packedLinear(x.codes.to(at::kFloat), weight, {}).to(at::kDouble),
                             at::matmul(x.codes.to(at::kDouble), values(codes, weight).t()), 1e-5, 1e-4));
    }

    void biasIsAdded()
    {
        const Case c{3, 6, 40, 1, 4, false};
        const auto weight = packed(codesFor(c, 0), c);
        const auto x = drawnActivations(c.tokens, c.columns);
        const auto bias = at::randn({c.rows});
        QVERIFY(at::equal(gpu::packedLinear(x, weight, bias), gpu::packedLinear(x, weight, {}) + bias));
    }

    void zeroAndNanScales()
    {
        const Case c{3, 6, 40, 1, 4, false};
        auto weight = packed(codesFor(c, 0), c);
        weight.scales[2].zero_();
        weight.scales[4].fill_(std::numeric_limits<float>::quiet_NaN());
        auto x = drawnActivations(c.tokens, c.columns);
        x.scales[1] = std::numeric_limits<float>::quiet_NaN();
        for (const auto& [name, multiply] : integerWays()) {
            const auto y = multiply(x, weight);
            const auto nan = y.isnan();
            QVERIFY2(nan[1].all().item<bool>(), name.c_str());
            for (const int token : {0, 2}) {
                QVERIFY2(nan[token].sum().item<int>() == 1 && nan[token][4].item<bool>(), name.c_str());
                QVERIFY2(y[token][2].item<float>() == 0.0f, name.c_str());
            }
        }
    }

    void codesAreThoseOfTheSimulatedQuantizer_data()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<bool>("asymmetric");
        for (const int bits : {2, 3, 4, 7, 8})
            for (const bool asymmetric : {false, true})
                if (bits < 8 || !asymmetric)
                    QTest::addRow("%d bits%s", bits, asymmetric ? ", asymmetric" : "") << bits << asymmetric;
    }
    void codesAreThoseOfTheSimulatedQuantizer()
    {
        QFETCH(int, bits);
        QFETCH(bool, asymmetric);
        auto x = at::randn({11, 133}) * 3.0;
        x[3].zero_();
        x[4].mul_(1e-42); // subnormal
        x[5].mul_(1e30);
        x[6].abs_();
        const auto maxLogit = at::full({}, 2.0f);
        const auto minLogit = at::full({}, 1.5f);
        const auto simulated = gpu::quantizeRows(x,
                                                 {.grid = asymmetric ? gpu::Grid::Asymmetric : gpu::Grid::Symmetric,
                                                  .bits = bits,
                                                  .maxLogit = maxLogit,
                                                  .minLogit = minLogit})
                                   .values;
        const gpu::RowRange range{maxLogit.sigmoid().item<float>(), minLogit.sigmoid().item<float>()};
        const auto codes = gpu::quantizeToCodes(x, bits, range, asymmetric);
        QVERIFY(at::equal(codes.codes.to(at::kFloat) * codes.scales.unsqueeze(-1), simulated));
        if (hasGpu()) {
            const auto there = gpu::quantizeToCodes(x.to(at::kCUDA), bits, range, asymmetric);
            QVERIFY(at::equal(there.scales.cpu(), codes.scales));
            QVERIFY(at::equal(there.codes.cpu(), codes.codes));
        }
    }

    void rowsThatAreNotFiniteBecomeNan()
    {
        auto x = at::randn({4, 50});
        x[1][7] = std::numeric_limits<float>::quiet_NaN();
        x[2][9] = -std::numeric_limits<float>::infinity();
        const auto nan = gpu::quantizeToCodes(x, 4, {}).scales.isnan();
        QVERIFY(at::equal(nan, at::tensor({0, 1, 1, 0}).to(at::kBool)));
    }

    void dequantizedRowsAreTheValues()
    {
        for (const int bits : {2, 3, 4, 5, 8})
            for (const bool asymmetric : {false, true}) {
                const Case c{1, 7, 45, 3, bits, asymmetric};
                const auto codes = codesFor(c, 0);
                const auto weight = packed(codes, c);
                PLANISH_AT_MOST(
                    support::largestDifference(gpu::dequantizeRows(weight, 2, 6), values(codes, weight).slice(0, 2, 6)),
                    1e-5);
            }
    }

    void refusesWhatDoesNotFit()
    {
        const Case c{2, 4, 16, 1, 4, false};
        const auto good = packed(codesFor(c, 0), c);
        const auto x = drawnActivations(c.tokens, c.columns);
        auto bad = good;
        bad.bits = 8;
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::packedLinear(x, bad, {}));
        bad = good;
        bad.scales = at::ones({4, 3});
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::packedLinear(x, bad, {}));
        bad = good;
        bad.zeros = at::zeros({4, 2}, at::kByte);
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::packedLinear(x, bad, {}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::packedLinear(drawnActivations(2, 15), good, {}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::packedLinear(x, good, at::zeros({5})));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::quantizeToCodes(at::ones({2, 3}), 9, {}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::quantizeToCodes(at::ones({2, 3}), 8, {}, true));
        const Case longRow{1, 1, 65538, 1, 4, false};
        QVERIFY_THROWS_EXCEPTION(
            std::invalid_argument,
            gpu::packedLinear(drawnActivations(1, longRow.columns), packed(codesFor(longRow, 0), longRow), {}));
    }

    void onAGpu()
    {
        if (!hasGpu())
            QSKIP(qPrintable(QStringLiteral("all rows ran on the CPU alone, no CUDA: %1")
                                 .arg(QString::fromStdString(gpu::loadCuda()))));
    }
};

QTEST_APPLESS_MAIN(TestPackedLinear)
#include "tst_packed_linear.moc"
