// SPDX-License-Identifier: Apache-2.0
// The law of every transform: apply(x) fold(W)^T = x W^T. A new alternative of the variant must be added to the rows.
#include "core/transforms/transform.h"
#include "tests/support/perturbed.h"
#include "tests/support/refuses.h"

#include <ATen/ATen.h>
#include <QtTest>

#include <limits>

using namespace core;
using namespace support;

Q_DECLARE_METATYPE(core::TransformKind)
Q_DECLARE_METATYPE(core::RotationForm)
Q_DECLARE_METATYPE(core::TransformShape)

static_assert(std::variant_size_v<Transform> == kTransformKinds.size());

namespace {

Transform startOf(TransformKind kind, const TransformShape& shape, RotationForm form, std::uint64_t seed = 1)
{
    auto generator = at::detail::createCPUGenerator(seed);
    return makeTransform(kind, shape, form, generator);
}

/** Largest deviation of the folded product, relative to the product. */
double lawError(const EvaluatedTransform& transform, std::int64_t n, at::ScalarType dtype)
{
    const auto x = normal({4, 9, n}, 21, dtype);
    const auto weight = normal({13, n}, 22, dtype);
    return relativeError(at::matmul(transform.apply(x), transform.fold(weight).mT()), at::matmul(x, weight.mT()));
}

} // namespace

class TestTransform : public QObject
{
    Q_OBJECT

    static void addKinds()
    {
        QTest::addColumn<TransformKind>("kind");
        QTest::addColumn<RotationForm>("form");
        QTest::addColumn<TransformShape>("shape");
        constexpr std::pair<const char*, TransformShape> shapes[] = {
            {"4 x 43", {4, 43, true}},  {"16 x 43", {16, 43, true}}, {"8 x 8, unscaled", {8, 8, false}},
            {"1 x 16", {1, 16, false}}, {"14 x 1", {14, 1, false}},  {"1 x 97", {1, 97, true}},
            {"1 x 1", {1, 1, false}},   {"24 x 24", {24, 24, true}}};
        for (const auto& [name, shape] : shapes) {
            QTest::addRow("identity, %s", name) << TransformKind::Identity << RotationForm::TwoFactor << shape;
            QTest::addRow("affine, %s", name) << TransformKind::Affine << RotationForm::TwoFactor << shape;
            for (const auto form :
                 {RotationForm::TwoFactor, RotationForm::HadamardStart, RotationForm::HadamardTwoFactor})
                QTest::addRow("%s rotation, %s", toString(form).data(), name)
                    << TransformKind::Rotation << form << shape;
            QTest::addRow("hadamard, %s", name) << TransformKind::Hadamard << RotationForm::TwoFactor << shape;
        }
        QTest::newRow("rotation without a scale")
            << TransformKind::Rotation << RotationForm::TwoFactorUnscaled << TransformShape{4, 4, true};
    }

private Q_SLOTS:
    void lawHoldsInFloat64_data() { addKinds(); }
    void lawHoldsInFloat64()
    {
        QFETCH(TransformKind, kind);
        QFETCH(RotationForm, form);
        QFETCH(TransformShape, shape);
        const auto transform = perturbed(startOf(kind, shape, form), at::kDouble, 3);
        QVERIFY(kindOf(transform) == kind);
        PLANISH_AT_MOST(lawError(evaluate(transform), shape.left * shape.right, at::kDouble), 1e-12);
    }

    void lawHoldsInFloat32_data() { addKinds(); }
    void lawHoldsInFloat32()
    {
        QFETCH(TransformKind, kind);
        QFETCH(RotationForm, form);
        QFETCH(TransformShape, shape);
        const auto n = shape.left * shape.right;
        // Rounding 6e-8, raised by condition numbers up to e^1 a matrix and e^2 of the scale: far below 1e-5.
        PLANISH_AT_MOST(lawError(evaluate(startOf(kind, shape, form)), n, at::kFloat), 1e-5);
        PLANISH_AT_MOST(lawError(evaluate(perturbed(startOf(kind, shape, form), at::kFloat, 3)), n, at::kFloat), 1e-5);
    }

