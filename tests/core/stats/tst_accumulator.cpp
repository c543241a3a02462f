// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/stats/accumulator.h"

#include <ATen/ATen.h>
#include <QTest>

#include <cmath>
#include <numeric>

using namespace core;

Q_DECLARE_METATYPE(at::Tensor)

namespace {

Distribution distributionOf(const at::Tensor& values)
{
    Accumulator accumulator(values.size(-1));
    accumulator.add(values);
    return accumulator.distribution();
}

/** A tensor of a file over the bytes of `data`. */
template <typename T>
TensorView viewOf(const std::vector<T>& data, DType type, std::vector<std::int64_t> shape)
{
    return {
        .name = "w", .dtype = type, .shape = std::move(shape), .bytes = std::as_bytes(std::span(data)), .file = "f"};
}

Distribution distributionOf(const TensorView& tensor)
{
    Progress progress;
    Accumulator accumulator(tensor.shape.back());
    accumulator.add(tensor, progress);
    return accumulator.distribution();
}

/** n probabilities in the middles of n equal parts: their quantiles are a distribution without sampling noise. */
at::Tensor probabilities(std::int64_t n)
{
    return (at::arange(n, at::kDouble) + 0.5) / static_cast<double>(n);
}

at::Tensor normalSample(std::int64_t n)
{
    return at::special_ndtri(probabilities(n)).to(at::kFloat);
}

at::Tensor laplaceSample(std::int64_t n)
{
    const auto p = probabilities(n) - 0.5;
    return (-at::sign(p) * at::log1p(-2.0 * p.abs())).to(at::kFloat);
}

std::uint64_t totalOf(const Histogram& histogram)
{
    return std::accumulate(histogram.counts.begin(), histogram.counts.end(), histogram.below + histogram.above);
}

} // namespace

class TestAccumulator : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void kurtosisOfKnownDistributions_data();
    void kurtosisOfKnownDistributions();
    void threePooledGaussiansHaveKurtosisOneAndAHalf();
    void emptyTensorHasNoNumbers();
    void oneValueIsItsOwnMean();
    void equalValuesHaveNoKurtosis();
    void zerosHaveOneBin();
    void nonFiniteValuesAreCountedAndLeftOut();
    void hugeAndTinyValuesKeepTheirKurtosis_data();
    void hugeAndTinyValuesKeepTheirKurtosis();
    void histogramHoldsEveryValueInItsBin();
    void rowKurtosisIgnoresScalesOfRows();
    void channelAbsmaxIsByColumn();
    void fileTypesReadAsTheSameValues();
    void blockTypesReadAsTheirFormula();
    void typesThatAreNoNumbersAreRefused();
    void bytesThatTheShapeDoesNotExplainAreRefused();
    void otherChannelsAreRefused();
    void cancelledWorkStops();
    void mergingEqualsReadingTogether();
};

void TestAccumulator::kurtosisOfKnownDistributions_data()
{
    QTest::addColumn<at::Tensor>("values");
    QTest::addColumn<double>("expected");
    QTest::addColumn<double>("tolerance");
    constexpr std::int64_t n = 200000;
    // n equally spaced values: -6 (n^2 + 1) / (5 (n^2 - 1)), textbook value of the discrete uniform distribution.
    QTest::newRow("uniform") << (probabilities(n) - 0.5).to(at::kFloat) << -1.2 << 1e-6;
    // The tails end at probability 1 / 2n, which takes about log(n)^4 / n of the fourth moment.
    QTest::newRow("laplace") << laplaceSample(n) << 3.0 << 0.02;
    QTest::newRow("normal") << normalSample(n) << 0.0 << 0.005;
    QTest::newRow("two points") << at::cat({at::full({500}, -2.0f), at::full({500}, 2.0f)}) << -2.0 << 1e-12;
    // One in hundred is 1: kurtosis of a Bernoulli variable, (1 - 6 p q) / (p q) with p = 0.01.
    QTest::newRow("bernoulli") << at::cat({at::zeros({990}), at::ones({10})}) << (1 - 6 * 0.0099) / 0.0099 << 1e-9;
}

