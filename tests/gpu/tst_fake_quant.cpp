// SPDX-License-Identifier: Apache-2.0
// The row quantizer of the CPU against its definition in LibTorch's operators, and of the GPU against the CPU's. On one device
// the values agree to the last bit; gradients are sums of n products in another order, compared relative to their size.
#include "gpu/fake_quant.h"
#include "tests/support/devices.h"
#include "tests/support/tensor_checks.h"

#include <ATen/ATen.h>
#include <QTest>

#include <cmath>
#include <limits>

using namespace gpu;
using namespace support;

Q_DECLARE_METATYPE(at::Tensor)

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

/** The quantizers of one matrix: every grid with every kind of clip. */
std::vector<RowQuantizer> quantizersFor(const at::Tensor& x)
{
    const auto rows = x.size(0);
    const auto shared = [](double logit) { return at::full({}, logit); };
    std::vector<RowQuantizer> all;
    for (const auto grid : {Grid::Symmetric, Grid::SymmetricFloor, Grid::Asymmetric})
        for (const int bits : x.numel() > 5000 ? std::vector{4} : std::vector{2, 4, 8}) {
            all.push_back({.grid = grid, .bits = bits});
            all.push_back({.grid = grid, .bits = bits, .maxLogit = shared(4.0), .minLogit = shared(3.0)});
            all.push_back({.grid = grid, .bits = bits, .maxLogit = shared(-0.4)});
            all.push_back({.grid = grid,
                           .bits = bits,
                           .clip = Clip::Values,
                           .maxLogit = normal({rows}, 11, at::kFloat) + 1.0,
                           .minLogit = normal({rows}, 12, at::kFloat) + 1.0});
            all.push_back(
                {.grid = grid, .bits = bits, .clip = Clip::Values, .minLogit = normal({rows}, 13, at::kFloat)});
        }
    return all;
}

QString nameOf(const RowQuantizer& quantizer)
{
    return QStringLiteral("grid %1, %2 bits, clip %3%4%5")
        .arg(int(quantizer.grid))
        .arg(quantizer.bits)
        .arg(quantizer.clip == Clip::Values ? "of values" : "of the range")
        .arg(quantizer.maxLogit.defined() ? " max" : "")
        .arg(quantizer.minLogit.defined() ? " min" : "");
}

at::Tensor rounded(const at::Tensor& x)
{
    return x + (x.round() - x).detach();
}

/** The formulas of gpu/fake_quant.h, differentiable. */
at::Tensor definition(const at::Tensor& x, const RowQuantizer& quantizer)
{
    const bool clamps = quantizer.clip == Clip::Values;
    const auto factor = [&](const at::Tensor& logit) {
        return clamps ? logit.sigmoid().unsqueeze(1) : logit.sigmoid();
    };
    std::optional<at::Tensor> bottom;
    std::optional<at::Tensor> top;
    if (clamps && quantizer.minLogit.defined())
        bottom = x.amin(1, true) * factor(quantizer.minLogit);
    if (clamps && quantizer.maxLogit.defined())
        top = x.amax(1, true) * factor(quantizer.maxLogit);
    const auto c = bottom || top ? at::clamp(x, bottom, top) : x;
    auto high = c.amax(1, true).clamp_min(0.0);
    auto low = c.amin(1, true).clamp_max(0.0);
    if (!clamps && quantizer.maxLogit.defined())
        high = high * factor(quantizer.maxLogit);
    if (!clamps && quantizer.minLogit.defined())
        low = low * factor(quantizer.minLogit);
    if (quantizer.grid == Grid::Asymmetric) {
        const double levels = double((1 << quantizer.bits) - 1);
        auto scale = (high - low) / levels;
        const auto degenerate = scale == 0.0;
        scale = at::where(degenerate, at::full_like(scale, 2.0 / levels), scale);
        low = at::where(degenerate, -at::ones_like(low), low);
        const auto zero = (-low / scale).round().detach();
        return ((rounded(c / scale) + zero).clamp(0.0, levels) - zero) * scale;
    }
    const double qmax = double((1 << (quantizer.bits - 1)) - 1);
    auto reach = at::maximum(-low, high);
    if (quantizer.grid == Grid::SymmetricFloor)
        reach = reach.clamp_min(1e-5);
    auto scale = reach / qmax;
    scale = at::where(scale == 0.0, at::ones_like(scale), scale);
    return rounded(c / scale).clamp(-qmax - 1.0, qmax) * scale;
}

