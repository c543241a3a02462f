// SPDX-License-Identifier: Apache-2.0
// A packed block against the simulated one, which rounds to the same grids and multiplies in float32. Sums of whole numbers are
// exact, so the two differ by the rounding of float32 sums alone: about sqrt(48) * 2^-24 of what they add up, for each of the
// block's products; 1e-5 is ten times that. Where that moves a value across the middle between two codes, which happens to about one
// in a million, the difference is a whole step of the grid: one of the six comparisons of a row may be larger for it.
#include "core/calibrate/packed_block.h"
#include "tests/support/small_block.h"

#include <ATen/ATen.h>
#include <QtTest>

using namespace core;
using namespace support;

Q_DECLARE_METATYPE(core::QuantScheme)

class TestPackedBlock : public QObject
{
    Q_OBJECT

    static BlockParameters trained(const ModelInfo& info, const QuantScheme& scheme)
    {
        auto parameters =
            makeBlockParameters(info, planOf(TransformKind::Affine, TransformKind::Rotation, scheme), 0, {});
        double logit = 0.5;
        for (auto& clip : parameters.clips.activation)
            clip = {at::full({}, logit += 0.3), at::full({}, logit + 0.1)};
        parameters.clips.key = {at::full({}, 1.5), at::full({}, 1.6)};
        parameters.clips.value = {at::full({}, 1.7), at::full({}, 1.8)};
        return parameters;
    }

private Q_SLOTS:
    void computesWhatTheSimulatedBlockComputes_data()
    {
        QTest::addColumn<QuantScheme>("scheme");
        QTest::addColumn<bool>("integers");
        QTest::newRow("W4A4KV4") << kFour << true;
        QTest::newRow("W8A8") << QuantScheme{8, 8, 16, 16} << true;
        QTest::newRow("W3A3K2V2") << QuantScheme{3, 3, 2, 2} << true;
        QTest::newRow("W2A8, groups of 4") << QuantScheme{2, 8, 4, 4, 4} << true;
        QTest::newRow("W4A4, asymmetric both")
            << QuantScheme{.weightAsymmetric = true, .activationAsymmetric = true} << true;
        QTest::newRow("W8A7, asymmetric, groups of 2") << QuantScheme{.weightBits = 8,
                                                                      .activationBits = 7,
                                                                      .weightGroup = 2,
                                                                      .weightAsymmetric = true,
                                                                      .activationAsymmetric = true}
                                                       << true;
        QTest::newRow("W4A8, asymmetric activations")
            << QuantScheme{.activationBits = 8, .activationAsymmetric = true} << false;
        QTest::newRow("W4A16") << QuantScheme{4, 16, 16, 16} << false;
        QTest::newRow("W3A16, groups of 4, asymmetric")
            << QuantScheme{.weightBits = 3, .activationBits = 16, .weightGroup = 4, .weightAsymmetric = true} << false;
        QTest::newRow("W16A4KV4") << QuantScheme{16, 4, 4, 4} << false;
    }

    void computesWhatTheSimulatedBlockComputes()
    {
        QFETCH(QuantScheme, scheme);
        QFETCH(bool, integers);
        const at::NoGradGuard noGrad;
        const auto info = smallModel();
        std::vector<double> errors;
        for (const auto biases : {Biases::None, Biases::All}) {
            const auto weights = randomWeights(info, biases, at::kFloat);
            const auto quantized = quantizeBlock(info, weights, trained(info, scheme), scheme);
            const auto simulated = runnableBlock(quantized, scheme);
            const auto packed = packedBlock(quantized, scheme, at::kCPU);
            QCOMPARE(multipliesIntegers(scheme), integers);
            for (const auto role : kBlockRoles) {
                const auto place = static_cast<std::size_t>(role);
                QCOMPARE(packed.weights.packed[place].has_value(), scheme.weightBits < 16);
                QCOMPARE(packed.weights.matrix(role).defined(), scheme.weightBits == 16);
                QVERIFY(at::equal(packed.weights.dense(role), simulated.weights.matrix(role)));
                const auto input = packed.hook->intoLayer(role, normal({1, 2, 48}, 3, at::kFloat));
                QCOMPARE(input.codes.codes.defined(), integers);
                QCOMPARE(input.values.defined(), !integers);
            }
            // One token, a few and many take different loops.
            for (const int tokens : {1, 5, 40}) {
                const auto hidden = normal({2, tokens, info.hidden}, 11, at::kFloat);
                const auto expected = forward(info, simulated.weights, hidden, simulated.hook.get());
                const auto got = forward(info, packed.weights, hidden, packed.hook.get());
                errors.push_back(relativeError(got - hidden, expected - hidden));
            }
        }
        std::sort(errors.begin(), errors.end());
        QCOMPARE(errors.size(), std::size_t(6));
        PLANISH_AT_MOST(errors[4], 1e-5);
        PLANISH_AT_MOST(errors[5], 1e-2);
    }

