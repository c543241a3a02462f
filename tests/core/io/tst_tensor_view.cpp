// SPDX-License-Identifier: Apache-2.0
#include "core/io/half.h"
#include "core/io/tensor_view.h"
#include "tests/support/refuses.h"

#include <QtTest>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

using namespace core;

namespace {

TensorView view(DType type, std::vector<std::int64_t> shape, std::span<const std::byte> bytes)
{
    return {"layer.weight", type, std::move(shape), bytes, "model.bin"};
}

std::vector<float> read(DType type, std::vector<std::int64_t> shape, const std::vector<std::uint8_t>& bytes)
{
    const auto tensor = view(type, std::move(shape), std::as_bytes(std::span(bytes)));
    std::vector<float> out(static_cast<std::size_t>(tensor.elementCount()));
    readAsFloat(tensor, out);
    return out;
}

/** IEEE 754, 3.4: the value that sign, exponent and mantissa stand for. Written apart from the bit moves under test. */
double smallFloat(unsigned bits, int exponentBits, int mantissaBits)
{
    const int bias = (1 << (exponentBits - 1)) - 1;
    const int exponent = static_cast<int>(bits >> mantissaBits) & ((1 << exponentBits) - 1);
    const double fraction = static_cast<double>(bits & ((1u << mantissaBits) - 1)) / (1 << mantissaBits);
    const double sign = (bits >> (exponentBits + mantissaBits)) & 1 ? -1.0 : 1.0;
    return exponent == 0 ? sign * std::ldexp(fraction, 1 - bias) : sign * std::ldexp(1 + fraction, exponent - bias);
}

} // namespace

