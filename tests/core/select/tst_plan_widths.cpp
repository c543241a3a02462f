// SPDX-License-Identifier: Apache-2.0
#include "core/select/overrides.h"
#include "core/select/plan_widths.h"

#include <QtTest>

using namespace core;

class TestPlanWidths : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void modulesOfTheirOwnWidthsAreCounted()
    {
        auto plan = uniformPlan(TransformKind::Affine, 3, {4, 6, 3, 2});
        QCOMPARE(joined(widthsOf(plan, &QuantScheme::weightBits), "/"), std::string("4"));
        setModuleBits(plan, {{{1, ModuleKind::Mlp}, {8, 16}}, {{2, ModuleKind::Attention}, {5, 6, 16, 2}}});
        QCOMPARE(joined(widthsOf(plan, &QuantScheme::weightBits), " and "), std::string("4 and 5 and 8"));
        QCOMPARE(joined(widthsOf(plan, &QuantScheme::activationBits), ","), std::string("6,16"));
        QCOMPARE(joined(widthsOf(plan, &QuantScheme::keyBits), ","), std::string("3,16"));
    }

    /** An MLP has no cache: what its scheme says of keys and values is nothing. */
    void cacheWidthsAreThoseOfAttention()
    {
        auto plan = uniformPlan(TransformKind::Affine, 2, {4, 4, 3, 2});
        setModuleBits(plan, {{{0, ModuleKind::Attention}, {4, 4, 8, 8}}, {{1, ModuleKind::Attention}, {4, 4, 8, 8}}});
        QCOMPARE(joined(widthsOf(plan, &QuantScheme::valueBits), ","), std::string("8"));
    }

    void planWithoutModulesHasItsOwnWidth()
    {
        Plan plan;
        plan.scheme.weightBits = 3;
        QCOMPARE(joined(widthsOf(plan, &QuantScheme::weightBits), ","), std::string("3"));
    }
};

QTEST_GUILESS_MAIN(TestPlanWidths)
#include "tst_plan_widths.moc"
