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
    void bitsAreReadByTheirOrder();
    void modulesMayHaveBitsOfTheirOwn();
    void theEndsStayAtMoreBits();
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

void TestOverrides::bitsAreReadByTheirOrder()
{
    const auto four = parseModuleBits("8/4/3/2");
    QVERIFY(four.weight == 8 && four.activation == 4 && four.key == 3 && four.value == 2);
    const auto two = parseModuleBits("3/16");
    QVERIFY(two.weight == 3 && two.activation == 16 && two.key == 16 && two.value == 16);
    for (const auto* wrong :
         {"", "8", "8/", "/8", "8/8/8", "8/8/8/8/8", "8/8/8/8/", "9/8", "1/8", "8/x", "8 /8", "8//8"}) {
        try {
            parseModuleBits(wrong);
            QFAIL(wrong);
        } catch (const Error& error) {
            QVERIFY(error.kind() == ErrorKind::InvalidArgument);
        }
    }
}

void TestOverrides::modulesMayHaveBitsOfTheirOwn()
{
    const QuantScheme scheme{3, 4, 5, 6, 32};
    auto plan = uniformPlan(TransformKind::Affine, 2, scheme);
    setModuleBits(plan, {{{1, ModuleKind::Attention}, {8, 8, 4, 4}}});
    QVERIFY((plan.schemeOf({1, ModuleKind::Attention}) == QuantScheme{8, 8, 4, 4, 32}));
    QVERIFY(plan.schemeOf({1, ModuleKind::Mlp}) == scheme && plan.schemeOf(0) == BlockScheme(scheme));
    for (const auto& [module, bits] : {std::pair{ModuleId{2, ModuleKind::Mlp}, ModuleBits{}},
                                       std::pair{ModuleId{0, ModuleKind::Mlp}, ModuleBits{1, 8}}}) {
        try {
            setModuleBits(plan, {{module, bits}});
            QFAIL("accepted");
        } catch (const Error& error) {
            QVERIFY(error.kind() == ErrorKind::InvalidArgument);
        }
    }
}

void TestOverrides::theEndsStayAtMoreBits()
{
    const QuantScheme scheme{3, 16, 2, 4, 32};
    auto plan = uniformPlan(TransformKind::Affine, 5, scheme);
    keepEnds(plan, 1, 2, 8);
    for (int block = 0; block < 5; ++block) {
        const bool kept = block < 1 || block >= 3;
        QVERIFY(plan.schemeOf(block) == (kept ? BlockScheme({8, 16, 8, 8, 32}) : BlockScheme(scheme)));
    }
    keepEnds(plan, 9, 9, 16); // more than there are
    QVERIFY((plan.schemeOf(2) == BlockScheme({16, 16, 16, 16, 32})));
    QVERIFY_EXCEPTION_THROWN(keepEnds(plan, -1, 0, 8), Error);
    QVERIFY_EXCEPTION_THROWN(keepEnds(plan, 1, 0, 9), Error);
    QVERIFY_EXCEPTION_THROWN(keepEnds(plan, 1, 0, 1), Error); // although no module would change
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