    /** Trained in float32, finished in float64: the law then holds to float64's rounding. */
    void lawHoldsAfterFinalizing_data() { addKinds(); }
    void lawHoldsAfterFinalizing()
    {
        QFETCH(TransformKind, kind);
        QFETCH(RotationForm, form);
        QFETCH(TransformShape, shape);
        const auto trained = perturbed(startOf(kind, shape, form), at::kFloat, 3);
        for (const auto& parameter : parametersOf(trained))
            parameter.requires_grad_();
        const auto during = evaluate(trained);
        const auto finished = finalize(trained);
        PLANISH_AT_MOST(lawError(finished, shape.left * shape.right, at::kDouble), 1e-12);
        const std::pair<at::Tensor, at::Tensor> pairs[] = {
            {finished.scale, during.scale}, {finished.left, during.left}, {finished.right, during.right}};
        for (const auto& [after, before] : pairs) {
            QCOMPARE(after.defined(), before.defined());
            if (!after.defined())
                continue;
            QCOMPARE(after.scalar_type(), at::kDouble);
            QVERIFY(!after.requires_grad());
            PLANISH_AT_MOST(relativeError(after, before), 1e-5); // the same transform
        }
        if (kind == TransformKind::Rotation || kind == TransformKind::Hadamard)
            for (const auto& matrix : {finished.left, finished.right})
                if (matrix.defined())
                    PLANISH_AT_MOST(orthogonalityError(matrix), 1e-12);
        if (kind == TransformKind::Rotation) {
            for (const auto& matrix : {during.left, during.right})
                if (matrix.defined())
                    PLANISH_AT_MOST(orthogonalityError(matrix), 1e-5);
        }
    }

    /** The transforms are no disguised identities, except where there is nothing to transform. */
    void transformsChangeWhatTheyGet_data() { addKinds(); }
    void transformsChangeWhatTheyGet()
    {
        QFETCH(TransformKind, kind);
        QFETCH(RotationForm, form);
        QFETCH(TransformShape, shape);
        const auto transform = evaluate(startOf(kind, shape, form));
        const auto x = normal({3, shape.left * shape.right}, 1, at::kFloat);
        const bool nothing = kind == TransformKind::Identity || shape.left * shape.right == 1;
        QCOMPARE(transform.isIdentity(), nothing);
        if (nothing)
            QVERIFY(transform.apply(x).is_same(x));
        else
            QVERIFY(relativeError(transform.apply(x), x) > 0.1);
    }

    void scaleIsAppliedBeforeTheMatrices()
    {
        const auto transform = evaluate(perturbed(startOf(TransformKind::Affine, {2, 3, true}, {}), at::kDouble, 3));
        const auto x = normal({5, 6}, 1);
        const auto dense = at::einsum("ij,kl->ikjl", {transform.left, transform.right}).reshape({6, 6});
        PLANISH_AT_MOST(largestDifference(transform.apply(x), at::matmul(x * transform.scale, dense)), 1e-13);
        PLANISH_AT_MOST(largestDifference(transform.applyMatrices(x), at::matmul(x, dense)), 1e-13);
    }

    /** P = U diag(e^t) V^T: its singular values are e^t. */
    void affineMatricesHaveTheSingularValuesOfTheirScales()
    {
        const auto transform = perturbed(startOf(TransformKind::Affine, {1, 8, false}, {}), at::kDouble, 3);
        const auto expected = std::get<0>(std::get<AffineTransform>(transform).right.logScale.exp().sort(-1, true));
        PLANISH_AT_MOST(largestDifference(at::linalg_svdvals(evaluate(transform).right), expected), 1e-12);
    }

    void scalesStartAtOne()
    {
        const auto transform = evaluate(startOf(TransformKind::Affine, {8, 8, true}, {}));
        QVERIFY(at::equal(transform.scale, at::ones({64})));
        PLANISH_AT_MOST(orthogonalityError(transform.left), 1e-5);
    }

    void hadamardStartIsAnUnmovedSignedHadamardMatrix()
    {
        for (const auto form : {RotationForm::HadamardStart, RotationForm::HadamardTwoFactor}) {
            const auto transform = evaluate(startOf(TransformKind::Rotation, {4, 64, false}, form));
            // Two factors that cancel are products of float32 matrices: 64 roundings of 6e-8 a number.
            PLANISH_AT_MOST(largestDifference(transform.right.abs() * 8.0, at::ones({64, 64})), 1e-5);
            PLANISH_AT_MOST(largestDifference(transform.left.abs() * 2.0, at::ones({4, 4})), 1e-5);
        }
    }

    void equalSeedsMakeEqualTransforms()
    {
        for (const auto kind : {TransformKind::Affine, TransformKind::Rotation, TransformKind::Hadamard}) {
            const auto draw = [&](std::uint64_t seed) { return evaluate(startOf(kind, {16, 16, true}, {}, seed)); };
            QVERIFY(at::equal(draw(5).left, draw(5).left) && at::equal(draw(5).right, draw(5).right));
            QVERIFY(!at::equal(draw(5).left, draw(6).left));
            QVERIFY(!at::equal(draw(5).left, draw(5).right));
        }
    }

