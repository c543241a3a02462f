// SPDX-License-Identifier: Apache-2.0
// The fast transforms against the definition in float64 (gpu::cpu::referenceHadamard) and that against matrices written out by
// hand. Bound: n 2^-24 (k + 13) / sqrt(n) max|x| for k steps of float32 sums, 16 of them at once in the first step; then the result's
// type, u = 2^-8 for bfloat16 and 2^-11 for float16. A factor of order m is a product in x's type before: m roundings in float32 sums
// and u of m values that the later steps add up.
#include "gpu/device.h"
#include "gpu/hadamard_transform.h"
#include "gpu/kernels.h"

#include <ATen/ATen.h>
#include <QTest>

#include <bit>
#include <cmath>
#include <limits>

struct Case
{
    at::Tensor x;
    gpu::HadamardTransform transform;
};
Q_DECLARE_METATYPE(Case)

namespace {

bool noCuda()
{
    return !gpu::loadCuda().empty() || !gpu::cuda::isBuilt();
}

std::vector<at::Device> devices()
{
    return noCuda() ? std::vector<at::Device>{at::kCPU} : std::vector<at::Device>{at::kCPU, at::kCUDA};
}

double unitOf(at::ScalarType type)
{
    return type == at::kBFloat16 ? 0x1p-8 : type == at::kHalf ? 0x1p-11 : 0x1p-24;
}

/** Paley's matrix of order 12: entries 1 where the column less the row is a square modulo 11, skew border. */
at::Tensor paley12()
{
    auto matrix = at::ones({12, 12}, at::kDouble);
    const std::vector<int> squares{1, 3, 4, 5, 9};
    for (int i = 0; i < 11; ++i) {
        matrix[i + 1][0] = -1.0;
        for (int j = 0; j < 11; ++j) {
            const bool square = std::find(squares.begin(), squares.end(), (j - i + 11) % 11) != squares.end();
            matrix[i + 1][j + 1] = i == j || square ? 1.0 : -1.0;
        }
    }
    return matrix;
}

at::Tensor randomSigns(std::int64_t n)
{
    return at::randint(0, 2, {n}).to(at::kFloat) * 2.0f - 1.0f;
}

/** By how much a result may be off, [..., 1]. */
at::Tensor allowed(const Case& row, const at::Tensor& expected)
{
    const auto n = double(row.x.size(-1));
    const auto largest = row.x.to(at::kDouble).abs().amax(-1, true);
    const double unit = unitOf(row.x.scalar_type());
    auto bound = largest * std::sqrt(n) * 0x1p-24 * (std::log2(n) + 13.0);
    if (row.transform.factor.defined())
        bound = bound + largest * std::sqrt(n) * (unit + 0x1p-24 * double(row.transform.factor.size(0)));
    // Subnormal float16 results are rounded to multiples of 2^-24.
    return bound + expected.abs() * unit + (row.x.scalar_type() == at::kHalf ? 0x1p-25 : 0.0);
}

QString deviation(const Case& row, const at::Tensor& ours)
{
    const auto expected = gpu::cpu::referenceHadamard(row.x, row.transform);
    if (ours.scalar_type() != row.x.scalar_type() || ours.sizes() != row.x.sizes())
        return QStringLiteral("another type or shape");
    const auto got = ours.cpu().to(at::kDouble);
    const auto finite = expected.isfinite();
    if (!at::equal(finite, got.isfinite()))
        return QStringLiteral("values that are not finite");
    const auto over = ((got - expected).abs() - allowed(row, expected)).masked_select(finite);
    if (over.numel() > 0 && over.max().item<double>() > 0.0)
        return QStringLiteral("off by %1 more than the bound").arg(over.max().item<double>());
    return {};
}

} // namespace

class TestHadamardTransform : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        gpu::loadCuda();
        at::manual_seed(11);
    }
    void referenceOfOrderFourIsSylvesters();
    void cpuEqualsReference_data() { addCases(); }
    void cpuEqualsReference();
    void cudaEqualsReference_data() { addCases(); }
    void cudaEqualsReference();
    void twiceIsTheIdentity();
    void inPlaceIsTheSame();
    void codesAreThoseOfTheTransform();
    void codesAreThoseOfTheMatrices();
    void badArgumentsAreRefused();

private:
    void addCases();
};

