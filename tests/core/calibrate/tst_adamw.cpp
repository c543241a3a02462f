// SPDX-License-Identifier: Apache-2.0
// Against LibTorch's own optimiser, and what going back restores.
#include "core/calibrate/adamw.h"
#include "tests/support/tensor_checks.h"

#include <QtTest>
#include <torch/torch.h>

using namespace core;
using namespace support;

namespace {

std::vector<at::Tensor> start()
{
    return {normal({4, 3}, 1, at::kFloat), normal({5}, 2, at::kFloat), normal({2}, 3, at::kFloat)};
}

/** The third parameter gets no gradient. */
at::Tensor lossOf(const std::vector<at::Tensor>& parameters)
{
    return (parameters[0].square().sum() + (parameters[1] - 2.0).pow(4).sum()) * 0.5;
}

} // namespace

class TestAdamW : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stepsAreThoseOfLibTorch()
    {
        const auto ours = start();
        const auto theirs = start();
        for (const auto& parameter : theirs)
            parameter.requires_grad_();
        AdamW optimiser(ours, 0.01, {0.8, 0.99});
        torch::optim::AdamW reference(theirs,
                                      torch::optim::AdamWOptions(0.1).weight_decay(0.01).betas({0.8, 0.99}).eps(1e-8));
        for (int step = 0; step < 20; ++step) {
            const double rate = 0.1 / (1.0 + step);
            lossOf(ours).backward();
            optimiser.step(rate);
            static_cast<torch::optim::AdamWOptions&>(reference.param_groups()[0].options()).lr(rate);
            reference.zero_grad();
            lossOf(theirs).backward();
            reference.step();
        }
        for (std::size_t i = 0; i < ours.size(); ++i)
            PLANISH_AT_MOST(largestDifference(ours[i], theirs[i]), 1e-6);
        QVERIFY(at::equal(ours[2], start()[2])); // no gradient: neither moved nor decayed
    }

    void goingBackRepeatsTheSameSteps()
    {
        const auto parameters = start();
        AdamW optimiser(parameters, 0.01);
        const auto steps = [&](int count) {
            for (int step = 0; step < count; ++step) {
                lossOf(parameters).backward();
                optimiser.step(0.05);
            }
        };
        steps(3);
        const auto state = optimiser.state();
        steps(4);
        const auto expected = parameters[0].detach().clone();
        optimiser.restore(state);
        QVERIFY(!at::equal(parameters[0], expected));
        steps(4);
        QVERIFY(at::equal(parameters[0], expected));
    }

    void whatIsNotFiniteIsSeen()
    {
        const auto parameters = start();
        AdamW optimiser(parameters, 0.0);
        QVERIFY(optimiser.gradientsAreFinite()); // there are none
        lossOf(parameters).backward();
        QVERIFY(optimiser.gradientsAreFinite());
        parameters[1].grad()[3] = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(!optimiser.gradientsAreFinite());
        parameters[1].grad()[3] = -std::numeric_limits<float>::infinity();
        QVERIFY(!optimiser.gradientsAreFinite());
        parameters[1].grad()[3] = 3e38f; // its square is not
        QVERIFY(optimiser.gradientsAreFinite());
        QVERIFY(optimiser.parametersAreFinite());
        parameters[2].detach()[0] = std::numeric_limits<float>::infinity();
        QVERIFY(!optimiser.parametersAreFinite());
    }
};

QTEST_GUILESS_MAIN(TestAdamW)
#include "tst_adamw.moc"