struct Result
{
    at::Tensor values;
    RowGradients gradients;
};

Result kernel(const at::Tensor& x, const at::Tensor& gradient, const RowQuantizer& quantizer)
{
    const auto forward = quantizeRows(x, quantizer);
    return {forward.values, quantizeRowsBackward(x, forward.extremes, gradient, quantizer)};
}

Result byDefinition(const at::Tensor& x, const at::Tensor& gradient, const RowQuantizer& quantizer)
{
    const auto leaf = [](const at::Tensor& t) {
        return t.defined() ? t.detach().clone().requires_grad_() : at::Tensor();
    };
    const auto gradientOf = [](const at::Tensor& t) { return t.defined() ? t.grad() : at::Tensor(); };
    const auto moved = leaf(x);
    auto differentiable = quantizer;
    differentiable.maxLogit = leaf(quantizer.maxLogit);
    differentiable.minLogit = leaf(quantizer.minLogit);
    const auto values = definition(moved, differentiable);
    values.backward(gradient);
    return {values.detach(), {moved.grad(), gradientOf(differentiable.maxLogit), gradientOf(differentiable.minLogit)}};
}

RowQuantizer onGpu(const RowQuantizer& quantizer)
{
    auto result = quantizer;
    for (auto* logit : {&result.maxLogit, &result.minLogit})
        if (logit->defined())
            *logit = logit->to(at::kCUDA);
    return result;
}

Result onCpu(const Result& result)
{
    const auto move = [](const at::Tensor& t) { return t.defined() ? t.cpu() : t; };
    return {move(result.values),
            {move(result.gradients.x), move(result.gradients.maxLogit), move(result.gradients.minLogit)}};
}

bool sameKinds(const at::Tensor& a, const at::Tensor& b)
{
    return at::equal(a.isnan(), b.isnan()) && at::equal(a.isinf(), b.isinf());
}

/** |a - b| / |b| over the finite elements; 0 where both are 0. */
double errorOf(const at::Tensor& a, const at::Tensor& b)
{
    const auto expected = at::nan_to_num(b.to(at::kDouble), 0.0, 0.0, 0.0);
    const double size = expected.norm().item<double>();
    const double error = (at::nan_to_num(a.to(at::kDouble), 0.0, 0.0, 0.0) - expected).norm().item<double>();
    return error == 0.0 ? 0.0 : error / size;
}

/** Empty where both agree: values to the relative error `ofValues` (0: every bit), gradients to `ofGradients`. */
QString difference(const Result& ours, const Result& expected, const at::Tensor& x, const at::Tensor& gradient,
                   double ofValues, double ofGradients)
{
    if (!sameKinds(ours.values, expected.values))
        return "other values are not finite";
    if (const auto error = errorOf(ours.values, expected.values); !(error <= ofValues))
        return QStringLiteral("values differ by %1").arg(error);
    if (!sameKinds(ours.gradients.x, expected.gradients.x))
        return "other gradients are not finite";
    if (const auto error = errorOf(ours.gradients.x, expected.gradients.x); !(error <= ofGradients))
        return QStringLiteral("gradients of x differ by %1").arg(error);
    const std::pair<at::Tensor, at::Tensor> logits[] = {{ours.gradients.maxLogit, expected.gradients.maxLogit},
                                                        {ours.gradients.minLogit, expected.gradients.minLogit}};
    // One number out of many signed ones: relative to what is summed, not to what may cancel.
    const double size = errorOf(gradient * 2.0, gradient) * gradient.to(at::kDouble).norm().item<double>()
        * at::nan_to_num(x.to(at::kDouble), 0.0, 0.0, 0.0).abs().max().item<double>();
    for (const auto& [mine, theirs] : logits) {
        if (mine.defined() != theirs.defined())
            return "only one has a gradient of the clip";
        if (!mine.defined())
            continue;
        if (mine.sizes() != theirs.sizes() || !sameKinds(mine, theirs))
            return "the gradients of a clip differ in shape or are not finite";
        const auto error = at::nan_to_num(mine.to(at::kDouble) - theirs.to(at::kDouble)).abs().max().item<double>();
        if (!(error <= ofGradients * (size + 1e-30)))
            return QStringLiteral("gradients of a clip differ by %1 of %2").arg(error).arg(size);
    }
    return {};
}

