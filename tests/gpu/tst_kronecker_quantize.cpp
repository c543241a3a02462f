// SPDX-License-Identifier: Apache-2.0
// One long file, because one table of cases is shared by the references, the CPU and both tensor-core forms.
// The kernels against sums in float64: gpu::cpu::referenceKroneckerQuantize, and LibTorch's products of the same numbers in
// float64, from which every code's distance to a tie is known. Bounds, with u = 2^-8 of bfloat16 and M = |left|^T |X| |right|:
// - float32 products: n1 + n2 roundings of 2^-24 each, of terms that sum to M at most.
// - tensor cores, against exact numbers: 3.1 u M as gpu/kronecker_quantize.h derives.
// - tensor cores, against float64 sums of the numbers rounded where the kernel rounds them: what is left is the order of float32
//   sums, and where such a difference makes W round the other way, u max|left| max|W| for each such W.
#include "gpu/device.h"
#include "gpu/kronecker_quantize.h"
#include "gpu/stream.h"
#include "gpu/token_kernels.h"

#include <ATen/ATen.h>
#include <QTest>

#include <cmath>
#include <limits>

struct Case
{
    at::Tensor x, gamma, left, right;
    gpu::TokenQuantizer quantizer;
};
Q_DECLARE_METATYPE(Case)

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr double kUnit = 1.0 / 256;

at::Tensor randomMatrix(std::int64_t n)
{
    return at::randn({n, n}) / std::sqrt(double(n));
}

/** Rounded to `type` and back. */
at::Tensor rounded(const at::Tensor& values, at::ScalarType type)
{
    return values.to(at::kFloat).to(type).to(at::kDouble);
}

/** left^T X right for [tokens, n1, n2], all float64. */
at::Tensor product(const at::Tensor& left, const at::Tensor& x, const at::Tensor& right)
{
    return at::matmul(left.mT(), at::matmul(x, right));
}

/** What is known of a case in float64. */
struct Expected
{
    at::Tensor z;       // [tokens, n]
    at::Tensor allowed; // by how much the kernel's z may be off
};

struct Operands
{
    at::Tensor x, left, right; // float64, x [tokens, n1, n2]
};

Operands operandsOf(const Case& row)
{
    const auto n = row.x.size(1);
    const auto n1 = row.left.defined() ? row.left.size(0) : row.right.defined() ? n / row.right.size(0) : 1;
    const auto n2 = n / n1;
    auto x = row.x.to(at::kDouble);
    if (row.gamma.defined()) {
        const auto squares = x.square().sum(1, true);
        const auto kept = squares.masked_fill(squares > double(std::numeric_limits<float>::max()), NAN);
        x = x / (kept / double(n) + 1e-5).sqrt() * row.gamma.to(at::kDouble);
    }
    return {x.view({-1, n1, n2}), row.left.defined() ? row.left.to(at::kDouble) : at::eye(n1, at::kDouble),
            row.right.defined() ? row.right.to(at::kDouble) : at::eye(n2, at::kDouble)};
}

Expected exactly(const Case& row, double relative)
{
    const auto [x, left, right] = operandsOf(row);
    return {product(left, x, right).flatten(1),
            (product(left.abs(), x.abs(), right.abs()) * (relative + double(left.size(0) + right.size(0)) * 0x1p-23))
                .flatten(1)};
}

/** With the roundings of the fused GPU kernel. */
Expected asTensorCoresRound(const Case& row)
{
    auto [x, left, right] = operandsOf(row);
    const auto type = row.x.scalar_type();
    x = rounded(x, type);
    left = rounded(left, at::kBFloat16);
    const auto w = rounded(at::matmul(x, rounded(right, type)), at::kBFloat16);
    const auto flips = 2.0 * kUnit * left.abs().max() * w.abs().amax({1, 2}, true);
    const auto z = at::matmul(left.mT(), w);
    return {z.flatten(1), flips.expand_as(z).flatten(1)};
}

