// SPDX-License-Identifier: Apache-2.0
// The fast kernels against gpu::cpu::referenceStatistics, which follows the definitions. Tolerances: both sum in float64 in
// different orders, n <= 1e6 terms of equal sign, so sums differ by less than n * 1.1e-16 relative; 1e-11 is far outside. The GPU
// sums 32 values at a time in float32 (gpu/cuda/statistics.h).
#include "gpu/cpu/statistics_block.h"
#include "gpu/device.h"
#include "gpu/dispatch.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <QTest>

#include <cmath>
#include <cstring>
#include <limits>

using gpu::Statistics;

Q_DECLARE_METATYPE(at::Tensor)

namespace {

constexpr double kTolerance = 1e-11;
constexpr double kGpuTolerance = 1e-6;
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

gpu::Matrix matrixOf(const at::Tensor& tensor)
{
    using gpu::ElementType;
    const auto type = tensor.scalar_type() == at::kFloat ? ElementType::Float32
        : tensor.scalar_type() == at::kDouble            ? ElementType::Float64
        : tensor.scalar_type() == at::kHalf              ? ElementType::Float16
                                                         : ElementType::BFloat16;
    return {tensor.const_data_ptr(), type, tensor.size(0), tensor.size(1)};
}

/** `scale` is what a difference of the sums is measured against. */
bool closeTo(double ours, double expected, double scale, double tolerance = kTolerance)
{
    return (std::isnan(ours) && std::isnan(expected)) || std::abs(ours - expected) <= tolerance * std::abs(scale);
}

QString difference(const Statistics& ours, const Statistics& reference, double tolerance = kTolerance)
{
    const auto& a = ours.moments;
    const auto& b = reference.moments;
    if (a.count != b.count || a.nonFinite != b.nonFinite)
        return QStringLiteral("counts %1, %2").arg(a.count).arg(b.count);
    if (a.min != b.min || a.max != b.max)
        return QStringLiteral("extremes %1 %2, %3 %4").arg(a.min).arg(a.max).arg(b.min).arg(b.max);
    const double n = static_cast<double>(std::max<std::int64_t>(b.count, 1));
    const double deviation = std::sqrt(b.m2 / n);
    if (!closeTo(a.mean, b.mean, deviation + std::abs(b.mean), tolerance))
        return QStringLiteral("mean %1, %2").arg(a.mean).arg(b.mean);
    // A spread below the mean's own rounding is not one.
    const double floor = 1e-15 * std::abs(b.mean);
    const double m2 = b.m2 + n * floor * floor / tolerance;
    if (!closeTo(a.m2, b.m2, m2, tolerance)
        || !closeTo(a.m3, b.m3, m2 * (deviation + floor) + std::abs(b.m3), tolerance)
        || !closeTo(a.m4, b.m4, b.m4 + m2 * floor * floor, tolerance))
        return QStringLiteral("powers %1 %2 %3, %4 %5 %6").arg(a.m2).arg(a.m3).arg(a.m4).arg(b.m2).arg(b.m3).arg(b.m4);
    if (ours.histogram.exponent != reference.histogram.exponent || ours.histogram.counts != reference.histogram.counts)
        return QStringLiteral("histograms");
    if (ours.channelAbsmax != reference.channelAbsmax)
        return QStringLiteral("channel maxima");
    return {};
}

QString rowDifference(const Statistics& ours, const Statistics& reference)
{
    if (ours.rowKurtosisCount != reference.rowKurtosisCount)
        return QStringLiteral("rows %1, %2").arg(ours.rowKurtosisCount).arg(reference.rowKurtosisCount);
    const auto rows = static_cast<double>(reference.rowKurtosisCount);
    return closeTo(ours.rowKurtosisSum, reference.rowKurtosisSum, std::abs(reference.rowKurtosisSum) + rows)
        ? QString()
        : QStringLiteral("row kurtosis %1, %2").arg(ours.rowKurtosisSum).arg(reference.rowKurtosisSum);
}

} // namespace

class TestStatistics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        gpu::loadCuda(); // before LibTorch is asked for anything
        at::manual_seed(7);
    }
    void kernelEqualsReference_data() { addMatrices(); }
    void kernelEqualsReference();
    void cudaKernelEqualsReference_data();
    void cudaKernelEqualsReference();
    void everyInstructionSetGivesTheSameBlocks();
    void halfDecodesEveryPattern();
    void resultDoesNotDependOnThreads();
    void unalignedMemoryIsRead();
    void accumulatingPartsEqualsTheWhole();
    void stridedTensorIsReadByValue();
    void integersAreRefused();
    void otherChannelCountsAreRefused();

private:
    void addMatrices();
};