/** A copy that starts 4 or 2 bytes past an address that 16 divides. */
at::Tensor unaligned(const at::Tensor& x)
{
    auto buffer = at::empty({x.numel() + 1}, x.options());
    auto view = buffer.narrow(0, 1, x.numel()).view(x.sizes());
    view.copy_(x);
    return view;
}

} // namespace

class TestFakeQuant : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { loadCuda(); }
    void cpuFollowsTheDefinition_data() { addMatrices(); }
    void cpuFollowsTheDefinition();
    void gpuEqualsTheCpu_data() { addMatrices(); }
    void gpuEqualsTheCpu();
    void gpuRoundsBfloat16Once_data() { addMatrices(); }
    void gpuRoundsBfloat16Once();
    void gpuRepeatsEveryBit();
    void gpuReadsUnalignedMemory();
    void gradientsInFloat64Agree();
    void wrongLogitsAreRefused();

private:
    static void addMatrices();
    static at::Tensor gradientFor(const at::Tensor& x) { return normal(x.sizes(), 31, at::kFloat); }
};

void TestFakeQuant::addMatrices()
{
    QTest::addColumn<at::Tensor>("x");
    QTest::addColumn<bool>("finite"); // the operators' own gradients are
    const auto row = [](const char* name, const at::Tensor& x, bool finite = true) {
        QTest::newRow(name) << x << finite;
    };
    row("one value", at::full({1, 1}, 3.0f));
    row("one column", normal({50, 1}, 1, at::kFloat));
    for (const auto& [rows, n] :
         {std::pair{1, 7}, {11, 15},   {11, 16},   {5, 33},    {300, 64},  {17, 100}, {200, 128},
          {9, 171},        {7, 512},   {3, 1000},  {5, 1024},  {3, 2048},  {3, 4096}, {2, 4099},
          {3, 8192},       {2, 11008}, {3, 14336}, {2, 16384}, {1, 20001}, {2, 40000}})
        row(qPrintable(QStringLiteral("%1 x %2").arg(rows).arg(n)), normal({rows, n}, 100 + n, at::kFloat));
    row("many rows", normal({6011, 8}, 3, at::kFloat));
    auto x = normal({9, 40}, 5, at::kFloat);
    x[0].zero_();
    x[1].fill_(2.5);
    x[2].fill_(-2.5);
    x[3].abs_();
    x[4] = -x[4].abs();
    x[5] = (x[5] * 2.0).round(); // ties at both ends
    x[6] = x[6].sgn();           // ends alike
    x[7] = at::relu(x[7]);       // the lower end is an element
    x[8] = -at::relu(x[8]);
    row("peculiar rows", x);
    for (const double size : {1e-33, 1e-20, 1e-5, 1e5, 1e30})
        row(qPrintable(QStringLiteral("scale %1").arg(size)), normal({7, 36}, 5, at::kFloat) * size);
    for (const double size : {1e-39, 1e-42, 1e-44})
        row(qPrintable(QStringLiteral("scale %1").arg(size)), (normal({7, 36}, 5) * size).to(at::kFloat), false);
    auto spoilt = normal({6, 72}, 6, at::kFloat);
    spoilt[1][5] = kNaN;
    spoilt[1][70] = kNaN;
    spoilt[2].fill_(kNaN);
    spoilt[3][8] = kInfinity;
    spoilt[4][9] = -kInfinity;
    row("NaN and infinities", spoilt, false);
}