class TestTensorView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyHalfIsExact()
    {
        for (unsigned bits = 0; bits < 65536; ++bits) {
            const float value = halfToFloat(static_cast<std::uint16_t>(bits));
            const bool special = ((bits >> 10) & 31) == 31;
            if (special && (bits & 1023) != 0) {
                QVERIFY(std::isnan(value));
            } else if (special) {
                QCOMPARE(value, (bits >> 15 ? -1 : 1) * std::numeric_limits<float>::infinity());
            } else {
                QCOMPARE(double{value}, smallFloat(bits, 5, 10));
            }
            QCOMPARE(std::signbit(value), bits >> 15 == 1);
        }
    }

    void everyEightBitFloatIsExact()
    {
        for (unsigned bits = 0; bits < 256; ++bits) {
            const float e4m3 = e4m3ToFloat(static_cast<std::uint8_t>(bits));
            if ((bits & 127) == 127)
                QVERIFY(std::isnan(e4m3)); // the only NaN of the format, which has no infinity
            else
                QCOMPARE(double{e4m3}, smallFloat(bits, 4, 3));
            const float e5m2 = e5m2ToFloat(static_cast<std::uint8_t>(bits));
            if ((bits & 127) < 124)
                QCOMPARE(double{e5m2}, smallFloat(bits, 5, 2));
            else
                QCOMPARE(std::isnan(e5m2), (bits & 127) > 124);
        }
        // OCP 8-bit floating point specification, table 2: largest values.
        QCOMPARE(e4m3ToFloat(0x7e), 448.0f);
        QCOMPARE(e5m2ToFloat(0x7b), 57344.0f);
    }

    void bfloat16IsTheUpperHalf()
    {
        // 1; -3.140625 = -(1 + 73/128) 2; the smallest subnormal 2^-133; infinity
        const auto values = read(DType::BF16, {4}, {0x80, 0x3f, 0x49, 0xc0, 0x01, 0x00, 0x80, 0x7f});
        QCOMPARE(values, (std::vector<float>{1.0f, -3.140625f, 0x1p-133f, std::numeric_limits<float>::infinity()}));
    }

    void doublesRoundToNearest()
    {
        const double values[] = {1.0 / 3.0, 1e300, -0.0};
        std::vector<std::uint8_t> bytes(sizeof values);
        std::memcpy(bytes.data(), values, sizeof values);
        const auto read3 = read(DType::F64, {3}, bytes);
        QCOMPARE(read3[0], 1.0f / 3.0f);
        QVERIFY(std::isinf(read3[1]));
        QVERIFY(read3[2] == 0.0f && std::signbit(read3[2]));
    }

    void floatsNeedNotBeAligned()
    {
        // 1.5f = 0x3fc00000 one byte into a buffer
        const std::vector<std::uint8_t> bytes = {0xff, 0x00, 0x00, 0xc0, 0x3f};
        float out = 0;
        readAsFloat(view(DType::F32, {1, 1}, std::as_bytes(std::span(bytes)).subspan(1)), {&out, 1});
        QCOMPARE(out, 1.5f);
    }

    // The block formulas are those of ggml (x = d q; d (q - 8); d q + m), worked out by hand for d = 0.5 (0x3800),
    // d = -2 (0xc000), d = 0.25 (0x3400) with m = -1.5 (0xbe00).
    void q8_0BlockIsScaleTimesByte()
    {
        std::vector<std::uint8_t> bytes(2 * 34, 0);
        bytes[0] = 0x00;
        bytes[1] = 0x38;
        bytes[2] = 1;          // 0.5
        bytes[3] = 0x80;       // -128 -> -64
        bytes[2 + 31] = 127;   // 63.5
        bytes[34 + 1] = 0xc0;  // second block, d = -2
        bytes[34 + 2 + 5] = 3; // -6
        const auto x = read(DType::Q8_0, {2, 32}, bytes);
        QCOMPARE(x[0], 0.5f);
        QCOMPARE(x[1], -64.0f);
        QCOMPARE(x[2], 0.0f);
        QCOMPARE(x[31], 63.5f);
        QCOMPARE(x[32 + 5], -6.0f);
    }

    void q4_0BlockHasLowNibblesFirst()
    {
        std::vector<std::uint8_t> bytes(18, 0x88); // 8 stands for zero
        bytes[0] = 0x00;
        bytes[1] = 0xc0;
        bytes[2] = 0x80;      // element 0: (0 - 8) (-2) = 16, element 16: 0
        bytes[2 + 15] = 0xf7; // element 15: (7 - 8) (-2) = 2, element 31: (15 - 8) (-2) = -14
        const auto x = read(DType::Q4_0, {32}, bytes);
        QCOMPARE(x[0], 16.0f);
        QCOMPARE(x[16], 0.0f);
        QCOMPARE(x[15], 2.0f);
        QCOMPARE(x[31], -14.0f);
        QCOMPARE(x[7], 0.0f);
    }

    void q4_1BlockAddsTheMinimum()
    {
        std::vector<std::uint8_t> bytes(20, 0);
        bytes[1] = 0x34;
        bytes[3] = 0xbe;
        bytes[4] = 0xf1;      // element 0: 0.25 - 1.5 = -1.25, element 16: 3.75 - 1.5 = 2.25
        bytes[4 + 15] = 0x06; // element 15: 1.5 - 1.5 = 0, element 31: -1.5
        const auto x = read(DType::Q4_1, {32}, bytes);
        QCOMPARE(x[0], -1.25f);
        QCOMPARE(x[16], 2.25f);
        QCOMPARE(x[15], 0.0f);
        QCOMPARE(x[31], -1.5f);
    }

    void noElementsGiveNoValues()
    {
        for (const auto type : {DType::F64, DType::F32, DType::F16, DType::BF16, DType::Q8_0, DType::Q4_0, DType::Q4_1})
            QVERIFY(read(type, {3, 0}, {}).empty());
    }

    void wholeNumbersAreNotReadAsFloat()
    {
        PLANISH_REFUSES(read(DType::I32, {1}, {0, 0, 0, 0}), ErrorKind::Unsupported,
                        {"layer.weight", "I32", "model.bin"});
        auto other = view(DType::Other, {256}, {});
        other.typeName = "Q6_K";
        std::vector<float> out(256);
        PLANISH_REFUSES(readAsFloat(other, out), ErrorKind::Unsupported, {"Q6_K", "layer.weight"});
    }

    void bytesThatAreMissingAreRefused()
    {
        std::vector<float> out(2);
        PLANISH_REFUSES(readAsFloat(view(DType::F32, {2}, {}), out), ErrorKind::Corrupt, {"needs 8", "holds 0"});
        PLANISH_REFUSES(readAsFloat(view(DType::F32, {3}, {}), out), ErrorKind::InvalidArgument, {"2 values", "has 3"});
    }

    void byteCountKnowsBlocksAndOverflow()
    {
        QCOMPARE(byteCount(DType::BF16, 5), std::uint64_t{10});
        QCOMPARE(byteCount(DType::Q4_0, 4096), std::uint64_t{2304}); // 128 blocks of 18
        QCOMPARE(byteCount(DType::Q4_1, 64), std::uint64_t{40});
        QCOMPARE(byteCount(DType::Q8_0, 32), std::uint64_t{34});
        PLANISH_REFUSES(byteCount(DType::Q8_0, 33), ErrorKind::Corrupt, {"33", "Q8_0"});
        PLANISH_REFUSES(byteCount(DType::F64, std::uint64_t{1} << 61), ErrorKind::Corrupt, {"2305843009213693952"});
    }

    void shapesThatOverflowAreRefused()
    {
        const std::int64_t half = std::int64_t{1} << 32;
        PLANISH_REFUSES(view(DType::F32, {half, half}, {}).elementCount(), ErrorKind::Corrupt, {"layer.weight"});
        QCOMPARE(view(DType::F32, {}, {}).elementCount(), std::int64_t{1}); // a scalar
    }

    void setFindsByNameAndRefusesEqualNames()
    {
        TensorView a = view(DType::F32, {0}, {});
        TensorView b{"b", DType::F32, {0}, {}, "second.bin"};
        const TensorSet set({}, {a, b}, {{"format", "pt"}});
        QCOMPARE(set.find("b"), &set.tensors()[1]);
        QVERIFY(set.find("c") == nullptr);
        QCOMPARE(&set.at("layer.weight"), &set.tensors()[0]);
        PLANISH_REFUSES(set.at("c"), ErrorKind::NotFound, {"'c'", "among the 2"});
        b.name = a.name;
        PLANISH_REFUSES(TensorSet({}, {a, b}, {}), ErrorKind::Corrupt, {"layer.weight", "model.bin", "second.bin"});
    }
};

QTEST_GUILESS_MAIN(TestTensorView)
#include "tst_tensor_view.moc"
