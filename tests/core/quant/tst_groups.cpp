// SPDX-License-Identifier: Apache-2.0
// Groups and asymmetric grids: each group is what the whole would be if it stood alone.
#include "core/quant/quantizer.h"
#include "tests/support/refuses.h"
#include "tests/support/tensor_checks.h"

#include <ATen/ATen.h>
#include <QtTest>

using namespace core;
using namespace support;

class TestGroups : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachGroupOfAWeightHasItsOwnClip()
    {
        const auto weight = normal({5, 12}, 1, at::kFloat);
        const ClipLogits clip{normal({5, 3}, 2, at::kFloat), normal({5, 3}, 3, at::kFloat)};
        const auto clamped = clampWeight(weight, clip);
        for (int group = 0; group < 3; ++group) {
            const ClipLogits own{clip.max.select(1, group), clip.min.select(1, group)};
            QVERIFY(at::equal(clamped.narrow(1, 4 * group, 4),
                              clampWeight(weight.narrow(1, 4 * group, 4).contiguous(), own)));
        }
        QVERIFY(!at::equal(clamped, weight));
        auto logits = clip;
        logits.max.requires_grad_();
        auto positive = weight.clone();
        positive.view({5, 3, 4}).select(2, 0).fill_(3.0);
        clampWeight(positive, logits).square().sum().backward();
        QVERIFY((logits.max.grad().abs() > 0.0).all().item<bool>()); // every group's largest element is cut
    }

    void eachGroupOfAHeadHasItsOwnScale()
    {
        for (const auto type : {at::kFloat, at::kDouble}) { // fused and composed
            const auto x = normal({2, 3, 5, 8}, 1, type);
            const ClipLogits clip{at::full({}, 1.0, type), at::full({}, 2.0, type)};
            const auto rounded = quantizeCache(x, 3, clip, 4);
            for (const int begin : {0, 4})
                QVERIFY(at::equal(rounded.narrow(-1, begin, 4),
                                  quantizeCache(x.narrow(-1, begin, 4).contiguous(), 3, clip)));
            QVERIFY(at::equal(quantizeCache(x, 3, clip, 8), quantizeCache(x, 3, clip)));
            QVERIFY(!at::equal(rounded, quantizeCache(x, 3, clip)));
        }
    }

    /** Range -1 to 2 in 2 bits: scale 1, zero 1; 0.5 rounds to even. Symmetric, the same has scale 2 and loses -1 and 0.5. */
    void asymmetricActivationsByHand()
    {
        const auto x = at::tensor({-1.0f, 2.0f, 0.5f, 1.5f}).unsqueeze(0);
        QVERIFY(at::equal(quantizeActivation(x, 2, {}, true), at::tensor({-1.0f, 2.0f, 0.0f, 2.0f}).unsqueeze(0)));
        QVERIFY(at::equal(quantizeActivation(x, 2, {}), at::tensor({0.0f, 2.0f, 0.0f, 2.0f}).unsqueeze(0)));
        QVERIFY(at::equal(quantizeActivation(x, 16, {}, true), x));
    }

    void asymmetricWeightsByHand()
    {
        const auto weight = at::tensor({-1.0f, 2.0f, 3.0f, 6.0f}).unsqueeze(0);
        QVERIFY(at::equal(quantizeWeight(weight, 2, 2, true), at::tensor({-1.0f, 2.0f, 4.0f, 6.0f}).unsqueeze(0)));
        const auto random = normal({6, 12}, 4, at::kFloat) + 1.0;
        for (const int group : {0, 3})
            PLANISH_AT_MOST(largestDifference(quantizeWeight(random, 4, group, true),
                                              quantizeWeight(random.to(at::kDouble), 4, group, true)),
                            1e-5);
        PLANISH_REFUSES(quantizeWeight(random, 4, 5, true), ErrorKind::InvalidArgument, {"groups of 5", "12"});
    }

    void negativeGroupsAreRefused()
    {
        PLANISH_REFUSES(checkScheme({.weightGroup = -1}), ErrorKind::InvalidArgument, {"weight group", "-1"});
        PLANISH_REFUSES(checkScheme({.kvGroup = -3}), ErrorKind::InvalidArgument, {"key and value group", "-3"});
    }
};

QTEST_GUILESS_MAIN(TestGroups)
#include "tst_groups.moc"