void TestFakeQuant::cpuFollowsTheDefinition()
{
    QFETCH(at::Tensor, x);
    QFETCH(bool, finite);
    const auto gradient = gradientFor(x);
    for (const auto& quantizer : quantizersFor(x)) {
        if (!finite) { // see tst_quantizer for NaN: the operators spread it over a clamp's row
            if (at::isfinite(x).all().item<bool>())
                QVERIFY2(at::equal(quantizeRows(x, quantizer).values, definition(x, quantizer)),
                         qPrintable(nameOf(quantizer)));
            continue;
        }
        const auto said =
            difference(kernel(x, gradient, quantizer), byDefinition(x, gradient, quantizer), x, gradient, 0.0, 1e-5);
        QVERIFY2(said.isEmpty(), qPrintable(nameOf(quantizer) + ": " + said));
    }
}

// The exponential of the sigmoid may differ in its last bit, so values with a clip are compared to 1e-6.
void TestFakeQuant::gpuEqualsTheCpu()
{
    QFETCH(at::Tensor, x);
    if (!whyNoGpu().isEmpty())
        QSKIP(qPrintable(whyNoGpu()));
    const auto gradient = gradientFor(x);
    for (const auto& quantizer : quantizersFor(x)) {
        const bool clips = quantizer.maxLogit.defined() || quantizer.minLogit.defined();
        const auto ours = onCpu(kernel(x.to(at::kCUDA), gradient.to(at::kCUDA), onGpu(quantizer)));
        const auto said = difference(ours, kernel(x, gradient, quantizer), x, gradient, clips ? 1e-6 : 0.0, 1e-5);
        QVERIFY2(said.isEmpty(), qPrintable(nameOf(quantizer) + ": " + said));
    }
}

void TestFakeQuant::gpuRoundsBfloat16Once()
{
    QFETCH(at::Tensor, x);
    if (!whyNoGpu().isEmpty())
        QSKIP(qPrintable(whyNoGpu()));
    const auto narrow = x.to(at::kBFloat16);
    const auto gradient = gradientFor(x).to(at::kBFloat16);
    for (const auto& quantizer : quantizersFor(x)) {
        const bool clips = quantizer.maxLogit.defined() || quantizer.minLogit.defined();
        const auto ours = onCpu(kernel(narrow.to(at::kCUDA), gradient.to(at::kCUDA), onGpu(quantizer)));
        QCOMPARE(ours.values.scalar_type(), at::kBFloat16);
        auto expected = kernel(narrow.to(at::kFloat), gradient.to(at::kFloat), quantizer);
        expected.values = expected.values.to(at::kBFloat16);
        // A last bit before the rounding may be one of 256 after it; the shares of the extremes are rounded too.
        const auto said = difference(ours, expected, narrow, gradient, clips ? 1e-3 : 0.0, 4e-3);
        QVERIFY2(said.isEmpty(), qPrintable(nameOf(quantizer) + ": " + said));
    }
}

void TestFakeQuant::gpuRepeatsEveryBit()
{
    if (!whyNoGpu().isEmpty())
        QSKIP(qPrintable(whyNoGpu()));
    for (const auto& [rows, n] : {std::pair{30000, 128}, {3000, 1000}}) {
        const auto x = normal({rows, n}, 4, at::kFloat).to(at::kCUDA);
        const auto gradient = normal({rows, n}, 5, at::kFloat).to(at::kCUDA);
        const RowQuantizer quantizer{.grid = Grid::Asymmetric,
                                     .maxLogit = at::full({}, 1.0, x.options()),
                                     .minLogit = at::full({}, 1.0, x.options())};
        const auto first = kernel(x, gradient, quantizer);
        for (int again = 0; again < 5; ++again) {
            const auto next = kernel(x, gradient, quantizer);
            QVERIFY(at::equal(first.values, next.values) && at::equal(first.gradients.x, next.gradients.x));
            QVERIFY(at::equal(first.gradients.maxLogit, next.gradients.maxLogit)
                    && at::equal(first.gradients.minLogit, next.gradients.minLogit));
        }
    }
}

