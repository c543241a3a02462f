// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/select/module_scores.h"
#include "core/select/rule_file.h"
#include "tests/support/refuses.h"

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

/** A profile of schema 1 with every key that it must have. */
Json ruleByHand()
{
    const Json group{{"mode", "constant"}, {"sign", 1}, {"beta", 0.0}, {"kind", "affine"}};
    return {{"schema", 1},
            {"attention", group},
            {"mlp", group},
            {"calibrated", false},
            {"evidence", "regret 0.4 % on two models"},
            {"warnings", {"mlp: nothing predicts"}}};
}

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
    void everyStatisticDecidesByItsOwnNumbers();
    void activationsAreNeededWhereTheRuleLooksAtThem();
    void probesAreSpreadOverTheOrder();
    void aRuleWrittenByHandIsRead();
    void shippedRulesSayWhatTheyWereFittedOn();
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

void TestKurtosisRule::everyStatisticDecidesByItsOwnNumbers()
{
    // By hand. Norm outputs: kurtosis 1, 2, 3, 4, 100; median 3, MAD 1, so z = 0.6745 * 97 for the last. Channels {1, 1, r}:
    // median 1, so the ratio is r = 5, 1, 1.5, 2, 2.5; median 2, MAD 0.5, z of the first 0.6745 * 3 / 0.5.
    auto profile = profileWith({0, 0, 0, 0, 0});
    const std::vector<double> kurtosis{1, 2, 3, 4, 100};
    const std::vector<float> ratios{5.0f, 1.0f, 1.5f, 2.0f, 2.5f};
    for (int block = 0; block < 5; ++block)
        for (const auto site : {Site::AttentionIn, Site::MlpIn}) {
            SiteProfile row{.site = {block, site}, .tokens = 1, .activation = {}};
            row.activation.kurtosis = kurtosis[std::size_t(block)];
            row.activation.channelAbsmax = {1.0f, ratios[std::size_t(block)], 1.0f};
            profile.activations.push_back(row);
        }
    auto rule = calibrated({Mode::Threshold, 1, 3.5, TransformKind::Affine, RuleStatistic::NormOutput});
    rule.mlp = {Mode::Threshold, 1, 3.5, TransformKind::Affine, RuleStatistic::AbsmaxRatio, TransformKind::Hadamard};
    const auto plan = applyKurtosisRule(profile, rule, {});
    QCOMPARE(kindsOf(plan), QStringLiteral("AAAAR"));
    QCOMPARE(kindsOf(plan, ModuleKind::Mlp), QStringLiteral("HAAAA"));
    const auto& norm = plan.find({4, ModuleKind::Attention})->reason;
    QCOMPARE(norm.numbers[0].first, std::string("norm_output_kurtosis"));
    QCOMPARE(norm.numbers[0].second, 100.0);
    QCOMPARE(norm.numbers[1].second, 0.6745 * 97.0);
    const auto& ratio = plan.find({0, ModuleKind::Mlp})->reason;
    QCOMPARE(ratio.numbers[0].first, std::string("absmax_ratio"));
    QCOMPARE(ratio.numbers[0].second, 5.0);
    QCOMPARE(ratio.numbers[1].second, 0.6745 * 6.0);
    QVERIFY2(ratio.text.find("largest over median channel 5") != std::string::npos, ratio.text.c_str());
}

void TestKurtosisRule::activationsAreNeededWhereTheRuleLooksAtThem()
{
    const auto rule = calibrated({Mode::Constant, 1, 3.5, TransformKind::Affine, RuleStatistic::NormOutput});
    PLANISH_REFUSES(applyKurtosisRule(profileWith({1, 2}), rule, {}), ErrorKind::InvalidArgument,
                    {"0.AttentionIn", "text"});
}

void TestKurtosisRule::probesAreSpreadOverTheOrder()
{
    // z falls with the block, so the k-th of the order is block 10 - k; of 11 modules the places 0, 2, 4, 6, 8, 10.
    std::vector<double> z;
    for (int block = 0; block < 11; ++block)
        z.push_back(-block);
    const auto scores = moduleScores(profileWith(z), RuleStatistic::Weights);
    const auto probes = probeModules(scores, 6);
    QCOMPARE(probes.size(), std::size_t(12));
    for (std::size_t i = 0; i < 6; ++i) {
        QCOMPARE(toString(probes[2 * i]), std::to_string(2 * i) + ".attention");
        QCOMPARE(toString(probes[2 * i + 1]), std::to_string(2 * i) + ".mlp");
    }
    QCOMPARE(probeModules(moduleScores(profileWith({1, 2, kNaN}), RuleStatistic::Weights), 6).size(), std::size_t(4));
}

/** Every key of a profile written by hand. */
void TestKurtosisRule::aRuleWrittenByHandIsRead()
{
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath(QStringLiteral("rule.json")).toStdString();
    auto json = ruleByHand();
    json["attention"] = {{"mode", "two-sided"}, {"sign", -1}, {"beta", 2.25}, {"kind", "identity"}};
    json["mlp"] = {{"mode", "top-fraction"}, {"sign", 1}, {"beta", 0.125}, {"kind", "rotation"}};
    json["mlp"]["statistic"] = "norm-output";
    json["mlp"]["passing"] = "hadamard";
    json["calibrated"] = true;
    writeFileAtomically(path, json.dump());
    const auto read = readKurtosisRule(path, "any family", {}); // and any bits
    QVERIFY(read.attention.mode == Mode::TwoSided && read.attention.sign == -1 && read.attention.beta == 2.25);
    QVERIFY(read.attention.constantKind == TransformKind::Identity);
    QVERIFY(read.mlp.mode == Mode::TopFraction && read.mlp.sign == 1 && read.mlp.beta == 0.125);
    QVERIFY(read.mlp.statistic == RuleStatistic::NormOutput && read.mlp.passing == TransformKind::Hadamard);
    QVERIFY(read.calibrated);
    QCOMPARE(read.evidence, std::string("regret 0.4 % on two models"));
    QCOMPARE(read.warnings, std::vector<std::string>{"mlp: nothing predicts"});
}

/** What is shipped must say which models and which regret; for others nothing is claimed. */
void TestKurtosisRule::shippedRulesSayWhatTheyWereFittedOn()
{
    for (const auto& scheme :
         {QuantScheme{}, QuantScheme{.weightBits = 3, .activationBits = 3, .keyBits = 2, .valueBits = 2}}) {
        const auto rule = shippedRule("LlamaForCausalLM", scheme);
        QVERIFY(rule.calibrated);
        QVERIFY2(rule.evidence.find("models of LlamaForCausalLM") != std::string::npos
                     && rule.evidence.find("regret") != std::string::npos,
                 rule.evidence.c_str());
    }
    QVERIFY(!shippedRule("LlamaForCausalLM", QuantScheme{.weightBits = 5}).calibrated);
    QVERIFY(!shippedRule("MambaForCausalLM", {}).calibrated);
}

void TestKurtosisRule::wrongRuleFilesAreRefused_data()
{
    QTest::addColumn<QString>("pointer");
    QTest::addColumn<QString>("value");
    QTest::newRow("newer schema") << "/schema"
                                  << "3";
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
    auto json = ruleByHand();
    ruleSectionsFromJson(json, "rule.json");
    json[Json::json_pointer(pointer.toStdString())] = Json::parse(value.toStdString());
    QVERIFY_THROWS_EXCEPTION(Error, ruleSectionsFromJson(json, "rule.json"));
}

QTEST_GUILESS_MAIN(TestKurtosisRule)
#include "tst_kurtosis_rule.moc"
