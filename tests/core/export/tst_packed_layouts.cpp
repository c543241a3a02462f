// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/export/packed_layouts.h"
#include "tests/support/refuses.h"
#include "tests/support/tensor_checks.h"

#include <QtTest>

using namespace core;

namespace {

at::Tensor words(std::vector<std::uint32_t> values, at::IntArrayRef shape)
{
    std::vector<std::int32_t> same(values.begin(), values.end());
    return at::tensor(same, at::kInt).view(shape);
}

at::Tensor ints(const std::vector<int>& values, at::IntArrayRef shape)
{
    return at::tensor(values, at::kInt).view(shape);
}

/** codes[o][i] = (3 o + 5 i) mod 16, 8 x 8, one scale a row. */
PackedTensor smallLayer(bool asymmetric)
{
    const auto outputs = at::arange(8, at::kInt), inputs = at::arange(8, at::kInt);
    const auto codes = (outputs.unsqueeze(1) * 3 + inputs * 5).remainder(16);
    WeightGrid grid{at::full({8, 1}, 0.5, at::kFloat), {}};
    if (asymmetric)
        grid.zeros = at::arange(8, at::kFloat).view({8, 1});
    return packCodes(asymmetric ? codes : codes - 8, grid, 4);
}

/** As compressed-tensors 0.20 packs and AutoGPTQ's and AutoAWQ's loops do. */
const auto kGptqWords =
    words({0x3e94fa50, 0x61c72d83, 0x94fa50b6, 0xc72d83e9, 0xfa50b61c, 0x2d83e94f, 0x50b61c72, 0x83e94fa5}, {1, 8});

} // namespace

class PackedLayoutsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** compressed_tensors.compressors.pack_to_int32 (0.20.0) of the same signed numbers. */
    void bitsArePackedAsCompressedTensorsPacksThem()
    {
        const auto three =
            ints({-1, -4, 1, -2, 3, 0, -3, 2, -1, -4, 1, -2, 3, 3, -4, 0, 1, 2, -1, -2, -3, 3, 3, -4, -4, 1}, {2, 13});
        QVERIFY(at::equal(packBits(three + 4, 3), words({0x43c67543, 0x75, 0x3f29eb07, 0x50}, {2, 2})));
        const auto four = ints({-8, 7, 0, 1, -1, 3, -5, 6, 2, -2}, {1, 10});
        QVERIFY(at::equal(packBits(four + 8, 4), words({0xe3b798f0, 0x6a}, {1, 2})));
    }

    /** AutoGPTQ's three-word loop for 3 bits on (5 i + 3) mod 8: two numbers of 32 lie across words. */
    void threeBitsRunOverWordsAsInGptq()
    {
        const auto numbers = (at::arange(32, at::kInt) * 5 + 3).remainder(8).view({1, 32});
        QVERIFY(at::equal(packBits(numbers, 3), words({0x43c67543, 0x7543c675, 0xc67543c6}, {1, 3})));
    }

    void everyWidthComesBack_data()
    {
        QTest::addColumn<int>("bits");
        for (int bits = 2; bits <= 8; ++bits)
            QTest::addRow("%d bits", bits) << bits;
    }

    void everyWidthComesBack()
    {
        QFETCH(int, bits);
        at::manual_seed(bits);
        const auto numbers = at::randint(0, 1 << bits, {5, 77}, at::kInt);
        QVERIFY(at::equal(unpackBits(packBits(numbers, bits), bits, 77), numbers));
        PLANISH_REFUSES(unpackBits(at::zeros({1, 2}, at::kInt), bits, 64 / bits + 1), ErrorKind::Corrupt,
                        {"2 words", std::to_string(bits) + " bits"});
    }

    void gptqStoresZeroLessOneWhereCodesAreSymmetric()
    {
        const auto layer = gptqLayer(smallLayer(false));
        QVERIFY(at::equal(layer.at(0).tensor, kGptqWords));
        QVERIFY(at::equal(layer.at(1).tensor, words({0x77777777}, {1, 1}))); // AutoGPTQ's well-known word
        QVERIFY(at::equal(layer.at(3).tensor, at::zeros({8}, at::kInt)));
        const auto second = gptqLayer(smallLayer(true)); // version 2: the zeros themselves
        QVERIFY(at::equal(second.at(0).tensor, kGptqWords));
        QVERIFY(at::equal(second.at(1).tensor, words({0x76543210}, {1, 1})));
    }

    void awqInterleavesTheOutputsOfAWord()
    {
        const auto layer = awqLayer(smallLayer(true));
        QVERIFY(at::equal(
            layer.at(0).tensor,
            words({0x5f932c60, 0xa4e871b5, 0xf93dc60a, 0x4e821b5f, 0x93d760a4, 0xe82cb5f9, 0x3d710a4e, 0x82c65f93},
                  {8, 1})));
        QVERIFY(
            at::equal(layer.at(1).tensor, words({0x75316420}, {1, 1}))); // zeros 0 to 7 in the order 0 2 4 6 1 3 5 7
    }

    void layersComeBackWithTheirValues_data()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("group");
        QTest::addColumn<bool>("asymmetric");
        for (const int bits : {3, 4, 8})
            for (const int group : {0, 32})
                for (const bool asymmetric : {false, true})
                    QTest::addRow("%d bits, group %d, %s", bits, group, asymmetric ? "asymmetric" : "symmetric")
                        << bits << group << asymmetric;
    }

    /** Only the scales are rounded: float16 keeps 11 bits, so a value moves by at most 2^-11 of itself. */
    void layersComeBackWithTheirValues()
    {
        QFETCH(int, bits);
        QFETCH(int, group);
        QFETCH(bool, asymmetric);
        const auto packed = packWeight(support::normal({32, 96}, 7), bits, group, asymmetric);
        const auto expected = dequantize(packed);
        const auto tensorsOf = [](const std::vector<LayerTensor>& layer) {
            std::vector<at::Tensor> tensors;
            for (const auto& [suffix, tensor] : layer)
                tensors.push_back(tensor);
            return tensors;
        };
        const auto exact = readCompressedTensorsLayer(tensorsOf(compressedTensorsLayer(packed, at::kFloat)), bits);
        PLANISH_AT_MOST(support::largestDifference(valuesOf(exact), expected), 1e-6);
        const double rounding = expected.abs().max().item<double>() / 2048.0;
        const auto gptq = readGptqLayer(tensorsOf(gptqLayer(packed)), bits, !asymmetric);
        PLANISH_AT_MOST(support::largestDifference(valuesOf(gptq), expected), rounding);
        if (bits != 4)
            return;
        PLANISH_AT_MOST(support::largestDifference(valuesOf(readAwqLayer(tensorsOf(awqLayer(packed)))), expected),
                        rounding);
    }

    void aScaleThatFloat16LacksIsRefused()
    {
        auto packed = smallLayer(false);
        packed.scales = at::full({8, 1}, 1e6, at::kFloat);
        PLANISH_REFUSES(gptqLayer(packed), ErrorKind::Numeric, {"float16", "1000000"});
        QCOMPARE(compressedTensorsLayer(packed, at::kFloat).size(), std::size_t(3));
    }
};

QTEST_GUILESS_MAIN(PackedLayoutsTest)
#include "tst_packed_layouts.moc"