void TestFakeQuant::gpuReadsUnalignedMemory()
{
    if (!whyNoGpu().isEmpty())
        QSKIP(qPrintable(whyNoGpu()));
    const auto x = normal({20, 256}, 4, at::kFloat).to(at::kCUDA);
    const auto gradient = normal({20, 256}, 5, at::kFloat).to(at::kCUDA);
    for (const auto type : {at::kFloat, at::kBFloat16})
        for (const auto& quantizer : quantizersFor(x)) {
            const auto moved = onGpu(quantizer);
            const auto plain = kernel(x.to(type), gradient.to(type), moved);
            const auto shifted = kernel(unaligned(x.to(type)), unaligned(gradient.to(type)), moved);
            QVERIFY(at::equal(plain.values, shifted.values));
            PLANISH_AT_MOST(errorOf(shifted.gradients.x, plain.gradients.x), type == at::kFloat ? 1e-6 : 4e-3);
        }
}

/** Away from ties the codes in float32 and float64 are the same, so the gradients must be too. */
void TestFakeQuant::gradientsInFloat64Agree()
{
    const auto x = normal({40, 96}, 8, at::kFloat);
    const auto gradient = gradientFor(x);
    for (const auto& quantizer : quantizersFor(x)) {
        if (quantizer.bits == 8)
            continue; // a fine grid has ties within float32's error
        auto wide = quantizer;
        for (auto* logit : {&wide.maxLogit, &wide.minLogit})
            if (logit->defined())
                *logit = logit->to(at::kDouble);
        const auto expected = byDefinition(x.to(at::kDouble), gradient.to(at::kDouble), wide);
        const auto said = difference(kernel(x, gradient, quantizer), expected, x, gradient, 1e-6, 1e-5);
        QVERIFY2(said.isEmpty(), qPrintable(nameOf(quantizer) + ": " + said));
        if (!whyNoGpu().isEmpty())
            continue;
        const auto ours = onCpu(kernel(x.to(at::kCUDA), gradient.to(at::kCUDA), onGpu(quantizer)));
        const auto ofGpu = difference(ours, expected, x, gradient, 1e-6, 1e-5);
        QVERIFY2(ofGpu.isEmpty(), qPrintable("GPU, " + nameOf(quantizer) + ": " + ofGpu));
    }
}

void TestFakeQuant::wrongLogitsAreRefused()
{
    const auto x = normal({4, 6}, 1, at::kFloat);
    for (const auto& quantizer :
         {RowQuantizer{.maxLogit = at::zeros({4})}, RowQuantizer{.clip = Clip::Values, .minLogit = at::zeros({})},
          RowQuantizer{.maxLogit = at::zeros({}, at::kDouble)}, RowQuantizer{.bits = 9}, RowQuantizer{.bits = 1}})
        QVERIFY_THROWS_EXCEPTION(c10::Error, quantizeRows(x, quantizer));
    QVERIFY_THROWS_EXCEPTION(c10::Error, quantizeRows(x.to(at::kDouble), {}));
    QVERIFY_THROWS_EXCEPTION(c10::Error, quantizeRows(x.t(), {}));
    const auto forward = quantizeRows(x, {});
    QVERIFY_THROWS_EXCEPTION(c10::Error, quantizeRowsBackward(x, forward.extremes, at::zeros({4, 5}), {}));
}

QTEST_GUILESS_MAIN(TestFakeQuant)
#include "tst_fake_quant.moc"