void TestAccumulator::kurtosisOfKnownDistributions()
{
    QFETCH(at::Tensor, values);
    QFETCH(double, expected);
    QFETCH(double, tolerance);
    const double kurtosis = distributionOf(values.unsqueeze(0)).kurtosis;
    QVERIFY2(std::abs(kurtosis - expected) < tolerance, qPrintable(QString::number(kurtosis, 'g', 12)));
}

// sigma 0.01, 0.02, 0.03: 3 mean(sigma^4) / mean(sigma^2)^2 - 3 = 3 * (98 / 3) / (14 / 3)^2 - 3 = 1.5.
void TestAccumulator::threePooledGaussiansHaveKurtosisOneAndAHalf()
{
    const auto normal = normalSample(100000);
    Accumulator accumulator(normal.numel());
    for (const double sigma : {0.01, 0.02, 0.03})
        accumulator.add((normal * sigma).unsqueeze(0));
    QVERIFY(std::abs(accumulator.distribution().kurtosis - 1.5) < 0.01);
    QVERIFY(std::abs(accumulator.distribution().rowKurtosis) < 0.01);
}

void TestAccumulator::emptyTensorHasNoNumbers()
{
    const auto result = distributionOf(at::empty({0, 7}));
    QCOMPARE(result.count, std::int64_t{0});
    QVERIFY(std::isnan(result.mean) && std::isnan(result.std) && std::isnan(result.min) && std::isnan(result.kurtosis));
    QCOMPARE(result.absmax, 0.0);
    QVERIFY(result.histogram.counts.empty());
    QCOMPARE(result.channelAbsmax, std::vector<float>(7, 0.0f));
}

void TestAccumulator::oneValueIsItsOwnMean()
{
    const auto result = distributionOf(at::full({1, 1}, -2.5f));
    QCOMPARE(result.count, std::int64_t{1});
    QCOMPARE(result.mean, -2.5);
    QCOMPARE(result.std, 0.0);
    QCOMPARE(result.min, -2.5);
    QCOMPARE(result.max, -2.5);
    QCOMPARE(result.absmax, 2.5);
    QVERIFY(std::isnan(result.kurtosis));
    QCOMPARE(result.histogram.counts, std::vector<std::uint64_t>{1});
    QVERIFY(result.histogram.low <= -2.5 && -2.5 < result.histogram.high);
}

void TestAccumulator::equalValuesHaveNoKurtosis()
{
    const auto result = distributionOf(at::full({33, 5001}, 0.1f));
    QCOMPARE(result.mean, static_cast<double>(0.1f));
    QCOMPARE(result.std, 0.0);
    QVERIFY(std::isnan(result.kurtosis) && std::isnan(result.rowKurtosis));
}

void TestAccumulator::zerosHaveOneBin()
{
    const auto result = distributionOf(at::zeros({4, 40}));
    QCOMPARE(result.histogram.counts, std::vector<std::uint64_t>{160});
    QCOMPARE(result.histogram.high - result.histogram.low, 1.0);
}

void TestAccumulator::nonFiniteValuesAreCountedAndLeftOut()
{
    auto values = at::arange(1, 7, at::kFloat).view({2, 3});
    values[0][0] = std::nanf("");
    values[1][2] = -INFINITY;
    const auto result = distributionOf(values); // 2 3 4 5
    QCOMPARE(result.count, std::int64_t{4});
    QCOMPARE(result.nonFinite, std::int64_t{2});
    QCOMPARE(result.mean, 3.5);
    QVERIFY(std::abs(result.std - std::sqrt(1.25)) < 1e-15);
    QCOMPARE(result.max, 5.0);
    QCOMPARE(totalOf(result.histogram), std::uint64_t{4});
    QCOMPARE(result.channelAbsmax, (std::vector<float>{4, 5, 3}));
}

void TestAccumulator::hugeAndTinyValuesKeepTheirKurtosis_data()
{
    QTest::addColumn<float>("scale");
    // Powers of two, so that the multiples are exact.
    QTest::newRow("1e30: x^4 overflows float32") << 0x1p100f;
    QTest::newRow("largest") << 0x1p126f;
    QTest::newRow("1e-30") << 0x1p-100f;
    QTest::newRow("subnormal") << 0x1p-149f;
}