at::Tensor unpacked(const gpu::QuantizedTokens& tokens, std::int64_t n)
{
    const auto codes = tokens.codes.cpu();
    if (codes.scalar_type() == at::kChar)
        return codes.to(at::kDouble);
    const auto low = codes.bitwise_and(15).to(at::kInt);
    const auto high = codes.bitwise_right_shift(4).to(at::kInt);
    const auto nibbles = at::stack({low, high}, 2).view({codes.size(0), n});
    return (nibbles - 16 * (nibbles > 7).to(at::kInt)).to(at::kDouble);
}

/** Empty where scales and codes are those of some z within `allowed` of the expected one. */
QString deviation(const gpu::QuantizedTokens& tokens, const Expected& expected, const gpu::TokenQuantizer& quantizer)
{
    const double qmax = (1 << (quantizer.bits - 1)) - 1;
    const auto finite = expected.z.abs().amax(1) <= double(std::numeric_limits<float>::max()); // false for NaN
    const auto scales = tokens.scales.cpu().to(at::kDouble);
    const auto codes = unpacked(tokens, expected.z.size(1));
    if (!at::equal(scales.isnan(), finite.logical_not()))
        return QStringLiteral("tokens that are not finite");
    if (codes.masked_select(finite.logical_not().unsqueeze(1)).any().item<bool>())
        return QStringLiteral("codes of tokens that are not finite");
    const auto z = expected.z.masked_select(finite.unsqueeze(1)).view({-1, expected.z.size(1)});
    const auto allowed = expected.allowed.masked_select(finite.unsqueeze(1)).view(z.sizes());
    const auto ours = codes.masked_select(finite.unsqueeze(1)).view(z.sizes());
    if (z.numel() == 0)
        return {};
    const auto up = z.clamp_min(0.0).amax(1) * double(quantizer.shrinkMax);
    const auto down = (-z).clamp_min(0.0).amax(1) * double(quantizer.shrinkMin);
    auto scale = at::maximum(up, down) / qmax;
    scale = scale.masked_fill(scale < double(std::numeric_limits<float>::min()), 1.0);
    const auto given = scales.masked_select(finite);
    const auto scaleOff = (given - scale).abs() - allowed.amax(1) / qmax - scale * 1e-6;
    if (!(scaleOff.max().item<double>() <= 0.0))
        return QStringLiteral("a scale is off by %1 of its bound").arg(scaleOff.max().item<double>());
    const auto ratio = z / given.unsqueeze(1);
    const auto slack = allowed / given.unsqueeze(1) + 0x1p-22 * ratio.abs() + 0.5;
    // The outermost codes stand for everything beyond them too.
    const auto high = (ours > -qmax - 1.0).logical_and(ours - ratio > slack);
    const auto low = (ours < qmax).logical_and(ratio - ours > slack);
    const auto wrong = low.logical_or(high);
    return wrong.any().item<bool>()
        ? QStringLiteral("%1 codes outside their bound").arg(wrong.sum().item<std::int64_t>())
        : QString();
}

/** The share of codes that are not those of the expected z, and none by more than one step. */
double shareMoved(const gpu::QuantizedTokens& tokens, const Expected& expected, const gpu::TokenQuantizer& quantizer)
{
    const double qmax = (1 << (quantizer.bits - 1)) - 1;
    const auto up = expected.z.clamp_min(0.0).amax(1) * double(quantizer.shrinkMax);
    const auto down = (-expected.z).clamp_min(0.0).amax(1) * double(quantizer.shrinkMin);
    auto scale = at::maximum(up, down) / qmax;
    scale = scale.masked_fill(scale < double(std::numeric_limits<float>::min()), 1.0);
    const auto codes = (expected.z / scale.unsqueeze(1)).round().clamp(-qmax - 1.0, qmax).nan_to_num(0.0);
    const auto moved = (codes - unpacked(tokens, expected.z.size(1))).abs();
    const auto known = tokens.scales.cpu().isfinite().unsqueeze(1).to(at::kDouble);
    if ((moved * known).max().item<double>() > 1.0)
        return kInfinity;
    return (moved * known).mean().item<double>();
}

Case onGpu(const Case& row)
{
    auto moved = row;
    moved.x = row.x.to(at::kCUDA);
    return moved;
}

