// SPDX-License-Identifier: Apache-2.0
// Straight-through gradients of the composed operators, in float64. Where rounding is frozen (each element keeps the offset
// between its ratio and its code, or its limit) the quantizer is an ordinary function of x and the clips,
//     f = inside ? x + s * offset : s * limit,      s = s(x, clips),
// whose derivative is the straight-through one by definition. Finite differences of f are the reference.
#include "core/quant/quantizer.h"
#include "tests/support/tensor_checks.h"

#include <ATen/ATen.h>
#include <QtTest>

#include <functional>

using namespace core;
using namespace support;

namespace {

at::Tensor activation(const at::Tensor& x, int bits, const ClipLogits& clip)
{
    return quantizeActivation(x, bits, clip);
}

at::Tensor cache(const at::Tensor& x, int bits, const ClipLogits& clip)
{
    return quantizeCache(x, bits, clip);
}

/** Rows of different character: both ends, one-sided, with a far outlier. */
at::Tensor tokens(std::uint64_t seed)
{
    auto x = normal({6, 9}, seed);
    x[1] = x[1].abs();
    x[2] = -x[2].abs();
    x[3][4] = 9.0;
    x[4][8] = -11.0;
    return x;
}

struct Frozen
{
    at::Tensor inside; // bool
    at::Tensor offset; // code - ratio, or the limit
};

Frozen freeze(const at::Tensor& ratio, const at::Tensor& zero, double low, double high)
{
    const auto code = ratio.round() + zero;
    const auto limited = code.clamp(low, high);
    const auto inside = code == limited;
    return {inside, limited - zero - at::where(inside, ratio, at::zeros_like(ratio))};
}

at::Tensor apply(const Frozen& frozen, const at::Tensor& x, const at::Tensor& scale)
{
    return at::where(frozen.inside, x, at::zeros_like(x)) + scale * frozen.offset;
}

at::Tensor symmetricScale(const at::Tensor& x, double qmax, const at::Tensor& max, const at::Tensor& min)
{
    const auto high = x.amax(1, true).clamp_min(0.0) * max.sigmoid();
    const auto low = x.amin(1, true).clamp_max(0.0) * min.sigmoid();
    return at::maximum(high, -low) / qmax;
}

at::Tensor asymmetricScale(const at::Tensor& x, double levels, const at::Tensor& max, const at::Tensor& min)
{
    return (x.amax(1, true).clamp_min(0.0) * max.sigmoid() - x.amin(1, true).clamp_max(0.0) * min.sigmoid()) / levels;
}

} // namespace

class TestQuantizerGradients : public QObject
{
    Q_OBJECT

    using Quantizer = at::Tensor (*)(const at::Tensor&, int, const ClipLogits&);
    using Scale = at::Tensor (*)(const at::Tensor&, double, const at::Tensor&, const at::Tensor&);

    static void check(Quantizer quantize, Scale scaleOf, int bits, double low, double high, double steps, bool rounded)
    {
        for (const double logit : {4.0, 0.4, -0.5}) {
            const auto seed = normal({6, 9}, 77);
            auto x = tokens(8).requires_grad_();
            auto max = at::full({}, logit, at::kDouble).requires_grad_();
            auto min = at::full({}, logit + 0.3, at::kDouble).requires_grad_();
            quantize(x, bits, {max, min}).backward(seed);

            const auto base = x.detach();
            const auto scale = scaleOf(base, steps, max.detach(), min.detach());
            const auto zero = rounded ? (-(base.amin(1, true).clamp_max(0.0) * min.detach().sigmoid()) / scale).round()
                                      : at::zeros_like(scale);
            const auto frozen = freeze(base / scale, zero, low, high);
            PLANISH_AT_MOST(largestDifference(apply(frozen, base, scale), quantize(base, bits, {max, min})), 1e-12);

            const auto loss = [&](const at::Tensor& atX, const at::Tensor& atMax, const at::Tensor& atMin) {
                return (apply(frozen, atX, scaleOf(atX, steps, atMax, atMin)) * seed).sum().item<double>();
            };
            const auto toX = finiteDifferences([&](const at::Tensor& v) { return loss(v, max, min); }, base);
            const auto toMax = finiteDifferences([&](const at::Tensor& v) { return loss(base, v, min); }, max);
            const auto toMin = finiteDifferences([&](const at::Tensor& v) { return loss(base, max, v); }, min);
            PLANISH_AT_MOST(relativeError(x.grad(), toX), 1e-7);
            PLANISH_AT_MOST(largestDifference(max.grad(), toMax), 1e-7);
            PLANISH_AT_MOST(largestDifference(min.grad(), toMin), 1e-7);
            if (logit < 0.0) // the case is not trivial: some elements saturate
                QVERIFY(!frozen.inside.all().item<bool>());
        }
    }

private Q_SLOTS:
    void activationsHaveTheFrozenDerivative()
    {
        for (const int bits : {2, 3, 4, 8}) {
            const double qmax = double((1 << (bits - 1)) - 1);
            check(quantizeActivationComposed, symmetricScale, bits, -qmax - 1.0, qmax, qmax, false);
        }
    }