// 0, 1, 2, 3 over and over: the discrete uniform distribution of 4 has -6 * 17 / (5 * 15) = -1.36.
void TestAccumulator::hugeAndTinyValuesKeepTheirKurtosis()
{
    QFETCH(float, scale);
    const auto result = distributionOf((at::arange(4000, at::kInt) % 4).to(at::kFloat).view({40, 100}) * scale);
    QVERIFY2(std::abs(result.kurtosis + 1.36) < 1e-12, qPrintable(QString::number(result.kurtosis, 'g', 15)));
    QVERIFY(std::abs(result.mean / scale - 1.5) < 1e-12);
    QCOMPARE(totalOf(result.histogram), std::uint64_t{4000});
}

void TestAccumulator::histogramHoldsEveryValueInItsBin()
{
    at::manual_seed(3);
    for (const double offset : {0.0, 5.0, -1000.0}) {
        const auto values = at::randn({200, 100}) * 0.7 + offset;
        const auto histogram = distributionOf(values).histogram;
        const auto bins = static_cast<std::int64_t>(histogram.counts.size());
        QVERIFY(bins < 1024);
        QVERIFY(bins >= 256 || offset != 0.0); // far from zero the grid is as fine as it gets
        std::vector<std::uint64_t> expected(bins, 0);
        const double width = (histogram.high - histogram.low) / static_cast<double>(bins);
        const auto* data = values.const_data_ptr<float>();
        for (std::int64_t i = 0; i < values.numel(); ++i)
            ++expected.at(static_cast<std::size_t>(std::floor((data[i] - histogram.low) / width)));
        QCOMPARE(histogram.counts, expected);
        QVERIFY(histogram.counts.front() > 0 && histogram.counts.back() > 0);
    }
}

// Rows with the same shape and different scale: every row has the kurtosis of its shape, all together have more.
void TestAccumulator::rowKurtosisIgnoresScalesOfRows()
{
    const auto row = (at::arange(100, at::kInt) % 4).to(at::kFloat);
    const auto result = distributionOf(at::stack({row, row * 10, row * 100}));
    QVERIFY(std::abs(result.rowKurtosis + 1.36) < 1e-6);
    QVERIFY(result.kurtosis > 0.0);
}

void TestAccumulator::channelAbsmaxIsByColumn()
{
    const auto values = at::tensor({1.0f, -2.0f, 0.0f, -5.0f, 1.0f, 0.5f}).view({2, 3});
    QCOMPARE(distributionOf(values).channelAbsmax, (std::vector<float>{5, 2, 0.5}));
}

// Small whole numbers and halves are exact in every type.
void TestAccumulator::fileTypesReadAsTheSameValues()
{
    std::vector<float> floats(35 * 64);
    for (std::size_t i = 0; i < floats.size(); ++i)
        floats[i] = 0.5f * static_cast<float>(static_cast<int>(i * 7 % 31) - 15);
    const std::vector<double> doubles(floats.begin(), floats.end());
    std::vector<std::uint16_t> bfloats;
    std::vector<std::uint16_t> halves;
    for (const float x : floats) {
        bfloats.push_back(c10::BFloat16(x).x);
        halves.push_back(c10::Half(x).x);
    }
    const auto expected = distributionOf(viewOf(floats, DType::F32, {35, 64}));
    QCOMPARE(expected.count, std::int64_t{35 * 64});
    for (const auto& other :
         {distributionOf(viewOf(doubles, DType::F64, {35, 64})), distributionOf(viewOf(bfloats, DType::BF16, {35, 64})),
          distributionOf(viewOf(halves, DType::F16, {35, 64}))}) {
        QCOMPARE(other.kurtosis, expected.kurtosis);
        QCOMPARE(other.mean, expected.mean);
        QCOMPARE(other.histogram.counts, expected.histogram.counts);
        QCOMPARE(other.channelAbsmax, expected.channelAbsmax);
    }
}