gpu::QuantizedTokens quantize(const Case& row)
{
    if (row.gamma.defined())
        return gpu::kroneckerQuantize(row.x, {.gamma = row.gamma, .eps = 1e-5}, row.left, row.right, row.quantizer);
    return gpu::kroneckerQuantize(row.x, row.left, row.right, row.quantizer);
}

bool noCuda()
{
    return !gpu::loadCuda().empty() || !gpu::cuda::isBuilt();
}

} // namespace

class TestKroneckerQuantize : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        gpu::loadCuda();
        at::manual_seed(7);
    }
    void cpuKeepsItsBound_data() { addCases(); }
    void cpuKeepsItsBound();
    void cpuEqualsReference_data() { addCases(); }
    void cpuEqualsReference();
    void cudaKeepsItsBound_data() { addCases(); }
    void cudaKeepsItsBound();
    void cudaRoundsWhereItSays_data() { addCases(); }
    void cudaRoundsWhereItSays();
    void bothFormsAgree_data() { addCases(); }
    void bothFormsAgree();
    void packsEvenCodesInLowNibbles();
    void ofExactHalvesTheEvenCodeIsTaken();
    void clippedValuesSaturate();
    void scaleNeverUnderflows();
    void unalignedTokensAreRead();
    void cudaPacksAsTheCpu();
    void badArgumentsAreRefused();

private:
    void addCases();
};

