// SPDX-License-Identifier: Apache-2.0
#include "core/transforms/rotation.h"
#include "tests/support/tensor_checks.h"

#include <QtTest>
#include <torch/torch.h>

#include <cmath>
#include <limits>

using namespace core;
using namespace support;

namespace {

/** The definition in operators that LibTorch itself differentiates. */
at::Tensor cayleyByOperators(const at::Tensor& raw)
{
    const auto lower = raw.tril(-1);
    const auto skew = lower - lower.mT();
    const auto identity = at::eye(raw.size(-1), raw.options());
    return at::linalg_solve(identity - skew / 2, identity + skew / 2);
}

at::Tensor haar(std::int64_t k, std::uint64_t seed)
{
    auto generator = at::detail::createCPUGenerator(seed);
    return haarOrthogonal(k, generator);
}

} // namespace

class TestRotation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** S / 2 = J = [0 -1; 1 0] acts as i: (1 + i) / (1 - i) = i, a quarter turn. In general the angle is 2 atan(t / 2). */
    void planeRotationsByHand()
    {
        for (const double t : {0.0, 2.0, -0.7, 1e-3, 50.0}) {
            const auto raw = at::tensor({9.0, 5.0, t, -4.0}, at::kDouble).view({2, 2}); // only t counts
            const double angle = 2.0 * std::atan(t / 2.0);
            const auto expected =
                at::tensor({std::cos(angle), -std::sin(angle), std::sin(angle), std::cos(angle)}, at::kDouble)
                    .view({2, 2});
            PLANISH_AT_MOST(largestDifference(cayley(raw), expected), 1e-14);
        }
    }

    void equalsTheDefinition()
    {
        for (const std::int64_t k : {1, 2, 3, 8, 43, 128}) {
            const auto raw = normal({k, k}, 11);
            const auto skew = raw.tril(-1) - raw.tril(-1).mT();
            const auto identity = at::eye(k, at::kDouble);
            const auto expected = at::matmul(at::linalg_inv(identity - skew / 2), identity + skew / 2);
            PLANISH_AT_MOST(relativeError(cayley(raw), expected), 1e-12);
        }
    }

    /** At most 1e-5 in float32. Raw matrices as they start, far beyond, and at zero. */
    void resultIsOrthogonal()
    {
        for (const std::int64_t k : {1, 2, 5, 8, 43, 64, 86, 128, 224})
            for (const double size : {0.0, 1.0, 10.0}) {
                const auto raw = haar(k, 5) * size;
                PLANISH_AT_MOST(orthogonalityError(cayley(raw)), 1e-5);
                PLANISH_AT_MOST(orthogonalityError(cayley(raw.to(at::kDouble))), 1e-13);
            }
    }

    void batchesAreSolvedOneByOne()
    {
        const auto raw = normal({3, 6, 6}, 2);
        const auto together = cayley(raw);
        for (int i = 0; i < 3; ++i)
            PLANISH_AT_MOST(largestDifference(together[i], cayley(raw[i])), 1e-14);
    }

    void gradientEqualsLibTorchsOwn()
    {
        for (const std::int64_t k : {1, 2, 3, 8, 43})
            for (const double size : {0.1, 1.0, 5.0}) {
                const auto seed = normal({2, k, k}, 3);
                auto ours = (normal({2, k, k}, 4) * size).requires_grad_();
                auto reference = ours.detach().clone().requires_grad_();
                cayley(ours).backward(seed);
                cayleyByOperators(reference).backward(seed);
                PLANISH_AT_MOST(largestDifference(ours.grad(), reference.grad()),
                                1e-11 * (1.0 + reference.grad().abs().max().item<double>()));
                // What does not move the result gets nothing.
                QVERIFY(at::equal(ours.grad().triu(), at::zeros_like(ours)));
            }
    }

    /** At most 1e-5. */
    void gradientEqualsFiniteDifferences()
    {
        for (const std::int64_t k : {2, 3, 7}) {
            const auto weights = normal({k, k}, 6);
            auto raw = normal({k, k}, 7).requires_grad_();
            (cayley(raw) * weights).sum().backward();
            const auto numeric =
                finiteDifferences([&](const at::Tensor& x) { return (cayley(x) * weights).sum().item<double>(); }, raw);
            PLANISH_AT_MOST(relativeError(raw.grad(), numeric), 1e-8); // differences: step^2 = 1e-10 and 1e-16 / step
        }
    }

    void float32GradientIsCloseToFloat64s()
    {
        const auto seed = normal({64, 64}, 3);
        auto wide = haar(64, 9).to(at::kDouble).requires_grad_();
        auto narrow = wide.detach().to(at::kFloat).requires_grad_();
        cayley(wide).backward(seed);
        cayley(narrow).backward(seed.to(at::kFloat));
        PLANISH_AT_MOST(relativeError(narrow.grad(), wide.grad()), 1e-5);
    }

    void staysOrthogonalWhileItIsTrained()
    {
        auto raw = haar(64, 1).requires_grad_();
        const auto target = haar(64, 2);
        torch::optim::Adam optimizer({raw}, 5e-2);
        const auto loss = [&] { return (cayley(raw) - target).square().sum(); };
        const double before = loss().item<double>();
        for (int step = 0; step < 60; ++step) {
            optimizer.zero_grad();
            loss().backward();
            optimizer.step();
            PLANISH_AT_MOST(orthogonalityError(cayley(raw)), 1e-5);
        }
        QVERIFY(loss().item<double>() < 0.9 * before);
    }

    void notANumberComesOutAsSuch()
    {
        auto raw = normal({5, 5}, 3);
        raw[3][1] = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(cayley(raw).isnan().any().item<bool>());
        // Of a batch, only the matrix that holds it.
        const auto both = cayley(at::stack({raw, normal({5, 5}, 4)}));
        QVERIFY(both[0].isnan().any().item<bool>());
        PLANISH_AT_MOST(orthogonalityError(both[1]), 1e-14);
    }

    /** For Haar's distribution on O(k) the trace has mean 0 and mean square 1; without the signs of R it has neither. Standard
        errors of 600 draws: 0.04 and 0.06. */
    void haarMatricesHaveHaarsTraces()
    {
        auto generator = at::detail::createCPUGenerator(3);
        double sum = 0.0;
        double squares = 0.0;
        constexpr int kDraws = 600;
        for (int i = 0; i < kDraws; ++i) {
            const auto matrix = haarOrthogonal(6, generator);
            PLANISH_AT_MOST(orthogonalityError(matrix), 1e-6);
            const double trace = matrix.trace().item<double>();
            sum += trace;
            squares += trace * trace;
        }
        PLANISH_AT_MOST(std::abs(sum / kDraws), 0.2);
        PLANISH_AT_MOST(std::abs(squares / kDraws - 1.0), 0.3);
    }

    /** FlatQuant's start, measured with its code: Cayley of a raw Haar matrix has mean diagonal 0.64, the
        product of two such 0.40. */
    void startLiesBetweenIdentityAndRandom()
    {
        const auto u = cayley(haar(256, 1));
        const auto v = cayley(haar(256, 2));
        PLANISH_AT_MOST(std::abs(u.diagonal().mean().item<double>() - 0.64), 0.01);
        PLANISH_AT_MOST(std::abs(at::matmul(u, v.mT()).diagonal().mean().item<double>() - 0.40), 0.015);
    }

    void reorthogonalizingRepairsRoundingAndNoMore()
    {
        for (const std::int64_t k : {1, 2, 64, 128}) {
            const auto rotation = cayley(haar(k, 1).to(at::kDouble));
            const auto noisy = rotation + 1e-5 / std::sqrt(double(k)) * normal({k, k}, 2);
            const auto repaired = reorthogonalize(noisy);
            PLANISH_AT_MOST(orthogonalityError(repaired), 1e-13);
            PLANISH_AT_MOST((repaired - noisy).norm().item<double>(),
                            (noisy - rotation).norm().item<double>() * 1.01 + 1e-14);
            const auto fromFloat = reorthogonalize(rotation.to(at::kFloat));
            QCOMPARE(fromFloat.scalar_type(), at::kDouble);
            PLANISH_AT_MOST(orthogonalityError(fromFloat), 1e-13);
        }
    }
};

QTEST_GUILESS_MAIN(TestRotation)
#include "tst_rotation.moc"