    void decodesFromItsCacheWhatOnePassComputes_data()
    {
        QTest::addColumn<QuantScheme>("scheme");
        QTest::addColumn<bool>("packed");
        QTest::newRow("KV4") << kFour << true;
        QTest::newRow("K2V8, groups of 5 and bytes") << QuantScheme{4, 8, 8, 8, 0, 5} << true;
        QTest::newRow("K3V4") << QuantScheme{4, 16, 3, 4} << true;
        QTest::newRow("2 bits of 10 channels are no whole bytes") << QuantScheme{4, 4, 2, 2} << false;
        QTest::newRow("keys alone") << QuantScheme{4, 4, 4, 16} << false;
        QTest::newRow("none") << QuantScheme{4, 4, 16, 16} << false;
    }

    void decodesFromItsCacheWhatOnePassComputes()
    {
        QFETCH(QuantScheme, scheme);
        QFETCH(bool, packed);
        const at::NoGradGuard noGrad;
        auto info = smallModel();
        const Rope rope(info, at::kCPU);
        const auto weights = randomWeights(info, Biases::All, at::kFloat);
        const auto block = packedBlock(quantizeBlock(info, weights, trained(info, scheme), scheme), scheme, at::kCPU);
        QCOMPARE(block.hook->intoCache(Site::KeyCache, at::randn({1, 2, 3, 10})).isPacked(), packed);
        const auto hidden = normal({2, 30, info.hidden}, 21, at::kFloat);
        for (const std::int64_t window : {0, 7}) {
            info.slidingWindow = window;
            const auto expected = forward(info, block.weights, hidden, block.hook.get());
            KvCache cache(info, 30);
            std::vector<at::Tensor> parts;
            for (const auto& [begin, end] : {std::pair{0, 12}, {12, 13}, {13, 20}, {20, 21}, {21, 29}, {29, 30}}) {
                const BlockContext context{
                    .info = info, .rope = rope, .start = begin, .hook = block.hook.get(), .cache = &cache};
                parts.push_back(forwardBlock(context, block.weights, hidden.slice(1, begin, end)));
                QCOMPARE(cache.length(), std::int64_t(end));
            }
            const auto error = (at::cat(parts, 1) - expected).norm(2, -1) / (expected - hidden).norm(2, -1);
            PLANISH_AT_MOST(error.median().item<double>(), 1e-6);
            PLANISH_AT_MOST((error > 1e-5).to(at::kDouble).mean().item<double>(), 0.05); // codes that tipped over
        }
    }

    void keepsOnlyThePackedBytes()
    {
        const auto info = smallModel();
        const auto weights = randomWeights(info, Biases::None, at::kFloat);
        const auto packed =
            packedBlock(quantizeBlock(info, weights, trained(info, kFour), kFour), kFour, at::kCPU).weights;
        std::int64_t bytes = 0;
        for (const auto role : kBlockRoles)
            bytes += packed.packed[static_cast<std::size_t>(role)]->bytes();
        std::int64_t expected = 0; // half a byte a weight and a scale a row; all rows are of even length
        for (const auto role : kBlockRoles)
            expected += weights.matrix(role).numel() / 2 + 4 * weights.matrix(role).size(0);
        QCOMPARE(bytes, expected);
    }
};

QTEST_APPLESS_MAIN(TestPackedBlock)
#include "tst_packed_block.moc"