void TestKroneckerQuantize::addCases()
{
    QTest::addColumn<Case>("row");
    const auto add = [](const char* name, std::int64_t tokens, std::int64_t n1, std::int64_t n2, int bits,
                        at::ScalarType type, float factor = 1.0f) {
        const auto x = (at::randn({tokens, n1 * n2}) * factor).to(type);
        QTest::newRow(name) << Case{x, {}, randomMatrix(n1), randomMatrix(n2), {bits, 0.97f, 0.94f}};
    };
    add("1 token 64x64", 1, 64, 64, 4, at::kBFloat16);
    add("64x64", 133, 64, 64, 4, at::kBFloat16);
    add("64x64 float16", 33, 64, 64, 4, at::kHalf);
    add("64x64 float32", 33, 64, 64, 4, at::kFloat);
    add("64x64 8 bits", 33, 64, 64, 8, at::kBFloat16);
    add("64x64 3 bits", 33, 64, 64, 3, at::kBFloat16);
    add("64x64 6 bits", 33, 64, 64, 6, at::kHalf);
    add("86x128", 40, 86, 128, 4, at::kBFloat16);
    add("86x128 8 bits", 9, 86, 128, 8, at::kBFloat16);
    add("112x128", 40, 112, 128, 4, at::kBFloat16);
    add("112x128 float16", 9, 112, 128, 4, at::kHalf);
    add("128x128", 17, 128, 128, 4, at::kBFloat16);
    add("64x128", 17, 64, 128, 4, at::kBFloat16);
    add("64x88", 17, 64, 88, 4, at::kBFloat16);
    add("64x76 8 bits", 17, 64, 76, 8, at::kBFloat16);
    add("24x24", 17, 24, 24, 4, at::kBFloat16);
    add("28x32", 17, 28, 32, 4, at::kHalf);
    add("32x64", 17, 32, 64, 4, at::kBFloat16);
    add("7x6", 300, 7, 6, 4, at::kBFloat16);
    add("6x7", 300, 6, 7, 4, at::kHalf);
    add("3x5 8 bits", 300, 3, 5, 8, at::kBFloat16);
    add("1x100", 50, 1, 100, 4, at::kBFloat16);
    add("100x1", 50, 100, 1, 4, at::kBFloat16);
    add("1x1 8 bits", 50, 1, 1, 8, at::kFloat);
    add("127x121 8 bits", 3, 127, 121, 8, at::kBFloat16);
    add("128x148: past the tensor cores' form", 5, 128, 148, 4, at::kBFloat16);
    add("144x192", 3, 144, 192, 4, at::kFloat);
    add("16384 tokens", 16384, 8, 8, 4, at::kBFloat16);
    add("1e-30", 9, 12, 20, 4, at::kFloat, 1e-30f);
    add("1e30", 9, 12, 20, 4, at::kFloat, 1e30f);
    add("1e-30 bfloat16", 9, 64, 64, 4, at::kBFloat16, 1e-30f);
    add("1e30 bfloat16", 9, 64, 64, 4, at::kBFloat16, 1e30f);
    add("float16 of 1e4", 9, 64, 64, 4, at::kHalf, 1e4f);

    for (const auto type : {at::kFloat, at::kBFloat16}) {
        auto x = at::randn({12, 64 * 64});
        x[1].zero_();
        x[3][17] = kNaN;
        x[5][4095] = INFINITY;
        x[7][0] = -INFINITY;
        x[11] *= 1e-42f;                             // a scale below the smallest normal float32
        x[9] *= at::randn({64 * 64}).pow(3) * 50.0f; // outliers
        QTest::addRow("zero, NaN and infinite tokens, %s", at::toString(type))
            << Case{x.to(type), {}, randomMatrix(64), randomMatrix(64), {}};
        const auto gamma = 1.0f + 0.3f * at::randn({64 * 64});
        QTest::addRow("behind a norm, %s", at::toString(type))
            << Case{x.to(type), gamma, randomMatrix(64), randomMatrix(64), {4, 0.9f, 0.9f}};
    }
    QTest::newRow("norm, 40x54") << Case{(at::randn({30, 40 * 54}) * 20).to(at::kBFloat16),
                                         at::rand({40 * 54}),
                                         randomMatrix(40),
                                         randomMatrix(54),
                                         {4, 0.9f, 0.9f}};
    QTest::newRow("norm, 64x80 float16") << Case{(at::randn({30, 64 * 80}) * 20).to(at::kHalf),
                                                 at::rand({64 * 80}),
                                                 randomMatrix(64),
                                                 randomMatrix(80),
                                                 {4, 0.9f, 0.9f}};
    QTest::newRow("norm, squares overflow") << Case{
        (at::randn({4, 4096}) * 1e20f).to(at::kBFloat16), at::rand({4096}), randomMatrix(64), randomMatrix(64), {}};
    QTest::newRow("left alone") << Case{at::randn({20, 32 * 128}).to(at::kBFloat16), {}, randomMatrix(32), {}, {}};
    QTest::newRow("right alone") << Case{at::randn({20, 32 * 100}).to(at::kBFloat16), {}, {}, randomMatrix(100), {}};
    QTest::newRow("no matrices") << Case{at::randn({20, 3000}).to(at::kBFloat16), {}, {}, {}, {}};
    QTest::newRow("no matrices, float16, 8 bits")
        << Case{at::randn({20, 3001}).to(at::kHalf), {}, {}, {}, {8, 0.9f, 0.9f}};
    QTest::newRow("no matrices, float32, odd bytes") << Case{at::randn({20, 3002}), {}, {}, {}, {}};
    QTest::newRow("no tokens") << Case{at::empty({0, 64}, at::kBFloat16), {}, randomMatrix(8), randomMatrix(8), {}};
}

void TestKroneckerQuantize::cpuKeepsItsBound()
{
    QFETCH(Case, row);
    if (row.x.size(0) == 0) {
        QCOMPARE(quantize(row).codes.size(0), 0);
        return;
    }
    QCOMPARE(deviation(quantize(row), exactly(row, 0.0), row.quantizer), QString());
}

// Codes near a tie may fall to either side: float32 noise of 1e-6 of z, a token's largest 7 codes wide, moves about one in 1e5.
void TestKroneckerQuantize::cpuEqualsReference()
{
    QFETCH(Case, row);
    const auto few = row.x.narrow(0, 0, std::min<std::int64_t>(row.x.size(0), 12));
    const auto reference =
        gpu::cpu::referenceKroneckerQuantize(few, {row.gamma, 1e-5}, row.left, row.right, row.quantizer);
    const auto ours = quantize({few, row.gamma, row.left, row.right, row.quantizer});
    QVERIFY(at::allclose(ours.scales, reference.scales, 1e-5, 0.0, true));
    if (few.size(0) == 0)
        return;
    const auto moved = (unpacked(ours, few.size(1)) - unpacked(reference, few.size(1))).abs();
    QVERIFY(moved.max().item<double>() <= 1.0);
    QVERIFY(moved.sum().item<double>() <= 2.0 + 1e-3 * double(moved.numel()));
}

