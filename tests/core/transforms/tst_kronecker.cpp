// SPDX-License-Identifier: Apache-2.0
#include "core/transforms/kronecker.h"
#include "tests/support/devices.h"
#include "tests/support/tensor_checks.h"

#include <ATen/ATen.h>
#include <QtTest>

#include <cmath>

using namespace core;
using namespace support;

namespace {

/** left ⊗ right from its definition: [(i1, i2), (j1, j2)] = left[i1, j1] right[i2, j2]. */
at::Tensor denseKronecker(const at::Tensor& left, const at::Tensor& right)
{
    const auto n = left.size(0) * right.size(0);
    return at::einsum("ij,kl->ikjl", {left, right}).reshape({n, n});
}

/** Entries of variance 1/k, so that results are about as large as the input. */
at::Tensor mixing(std::int64_t k, std::uint64_t seed)
{
    return normal({k, k}, seed) / std::sqrt(double(k));
}

} // namespace

class TestKronecker : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { gpu::loadCuda(); }

    /** The factor table was made with FlatQuant's get_decompose_dim; both rules agree on it. */
    void sizesOfPublishedModelsEqualTheTable_data()
    {
        QTest::addColumn<int>("n");
        QTest::addColumn<int>("left");
        QTest::addColumn<int>("right");
        constexpr int table[][3] = {
            {576, 24, 24},     {1536, 32, 48},    {3584, 56, 64},   {5120, 64, 80}, {8192, 64, 128}, {13824, 108, 128},
            {27648, 144, 192}, {896, 28, 32},     {2048, 32, 64},   {4096, 64, 64}, {5632, 64, 88},  {8960, 80, 112},
            {14336, 112, 128}, {28672, 128, 224}, {1024, 32, 32},   {3072, 48, 64}, {4864, 64, 76},  {6656, 64, 104},
            {11008, 86, 128},  {18944, 128, 148}, {29568, 168, 176}};
        for (const auto& [n, left, right] : table)
            QTest::addRow("%d", n) << n << left << right;
    }

    void sizesOfPublishedModelsEqualTheTable()
    {
        QFETCH(int, n);
        QFETCH(int, left);
        QFETCH(int, right);
        const KroneckerSizes expected{left, right};
        QCOMPARE(kroneckerSizes(n, KroneckerRule::Fermat), expected);
        QCOMPARE(kroneckerSizes(n, KroneckerRule::Balanced), expected);
    }

    /** Fermat's rows are FlatQuant's own answers (run); Balanced: the divisor nearest below the root. */
    void rulesDifferWhereFactorsMustShareParity_data()
    {
        QTest::addColumn<int>("n");
        QTest::addColumn<int>("fermatLeft");
        QTest::addColumn<int>("balancedLeft");
        QTest::newRow("172") << 172 << 2 << 4;     // 2 x 86, 4 x 43
        QTest::newRow("688") << 688 << 8 << 16;    // 8 x 86, 16 x 43
        QTest::newRow("176") << 176 << 8 << 11;    // 8 x 22, 11 x 16
        QTest::newRow("1376") << 1376 << 16 << 32; // 16 x 86, 32 x 43
        // No squares differ by 2 mod 4: both use the divisor rule.
        QTest::newRow("2") << 2 << 1 << 1;
        QTest::newRow("6") << 6 << 2 << 2;
        QTest::newRow("86") << 86 << 2 << 2;
        QTest::newRow("1002") << 1002 << 6 << 6;
        // Small and prime sizes.
        QTest::newRow("1") << 1 << 1 << 1;
        QTest::newRow("4") << 4 << 2 << 2;
        QTest::newRow("8") << 8 << 2 << 2;
        QTest::newRow("4093") << 4093 << 1 << 1;
    }

    void rulesDifferWhereFactorsMustShareParity()
    {
        QFETCH(int, n);
        QFETCH(int, fermatLeft);
        QFETCH(int, balancedLeft);
        QCOMPARE(kroneckerSizes(n, KroneckerRule::Fermat), (KroneckerSizes{fermatLeft, n / fermatLeft}));
        QCOMPARE(kroneckerSizes(n, KroneckerRule::Balanced), (KroneckerSizes{balancedLeft, n / balancedLeft}));
    }

    void everySizeIsSplit()
    {
        for (std::int64_t n = 1; n <= 3000; ++n) {
            // The divisor pair nearest the root, among all or among those of one parity.
            std::int64_t balanced = 1;
            std::int64_t sameParity = 0;
            for (std::int64_t left = 1; left * left <= n; ++left)
                if (n % left == 0) {
                    balanced = left;
                    if ((n / left - left) % 2 == 0)
                        sameParity = left;
                }
            const auto fermat = sameParity ? sameParity : balanced;
            QCOMPARE(kroneckerSizes(n, KroneckerRule::Balanced), (KroneckerSizes{balanced, n / balanced}));
            QCOMPARE(kroneckerSizes(n, KroneckerRule::Fermat), (KroneckerSizes{fermat, n / fermat}));
        }
    }

    void smallCaseByHand()
    {
        // X = [1 2; 3 4], X B = [2 1; 4 3], A^T (X B) = [1 3; 2 4] [2 1; 4 3] = [14 10; 20 14].
        const auto x = at::tensor({1.0, 2.0, 3.0, 4.0}, at::kDouble);
        const auto left = at::tensor({1.0, 2.0, 3.0, 4.0}, at::kDouble).view({2, 2});
        const auto right = at::tensor({0.0, 1.0, 1.0, 0.0}, at::kDouble).view({2, 2});
        QVERIFY(at::equal(applyKronecker(x, left, right), at::tensor({14.0, 10.0, 20.0, 14.0}, at::kDouble)));
    }

    void equalsTheDenseProduct_data()
    {
        QTest::addColumn<int>("left");
        QTest::addColumn<int>("right");
        for (const auto& [left, right] : {std::pair{1, 1},
                                          {1, 7},
                                          {7, 1},
                                          {2, 3},
                                          {8, 8},
                                          {4, 43},
                                          {2, 86},
                                          {12, 16},
                                          {1, 193},
                                          {16, 43},
                                          {24, 24},
                                          {43, 16},
                                          {32, 48}})
            QTest::addRow("%d x %d", left, right) << left << right;
    }

    /** At most 1e-12 in float64. */
    void equalsTheDenseProduct()
    {
        QFETCH(int, left);
        QFETCH(int, right);
        const auto a = mixing(left, 1);
        const auto b = mixing(right, 2);
        const auto x = normal({3, 5, left * right}, 3);
        const auto y = applyKronecker(x, a, b);
        QCOMPARE(y.sizes(), x.sizes());
        PLANISH_AT_MOST(largestDifference(y, at::matmul(x, denseKronecker(a, b))), 1e-12);
    }

    void gradientsEqualTheDenseProducts_data() { equalsTheDenseProduct_data(); }

    void gradientsEqualTheDenseProducts()
    {
        QFETCH(int, left);
        QFETCH(int, right);
        const auto seed = normal({3, 5, left * right}, 4);
        const auto gradients = [&](const auto& product) {
            const auto x = normal({3, 5, left * right}, 3).requires_grad_();
            const auto a = mixing(left, 1).requires_grad_();
            const auto b = mixing(right, 2).requires_grad_();
            product(x, a, b).backward(seed);
            return std::array{x.grad(), a.grad(), b.grad()};
        };
        const auto ours = gradients(applyKronecker);
        const auto dense = gradients([](const at::Tensor& x, const at::Tensor& a, const at::Tensor& b) {
            return at::matmul(x, denseKronecker(a, b));
        });
        for (int i = 0; i < 3; ++i)
            PLANISH_AT_MOST(relativeError(ours[i], dense[i]), 1e-12);
    }

    void gradientsReachEachArgumentAlone()
    {
        for (const auto& [left, right] : {std::pair{4, 43}, {16, 43}})
            for (int moving = 0; moving < 3; ++moving) {
                std::array arguments{normal({6, left * right}, 3), mixing(left, 1), mixing(right, 2)};
                const auto weights = normal({6, left * right}, 5);
                const auto loss = [&] {
                    return (applyKronecker(arguments[0], arguments[1], arguments[2]) * weights).sum();
                };
                arguments[moving].requires_grad_();
                loss().backward();
                // Linear in each argument: <gradient, argument> is the loss itself.
                const double expected = loss().item<double>();
                const double found = (arguments[moving].grad() * arguments[moving].detach()).sum().item<double>();
                QVERIFY(std::abs(found - expected) <= 1e-10 * std::abs(expected));
            }
    }

    void manySlicesAddUp_data() { addDevices(); }

    /** 128 x 2: more slices than the sum over them takes at once (512), and a rest. */
    void manySlicesAddUp()
    {
        PLANISH_DEVICE(where);
        for (const auto& [left, right] : {std::pair{16, 43}, {24, 8}, {128, 2}}) {
            const auto seed = normal({1031, left * right}, 4).to(where);
            const auto gradients = [&](const auto& product) {
                const auto x = normal({1031, left * right}, 3).to(where).requires_grad_();
                const auto a = mixing(left, 1).to(where).requires_grad_();
                const auto b = mixing(right, 2).to(where).requires_grad_();
                product(x, a, b).backward(seed);
                return std::array{x.grad(), a.grad(), b.grad()};
            };
            const auto ours = gradients(applyKronecker);
            const auto dense = gradients([](const at::Tensor& x, const at::Tensor& a, const at::Tensor& b) {
                return at::matmul(x, at::kron(a, b));
            });
            for (int i = 0; i < 3; ++i)
                PLANISH_AT_MOST(relativeError(ours[i], dense[i]), 1e-12);
        }
    }

    void narrowTypesAreSummedInFloat32_data() { addDevices(); }

    void narrowTypesAreSummedInFloat32()
    {
        PLANISH_DEVICE(where);
        const auto gradients = [&](at::ScalarType type) {
            const auto narrow = [&](const at::Tensor& t) { return t.to(at::kBFloat16).to(where, type); };
            const auto x = narrow(normal({700, 16 * 43}, 3)).requires_grad_();
            const auto a = narrow(mixing(16, 1)).requires_grad_();
            const auto b = narrow(mixing(43, 2)).requires_grad_();
            applyKronecker(x, a, b).backward(narrow(normal({700, 16 * 43}, 4)));
            return std::array{x.grad(), a.grad(), b.grad()};
        };
        const auto wide = gradients(at::kDouble);
        const auto ours = gradients(at::kBFloat16);
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(ours[i].scalar_type(), at::kBFloat16);
            PLANISH_AT_MOST(relativeError(ours[i], wide[i]), 1e-2); // bfloat16 keeps 2^-9, three roundings
        }
    }

    void absentMatricesAreIdentities()
    {
        for (const auto& [left, right] : {std::pair{4, 43}, {16, 43}}) {
            const auto x = normal({5, left * right}, 3);
            const auto a = mixing(left, 1);
            const auto b = mixing(right, 2);
            const auto one = [](std::int64_t k) { return at::eye(k, at::kDouble); };
            PLANISH_AT_MOST(largestDifference(applyKronecker(x, a, {}), at::matmul(x, denseKronecker(a, one(right)))),
                            1e-12);
            PLANISH_AT_MOST(largestDifference(applyKronecker(x, {}, b), at::matmul(x, denseKronecker(one(left), b))),
                            1e-12);
            QVERIFY(applyKronecker(x, {}, {}).is_same(x));
        }
    }

    void stridedInputIsReadInItsOwnOrder()
    {
        for (const auto& [left, right] : {std::pair{4, 43}, {16, 43}}) {
            const auto a = mixing(left, 1);
            const auto b = mixing(right, 2);
            const auto strided = normal({left * right, 6}, 3).t();
            QVERIFY(!strided.is_contiguous());
            PLANISH_AT_MOST(
                largestDifference(applyKronecker(strided, a, b), applyKronecker(strided.contiguous(), a, b)), 1e-14);
            PLANISH_AT_MOST(
                largestDifference(applyKronecker(strided, a, {}), applyKronecker(strided.contiguous(), a, {})), 1e-14);
        }
    }
};

QTEST_GUILESS_MAIN(TestKronecker)
#include "tst_kronecker.moc"
