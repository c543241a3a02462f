// SPDX-License-Identifier: Apache-2.0
// Against optimal brain quantization written out (Frantar and Alistarh, arXiv 2208.11580, equation 3, columns in order): after each
// column the remaining weights move by -(w - q) / [H_F^-1]_jj times row j of H_F^-1, H_F being the Hessian of the columns that
// remain, inverted anew each time. No Cholesky factor, no lazy blocks.
#include "core/quant/gptq.h"
#include "tests/support/refuses.h"
#include "tests/support/tensor_checks.h"

#include <QtTest>

using namespace core;
using namespace support;

namespace {

/** Inputs whose channels are correlated and of very different size. */
at::Tensor inputs(std::int64_t rows, std::int64_t columns)
{
    const auto mix = normal({columns, columns}, 3) * 0.3 + at::eye(columns, at::kDouble);
    return at::matmul(normal({rows, columns}, 4), mix) * normal({columns}, 5).exp();
}

at::Tensor hessianOf(const at::Tensor& x)
{
    return at::matmul(x.t(), x) * (2.0 / double(x.size(0)));
}

/** Scale and zero of each row of `part`, [out, 1] float64, by the definitions. */
std::pair<at::Tensor, at::Tensor> gridOf(const at::Tensor& part, int bits, bool asymmetric)
{
    if (!asymmetric) {
        const auto scale = part.abs().amax(1, true) / double((1 << (bits - 1)) - 1);
        return {scale.to(at::kFloat).to(at::kDouble), at::zeros_like(scale)};
    }
    const auto low = part.amin(1, true).clamp_max(0.0);
    const auto scale =
        ((part.amax(1, true).clamp_min(0.0) - low) / double((1 << bits) - 1)).to(at::kFloat).to(at::kDouble);
    return {scale, (-low / scale).round()};
}

at::Tensor writtenOut(at::Tensor weight, at::Tensor hessian, int bits, std::int64_t group, bool asymmetric)
{
    const auto columns = weight.size(1);
    weight = weight.clone();
    hessian = hessian + 0.01 * hessian.diagonal().mean() * at::eye(columns, at::kDouble);
    const double low = asymmetric ? 0.0 : -double(1 << (bits - 1));
    const double high = asymmetric ? double((1 << bits) - 1) : double((1 << (bits - 1)) - 1);
    auto [scale, zero] = gridOf(weight, bits, asymmetric);
    for (std::int64_t j = 0; j < columns; ++j) {
        if (group > 0 && j % group == 0)
            std::tie(scale, zero) = gridOf(weight.narrow(1, j, group), bits, asymmetric);
        const auto inverse = at::linalg_inv(hessian.slice(0, j).slice(1, j));
        const auto value = weight.narrow(1, j, 1).clone();
        const auto rounded = (((value / scale).round() + zero).clamp(low, high) - zero) * scale;
        weight.slice(1, j).sub_((value - rounded) / inverse[0][0] * inverse[0]);
        weight.narrow(1, j, 1).copy_(rounded);
    }
    return weight;
}

} // namespace