void TestKroneckerQuantize::cudaKeepsItsBound()
{
    QFETCH(Case, row);
    if (noCuda())
        QSKIP(qPrintable(QStringLiteral("no CUDA: %1").arg(QString::fromStdString(gpu::loadCuda()))));
    const auto ours = quantize(onGpu(row));
    QVERIFY(ours.codes.is_cuda() && ours.scales.is_cuda());
    if (row.x.size(0) == 0)
        return;
    const double own = row.x.scalar_type() == at::kFloat ? 0.0
        : row.x.scalar_type() == at::kHalf               ? 2.1 * kUnit + 0x1p-10
                                                         : 3.1 * kUnit;
    const double norm = !row.gamma.defined() ? 0.0 : row.x.scalar_type() == at::kHalf ? 0x1p-10 : kUnit;
    QCOMPARE(deviation(ours, exactly(row, own + norm), row.quantizer), QString());
}

// The sharp one: nearly all codes are those of float64 sums of the rounded operands.
void TestKroneckerQuantize::cudaRoundsWhereItSays()
{
    QFETCH(Case, row);
    if (noCuda())
        QSKIP(qPrintable(QStringLiteral("no CUDA: %1").arg(QString::fromStdString(gpu::loadCuda()))));
    if (row.x.size(0) == 0)
        return;
    const auto operands = operandsOf(row);
    const bool fused = row.x.scalar_type() != at::kFloat && operands.x.size(1) <= 128 && operands.x.size(2) <= 128
        && (row.left.defined() || row.right.defined() || row.gamma.defined());
    const auto expected = fused ? asTensorCoresRound(row) : exactly(row, 0.0);
    const auto ours = quantize(onGpu(row));
    QCOMPARE(deviation(ours, expected, row.quantizer), QString());
    const double share = shareMoved(ours, expected, row.quantizer);
    qInfo("share of codes off by one: %.2e", share);
    QVERIFY2(share <= (row.gamma.defined() ? 5e-3 : 2e-3), qPrintable(QString::number(share)));
}

// The order of float32 sums aside the two forms round at the same places. The one of warps is for devices of other compute
// capabilities, so this is where it meets the same cases.
void TestKroneckerQuantize::bothFormsAgree()
{
    QFETCH(Case, row);
    if (noCuda())
        QSKIP(qPrintable(QStringLiteral("no CUDA: %1").arg(QString::fromStdString(gpu::loadCuda()))));
    const auto operands = operandsOf(row);
    const auto n1 = operands.x.size(1);
    const auto n2 = operands.x.size(2);
    const bool bfloat = row.x.scalar_type() == at::kBFloat16;
    const auto type = bfloat ? gpu::ElementType::BFloat16 : gpu::ElementType::Float16;
    if (row.x.scalar_type() == at::kFloat || row.x.size(0) == 0 || !gpu::cuda::canFuseKronecker(type, n1, n2))
        return;
    const auto x = row.x.to(at::kCUDA);
    const auto left = operands.left.to(at::kCUDA, at::kFloat).contiguous();
    const auto right = operands.right.to(at::kCUDA, at::kFloat).contiguous();
    const auto gamma = row.gamma.defined() ? row.gamma.to(at::kCUDA, at::kFloat) : at::Tensor();
    const bool nibbles = row.quantizer.bits <= 4;
    const auto codes = nibbles ? at::full({x.size(0), n1 * n2 / 2}, 0x5a, x.options().dtype(at::kByte))
                               : at::full({x.size(0), n1 * n2}, 0x5a, x.options().dtype(at::kChar));
    const gpu::QuantizedTokens ours{codes, at::full({x.size(0)}, -1.0f, x.options().dtype(at::kFloat))};
    gpu::cuda::kroneckerQuantizeByWarps({x.const_data_ptr(), type, x.size(0), int(n1), int(n2),
                                         left.const_data_ptr<float>(), right.const_data_ptr<float>(),
                                         gamma.defined() ? gamma.const_data_ptr<float>() : nullptr, 1e-5f},
                                        {codes.data_ptr(), ours.scales.data_ptr<float>(), row.quantizer.bits,
                                         row.quantizer.shrinkMax, row.quantizer.shrinkMin},
                                        gpu::currentStream(x.device()));
    const auto expected = asTensorCoresRound(row);
    QCOMPARE(deviation(ours, expected, row.quantizer), QString());
    QVERIFY(shareMoved(ours, expected, row.quantizer) <= (row.gamma.defined() ? 5e-3 : 2e-3));
}

