// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/select/kurtosis_rule.h"
#include "core/select/rule_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>

using namespace core;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/** Blocks with these robust z in both groups; kurtosis is 10 z, so that the two cannot be mixed up. */
Profile profileWith(const std::vector<double>& z)
{
    Profile profile;
    for (std::size_t block = 0; block < z.size(); ++block)
        for (const auto kind : {ModuleKind::Attention, ModuleKind::Mlp}) {
            ModuleProfile module;
            module.module = {static_cast<int>(block), kind};
            module.kurtosis = 10 * z[block];
            module.robustZ = z[block];
            profile.modules.push_back(module);
        }
    return profile;
}

KurtosisRule calibrated(GroupRule attention)
{
    return {.attention = attention, .mlp = {}, .calibrated = true, .evidence = "test"};
}

/** The attention choices as letters: A, R, I, H. */
QString kindsOf(const Plan& plan, ModuleKind kind = ModuleKind::Attention)
{
    QString letters;
    for (const auto& choice : plan.modules)
        if (choice.module.kind == kind)
            letters += QStringLiteral("IARH").at(static_cast<int>(choice.kind));
    return letters;
}

using Mode = GroupRule::Mode;

} // namespace

class TestKurtosisRule : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rulesDecideByTheirDefinition_data();
    void rulesDecideByTheirDefinition();
    void groupsAreDecidedApart();
    void planIsByBlockAttentionFirst();
    void everyChoiceCarriesItsNumbers();
    void unknownKurtosisStaysAffineAndSaysSo();
    void defaultIsAffineAndSaysThatItIsNotCalibrated();
    void warningsOfTheProfileReachThePlan();
    void ruleFileComesBackWhole();
    void wrongRuleFilesAreRefused_data();
    void wrongRuleFilesAreRefused();
};

void TestKurtosisRule::rulesDecideByTheirDefinition_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<int>("sign");
    QTest::addColumn<double>("beta");
    QTest::addColumn<QString>("expected");
    // z = -4, -1, 0, 2, 5; R iff sign * z > beta, |z| > beta, or among the round(beta * 5) with the largest sign * z.
    QTest::newRow("threshold up") << int(Mode::Threshold) << 1 << 1.5 << "AAARR";
    QTest::newRow("threshold down") << int(Mode::Threshold) << -1 << 0.5 << "RRAAA";
    QTest::newRow("threshold is not included") << int(Mode::Threshold) << 1 << 2.0 << "AAAAR";
    QTest::newRow("negative threshold") << int(Mode::Threshold) << 1 << -2.0 << "ARRRR";
    QTest::newRow("two-sided") << int(Mode::TwoSided) << 1 << 1.5 << "RAARR";
    QTest::newRow("top 40 %") << int(Mode::TopFraction) << 1 << 0.4 << "AAARR";
    QTest::newRow("lowest 40 %") << int(Mode::TopFraction) << -1 << 0.4 << "RRAAA";
    QTest::newRow("top 0.5 rounds up") << int(Mode::TopFraction) << 1 << 0.1 << "AAAAR";
    QTest::newRow("top nothing") << int(Mode::TopFraction) << 1 << 0.0 << "AAAAA";
    QTest::newRow("top all") << int(Mode::TopFraction) << 1 << 1.0 << "RRRRR";
    QTest::newRow("constant") << int(Mode::Constant) << 1 << 0.0 << "HHHHH";
}

void TestKurtosisRule::rulesDecideByTheirDefinition()
{
    QFETCH(int, mode);
    QFETCH(int, sign);
    QFETCH(double, beta);
    QFETCH(QString, expected);
    const auto rule = calibrated({static_cast<Mode>(mode), sign, beta, TransformKind::Hadamard});
    QCOMPARE(kindsOf(applyKurtosisRule(profileWith({-4, -1, 0, 2, 5}), rule, {})), expected);
}

void TestKurtosisRule::groupsAreDecidedApart()
{
    auto rule = calibrated({Mode::Threshold, 1, 1.0, TransformKind::Affine});
    rule.mlp = {Mode::Threshold, -1, 1.0, TransformKind::Affine};
    const auto plan = applyKurtosisRule(profileWith({-2, 0, 2}), rule, {});
    QCOMPARE(kindsOf(plan, ModuleKind::Attention), QStringLiteral("AAR"));
    QCOMPARE(kindsOf(plan, ModuleKind::Mlp), QStringLiteral("RAA"));
}

void TestKurtosisRule::planIsByBlockAttentionFirst()
{
    const QuantScheme scheme{3, 5, 6, 7, 64};
    const auto plan = applyKurtosisRule(profileWith({1, 2}), {}, scheme);
    QVERIFY(plan.scheme == scheme);
    QCOMPARE(plan.method, std::string("kurtosis"));
    QCOMPARE(plan.modules.size(), std::size_t{4});
    QCOMPARE(toString(plan.modules[1].module), std::string("0.mlp"));
    QCOMPARE(toString(plan.modules[2].module), std::string("1.attention"));
}