// Q8_0 of GGUF: a float16 scale (1.0 = 0x3c00), then 32 signed bytes. -15..16 have mean 0.5 and the kurtosis of the discrete
// uniform distribution of 32, -6 * 1025 / (5 * 1023).
void TestAccumulator::blockTypesReadAsTheirFormula()
{
    std::vector<std::uint8_t> bytes;
    constexpr int kRows = 70;
    for (int block = 0; block < 2 * kRows; ++block) {
        bytes.push_back(0x00);
        bytes.push_back(0x3c);
        for (int i = 0; i < 32; ++i)
            bytes.push_back(static_cast<std::uint8_t>(i - 15));
    }
    const auto result = distributionOf(viewOf(bytes, DType::Q8_0, {kRows, 64}));
    QCOMPARE(result.count, std::int64_t{64 * kRows});
    QVERIFY(std::abs(result.mean - 0.5) < 1e-14);
    QVERIFY(std::abs(result.kurtosis + 6.0 * 1025 / (5 * 1023)) < 1e-12);
    QCOMPARE(result.channelAbsmax[0], 15.0f);
    QCOMPARE(result.channelAbsmax[63], 16.0f);
}

void TestAccumulator::typesThatAreNoNumbersAreRefused()
{
    const std::vector<std::int32_t> integers(8);
    QVERIFY_THROWS_EXCEPTION(Error, distributionOf(viewOf(integers, DType::I32, {2, 4})));
    auto other = viewOf(integers, DType::Other, {2, 4});
    other.typeName = "Q6_K";
    try {
        distributionOf(other);
        QFAIL("a type that cannot be read was read");
    } catch (const Error& error) {
        QVERIFY(error.kind() == ErrorKind::Unsupported);
        QVERIFY(std::string(error.what()).find("Q6_K") != std::string::npos);
        QCOMPARE(error.context(), std::string("f: w"));
    }
}

void TestAccumulator::bytesThatTheShapeDoesNotExplainAreRefused()
{
    const std::vector<float> floats(7);
    try {
        distributionOf(viewOf(floats, DType::F32, {2, 4}));
        QFAIL("bytes past the end were read");
    } catch (const Error& error) {
        QVERIFY(error.kind() == ErrorKind::Corrupt);
    }
    const std::vector<std::uint8_t> blocks(34);
    QVERIFY_THROWS_EXCEPTION(Error, distributionOf(viewOf(blocks, DType::Q8_0, {2, 32})));
}

void TestAccumulator::otherChannelsAreRefused()
{
    const std::vector<float> floats(8);
    Progress progress;
    Accumulator accumulator(3);
    QVERIFY_THROWS_EXCEPTION(Error, accumulator.add(viewOf(floats, DType::F32, {2, 4}), progress));
}

void TestAccumulator::cancelledWorkStops()
{
    struct Stopped : Progress
    {
        void checkpoint() override { throw Cancelled(); }
    } stopped;
    const std::vector<float> floats(8);
    Accumulator accumulator(4);
    QVERIFY_THROWS_EXCEPTION(Cancelled, accumulator.add(viewOf(floats, DType::F32, {2, 4}), stopped));
}

void TestAccumulator::mergingEqualsReadingTogether()
{
    at::manual_seed(4);
    const auto first = at::randn({50, 40});
    const auto second = at::randn({30, 40}) * 100 + 3;
    Accumulator left(40);
    left.add(first);
    Accumulator right(40);
    right.add(second);
    left.merge(right);
    const auto merged = left.distribution();
    const auto together = distributionOf(at::cat({first, second}));
    QCOMPARE(merged.count, together.count);
    QVERIFY(std::abs(merged.kurtosis - together.kurtosis) < 1e-12 * std::abs(together.kurtosis));
    QVERIFY(std::abs(merged.std - together.std) < 1e-12 * together.std);
    QCOMPARE(merged.histogram.counts, together.histogram.counts);
    QCOMPARE(merged.channelAbsmax, together.channelAbsmax);
}

QTEST_GUILESS_MAIN(TestAccumulator)
#include "tst_accumulator.moc"
