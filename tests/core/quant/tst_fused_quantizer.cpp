// SPDX-License-Identifier: Apache-2.0
// The fused kernels of float32 beside the composed operators: the same values to the last bit, gradients to 1e-5.
#include "core/quant/quantizer.h"
#include "tests/support/devices.h"
#include "tests/support/tensor_checks.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <QtTest>

using namespace core;
using namespace support;

Q_DECLARE_METATYPE(c10::IntArrayRef)

namespace {

at::Tensor activation(const at::Tensor& x, int bits, const ClipLogits& clip)
{
    return quantizeActivation(x, bits, clip);
}

at::Tensor cache(const at::Tensor& x, int bits, const ClipLogits& clip)
{
    return quantizeCache(x, bits, clip);
}

using Quantizer = at::Tensor (*)(const at::Tensor&, int, const ClipLogits&);

struct Pair
{
    const char* name;
    Quantizer fused;
    Quantizer composed;
};

at::Tensor weightFused(const at::Tensor& x, int bits, const ClipLogits&)
{
    return quantizeWeight(x, bits, 0);
}

at::Tensor weightComposed(const at::Tensor& x, int bits, const ClipLogits&)
{
    return quantizeWeightComposed(x, bits, 0);
}

constexpr Pair kPairs[] = {{"activation", activation, quantizeActivationComposed},
                           {"cache", cache, quantizeCacheComposed},
                           {"weight", weightFused, weightComposed}};

struct Gradients
{
    at::Tensor value, x, max, min;
};

template <typename Quantize>
Gradients gradientsBy(const Quantize& quantize, const at::Tensor& x, const ClipLogits& clip, const at::Tensor& seed)
{
    const auto leaf = [](const at::Tensor& t) {
        return t.defined() ? t.detach().clone().requires_grad_() : at::Tensor();
    };
    const auto moved = leaf(x);
    const ClipLogits logits{leaf(clip.max), leaf(clip.min)};
    const at::Tensor value = quantize(moved, logits);
    value.backward(seed);
    const auto gradientOf = [](const at::Tensor& t) { return t.defined() ? t.grad() : at::Tensor(); };
    return {value.detach(), moved.grad(), gradientOf(logits.max), gradientOf(logits.min)};
}

Gradients gradientsOf(Quantizer quantize, const at::Tensor& x, int bits, const ClipLogits& clip, const at::Tensor& seed)
{
    return gradientsBy([&](const at::Tensor& in, const ClipLogits& logits) { return quantize(in, bits, logits); }, x,
                       clip, seed);
}

/** Empty where both agree. */
QString difference(const Pair& pair, const at::Tensor& x, int bits, const ClipLogits& clip, std::uint64_t seed)
{
    const auto incoming = normal(x.sizes(), seed, at::kFloat);
    const auto fused = gradientsOf(pair.fused, x, bits, clip, incoming);
    const auto composed = gradientsOf(pair.composed, x, bits, clip, incoming);
    const auto where = QStringLiteral("%1, %2 bits, %3 columns: ").arg(pair.name).arg(bits).arg(x.size(-1));
    if (!at::equal(fused.value, composed.value))
        return where + QStringLiteral("values differ by %1").arg(largestDifference(fused.value, composed.value));
    // Sums of n products in another order, relative to the gradients' size.
    if (const auto error = relativeError(fused.x, composed.x); !(error <= 1e-5))
        return where + QStringLiteral("gradients of x differ by %1").arg(error);
    const std::pair<at::Tensor, at::Tensor> logits[] = {{fused.max, composed.max}, {fused.min, composed.min}};
    for (const auto& [ours, theirs] : logits) {
        if (ours.defined() != theirs.defined())
            return where + "only one has a gradient of the clip";
        // One number out of rows * n signed ones: relative to what is summed, not to what may cancel.
        const double size = incoming.norm().item<double>() * x.abs().max().item<double>();
        if (ours.defined() && !(largestDifference(ours, theirs) <= 1e-5 * (size + 1e-30)))
            return where + QStringLiteral("gradients of a clip differ by %1").arg(largestDifference(ours, theirs));
    }
    return {};
}

ClipLogits clips(double max, double min)
{
    return {at::full({}, max), at::full({}, min)};
}

} // namespace