class TestGptq : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isOptimalBrainQuantization_data()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("columns");
        QTest::addColumn<int>("group");
        QTest::addColumn<bool>("asymmetric");
        QTest::newRow("4 bits") << 4 << 24 << 0 << false;
        QTest::newRow("2 bits") << 2 << 24 << 0 << false;
        QTest::newRow("more than a block of columns") << 3 << 300 << 0 << false;
        QTest::newRow("groups of 8") << 3 << 24 << 8 << false;
        QTest::newRow("groups that do not divide a block") << 4 << 172 << 43 << false;
        QTest::newRow("asymmetric") << 3 << 40 << 0 << true;
        QTest::newRow("asymmetric groups") << 2 << 160 << 32 << true;
    }

    void isOptimalBrainQuantization()
    {
        QFETCH(int, bits);
        QFETCH(int, columns);
        QFETCH(int, group);
        QFETCH(bool, asymmetric);
        const auto weight = normal({7, columns}, 1);
        const auto hessian = hessianOf(inputs(3 * columns, columns));
        const auto expected = writtenOut(weight, hessian, bits, group, asymmetric);
        const auto packed = gptqWeight(weight, hessian, bits, group, asymmetric);
        QCOMPARE(packed.scales.size(1), std::int64_t(group > 0 ? columns / group : 1));
        PLANISH_AT_MOST(largestDifference(dequantize(packed), expected), 1e-6);
        QVERIFY(!at::equal(unpackCodes(packed), unpackCodes(packWeight(weight, bits, group, asymmetric))));
    }

    void movesTheOutputLessThanRoundingToNearest()
    {
        const auto weight = normal({64, 128}, 1);
        const auto x = inputs(600, 128);
        const auto hessian = hessianOf(x);
        for (const int bits : {2, 3, 4}) {
            const auto nearest = dequantize(packWeight(weight, bits, 0)).to(at::kDouble);
            const auto ours = dequantize(gptqWeight(weight, hessian, bits, 0)).to(at::kDouble);
            const auto onData = [&](const at::Tensor& rounded) {
                return (at::matmul(x, (weight - rounded).t()).square().sum() / at::matmul(x, weight.t()).square().sum())
                    .item<double>();
            };
            QVERIFY(onData(ours) < 0.7 * onData(nearest));
            PLANISH_AT_MOST(std::abs(outputError(weight, ours, hessian) / onData(ours) - 1.0), 1e-9);
        }
    }

    /** Inputs that have nothing to do with each other give no error to spread. */
    void withIndependentInputsItIsRoundingToNearest()
    {
        const auto weight = normal({9, 200}, 1);
        const auto hessian = at::diag(normal({200}, 2).exp());
        QVERIFY(at::equal(gptqWeight(weight, hessian, 4, 0).data, packWeight(weight, 4, 0).data));
    }

    void deadColumnsBecomeZero()
    {
        const auto weight = normal({5, 16}, 1);
        auto x = inputs(60, 16);
        x.select(1, 3).fill_(0.0);
        x.select(1, 15).fill_(0.0);
        const auto packed = gptqWeight(weight, hessianOf(x), 4, 0);
        const auto values = dequantize(packed);
        QVERIFY((values.select(1, 3) == 0.0).all().item<bool>() && (values.select(1, 15) == 0.0).all().item<bool>());
        // The row's scale is still that of the whole row.
        QVERIFY(at::equal(packed.scales, packWeight(weight, 4, 0).scales));
        QVERIFY(at::equal(dequantize(gptqWeight(weight, at::zeros({16, 16}), 4, 0)), at::zeros({5, 16})));
    }

    void momentsAreThoseOfTheRows()
    {
        const auto x = normal({2, 9, 6}, 7, at::kFloat);
        InputMoments moments;
        moments.add(x.slice(1, 0, 4));
        moments.add(x.slice(1, 4));
        const auto rows = x.reshape({-1, 6}).to(at::kDouble);
        PLANISH_AT_MOST(relativeError(moments.hessian(), at::matmul(rows.t(), rows) * (2.0 / 18.0)), 1e-6);
    }

    void whatCannotBeIsRefused()
    {
        const auto weight = normal({3, 8}, 1);
        const auto identity = at::eye(8, at::kDouble);
        PLANISH_REFUSES(gptqWeight(weight, at::eye(7, at::kDouble), 4, 0), ErrorKind::InvalidArgument, {"8 x 8"});
        PLANISH_REFUSES(gptqWeight(weight, -identity, 4, 0), ErrorKind::Numeric, {"positive definite"});
        PLANISH_REFUSES(gptqWeight(weight, identity * std::numeric_limits<double>::quiet_NaN(), 4, 0),
                        ErrorKind::Numeric, {"positive definite"});
        PLANISH_REFUSES(gptqWeight(weight, identity, 4, 3), ErrorKind::InvalidArgument, {"groups of 3"});
        PLANISH_REFUSES(InputMoments().hessian(), ErrorKind::InvalidArgument, {"inputs"});
    }
};

QTEST_GUILESS_MAIN(TestGptq)
#include "tst_gptq.moc"