    void parametersAreTheTransformsOwnStorage()
    {
        const auto count = [](TransformKind kind, const TransformShape& shape, RotationForm form) {
            return parametersOf(startOf(kind, shape, form)).size();
        };
        QCOMPARE(count(TransformKind::Affine, {4, 43, true}, {}), 7u);
        QCOMPARE(count(TransformKind::Affine, {1, 43, false}, {}), 3u);
        QCOMPARE(count(TransformKind::Rotation, {4, 43, true}, RotationForm::TwoFactor), 5u);
        QCOMPARE(count(TransformKind::Rotation, {4, 43, true}, RotationForm::HadamardStart), 3u);
        QCOMPARE(count(TransformKind::Rotation, {4, 43, true}, RotationForm::HadamardTwoFactor), 5u);
        QCOMPARE(count(TransformKind::Rotation, {4, 43, true}, RotationForm::TwoFactorUnscaled), 4u);
        QCOMPARE(count(TransformKind::Rotation, {4, 43, true}, RotationForm::HadamardStartUnscaled), 2u);
        QCOMPARE(count(TransformKind::Hadamard, {4, 43, true}, {}), 0u);
        QCOMPARE(count(TransformKind::Identity, {4, 43, true}, {}), 0u);
        const auto transform = startOf(TransformKind::Affine, {1, 8, false}, {});
        const auto before = evaluate(transform).right;
        parametersOf(transform)[2].fill_(std::log(2.0)); // the log scale
        PLANISH_AT_MOST(relativeError(evaluate(transform).right, before * 2.0), 1e-6);
    }

    void channelScaleIsFoundWhereThereIsOne()
    {
        for (const auto kind : {TransformKind::Affine, TransformKind::Rotation}) {
            auto scaled = startOf(kind, {2, 3, true}, {});
            QVERIFY(channelLogScaleOf(scaled));
            *channelLogScaleOf(scaled) = at::full({6}, std::log(3.0));
            PLANISH_AT_MOST(largestDifference(evaluate(scaled).scale, at::full({6}, 3.0)), 1e-6);
            auto plain = startOf(kind, {2, 3, false}, {});
            QVERIFY(!channelLogScaleOf(plain));
        }
        Transform identity = IdentityTransform{};
        QVERIFY(!channelLogScaleOf(identity));
    }

    /** The whole chain from raw numbers to a folded product, in each parameter. */
    void gradientsEqualFiniteDifferences_data()
    {
        QTest::addColumn<TransformKind>("kind");
        QTest::addColumn<RotationForm>("form");
        QTest::newRow("affine") << TransformKind::Affine << RotationForm::TwoFactor;
        for (const auto form : {RotationForm::TwoFactor, RotationForm::HadamardStart, RotationForm::HadamardTwoFactor})
            QTest::addRow("%s rotation", toString(form).data()) << TransformKind::Rotation << form;
    }
    void gradientsEqualFiniteDifferences()
    {
        QFETCH(TransformKind, kind);
        QFETCH(RotationForm, form);
        const auto transform = perturbed(startOf(kind, {4, 3, true}, form), at::kDouble, 3);
        const auto x = normal({5, 12}, 1);
        const auto weight = normal({4, 12}, 2);
        // Not the product of the two, which no parameter changes.
        const auto loss = [&] {
            const auto evaluated = evaluate(transform);
            return evaluated.apply(x).pow(4).sum() + evaluated.fold(weight).pow(4).sum();
        };
        for (const auto& parameter : parametersOf(transform)) {
            parameter.requires_grad_();
            loss().backward();
            const auto found = parameter.grad().clone();
            parameter.requires_grad_(false);
            const auto kept = parameter.clone();
            const auto numeric = finiteDifferences(
                [&](const at::Tensor& moved) {
                    parameter.copy_(moved);
                    return loss().item<double>();
                },
                kept);
            parameter.copy_(kept);
            PLANISH_AT_MOST(relativeError(found, numeric), 1e-6);
        }
    }

    void divergedParametersAreRefused()
    {
        const auto transform = startOf(TransformKind::Affine, {2, 4, true}, {});
        parametersOf(transform)[0].fill_(std::numeric_limits<float>::quiet_NaN());
        PLANISH_REFUSES(finalize(transform), ErrorKind::Numeric, {"not finite"});
    }
};

QTEST_GUILESS_MAIN(TestTransform)
#include "tst_transform.moc"