// y = x H / 2 with the rows + + + +, + - + -, + + - -, + - - + of Sylvester's matrix of order four.
void TestHadamardTransform::referenceOfOrderFourIsSylvesters()
{
    const auto x = at::tensor({1.0, 2.0, 4.0, 8.0}, at::kDouble);
    const auto expected = at::tensor({7.5, -2.5, -4.5, 1.5}, at::kDouble);
    QVERIFY(at::equal(gpu::cpu::referenceHadamard(x, {}), expected));
    QVERIFY(at::equal(gpu::hadamardTransform(x.to(at::kFloat)), expected.to(at::kFloat)));
    // Order 24: two copies of Paley's matrix above each other, the second beside it negated.
    const auto paley = paley12();
    QVERIFY(at::equal(at::matmul(paley, paley.mT()), 12.0 * at::eye(12, at::kDouble)));
    const auto doubled = at::cat({at::cat({paley, paley}, 1), at::cat({paley, -paley}, 1)}, 0);
    const auto y = at::randn({3, 24}, at::kDouble);
    QVERIFY(at::allclose(gpu::cpu::referenceHadamard(y, {.factor = paley}), at::matmul(y, doubled) / std::sqrt(24.0),
                         0.0, 1e-14));
}

void TestHadamardTransform::addCases()
{
    QTest::addColumn<Case>("row");
    for (const auto type : {at::kFloat, at::kBFloat16, at::kHalf}) {
        for (const std::int64_t n : {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096})
            QTest::addRow("%lld, %s", (long long)n, at::toString(type))
                << Case{at::randn({n > 1000 ? 1 : 37, n}).to(type), {}};
        for (const std::int64_t n : {12, 24, 48, 96, 192, 768, 1536, 3072})
            QTest::addRow("12 * %lld, %s", (long long)n / 12, at::toString(type))
                << Case{at::randn({n > 1000 ? 1 : 5, n}).to(type), {.factor = paley12()}};
        QTest::addRow("signs, %s", at::toString(type)) << Case{at::randn({9, 64}).to(type), {.signs = randomSigns(64)}};
        QTest::addRow("factor and signs, %s", at::toString(type))
            << Case{at::randn({9, 96}).to(type), {.factor = paley12(), .signs = randomSigns(96)}};
        auto x = at::randn({6, 256});
        x[1].zero_();
        x[2][3] = std::numeric_limits<float>::quiet_NaN();
        x[3][255] = INFINITY;
        x[4] *= 100.0f;
        QTest::addRow("zeros, NaN and infinities, %s", at::toString(type)) << Case{x.to(type), {}};
        QTest::addRow("three axes, %s", at::toString(type)) << Case{at::randn({2, 3, 128}).to(type), {}};
        QTest::addRow("no rows, %s", at::toString(type)) << Case{at::empty({0, 128}, type), {}};
    }
    QTest::newRow("16384 rows") << Case{at::randn({16384, 16}).to(at::kBFloat16), {}};
    QTest::newRow("1e-30") << Case{at::randn({5, 512}) * 1e-30f, {}};
    QTest::newRow("1e30") << Case{at::randn({5, 512}) * 1e30f, {}};
    QTest::newRow("1e37: the sums would overflow, the results do not")
        << Case{at::randn({2, 4096}) * 1e36f + 1e36f, {.signs = randomSigns(4096)}};
}

void TestHadamardTransform::cpuEqualsReference()
{
    QFETCH(Case, row);
    QCOMPARE(deviation(row, gpu::hadamardTransform(row.x, row.transform)), QString());
}

void TestHadamardTransform::cudaEqualsReference()
{
    QFETCH(Case, row);
    if (noCuda())
        QSKIP(qPrintable(QStringLiteral("no CUDA: %1").arg(QString::fromStdString(gpu::loadCuda()))));
    const auto ours = gpu::hadamardTransform(row.x.to(at::kCUDA), row.transform);
    QVERIFY(ours.is_cuda());
    QCOMPARE(deviation(row, ours), QString());
}

// H H = n I for Sylvester's symmetric matrix.
void TestHadamardTransform::twiceIsTheIdentity()
{
    for (const auto& device : devices()) {
        const auto x = at::randn({7, 2048}).to(device);
        QVERIFY(at::allclose(gpu::hadamardTransform(gpu::hadamardTransform(x)), x, 0.0, 1e-5));
    }
    // Long rows, past what the definition can be computed for in a test.
    for (const auto& device : devices()) {
        const auto x = at::randn({2, 32768}).to(device);
        QVERIFY(at::allclose(gpu::hadamardTransform(gpu::hadamardTransform(x)), x, 0.0, 1e-5));
    }
}