// By hand: the largest of 7, -7, 3, -3, 1, -1, 0, 7 is 7, so the scale is 1 and the codes are the values; nibbles 7 and 9 (-7),
// 3 and 13, 1 and 15, 0 and 7, the even channel low.
void TestKroneckerQuantize::packsEvenCodesInLowNibbles()
{
    const auto x = at::tensor({7.0f, -7.0f, 3.0f, -3.0f, 1.0f, -1.0f, 0.0f, 7.0f}).view({1, 8});
    const auto expected = at::tensor({0x97, 0xd3, 0xf1, 0x70}, at::kByte).view({1, 4});
    for (const auto& device :
         noCuda() ? std::vector<at::Device>{at::kCPU} : std::vector<at::Device>{at::kCPU, at::kCUDA})
        for (const auto type : {at::kFloat, at::kBFloat16, at::kHalf})
            for (const auto& right : {at::Tensor(), at::eye(8), at::eye(4)}) {
                const auto ours = gpu::kroneckerQuantize(x.to(device, type), {}, right, {});
                QVERIFY(at::equal(ours.codes.cpu(), expected));
                QCOMPARE(ours.scales.item<float>(), 1.0f);
            }
}

// Scale 1 again: 0.5, 1.5, 2.5, -0.5, -1.5, -2.5 round to 0, 2, 2, 0, -2, -2.
void TestKroneckerQuantize::ofExactHalvesTheEvenCodeIsTaken()
{
    const auto x = at::tensor({127.0f, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 0.0f}).view({1, 8});
    const auto expected = at::tensor({127, 0, 2, 2, 0, -2, -2, 0}, at::kChar).view({1, 8});
    for (const auto& device :
         noCuda() ? std::vector<at::Device>{at::kCPU} : std::vector<at::Device>{at::kCPU, at::kCUDA})
        for (const auto& right : {at::Tensor(), at::eye(8)})
            QVERIFY(at::equal(gpu::kroneckerQuantize(x.to(device, at::kBFloat16), {}, right, {.bits = 8}).codes.cpu(),
                              expected));
}

// Shrunk to half, 14 and -16 give the scale 16 / 2 / 7 at most: both ends lie past the codes, which stop at 7 and -8.
void TestKroneckerQuantize::clippedValuesSaturate()
{
    const auto x = at::tensor({14.0f, -14.0f, 1.0f, -1.0f}).view({1, 4});
    for (const auto& device :
         noCuda() ? std::vector<at::Device>{at::kCPU} : std::vector<at::Device>{at::kCPU, at::kCUDA})
        for (const auto& right : {at::Tensor(), at::eye(4)}) {
            const auto ours = gpu::kroneckerQuantize(x.to(device, at::kBFloat16), {}, right, {4, 0.5f, 0.5f});
            QCOMPARE(ours.scales.item<float>(), 1.0f);
            QVERIFY(at::equal(ours.codes.cpu(), at::tensor({0x87, 0xf1}, at::kByte).view({1, 2})));
            // A clip near zero makes ratios past what float32 counts singly.
            const auto tiny = gpu::kroneckerQuantize(x.to(device, at::kBFloat16), {}, right, {4, 1e-9f, 1e-9f});
            QVERIFY(at::equal(tiny.codes.cpu(), at::tensor({0x87, 0x87}, at::kByte).view({1, 2})));
        }
}