void TestStatistics::addMatrices()
{
    QTest::addColumn<at::Tensor>("values");
    const auto normal = [](std::int64_t rows, std::int64_t channels) { return at::randn({rows, channels}); };
    QTest::newRow("one value") << at::full({1, 1}, 3.0f);
    QTest::newRow("one channel") << normal(5001, 1);
    QTest::newRow("odd sizes") << normal(13, 171);
    QTest::newRow("31 channels: rows share blocks") << normal(200, 31);
    QTest::newRow("32 channels: rows alone") << normal(200, 32);
    QTest::newRow("a row longer than a block") << normal(3, 5003);
    QTest::newRow("many parts") << normal(1100, 1023);
    QTest::newRow("zeros") << at::zeros({7, 65});
    QTest::newRow("equal values") << at::full({7, 65}, 0.1f);
    QTest::newRow("mean far from zero") << normal(64, 172) * 1e-3f + 100.0f;
    QTest::newRow("growing rows") << normal(64, 172) * at::logspace(-20, 20, 64).unsqueeze(1).to(at::kFloat);
    QTest::newRow("1e30") << normal(64, 172) * 1e30f;
    QTest::newRow("largest floats") << at::sign(normal(16, 64)) * std::numeric_limits<float>::max();
    QTest::newRow("subnormal") << normal(64, 172) * 1e-41f;
    QTest::newRow("bfloat16") << normal(64, 172).to(at::kBFloat16);
    QTest::newRow("float16 with subnormals") << (normal(64, 172) * 1e-5f).to(at::kHalf);
    QTest::newRow("float64") << normal(64, 172).to(at::kDouble);
    auto spoilt = normal(20, 300);
    spoilt[3][5] = kNaN;
    spoilt[3][6] = kInfinity;
    spoilt[19][299] = -kInfinity;
    spoilt.select(1, 7).fill_(kNaN);
    QTest::newRow("some NaN and infinities") << spoilt;
    QTest::newRow("only NaN") << at::full({3, 70}, kNaN);
    QTest::newRow("bfloat16 with infinity") << spoilt.to(at::kBFloat16);
}

void TestStatistics::kernelEqualsReference()
{
    QFETCH(at::Tensor, values);
    const auto reference = gpu::cpu::referenceStatistics(matrixOf(values));
    Statistics ours(values.size(1));
    gpu::accumulateStatistics(ours, values);
    QCOMPARE(difference(ours, reference), QString());
    QCOMPARE(rowDifference(ours, reference), QString());
}

void TestStatistics::cudaKernelEqualsReference_data()
{
    addMatrices();
    // A sample of every 128th pack of four decides the histogram's width: none of these values is in it.
    const auto hidden = [](double value, std::int64_t every) {
        auto x = at::randn({1024, 4096});
        x.view({-1, every}).select(1, 300).fill_(value);
        return x;
    };
    QTest::newRow("outliers that a sample misses") << hidden(1000.0, 1 << 16);
    QTest::newRow("more outliers than the list holds") << at::cat({hidden(1e4, 512)}).repeat({9, 1});
    QTest::newRow("powers of an outlier overflow") << hidden(1e30, 1 << 20);
    QTest::newRow("large bfloat16") << (at::randn({4099, 4096}) * 0.02).to(at::kBFloat16);
    QTest::newRow("strips of unequal ends") << at::randn({517, 11008 + 4});
}

void TestStatistics::cudaKernelEqualsReference()
{
    QFETCH(at::Tensor, values);
    if (!gpu::loadCuda().empty() || !gpu::cuda::isBuilt())
        QSKIP(qPrintable(QStringLiteral("no CUDA: %1").arg(QString::fromStdString(gpu::loadCuda()))));
    const auto reference = gpu::cpu::referenceStatistics(matrixOf(values));
    Statistics ours(values.size(1));
    gpu::accumulateStatistics(ours, values.to(at::kCUDA));
    QCOMPARE(difference(ours, reference, kGpuTolerance), QString());
    gpu::accumulateStatistics(ours, values.to(at::kCUDA)); // parts add up
    auto twice = reference;
    merge(twice, reference);
    QCOMPARE(difference(ours, twice, kGpuTolerance), QString());
}

void TestStatistics::everyInstructionSetGivesTheSameBlocks()
{
    using namespace gpu::cpu;
    int count = 0;
    const auto* const steps = allBlockSteps(count);
    QVERIFY(count >= 1);
    for (const std::int64_t n : {1, 3, 15, 16, 17, 31, 172, 2047, 2048}) {
        const auto values = at::randn({n}) * 0.03f;
        const auto* x = values.const_data_ptr<float>();
        for (int i = 0; i < count; ++i) {
            const auto extent = steps[i].measure(x, n);
            QCOMPARE(extent.min, values.min().item<float>());
            QCOMPARE(extent.max, values.max().item<float>());
            QVERIFY(closeTo(extent.sum, values.to(at::kDouble).sum().item<double>(), static_cast<double>(n)));
            const auto d = values.to(at::kDouble) - 0.01;
            const auto powers = steps[i].sumPowers(x, n, 0.01);
            QVERIFY(closeTo(powers.m2, d.pow(2).sum().item<double>(), powers.m2));
            QVERIFY(closeTo(powers.m3, d.pow(3).sum().item<double>(), d.abs().pow(3).sum().item<double>()));
            QVERIFY(closeTo(powers.m4, d.pow(4).sum().item<double>(), powers.m4));
            std::vector<std::uint32_t> counts(kBinTables * gpu::DyadicHistogram::kBins, 0);
            steps[i].countBins(x, n, 1024.0f, counts.data(), kBinTables);
            std::vector<std::uint32_t> single(gpu::DyadicHistogram::kBins, 0);
            steps[i].countBins(x, n, 1024.0f, single.data(), 1);
            std::vector<std::uint32_t> expected(gpu::DyadicHistogram::kBins, 0);
            for (std::int64_t k = 0; k < n; ++k)
                ++expected[static_cast<int>(std::floor(x[k] * 1024.0)) + gpu::DyadicHistogram::kHalf];
            for (int bin = 0; bin < gpu::DyadicHistogram::kBins; ++bin)
                QCOMPARE(counts[bin] + counts[2048 + bin] + counts[4096 + bin] + counts[6144 + bin], expected[bin]);
            QCOMPARE(single, expected);
            auto absmax = at::full({n}, 0.02f);
            steps[i].raiseAbsmax(x, n, absmax.data_ptr<float>());
            QVERIFY(at::equal(absmax, at::maximum(values.abs(), at::full({n}, 0.02f))));
        }
    }
}