    void cachesHaveTheFrozenDerivative()
    {
        for (const int bits : {2, 3, 4}) {
            const double levels = double((1 << bits) - 1);
            check(quantizeCacheComposed, asymmetricScale, bits, 0.0, levels, levels, true);
        }
    }

    void weightsHaveTheFrozenDerivative()
    {
        for (const int group : {0, 3}) {
            const auto seed = normal({6, 9}, 77);
            auto weight = tokens(8).requires_grad_();
            quantizeWeightComposed(weight, 4, group).backward(seed);
            const auto one = at::full({}, 100.0, at::kDouble); // sigmoid 1
            const auto rows = [&](const at::Tensor& w) { return group ? w.reshape({-1, group}) : w; };
            const auto base = rows(weight.detach());
            const auto scale = symmetricScale(base, 7.0, one, one);
            const auto frozen = freeze(base / scale, at::zeros_like(scale), -8.0, 7.0);
            const auto numeric = finiteDifferences(
                [&](const at::Tensor& w) {
                    return (apply(frozen, rows(w), symmetricScale(rows(w), 7.0, one, one)) * rows(seed))
                        .sum()
                        .item<double>();
                },
                weight);
            PLANISH_AT_MOST(relativeError(weight.grad(), numeric), 1e-7);
        }
    }

    /** With a scale that nothing moves (the row's end is far and gets its own gradient) the rest is the mask alone. */
    void gradientOfTheRestIsTheMask()
    {
        // Both ends halved: range 7, scale 1; codes 7 (saturated from 14), 8 -> 7 (saturated), 7.4 -> 7 (on the limit), 3, -8 (on
        // the limit), -9 -> -8 (saturated).
        auto x = at::tensor({14.0, 7.6, 7.4, 3.2, -8.4, -8.6}, at::kDouble).unsqueeze(0).requires_grad_();
        const ClipLogits half{at::zeros({}, at::kDouble), at::zeros({}, at::kDouble)};
        const auto seed = at::tensor({10.0, 20.0, 30.0, 40.0, 50.0, 60.0}, at::kDouble).unsqueeze(0);
        const auto expected = at::tensor({0.0, 0.0, 30.0, 40.0, 50.0, 0.0}, at::kDouble);
        for (const auto dtype : {at::kDouble, at::kFloat}) {
            auto moved = x.detach().to(dtype).requires_grad_();
            quantizeActivation(moved, 4, half).backward(seed.to(dtype));
            PLANISH_AT_MOST(largestDifference(moved.grad()[0].slice(0, 1), expected.slice(0, 1)), 1e-5);
            // d/ds: limits outside (7, 7, -8), code - ratio inside; ds/dx0 = sigmoid(0) / 7.
            const double toScale = 10 * 7 + 20 * 7 + 30 * (7 - 7.4) + 40 * (3 - 3.2) + 50 * (-8 + 8.4) + 60 * -8;
            PLANISH_AT_MOST(std::abs(moved.grad()[0][0].item<double>() - toScale * 0.5 / 7.0), 1e-4);
        }
    }

    void zeroRowsPassTheirGradientThrough()
    {
        const auto seed = normal({2, 5}, 1, at::kFloat);
        for (const auto quantize : {activation, quantizeActivationComposed, cache, quantizeCacheComposed}) {
            auto x = at::zeros({2, 5}).requires_grad_();
            auto max = at::full({}, 4.0).requires_grad_();
            auto min = at::full({}, 4.0).requires_grad_();
            quantize(x, 4, {max, min}).backward(seed);
            PLANISH_AT_MOST(relativeError(x.grad(), seed), 1e-6); // the scale is a constant there: seed * s / s
            PLANISH_AT_MOST(std::abs(max.grad().item<double>()) + std::abs(min.grad().item<double>()), 0.0);
        }
        auto weight = at::zeros({2, 5}).requires_grad_();
        quantizeWeight(weight, 4, 0).backward(seed);
        QVERIFY(at::equal(weight.grad(), seed));
    }

    void clampedWeightsHaveTheDerivativeOfTheirBounds()
    {
        const auto seed = normal({6, 9}, 3);
        auto weight = tokens(9).requires_grad_();
        auto max = normal({6}, 4).requires_grad_();
        auto min = normal({6}, 5).requires_grad_();
        clampWeight(weight, {max, min}).backward(seed);
        const auto loss = [&](const at::Tensor& w, const at::Tensor& high, const at::Tensor& low) {
            return (clampWeight(w, {high, low}) * seed).sum().item<double>();
        };
        PLANISH_AT_MOST(
            relativeError(weight.grad(),
                          finiteDifferences([&](const at::Tensor& v) { return loss(v, max, min); }, weight)),
            1e-7);
        PLANISH_AT_MOST(
            relativeError(max.grad(),
                          finiteDifferences([&](const at::Tensor& v) { return loss(weight, v, min); }, max)),
            1e-7);
        PLANISH_AT_MOST(
            relativeError(min.grad(),
                          finiteDifferences([&](const at::Tensor& v) { return loss(weight, max, v); }, min)),
            1e-7);
    }
};

QTEST_GUILESS_MAIN(TestQuantizerGradients)
#include "tst_quantizer_gradients.moc"
