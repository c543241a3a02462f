// SPDX-License-Identifier: Apache-2.0
#include "core/search/gates.h"
#include "tests/support/tensor_checks.h"

#include <QtTest>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

using namespace core;

class TestGates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void startsUndecided()
    {
        for (const std::size_t count : {1, 2, 3, 5})
            for (const double p : Gates(count, 0.1).values(0.3))
                PLANISH_AT_MOST(std::abs(p - 1.0 / double(count)), 1e-15);
    }

    /** With pi = sigmoid(a / tau) the gate's gradient is pi (1 - pi) / tau (E[L | second] - E[L | first]), and that of the
        entropy -a / tau * pi (1 - pi) / tau (from H' = ln((1 - pi) / pi) = -a / tau). */
    void gradientOfTwoCandidatesIsTheFormula()
    {
        for (const double a : {-1.3, 0.0, 0.4, 2.0})
            for (const double tau : {1.0, 0.31, 0.1}) {
                Gates attention(2, 0.1);
                Gates mlp(2, 0.1);
                {
                    const at::NoGradGuard noGrad;
                    const_cast<at::Tensor&>(attention.parameter()).fill_(a);
                    const_cast<at::Tensor&>(mlp.parameter()).fill_(0.25);
                }
                const auto losses = at::tensor({3.0, 4.5, 2.0, 7.0}, at::kDouble).view({2, 2});
                const auto loss = expectedLoss(attention.probabilities(tau), mlp.probabilities(tau), losses)
                    + 0.7 * entropy(attention.probabilities(tau));
                const auto gradients = torch::autograd::grad({loss}, {attention.parameter(), mlp.parameter()});
                const double pi = 1.0 / (1.0 + std::exp(-a / tau));
                const double q = 1.0 / (1.0 + std::exp(-0.25 / tau));
                const double given0 = (1.0 - q) * 3.0 + q * 4.5;
                const double given1 = (1.0 - q) * 2.0 + q * 7.0;
                const double expected = pi * (1.0 - pi) / tau * (given1 - given0 - 0.7 * a / tau);
                PLANISH_AT_MOST(std::abs(gradients[0].item<double>() - expected), 1e-12 * (1.0 + std::abs(expected)));
                const double mlpExpected =
                    q * (1.0 - q) / tau * ((1.0 - pi) * 4.5 + pi * 7.0 - (1.0 - pi) * 3.0 - pi * 2.0);
                PLANISH_AT_MOST(std::abs(gradients[1].item<double>() - mlpExpected),
                                1e-12 * (1.0 + std::abs(mlpExpected)));
            }
    }

    /** The same for many: dL/da_k = p_k (E[L | k] - E[L]) / tau. */
    void gradientOfManyCandidatesIsTheFormula()
    {
        const double tau = 0.4;
        Gates attention(4, 0.1);
        const Gates mlp(4, 0.1);
        {
            const at::NoGradGuard noGrad;
            const_cast<at::Tensor&>(attention.parameter()).copy_(at::tensor({0.1, -0.3, 0.5, 0.0}, at::kDouble));
        }
        const auto losses = support::normal({4, 4}, 3).abs();
        const auto p = attention.probabilities(tau);
        const auto loss = expectedLoss(p, mlp.probabilities(tau), losses);
        const auto gradient = torch::autograd::grad({loss}, {attention.parameter()})[0];
        const auto given = losses.mean(1);
        const auto expected = p.detach() * (given - loss.detach()) / tau;
        PLANISH_AT_MOST(support::largestDifference(gradient, expected), 1e-14);
    }

    /** Adam's first step has the size of its rate whatever the gradient. */
    void stepsGoAgainstTheGradient()
    {
        Gates gates(2, 0.1);
        gates.step(at::full({1}, 42.0, at::kDouble));
        PLANISH_AT_MOST(std::abs(gates.parameter().item<double>() + 0.1), 1e-9);
        gates.step(at::full({1}, std::nan(""), at::kDouble));
        PLANISH_AT_MOST(std::abs(gates.parameter().item<double>() + 0.1), 1e-9);
    }

    /** Draws are one-hot, as frequent as the probabilities (4 standard errors), and the same for one seed. */
    void drawsFollowTheProbabilities()
    {
        const double tau = 0.5;
        Gates gates(3, 0.1);
        {
            const at::NoGradGuard noGrad;
            const_cast<at::Tensor&>(gates.parameter()).copy_(at::tensor({0.2, 0.0, -0.4}, at::kDouble));
        }
        std::mt19937_64 random(7);
        std::mt19937_64 again(7);
        constexpr int kDraws = 4000;
        std::vector<int> counts(3, 0);
        for (int i = 0; i < kDraws; ++i) {
            const auto z = gates.draw(tau, random);
            QVERIFY(at::equal(z.detach(), gates.draw(tau, again).detach()));
            PLANISH_AT_MOST(std::abs(z.sum().item<double>() - 1.0), 1e-12);
            PLANISH_AT_MOST(std::abs(z.max().item<double>() - 1.0), 1e-12);
            ++counts[std::size_t(z.argmax().item<std::int64_t>())];
        }
        const auto p = gates.values(tau);
        for (std::size_t k = 0; k < 3; ++k)
            PLANISH_AT_MOST(std::abs(counts[k] / double(kDraws) - p[k]), 4.0 * std::sqrt(p[k] * (1.0 - p[k]) / kDraws));
    }

    void drawsCarryGradients()
    {
        Gates gates(3, 0.1);
        std::mt19937_64 random(7);
        const auto z = gates.draw(0.5, random);
        const auto gradient =
            torch::autograd::grad({at::dot(z, at::tensor({1.0, 2.0, 4.0}, at::kDouble))}, {gates.parameter()})[0];
        PLANISH_AT_MOST(std::abs(gradient.sum().item<double>()), 1e-12); // of a softmax
        QVERIFY(gradient.abs().max().item<double>() > 1e-3);
    }
};

QTEST_GUILESS_MAIN(TestGates)
#include "tst_gates.moc"