void TestKroneckerQuantize::scaleNeverUnderflows()
{
    const auto x = at::full({2, 4}, 1e-40f);
    for (const auto& device :
         noCuda() ? std::vector<at::Device>{at::kCPU} : std::vector<at::Device>{at::kCPU, at::kCUDA}) {
        const auto ours = gpu::quantizeTokens(x.to(device), {});
        QVERIFY(at::equal(ours.scales.cpu(), at::ones({2})));
        QVERIFY(!ours.codes.any().item<bool>());
    }
}

void TestKroneckerQuantize::unalignedTokensAreRead()
{
    const auto values = at::randn({1 + 5 * 64 * 64}).to(at::kBFloat16);
    const auto left = randomMatrix(64);
    const auto right = randomMatrix(64);
    for (const auto& device :
         noCuda() ? std::vector<at::Device>{at::kCPU} : std::vector<at::Device>{at::kCPU, at::kCUDA}) {
        const auto shifted = values.to(device).narrow(0, 1, 5 * 64 * 64).view({5, 64 * 64});
        const auto ours = gpu::kroneckerQuantize(shifted, left, right, {});
        const auto aligned = gpu::kroneckerQuantize(shifted.clone(), left, right, {});
        QVERIFY(at::equal(ours.codes, aligned.codes) && at::equal(ours.scales, aligned.scales));
        const auto alone = gpu::quantizeTokens(shifted, {});
        QVERIFY(at::equal(alone.codes, gpu::quantizeTokens(shifted.clone(), {}).codes));
        // Rows that are not next to each other are read by value.
        const auto strided = shifted.t().contiguous().t();
        QVERIFY(at::equal(gpu::kroneckerQuantize(strided, left, right, {}).codes, aligned.codes));
    }
}

void TestKroneckerQuantize::cudaPacksAsTheCpu()
{
    if (noCuda())
        QSKIP(qPrintable(QStringLiteral("no CUDA: %1").arg(QString::fromStdString(gpu::loadCuda()))));
    for (const std::int64_t n : {2, 6, 8, 16, 30, 4096, 5004})
        for (const int bits : {2, 4, 5, 8}) {
            const auto x = at::randn({5, n});
            const auto cpu = gpu::quantizeTokens(x, {bits, 0.9f, 0.8f});
            const auto cuda = gpu::quantizeTokens(x.to(at::kCUDA), {bits, 0.9f, 0.8f});
            QVERIFY(at::equal(cpu.scales, cuda.scales.cpu()));
            // One rounds z / scale and adds, the other adds and rounds: an exact tie aside, the same.
            QVERIFY((unpacked(cpu, n) - unpacked(cuda, n)).abs().sum().item<double>() <= 1.0);
        }
}

void TestKroneckerQuantize::badArgumentsAreRefused()
{
    const auto x = at::zeros({2, 6});
    const auto bad = [&](const at::Tensor& values, const at::Tensor& left, const at::Tensor& right,
                         const gpu::TokenQuantizer& quantizer) {
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::kroneckerQuantize(values, left, right, quantizer));
    };
    bad(x.to(at::kLong), {}, {}, {});
    bad(at::zeros({6}), {}, {}, {});
    bad(at::zeros({2, 5}), {}, {}, {});
    bad(x, {}, {}, {.bits = 1});
    bad(x, {}, {}, {.bits = 9});
    bad(x, {}, {}, {.shrinkMax = 0.0f});
    bad(x, {}, {}, {.shrinkMin = kNaN});
    bad(x, at::eye(2), at::eye(2), {});
    bad(x, at::eye(4), {}, {});
    bad(x, at::zeros({2, 3}), {}, {});
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::kroneckerQuantize(x, {.gamma = at::ones({5})}, {}, {}, {}));
}

QTEST_GUILESS_MAIN(TestKroneckerQuantize)
#include "tst_kronecker_quantize.moc"