void TestKurtosisRule::everyChoiceCarriesItsNumbers()
{
    const auto plan =
        applyKurtosisRule(profileWith({0.25, 4}), calibrated({Mode::Threshold, 1, 3.5, TransformKind::Affine}), {});
    const auto& reason = plan.find({1, ModuleKind::Attention})->reason;
    const std::vector<std::pair<std::string, double>> expected{
        {"kurtosis", 40.0}, {"robust_z", 4.0}, {"threshold", 3.5}};
    QVERIFY(reason.numbers == expected);
    for (const char* number : {"40", "4", "3.5"})
        QVERIFY2(reason.text.find(number) != std::string::npos, reason.text.c_str());
    QVERIFY(plan.find({1, ModuleKind::Attention})->automaticKind == TransformKind::Rotation);
    QVERIFY(plan.find({1, ModuleKind::Attention})->origin == Origin::Automatic);
    QVERIFY(plan.warnings.empty());
}

void TestKurtosisRule::unknownKurtosisStaysAffineAndSaysSo()
{
    for (const auto mode : {Mode::Threshold, Mode::TwoSided, Mode::TopFraction}) {
        const auto plan =
            applyKurtosisRule(profileWith({kNaN, 4, 5}), calibrated({mode, 1, 1.0, TransformKind::Affine}), {});
        QCOMPARE(kindsOf(plan), QStringLiteral("ARR"));
        QVERIFY(plan.modules[0].reason.text.find("not a number") != std::string::npos);
    }
}

void TestKurtosisRule::defaultIsAffineAndSaysThatItIsNotCalibrated()
{
    const auto plan = applyKurtosisRule(profileWith({-9, 0, 9}), {}, {});
    QCOMPARE(kindsOf(plan), QStringLiteral("AAA"));
    QCOMPARE(kindsOf(plan, ModuleKind::Mlp), QStringLiteral("AAA"));
    QCOMPARE(plan.warnings.size(), std::size_t{1});
    QVERIFY(plan.warnings[0].find("not calibrated") != std::string::npos);
    QVERIFY(plan.modules[0].reason.text.find("uncalibrated") != std::string::npos);
}

void TestKurtosisRule::warningsOfTheProfileReachThePlan()
{
    auto profile = profileWith({1, 2});
    profile.warnings = {"two blocks only"};
    const auto plan = applyKurtosisRule(profile, calibrated({}), {});
    QCOMPARE(plan.warnings, std::vector<std::string>{"two blocks only"});
}

void TestKurtosisRule::ruleFileComesBackWhole()
{
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath(QStringLiteral("rule.json")).toStdString();
    KurtosisRule rule;
    rule.attention = {Mode::TwoSided, -1, 2.25, TransformKind::Identity};
    rule.mlp = {Mode::TopFraction, 1, 0.125, TransformKind::Rotation};
    rule.calibrated = true;
    rule.evidence = "regret 0.4 % on two models";
    writeKurtosisRule(path, rule);
    const auto read = readKurtosisRule(path);
    QVERIFY(read.attention.mode == Mode::TwoSided && read.attention.sign == -1 && read.attention.beta == 2.25);
    QVERIFY(read.attention.constantKind == TransformKind::Identity);
    QVERIFY(read.mlp.mode == Mode::TopFraction && read.mlp.sign == 1 && read.mlp.beta == 0.125);
    QVERIFY(read.calibrated);
    QCOMPARE(read.evidence, rule.evidence);
}

void TestKurtosisRule::wrongRuleFilesAreRefused_data()
{
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<QString>("value");
    QTest::newRow("newer schema") << "/schema"
                                  << "2";
    QTest::newRow("unknown mode") << "/attention/mode"
                                  << "\"sometimes\"";
    QTest::newRow("sign of two") << "/mlp/sign"
                                 << "2";
    QTest::newRow("sign of a half") << "/mlp/sign"
                                    << "0.5";
    QTest::newRow("beta of text") << "/mlp/beta"
                                  << "\"much\"";
    QTest::newRow("unknown kind") << "/attention/kind"
                                  << "\"spin\"";
    QTest::newRow("misspelt key") << "/attention/betta"
                                  << "1";
    QTest::newRow("no group") << "/mlp"
                              << "null";
}

void TestKurtosisRule::wrongRuleFilesAreRefused()
{
    QFETCH(QString, pointer);
    QFETCH(QString, value);
    auto json = ruleToJson({});
    ruleFromJson(json, "rule.json");
    json[Json::json_pointer(pointer.toStdString())] = Json::parse(value.toStdString());
    QVERIFY_THROWS_EXCEPTION(Error, ruleFromJson(json, "rule.json"));
}

QTEST_GUILESS_MAIN(TestKurtosisRule)
#include "tst_kurtosis_rule.moc"
