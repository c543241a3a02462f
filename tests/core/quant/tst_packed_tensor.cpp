// SPDX-License-Identifier: Apache-2.0
#include "core/quant/packed_tensor.h"
#include "core/quant/quantizer.h"
#include "tests/support/refuses.h"
#include "tests/support/tensor_checks.h"

#include <QtTest>

#include <limits>

using namespace core;
using namespace support;

namespace {

at::Tensor bytes(std::initializer_list<int> values)
{
    return at::tensor(std::vector<int>(values), at::kInt).to(at::kByte).unsqueeze(0);
}

at::Tensor codes(std::initializer_list<int> values)
{
    return at::tensor(std::vector<int>(values), at::kInt).to(at::kChar).unsqueeze(0);
}

} // namespace

class TestPackedTensor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** Scale 1 in each: the codes are the numbers. The first code lies in the low bits, in two's complement. */
    void bytesByHand()
    {
        const auto four = packWeight(at::tensor({7.0f, -7.0f, 1.0f}).unsqueeze(0), 4, 0);
        QVERIFY(at::equal(four.data, bytes({0x97, 0x01}))); // 7, -7 = 0b1001; 1
        QVERIFY(at::equal(four.scales, at::ones({1, 1})));
        const auto two = packWeight(at::tensor({1.0f, -1.0f, 0.0f, 1.0f, -1.0f}).unsqueeze(0), 2, 0);
        QVERIFY(at::equal(two.data, bytes({0b01001101, 0b11})));
        const auto three = packWeight(at::tensor({3.0f, -3.0f, -1.0f}).unsqueeze(0), 3, 0);
        QVERIFY(at::equal(three.data, bytes({0xd3, 0x0f})));
        const auto eight = packWeight(at::tensor({127.0f, -127.0f}).unsqueeze(0), 8, 0);
        QVERIFY(at::equal(eight.data, bytes({0x7f, 0x81})));
        QCOMPARE(four.bytes(), std::int64_t(2 + 4));
    }

    void lowestCodesUnpackToo()
    {
        // No weight packs to them (scale = max |w|), but the format has them.
        const PackedTensor four{4, 1, 2, bytes({0x78}), at::ones({1, 1})};
        QVERIFY(at::equal(unpackCodes(four), codes({-8, 7})));
        const PackedTensor two{2, 1, 4, bytes({0b10010010}), at::ones({1, 1})};
        QVERIFY(at::equal(unpackCodes(two), codes({-2, 0, 1, -2})));
        const PackedTensor eight{8, 1, 2, bytes({0x80, 0xff}), at::ones({1, 1})};
        QVERIFY(at::equal(unpackCodes(eight), codes({-128, -1})));
    }

    void groupsHaveScalesOfTheirOwn()
    {
        const auto packed = packWeight(at::tensor({7.0f, 3.5f, 70.0f, -35.0f}).unsqueeze(0), 4, 2);
        QVERIFY(at::equal(packed.scales, at::tensor({1.0f, 10.0f}).unsqueeze(0)));
        QVERIFY(at::equal(unpackCodes(packed), codes({7, 4, 7, -4}))); // 3.5 and -3.5 to even
        QVERIFY(at::equal(dequantize(packed), at::tensor({7.0f, 4.0f, 70.0f, -40.0f}).unsqueeze(0)));
    }

    /** Range -1 to 14, scale 1, zero 1: codes are the numbers plus 1, unsigned. */
    void asymmetricBytesByHand()
    {
        const auto four = packWeight(at::tensor({-1.0f, 14.0f, 0.0f}).unsqueeze(0), 4, 0, true);
        QVERIFY(at::equal(four.data, bytes({0xf0, 0x01})));
        QVERIFY(at::equal(four.zeros, bytes({1})));
        QVERIFY(at::equal(unpackCodes(four), bytes({0, 15, 1})));
        QVERIFY(at::equal(dequantize(four), at::tensor({-1.0f, 14.0f, 0.0f}).unsqueeze(0)));
        QCOMPARE(four.bytes(), std::int64_t(2 + 4 + 1));
        // Two groups of 2 bits, the second all positive: 0 belongs to the range, so its zero is 0. A row of zeros: [-1, 1].
        const auto two = packWeight(at::tensor({-1.0f, 2.0f, 3.0f, 6.0f}).unsqueeze(0), 2, 2, true);
        QVERIFY(at::equal(two.scales, at::tensor({1.0f, 2.0f}).unsqueeze(0)));
        QVERIFY(at::equal(two.zeros, bytes({1, 0})));
        QVERIFY(at::equal(unpackCodes(two), bytes({0, 3, 2, 3}))); // 1.5 to even
        const auto empty = packWeight(at::zeros({1, 3}), 8, 0, true);
        QVERIFY(at::equal(dequantize(empty), at::zeros({1, 3})));
    }

    void asymmetricWeightsComeBackAsTrainingSawThem()
    {
        for (int bits = 2; bits <= 8; ++bits)
            for (const int group : {0, 4}) {
                const auto weight = normal({9, 12}, bits, at::kFloat) + 0.5;
                const auto packed = packWeight(weight, bits, group, true);
                PLANISH_AT_MOST(largestDifference(dequantize(packed), quantizeWeight(weight, bits, group, true)), 1e-5);
            }
    }

    void everyWidthAndShapeComesBackExactly()
    {
        for (int bits = 2; bits <= 8; ++bits)
            for (const std::int64_t columns : {1, 2, 3, 7, 8, 13, 172})
                for (const std::int64_t group : {std::int64_t(0), std::int64_t(1), columns}) {
                    const auto weight = normal({9, columns}, bits, at::kFloat);
                    const auto packed = packWeight(weight, bits, int(group));
                    QCOMPARE(packed.data.size(1), packedRowBytes(columns, bits));
                    const auto unpacked = unpackCodes(packed);
                    const int qmax = (1 << (bits - 1)) - 1;
                    PLANISH_AT_MOST(unpacked.to(at::kInt).abs().max().item<double>(), qmax); // never the lowest code
                    // The product of code and scale, to the last bit.
                    const auto wide = packed.scales.repeat_interleave(columns / packed.scales.size(1), 1);
                    QVERIFY(at::equal(dequantize(packed), unpacked.to(at::kFloat) * wide));
                    // Nearest code: half a step.
                    PLANISH_AT_MOST(((dequantize(packed) - weight).abs() / wide).max().item<double>(), 0.5 + 1e-5);
                    // What training saw.
                    QVERIFY(at::equal(dequantize(packed), quantizeWeightComposed(weight, bits, int(group))));
                    QVERIFY(at::equal(dequantize(packed), quantizeWeight(weight, bits, int(group))));
                }
    }

    void packingAgainChangesNothing()
    {
        for (int bits = 2; bits <= 8; ++bits) {
            const auto packed = packWeight(normal({9, 50}, bits, at::kFloat), bits, 10);
            const auto again = packWeight(dequantize(packed), bits, 10);
            QVERIFY(at::equal(again.data, packed.data));
            PLANISH_AT_MOST(relativeError(again.scales, packed.scales), 1e-7);
        }
    }

    void anyFloatTypeAndStrideIsRead()
    {
        const auto weight = normal({6, 12}, 1);
        QVERIFY(at::equal(packWeight(weight.t().contiguous().t(), 4, 0).data, packWeight(weight, 4, 0).data));
        const auto half = weight.to(at::kBFloat16);
        QVERIFY(at::equal(packWeight(half, 4, 3).data, packWeight(half.to(at::kDouble), 4, 3).data));
        auto trained = weight.clone().requires_grad_();
        QVERIFY(!packWeight(trained, 4, 0).scales.requires_grad());
    }

    void tinyAndZeroRowsAreZeros()
    {
        const auto packed = packWeight(at::tensor({0.0f, 0.0f, 1e-7f, -1e-7f}).view({2, 2}), 4, 0);
        QVERIFY(at::equal(dequantize(packed), at::zeros({2, 2})));
        QVERIFY((packed.scales > 0).all().item<bool>());
    }

    void weightsThatAreNotFiniteAreRefused()
    {
        for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                                -std::numeric_limits<float>::infinity()}) {
            auto weight = normal({3, 4}, 1, at::kFloat);
            weight[2][3] = bad;
            PLANISH_REFUSES(packWeight(weight, 4, 0), ErrorKind::Numeric, {"not finite"});
        }
    }

    void senselessRequestsAreRefused()
    {
        const auto weight = normal({3, 10}, 1, at::kFloat);
        PLANISH_REFUSES(packWeight(weight, 4, 3), ErrorKind::InvalidArgument, {"3", "10"});
        for (const int bits : {-4, 0, 1, 9, 16, 64})
            PLANISH_REFUSES(packWeight(weight, bits, 0), ErrorKind::InvalidArgument, {std::to_string(bits)});
        PLANISH_REFUSES(packWeight(weight[0], 4, 0), ErrorKind::InvalidArgument, {"matrix"});
    }

    void sizesThatDisagreeAreCorrupt()
    {
        const auto good = packWeight(normal({3, 10}, 1, at::kFloat), 4, 5);
        const auto refused = [&](const auto& damage) {
            auto packed = good;
            damage(packed);
            return whyNotRefused([&] { dequantize(packed); }, ErrorKind::Corrupt, {"packed weight"});
        };
        QVERIFY(dequantize(good).sizes() == (at::IntArrayRef{3, 10}));
        const std::pair<const char*, std::string> results[] = {
            {"short row", refused([](PackedTensor& p) { p.data = p.data.slice(1, 0, 4); })},
            {"missing row", refused([](PackedTensor& p) { p.data = p.data.slice(0, 0, 2); })},
            {"flat data", refused([](PackedTensor& p) { p.data = p.data.view(-1); })},
            {"data of another type", refused([](PackedTensor& p) { p.data = p.data.to(at::kFloat); })},
            {"no data", refused([](PackedTensor& p) { p.data = at::Tensor(); })},
            {"more rows claimed", refused([](PackedTensor& p) { p.rows = 4; })},
            {"more columns claimed", refused([](PackedTensor& p) { p.columns = 12; })},
            {"negative columns", refused([](PackedTensor& p) { p.columns = -10; })},
            {"negative rows", refused([](PackedTensor& p) { p.rows = -3; })},
            {"other width", refused([](PackedTensor& p) { p.bits = 8; })},
            {"1 bit", refused([](PackedTensor& p) { p.bits = 1; })},
            {"16 bits", refused([](PackedTensor& p) { p.bits = 16; })},
            {"scale rows", refused([](PackedTensor& p) { p.scales = p.scales.slice(0, 0, 2); })},
            {"three groups of ten", refused([](PackedTensor& p) {
                 p.scales = at::ones({3, 3});
             })},
            {"no groups", refused([](PackedTensor& p) {
                 p.scales = at::ones({3, 0});
             })},
            {"scales of another type", refused([](PackedTensor& p) { p.scales = p.scales.to(at::kDouble); })},
            {"flat scales", refused([](PackedTensor& p) { p.scales = p.scales.select(1, 0); })},
            {"no scales", refused([](PackedTensor& p) { p.scales = at::Tensor(); })}};
        for (const auto& [what, why] : results)
            QVERIFY2(why.empty(), qPrintable(QStringLiteral("%1: %2").arg(what, why.c_str())));
    }
};

QTEST_GUILESS_MAIN(TestPackedTensor)
#include "tst_packed_tensor.moc"
