// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/select/overrides.h"

#include <QTest>

using namespace core;

class TestOverrides : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void uniformPlanHasOneKindInEveryModule();
    void overrideKeepsWhatTheMethodChose();
    void lastOverrideOfAModuleCounts();
    void numbersOfTheReasonStay();
    void modulesThatDoNotExistAreRefused_data();
    void modulesThatDoNotExistAreRefused();
};

void TestOverrides::uniformPlanHasOneKindInEveryModule()
{
    const QuantScheme scheme{3, 4, 5, 6, 32};
    const auto plan = uniformPlan(TransformKind::Rotation, 3, scheme);
    QCOMPARE(plan.method, std::string("all-rotation"));
    QVERIFY(plan.scheme == scheme);
    QCOMPARE(plan.modules.size(), std::size_t{6});
    for (int block = 0; block < 3; ++block)
        for (const auto kind : {ModuleKind::Attention, ModuleKind::Mlp}) {
            const auto* const choice = plan.find({block, kind});
            QVERIFY(choice && choice->kind == TransformKind::Rotation
                    && choice->automaticKind == TransformKind::Rotation);
            QVERIFY(choice->origin == Origin::Automatic && !choice->reason.text.empty());
        }
}

void TestOverrides::overrideKeepsWhatTheMethodChose()
{
    auto plan = uniformPlan(TransformKind::Affine, 2, {});
    applyOverrides(plan, {{{1, ModuleKind::Mlp}, TransformKind::Hadamard}});
    const auto* const changed = plan.find({1, ModuleKind::Mlp});
    QVERIFY(changed->kind == TransformKind::Hadamard && changed->origin == Origin::User);
    QVERIFY(changed->automaticKind == TransformKind::Affine);
    QVERIFY(changed->reason.text.find("hadamard") != std::string::npos);
    QVERIFY(plan.find({1, ModuleKind::Attention})->origin == Origin::Automatic);
    QVERIFY(plan.find({0, ModuleKind::Mlp})->kind == TransformKind::Affine);
}

void TestOverrides::lastOverrideOfAModuleCounts()
{
    auto plan = uniformPlan(TransformKind::Affine, 1, {});
    const ModuleId module{0, ModuleKind::Attention};
    applyOverrides(plan, {{module, TransformKind::Hadamard}, {module, TransformKind::Identity}});
    QVERIFY(plan.find(module)->kind == TransformKind::Identity);
    QVERIFY(plan.find(module)->automaticKind == TransformKind::Affine);
}

void TestOverrides::numbersOfTheReasonStay()
{
    auto plan = uniformPlan(TransformKind::Affine, 1, {});
    plan.modules[0].reason.numbers = {{"kurtosis", 2.0}};
    applyOverrides(plan, {{{0, ModuleKind::Attention}, TransformKind::Rotation}});
    QCOMPARE(plan.modules[0].reason.numbers.at(0).second, 2.0);
}

void TestOverrides::modulesThatDoNotExistAreRefused_data()
{
    QTest::addColumn<int>("block");
    QTest::newRow("past the last") << 2;
    QTest::newRow("negative") << -1;
}

void TestOverrides::modulesThatDoNotExistAreRefused()
{
    QFETCH(int, block);
    auto plan = uniformPlan(TransformKind::Affine, 2, {});
    try {
        applyOverrides(plan, {{{block, ModuleKind::Mlp}, TransformKind::Rotation}});
        QFAIL("a module that does not exist was overridden");
    } catch (const Error& error) {
        QVERIFY(error.kind() == ErrorKind::InvalidArgument);
        QVERIFY(std::string(error.what()).find("0 to 1") != std::string::npos);
    }
}

QTEST_GUILESS_MAIN(TestOverrides)
#include "tst_overrides.moc"