// c10::Half converts by the tables of IEEE 754; NaN payloads are not compared.
void TestStatistics::halfDecodesEveryPattern()
{
    std::vector<std::uint16_t> patterns(gpu::cpu::kBlock);
    std::vector<float> decoded(gpu::cpu::kBlock);
    int count = 0;
    const auto* const steps = gpu::cpu::allBlockSteps(count);
    for (int i = 0; i < count; ++i)
        for (std::uint32_t start = 0; start < 65536; start += gpu::cpu::kBlock) {
            for (std::uint32_t k = 0; k < patterns.size(); ++k)
                patterns[k] = static_cast<std::uint16_t>(start + k);
            steps[i].decode(patterns.data(), gpu::ElementType::Float16, gpu::cpu::kBlock, decoded.data());
            for (std::size_t k = 0; k < patterns.size(); ++k) {
                const float expected = c10::Half(patterns[k], c10::Half::from_bits());
                QVERIFY(decoded[k] == expected || (std::isnan(decoded[k]) && std::isnan(expected)));
            }
        }
}

void TestStatistics::resultDoesNotDependOnThreads()
{
    const auto values = at::randn({1100, 1023});
    const int before = at::get_num_threads();
    Statistics one(1023);
    at::set_num_threads(1);
    gpu::accumulateStatistics(one, values);
    Statistics many(1023);
    at::set_num_threads(4);
    gpu::accumulateStatistics(many, values);
    at::set_num_threads(before);
    QVERIFY(one.moments.m4 == many.moments.m4 && one.moments.m3 == many.moments.m3
            && one.moments.mean == many.moments.mean);
    QVERIFY(one.rowKurtosisSum == many.rowKurtosisSum);
}

void TestStatistics::unalignedMemoryIsRead()
{
    const auto values = at::randn({9, 77});
    std::vector<char> bytes(values.nbytes() + 1);
    std::memcpy(bytes.data() + 1, values.const_data_ptr(), values.nbytes());
    Statistics ours(77);
    gpu::cpu::accumulateStatistics(ours, {bytes.data() + 1, gpu::ElementType::Float32, 9, 77});
    QCOMPARE(difference(ours, gpu::cpu::referenceStatistics(matrixOf(values))), QString());
}

void TestStatistics::accumulatingPartsEqualsTheWhole()
{
    const auto values = at::randn({90, 128}) * at::logspace(-3, 3, 90).unsqueeze(1).to(at::kFloat);
    Statistics streamed(128);
    Statistics merged(128);
    for (const auto& part : values.split(17)) {
        gpu::accumulateStatistics(streamed, part);
        Statistics alone(128);
        gpu::accumulateStatistics(alone, part);
        merge(merged, alone);
    }
    const auto reference = gpu::cpu::referenceStatistics(matrixOf(values));
    QCOMPARE(difference(streamed, reference), QString());
    QCOMPARE(difference(merged, reference), QString());
    QCOMPARE(rowDifference(merged, reference), QString());
}

void TestStatistics::stridedTensorIsReadByValue()
{
    const auto values = at::randn({64, 50}).t();
    Statistics ours(64);
    gpu::accumulateStatistics(ours, values);
    QCOMPARE(difference(ours, gpu::cpu::referenceStatistics(matrixOf(values.contiguous()))), QString());
}

void TestStatistics::integersAreRefused()
{
    Statistics ours(4);
    QVERIFY_THROWS_EXCEPTION(c10::Error, gpu::accumulateStatistics(ours, at::zeros({4, 4}, at::kLong)));
}

void TestStatistics::otherChannelCountsAreRefused()
{
    Statistics ours(4);
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::accumulateStatistics(ours, at::zeros({4, 5})));
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, merge(ours, Statistics(5)));
}

QTEST_GUILESS_MAIN(TestStatistics)
#include "tst_statistics.moc"
