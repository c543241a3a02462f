// SPDX-License-Identifier: Apache-2.0
#include "core/io/safetensors_reader.h"
#include "core/transforms/hadamard.h"
#include "tests/support/shared_data.h"
#include "tests/support/tensor_checks.h"

#include <QtTest>

#include <cmath>
#include <set>

using namespace core;
using namespace support;

namespace {

/** Multiples of 4 up to 256 that need prime-power fields or other constructions: neither n - 1 is a prime = 3 (mod 4) nor
    n / 2 - 1 a prime = 1 (mod 4), nor is n / 2 within reach. By hand: 52 has 51 = 3 * 17 and 25, 92 has 7 * 13 and 45, ... */
const std::set<std::int64_t> kOutOfReach{52, 92, 100, 116, 156, 172, 184, 188, 232, 236, 244};

} // namespace

class TestHadamard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyOrderInReachIsAHadamardMatrix()
    {
        for (std::int64_t n = 1; n <= 256; ++n) {
            const auto matrix = hadamardMatrix(n);
            const bool possible = n <= 2 || n % 4 == 0;
            QVERIFY2(matrix.has_value() == (possible && !kOutOfReach.contains(n)), qPrintable(QString::number(n)));
            if (!matrix)
                continue;
            QCOMPARE(matrix->scalar_type(), at::kDouble);
            QCOMPARE(matrix->sizes(), (at::IntArrayRef{n, n}));
            QVERIFY(at::equal(matrix->abs(), at::ones_like(*matrix)));
            // Sums of at most 256 ones: exact.
            QVERIFY(at::equal(at::matmul(*matrix, matrix->mT()), double(n) * at::eye(n, at::kDouble)));
        }
    }

    void nothingIsMadeOfImpossibleOrders()
    {
        for (const std::int64_t n : {-4, -1, 0, 3, 14, 86, 255})
            QVERIFY(!hadamardMatrix(n));
    }

    /** Sloane's library has a matrix of every multiple of 4 up to 256: what we lack, we lack; nothing is invented. */
    void ordersAreAmongThoseOfSloanesLibrary()
    {
        const auto path = sharedFolder() / "data/vectors/hadamard-matrices/hadamards.safetensors";
        PLANISH_NEEDS(path);
        const auto library = readSafetensors(path);
        std::set<std::int64_t> published;
        for (const auto& view : library->tensors()) {
            const auto n = std::stoll(view.name);
            published.insert(n);
            QCOMPARE(view.shape, (std::vector<std::int64_t>{n, n}));
        }
        std::size_t made = 0;
        for (std::int64_t n = 1; n <= 256; ++n)
            if (hadamardMatrix(n)) {
                ++made;
                QVERIFY(published.contains(n));
            }
        QCOMPARE(published.size(), std::size_t(66));
        QCOMPARE(made, published.size() - kOutOfReach.size());
    }

    /** Of FlatQuant's factors (tst_kronecker) only 86 has none; 14 heads (Qwen2.5-0.5B) neither. */
    void factorsOfPublishedModelsAreInReach()
    {
        for (const std::int64_t n :
             {24, 28, 32, 48, 56, 64, 76, 80, 88, 104, 108, 112, 128, 144, 148, 168, 176, 192, 224, 20, 40})
            QVERIFY2(hadamardMatrix(n), qPrintable(QString::number(n)));
        QVERIFY(!hadamardMatrix(86));
        QVERIFY(!hadamardMatrix(14));
    }

    void doublingOfPowersOfTwoIsSylvesters()
    {
        const auto four = at::tensor(
            {1.0, 1.0, 1.0, 1.0, 1.0, -1.0, 1.0, -1.0, 1.0, 1.0, -1.0, -1.0, 1.0, -1.0, -1.0, 1.0}, at::kDouble);
        QVERIFY(at::equal(*hadamardMatrix(4), four.view({4, 4})));
        QVERIFY(at::equal(*hadamardMatrix(64), at::kron(*hadamardMatrix(8), *hadamardMatrix(8))));
    }

    void hartleyMatricesByHand()
    {
        QVERIFY(at::equal(hartleyMatrix(1), at::ones({1, 1}, at::kDouble)));
        const auto two = at::tensor({1.0, 1.0, 1.0, -1.0}, at::kDouble).view({2, 2}) / std::sqrt(2.0);
        PLANISH_AT_MOST(largestDifference(hartleyMatrix(2), two), 1e-15);
        // Row 1 of 4: cos + sin of 0, 90, 180, 270 degrees, halved.
        PLANISH_AT_MOST(largestDifference(hartleyMatrix(4)[1], at::tensor({0.5, 0.5, -0.5, -0.5}, at::kDouble)), 1e-15);
    }

    void hartleyMatricesAreSymmetricAndOrthogonal()
    {
        for (const std::int64_t n : {1, 2, 3, 5, 14, 43, 86, 172, 257, 1000}) {
            const auto matrix = hartleyMatrix(n);
            PLANISH_AT_MOST(orthogonalityError(matrix), 1e-13);
            QVERIFY(at::equal(matrix, matrix.mT()));
            PLANISH_AT_MOST(matrix.abs().max().item<double>() * std::sqrt(double(n)), std::sqrt(2.0) + 1e-14);
        }
    }

    void randomHadamardIsOrthogonalAndFollowsItsSeed()
    {
        for (const std::int64_t n : {1, 2, 12, 14, 28, 64, 86, 172}) {
            const auto draw = [&](std::uint64_t seed) {
                auto generator = at::detail::createCPUGenerator(seed);
                return randomHadamard(n, generator);
            };
            const auto matrix = draw(7);
            PLANISH_AT_MOST(orthogonalityError(matrix), 1e-13);
            QVERIFY(at::equal(matrix, draw(7)));
            // The signs alone are random: rows are those of the plain matrix or their negatives.
            const auto basis = hadamardMatrix(n) ? *hadamardMatrix(n) / std::sqrt(double(n)) : hartleyMatrix(n);
            const auto signs = (matrix * basis).sum(1);
            PLANISH_AT_MOST(largestDifference(signs.abs(), at::ones_like(signs)), 1e-13);
            PLANISH_AT_MOST(largestDifference(matrix, signs.round().unsqueeze(1) * basis), 0.0);
            if (n >= 64) // all signs equal, or two draws equal: chance 2^-63
                QVERIFY(std::abs(signs.sum().item<double>()) < double(n) - 0.5 && !at::equal(matrix, draw(8)));
        }
    }
};

QTEST_GUILESS_MAIN(TestHadamard)
#include "tst_hadamard.moc"