class TestFusedQuantizer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { gpu::loadCuda(); }

    void oddSizesAgree()
    {
        for (const auto& pair : kPairs)
            for (const std::int64_t columns : {1, 2, 7, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 172, 1000})
                for (const int bits : {2, 3, 4, 8})
                    for (const auto& clip : {ClipLogits{}, clips(4.0, 4.0), clips(0.3, -0.6),
                                             ClipLogits{at::full({}, 0.5), {}}, ClipLogits{{}, at::full({}, 0.5)}}) {
                        const auto said =
                            difference(pair, normal({11, columns}, 100 + columns, at::kFloat), bits, clip, 9);
                        QVERIFY2(said.isEmpty(), qPrintable(said));
                    }
    }

    void manyRowsOnManyThreadsAgree()
    {
        for (const auto& pair : kPairs)
            for (const auto& [rows, columns] : {std::pair{5000, 8}, {700, 172}, {40, 4099}}) {
                const auto said = difference(pair, normal({rows, columns}, 3, at::kFloat), 4, clips(1.0, 2.0), 4);
                QVERIFY2(said.isEmpty(), qPrintable(said));
            }
    }

    /** Rows that are constant, zero, one-sided, full of ties, or both ends alike. */
    void peculiarRowsAgree()
    {
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
        for (const auto& pair : kPairs)
            for (const int bits : {2, 3, 4, 8})
                for (const auto& clip : {ClipLogits{}, clips(4.0, 4.0), clips(-1.0, -1.0), clips(0.2, 1.5)})
                    for (int row = 0; row < 9; ++row) {
                        const auto said = difference(pair, x.slice(0, row, row + 1), bits, clip, 6);
                        QVERIFY2(said.isEmpty(), qPrintable(QStringLiteral("row %1, ").arg(row) + said));
                    }
    }

    void extremeScalesAgree()
    {
        for (const auto& pair : kPairs)
            for (const double size : {1e-33, 1e-20, 1e-5, 1e5, 1e30}) {
                const auto x = normal({7, 33}, 5, at::kFloat) * size;
                const auto said = difference(pair, x, 4, clips(4.0, 3.0), 6);
                QVERIFY2(said.isEmpty(), qPrintable(QString::number(size) + ": " + said));
            }
        // Below float32's normal numbers the operators' own gradients are not finite: values alone.
        for (const auto& pair : kPairs)
            for (const double size : {1e-39, 1e-42, 1e-44}) {
                const auto x = normal({7, 33}, 5) * size;
                QVERIFY(at::equal(pair.fused(x.to(at::kFloat), 4, {}), pair.composed(x.to(at::kFloat), 4, {})));
            }
    }

    void stridesAndShapesDoNotMatter()
    {
        const auto base = normal({4, 6, 10, 8}, 5, at::kFloat);
        for (const auto& pair : {kPairs[0], kPairs[1]})
            for (const auto& view : {base.transpose(1, 2), base.transpose(2, 3), base.slice(3, 1, 8, 2), base[0][0][0],
                                     base[0][0][0].expand({5, 8})}) {
                const auto plain = view.contiguous();
                const auto seed = normal(plain.sizes(), 1, at::kFloat);
                const auto ours = gradientsOf(pair.fused, plain, 4, clips(1.0, 1.0), seed);
                auto leaf = view.detach().requires_grad_();
                const auto value = pair.fused(leaf, 4, clips(1.0, 1.0));
                QCOMPARE(value.sizes(), view.sizes());
                value.backward(seed);
                QVERIFY(at::equal(value, ours.value));
                QVERIFY(at::equal(leaf.grad(), ours.x));
            }
        // A gradient that comes in with strides.
        auto leaf = normal({6, 9}, 2, at::kFloat).requires_grad_();
        const auto seed = normal({9, 6}, 3, at::kFloat).t();
        quantizeActivation(leaf, 4, {}).backward(seed);
        const auto expected = gradientsOf(activation, leaf, 4, {}, seed.contiguous());
        QVERIFY(at::equal(leaf.grad(), expected.x));
    }

    void weightGroupsAgree()
    {
        for (const int group : {1, 4, 43, 86, 172}) {
            const auto seed = normal({5, 172}, 1, at::kFloat);
            auto ours = normal({5, 172}, 2, at::kFloat).requires_grad_();
            auto theirs = ours.detach().clone().requires_grad_();
            const auto value = quantizeWeight(ours, 3, group);
            const auto expected = quantizeWeightComposed(theirs, 3, group);
            value.backward(seed);
            expected.backward(seed);
            QVERIFY(at::equal(value, expected));
            PLANISH_AT_MOST(relativeError(ours.grad(), theirs.grad()), 1e-5);
        }
    }

    void gradientsGoOnlyWhereTheyAreWanted()
    {
        for (const auto quantize : {activation, cache}) {
            const auto seed = normal({4, 12}, 1, at::kFloat);
            const auto all = gradientsOf(quantize, normal({4, 12}, 2, at::kFloat), 4, clips(0.5, 0.7), seed);
            // x alone.
            auto x = normal({4, 12}, 2, at::kFloat).requires_grad_();
            quantize(x, 4, clips(0.5, 0.7)).backward(seed);
            QVERIFY(at::equal(x.grad(), all.x));
            // A clip alone.
            auto max = at::full({}, 0.5).requires_grad_();
            quantize(normal({4, 12}, 2, at::kFloat), 4, {max, at::full({}, 0.7)}).backward(seed);
            QVERIFY(at::equal(max.grad(), all.max));
            // Nothing.
            QVERIFY(!quantize(normal({4, 12}, 2, at::kFloat), 4, clips(0.5, 0.7)).requires_grad());
            const at::NoGradGuard noGrad;
            QVERIFY(!quantize(x, 4, clips(0.5, 0.7)).requires_grad());
        }
    }

    void sumsDoNotDependOnTheNumberOfThreads()
    {
        const auto x = normal({3000, 50}, 2, at::kFloat);
        const auto seed = normal({3000, 50}, 3, at::kFloat);
        const int threads = at::get_num_threads();
        at::set_num_threads(1);
        const auto one = gradientsOf(cache, x, 3, clips(1.0, 1.0), seed);
        at::set_num_threads(4);
        const auto four = gradientsOf(cache, x, 3, clips(1.0, 1.0), seed);
        at::set_num_threads(threads);
        QVERIFY(at::equal(one.value, four.value) && at::equal(one.x, four.x));
        QVERIFY(at::equal(one.max, four.max) && at::equal(one.min, four.min));
    }

    /** One kernel where clips and grids go together, two steps where they do not: the same numbers. */
    void clampedWeightsAgree()
    {
        const auto start = normal({6, 172}, 2, at::kFloat);
        const auto seed = normal({6, 172}, 1, at::kFloat);
        const auto logit = [](at::IntArrayRef shape, int at) { return normal(shape, at, at::kFloat) + 1.0; };
        for (const int group : {0, 43, 86})
            for (const auto& clip :
                 {ClipLogits{logit({6}, 3), logit({6}, 4)}, ClipLogits{logit({6, 4}, 3), logit({6, 4}, 4)},
                  ClipLogits{logit({6, 4}, 3), {}}, ClipLogits{{}, logit({6}, 4)}, ClipLogits{}})
                for (const bool asymmetric : {false, true}) {
                    const auto ours = gradientsBy(
                        [&](const at::Tensor& w, const ClipLogits& c) {
                            return clampAndQuantizeWeight(w, c, 3, group, asymmetric);
                        },
                        start, clip, seed);
                    const auto theirs = gradientsBy(
                        [&](const at::Tensor& w, const ClipLogits& c) {
                            const auto clamped = clampWeight(w, c);
                            if (!asymmetric)
                                return quantizeWeightComposed(clamped, 3, group);
                            const auto rows = group > 0 ? clamped.reshape({-1, group}) : clamped;
                            return quantizeCacheComposed(rows, 3, {}).view(w.sizes());
                        },
                        start, clip, seed);
                    QVERIFY(at::equal(ours.value, theirs.value));
                    PLANISH_AT_MOST(relativeError(ours.x, theirs.x), 1e-5);
                    if (clip.max.defined())
                        PLANISH_AT_MOST(relativeError(ours.max, theirs.max), 1e-5);
                    if (clip.min.defined())
                        PLANISH_AT_MOST(relativeError(ours.min, theirs.min), 1e-5);
                }
    }

    void eachDeviceHasTheGradientsOfFloat64_data() { addDevices(); }

    /** On a grid of 4 bits no element of these is so near to a tie that float32 would round it otherwise. */
    void eachDeviceHasTheGradientsOfFloat64()
    {
        PLANISH_DEVICE(where);
        const auto start = normal({64, 96}, 21);
        const auto seed = normal({64, 96}, 22);
        const auto check = [&](const auto& quantize, const auto& composed, const ClipLogits& clip) {
            const auto move = [&](const at::Tensor& t) { return t.defined() ? t.to(where, at::kFloat) : t; };
            const auto ours = gradientsBy(quantize, move(start), {move(clip.max), move(clip.min)}, move(seed));
            const auto theirs =
                gradientsBy(composed, start.to(at::kFloat).to(at::kDouble), clip, seed.to(at::kFloat).to(at::kDouble));
            PLANISH_AT_MOST(relativeError(ours.value.cpu(), theirs.value), 1e-6);
            PLANISH_AT_MOST(relativeError(ours.x.cpu(), theirs.x), 1e-5);
            const double size = seed.norm().item<double>() * start.abs().max().item<double>();
            PLANISH_AT_MOST(largestDifference(ours.max.cpu(), theirs.max), 1e-6 * size);
            PLANISH_AT_MOST(largestDifference(ours.min.cpu(), theirs.min), 1e-6 * size);
        };
        const ClipLogits shared{at::full({}, 2.0, at::kDouble), at::full({}, 1.0, at::kDouble)};
        check([](const at::Tensor& x, const ClipLogits& c) { return quantizeActivation(x, 4, c); },
              [](const at::Tensor& x, const ClipLogits& c) { return quantizeActivationComposed(x, 4, c); }, shared);
        check([](const at::Tensor& x, const ClipLogits& c) { return quantizeCache(x, 4, c); },
              [](const at::Tensor& x, const ClipLogits& c) { return quantizeCacheComposed(x, 4, c); }, shared);
        check([](const at::Tensor& w, const ClipLogits& c) { return clampAndQuantizeWeight(w, c, 4, 0); },
              [](const at::Tensor& w, const ClipLogits& c) { return quantizeWeightComposed(clampWeight(w, c), 4, 0); },
              {at::full({64}, 2.0, at::kDouble), at::full({64}, 1.0, at::kDouble)});
    }

    void noRowsAreNoTrouble()
    {
        for (const auto& pair : kPairs)
            QCOMPARE(pair.fused(at::empty({0, 8}), 4, {}).sizes(), (at::IntArrayRef{0, 8}));
    }
};

QTEST_GUILESS_MAIN(TestFusedQuantizer)
#include "tst_fused_quantizer.moc"