void TestHadamardTransform::inPlaceIsTheSame()
{
    for (const auto& device : devices())
        for (const auto type : {at::kFloat, at::kBFloat16, at::kHalf})
            for (const gpu::HadamardTransform& transform : {gpu::HadamardTransform{},
                                                            {.signs = randomSigns(192)},
                                                            {.factor = paley12(), .signs = randomSigns(192)}}) {
                const auto n = transform.factor.defined() ? 192 : 128;
                const gpu::HadamardTransform used{
                    transform.factor, transform.signs.defined() ? transform.signs.narrow(0, 0, n) : at::Tensor()};
                auto x = at::randn({33, n}).to(type).to(device);
                const auto expected = gpu::hadamardTransform(x, used);
                gpu::hadamardTransformInPlace(x, used);
                QVERIFY(at::equal(x, expected));
                // Rows that start anywhere.
                auto shifted = at::randn({33 * n + 1}).to(type).to(device).narrow(0, 1, 33 * n).view({33, n});
                const auto aligned = gpu::hadamardTransform(shifted.clone(), used);
                gpu::hadamardTransformInPlace(shifted, used);
                QVERIFY(at::equal(shifted, aligned));
            }
}

// The kernel's float32 values are not those of another order of sums: codes within 1e-5 of a tie may differ, one in 1e4 or so.
void TestHadamardTransform::codesAreThoseOfTheTransform()
{
    for (const auto& device : devices())
        for (const std::int64_t n : {2, 8, 64, 192, 2048, 4096})
            for (const int bits : {4, 8}) {
                const gpu::HadamardTransform transform{n == 192 ? paley12() : at::Tensor(), randomSigns(n)};
                const gpu::TokenQuantizer quantizer{bits, 0.9f, 0.95f};
                auto x = at::randn({11, n});
                x[1].zero_();
                x[2][0] = std::numeric_limits<float>::quiet_NaN();
                const auto ours = gpu::hadamardQuantize(x.to(device), transform, quantizer);
                const auto expected =
                    gpu::quantizeTokens(gpu::cpu::referenceHadamard(x, transform).to(at::kFloat), quantizer);
                QVERIFY(at::allclose(ours.scales.cpu(), expected.scales, 1e-5, 0.0, true));
                QCOMPARE(ours.codes.sizes(), expected.codes.sizes());
                const auto moved = (ours.codes.cpu() != expected.codes).sum().item<std::int64_t>();
                QVERIFY2(moved <= 2 + 11 * n / 1000, qPrintable(QString::number(moved)));
            }
}

// Sylvester's matrix of order 64 * 64 is the Kronecker product of two of order 64.
void TestHadamardTransform::codesAreThoseOfTheMatrices()
{
    const auto matrix = gpu::cpu::referenceHadamard(at::eye(64), {});
    const auto leftSigns = randomSigns(64);
    const auto rightSigns = randomSigns(64);
    const auto x = at::randn({6, 4096});
    const auto reference = gpu::cpu::referenceKroneckerQuantize(x, {}, leftSigns.unsqueeze(1) * matrix,
                                                                rightSigns.unsqueeze(1) * matrix, {});
    for (const auto& device : devices()) {
        const auto ours =
            gpu::hadamardQuantize(x.to(device), {.signs = at::outer(leftSigns, rightSigns).flatten()}, {});
        QVERIFY(at::allclose(ours.scales.cpu(), reference.scales, 1e-5, 0.0));
        QVERIFY((ours.codes.cpu() != reference.codes).sum().item<std::int64_t>() <= 6);
    }
}

void TestHadamardTransform::badArgumentsAreRefused()
{
    const auto bad = [](const at::Tensor& x, const gpu::HadamardTransform& transform) {
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::hadamardTransform(x, transform));
    };
    bad(at::zeros({2, 6}), {});
    bad(at::zeros({2, 0}), {});
    bad(at::zeros({2, 8}, at::kLong), {});
    bad(at::zeros({2, 8}), {.factor = paley12()});
    bad(at::zeros({2, 12}), {.factor = at::ones({3, 4})});
    bad(at::zeros({2, 8}), {.signs = at::ones({4})});
    auto strided = at::zeros({8, 2}).t();
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::hadamardTransformInPlace(strided));
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::hadamardQuantize(at::zeros({2, 8}), {}, {.bits = 1}));
}

QTEST_GUILESS_MAIN(TestHadamardTransform)
#include "tst_hadamard_transform.moc"
