// SPDX-License-Identifier: Apache-2.0
#include "core/select/rule_file.h"
#include "tests/support/refuses.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <random>

using namespace core;
using Mode = GroupRule::Mode;

namespace {

constexpr int kBlocks = 16;

/** z of the blocks: distinct, not in the blocks' order, the same in both groups. */
double zOf(int block)
{
    return double((block * 7) % kBlocks) - 7.5;
}

ModelStatistics statistics(const std::string& hash = "m1", double shift = 0.0)
{
    ModelStatistics model{.name = "model " + hash, .hash = hash, .profile = {}};
    for (int block = 0; block < kBlocks; ++block)
        for (const auto kind : {ModuleKind::Attention, ModuleKind::Mlp})
            model.profile.modules.push_back({.module = {block, kind},
                                             .kurtosis = 10 * zOf(block),
                                             .pooledKurtosis = 1.0,
                                             .robustZ = zOf(block) + shift});
    return model;
}

/** Affine at 1, the other kind at `other(block, group)`. */
template <typename Other>
HeldOutLosses losses(const Other& other, TransformKind kind = TransformKind::Rotation, const std::string& hash = "m1")
{
    HeldOutLosses file{
        .model = hash, .family = "LlamaForCausalLM", .scheme = {3, 3, 2, 2, 0}, .seed = 0, .modules = {}};
    for (int block = 0; block < kBlocks; ++block)
        for (const auto group : {ModuleKind::Attention, ModuleKind::Mlp})
            file.modules.push_back({{block, group},
                                    {{.kind = TransformKind::Affine, .loss = 2.0, .stderror = 0.1},
                                     {.kind = kind, .loss = 2.0 * other(block, group), .stderror = 0.1}}});
    return file;
}

constexpr RuleFitOptions kWeights{.statistic = RuleStatistic::Weights};

} // namespace

class TestRuleFit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plantedSignAndThresholdAreFound();
    void plantedSidesAreFound();
    void hadamardIsAThirdKind();
    void randomLossesGiveAffineAndTheWarning();
    void equalRegretLeavesMoreModulesAffine();
    void modelsAreLeftOutInTurn();
    void restartsCountByTheirMeanAndTheirSpreadIsReported();
    void wrongInputsAreRefused();
    void profileFileComesBackBySection();
};

void TestRuleFit::plantedSignAndThresholdAreFound()
{
    // Attention: rotation is better the higher z, with the sign change between z = 1.5 and 2.5. Mlp the other way round, between
    // -3.5 and -2.5. The only thresholds without regret are the midpoints 2 and (for -z) 3.
    const auto file = losses([](int block, ModuleKind group) {
        return group == ModuleKind::Attention ? 1.0 - 0.01 * (zOf(block) - 2.0) : 1.0 + 0.01 * (zOf(block) + 3.0);
    });
    const auto fitted = fitKurtosisRules({file}, {statistics()}, kWeights);
    QCOMPARE(fitted.size(), std::size_t(1));
    const auto& attention = fitted[0].attention;
    QVERIFY(attention.rule.mode == Mode::Threshold);
    QCOMPARE(attention.rule.sign, 1);
    QCOMPARE(attention.rule.beta, 2.0);
    QCOMPARE(attention.regret, 0.0);
    QCOMPARE(attention.agreement, 1.0);
    QVERIFY(attention.predicts);
    QVERIFY(std::abs(attention.tried[0].rho + 1.0) < 1e-12);
    // By hand: all affine regrets 0.01 (z - 2) where z = 2.5 ... 7.5, that is (0.5 + 1.5 + ... + 5.5) / 16 = 18 / 16 percent.
    QVERIFY(std::abs(attention.regretAffine - 0.18 / 16.0) < 1e-12);
    // All rotation: 0.01 (2 - z) where z = -7.5 ... 1.5: (0.5 + ... + 9.5) / 16 = 50 / 16 percent.
    QVERIFY(std::abs(attention.regretRotation - 0.50 / 16.0) < 1e-12);
    const auto& mlp = fitted[0].mlp;
    QVERIFY(mlp.rule.mode == Mode::Threshold);
    QCOMPARE(mlp.rule.sign, -1);
    QCOMPARE(mlp.rule.beta, 3.0);
    QVERIFY(mlp.predicts);
    const auto rule = fitted[0].rule();
    QVERIFY(rule.calibrated && rule.warnings.empty());
    QVERIFY2(rule.evidence.find("W3A3K2V2") != std::string::npos, rule.evidence.c_str());
    // The rule applied to the model it was fitted on rotates exactly the modules where rotation is better.
    for (const auto& choice : applyKurtosisRule(statistics().profile, rule, {}).modules) {
        const double z = zOf(choice.module.block);
        const bool better = choice.module.kind == ModuleKind::Attention ? z > 2.0 : z < -3.0;
        QVERIFY((choice.kind == TransformKind::Rotation) == better);
    }
}

void TestRuleFit::plantedSidesAreFound()
{
    // Rotation is better where |z| > 6; the cost falls with z as well, or rho would be 0 and nothing would be predicted (by hand:
    // rho = -172 / 340, for which p of 16 values is about 0.05).
    const auto file =
        losses([](int block, ModuleKind) { return (std::abs(zOf(block)) > 6.0 ? 0.9 : 1.1) - 0.01 * zOf(block); });
    const auto fitted = fitKurtosisRules({file}, {statistics()}, kWeights);
    QVERIFY(fitted[0].attention.rule.mode == Mode::TwoSided);
    QCOMPARE(fitted[0].attention.rule.beta, 6.0);
    QCOMPARE(fitted[0].attention.regret, 0.0);
}

void TestRuleFit::hadamardIsAThirdKind()
{
    auto file = losses([](int block, ModuleKind) { return 1.0 - 0.01 * (zOf(block) - 2.0); }, TransformKind::Hadamard);
    for (auto& module : file.modules) // rotation is never better
        module.candidates.push_back({.kind = TransformKind::Rotation, .loss = 3.0, .stderror = 0.1});
    const auto fitted = fitKurtosisRules({file}, {statistics()}, kWeights);
    QVERIFY(fitted[0].attention.rule.passing == TransformKind::Hadamard);
    QCOMPARE(fitted[0].attention.rule.beta, 2.0);
    QCOMPARE(fitted[0].attention.tried.size(), std::size_t(2)); // one statistic, two kinds
    const auto plan = applyKurtosisRule(statistics().profile, fitted[0].rule(), {});
    QVERIFY(plan.find({1, ModuleKind::Mlp})->kind == TransformKind::Affine);   // z -0.5
    QVERIFY(plan.find({2, ModuleKind::Mlp})->kind == TransformKind::Hadamard); // z 6.5
}

void TestRuleFit::randomLossesGiveAffineAndTheWarning()
{
    std::mt19937_64 random(5);
    const auto noise = [&](int, ModuleKind) { return 0.9 + 0.2 * double(random() % 1000) / 1000.0; };
    const auto fitted = fitKurtosisRules({losses(noise)}, {statistics()}, kWeights);
    for (const auto* group : {&fitted[0].attention, &fitted[0].mlp}) {
        QVERIFY(!group->predicts);
        QVERIFY(group->rule.mode == Mode::Constant && group->rule.constantKind == TransformKind::Affine);
        QVERIFY(group->regret == group->regretAffine && group->regretAffine > 0.0);
        QVERIFY(group->tried[0].regret < group->regretAffine); // what a rule could have fitted to the noise
        QVERIFY2(group->message.find("does not predict") != std::string::npos, group->message.c_str());
        QVERIFY2(group->message.find("search is recommended") != std::string::npos, group->message.c_str());
    }
    const auto plan = applyKurtosisRule(statistics().profile, fitted[0].rule(), {});
    QCOMPARE(plan.warnings.size(), std::size_t(2));
    QVERIFY(plan.warnings[0].find("does not predict") != std::string::npos);
}

void TestRuleFit::equalRegretLeavesMoreModulesAffine()
{
    // Rotation never loses but gains only where z > 5: every rule that rotates these has no regret, the one that rotates no other
    // is wanted.
    const auto file = losses([](int block, ModuleKind) { return zOf(block) > 5.0 ? 0.8 - 1e-3 * zOf(block) : 1.0; });
    const auto fitted = fitKurtosisRules({file}, {statistics()}, kWeights);
    const auto plan = applyKurtosisRule(statistics().profile, fitted[0].rule(), {});
    for (const auto& choice : plan.modules)
        QVERIFY((choice.kind == TransformKind::Rotation) == (zOf(choice.module.block) > 5.0));
}

void TestRuleFit::modelsAreLeftOutInTurn()
{
    const auto rising = [](int block, ModuleKind) { return 1.0 - 0.01 * (zOf(block) - 2.0); };
    const auto falling = [](int block, ModuleKind) { return 1.0 + 0.01 * (zOf(block) - 2.0); };
    const auto same = fitKurtosisRules({losses(rising), losses(rising, TransformKind::Rotation, "m2")},
                                       {statistics(), statistics("m2")}, kWeights);
    QCOMPARE(same[0].models, (std::vector<std::string>{"m1", "m2"}));
    QCOMPARE(same[0].attention.modules, 2 * kBlocks);
    QCOMPARE(same[0].attention.leftOut.size(), std::size_t(2));
    for (const auto& left : same[0].attention.leftOut)
        QVERIFY(left.regret == 0.0 && std::abs(left.regretAffine - 0.18 / 16.0) < 1e-12);
    // Two models of opposite sign: together nothing is predicted, and a rule of one does harm in the other.
    const auto opposite = fitKurtosisRules({losses(rising), losses(falling, TransformKind::Rotation, "m2")},
                                           {statistics(), statistics("m2")}, kWeights);
    QVERIFY(!opposite[0].attention.predicts);
    QVERIFY(opposite[0].attention.leftOut[0].regret > opposite[0].attention.leftOut[0].regretAffine);
    QVERIFY2(opposite[0].attention.message.find("does not carry over") != std::string::npos,
             opposite[0].attention.message.c_str());
}

void TestRuleFit::restartsCountByTheirMeanAndTheirSpreadIsReported()
{
    auto file = losses([](int block, ModuleKind) { return 1.0 - 0.01 * (zOf(block) - 2.0); });
    for (auto& module : file.modules) {
        // A second start 2 % off the mean to each side: relative sd 0.02 sqrt(2). A third did not converge.
        auto& rotation = module.candidates[1];
        const double mean = rotation.loss;
        rotation.loss = 0.98 * mean;
        module.candidates.push_back(
            {.kind = TransformKind::Rotation, .start = 1, .loss = 1.02 * mean, .stderror = 0.1});
        module.candidates.push_back({.kind = TransformKind::Rotation, .start = 2, .loss = INFINITY, .stderror = 0.1});
        // Fixed signs differ far more than what is trained: not a restart's spread.
        module.candidates.push_back({.kind = TransformKind::Hadamard, .start = 0, .loss = 5.0, .stderror = 0.1});
        module.candidates.push_back({.kind = TransformKind::Hadamard, .start = 1, .loss = 50.0, .stderror = 0.1});
        // The other form is worse everywhere, but for one start of luck: it does not count.
        module.candidates.push_back({.kind = TransformKind::Rotation,
                                     .form = RotationForm::HadamardStart,
                                     .loss = module.module.block == 0 ? 0.1 : 9.0,
                                     .stderror = 0.1});
    }
    const auto fitted = fitKurtosisRules({file}, {statistics()}, kWeights);
    QVERIFY(std::abs(fitted[0].mlp.restartSpread - 0.02 * std::sqrt(2.0)) < 1e-9);
    QCOMPARE(fitted[0].mlp.rule.beta, 2.0);
    QVERIFY(std::abs(fitted[0].mlp.regretAffine - 0.18 / 16.0) < 1e-12);
}

void TestRuleFit::wrongInputsAreRefused()
{
    const auto one = [](int, ModuleKind) { return 1.0; };
    const auto fit = [](const std::vector<HeldOutLosses>& files, const std::vector<ModelStatistics>& models,
                        const RuleFitOptions& options) { return fitKurtosisRules(files, models, options); };
    PLANISH_REFUSES(fit({losses(one)}, {statistics("m2")}, kWeights), ErrorKind::InvalidArgument, {"m1", "model m2"});
    PLANISH_REFUSES(fit({losses(one), losses(one)}, {statistics()}, kWeights), ErrorKind::InvalidArgument, {"twice"});
    auto none = losses(one);
    none.modules[3].candidates.erase(none.modules[3].candidates.begin());
    PLANISH_REFUSES(fit({none}, {statistics()}, kWeights), ErrorKind::InvalidArgument, {"1.mlp", "affine"});
    auto foreign = losses(one);
    foreign.modules.back().module.block = 99;
    PLANISH_REFUSES(fit({foreign}, {statistics()}, kWeights), ErrorKind::InvalidArgument, {"99.mlp"});
    PLANISH_REFUSES(fit({losses(one)}, {statistics()}, {.statistic = RuleStatistic::NormOutput}),
                    ErrorKind::InvalidArgument, {"needs a text"});
}

void TestRuleFit::profileFileComesBackBySection()
{
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath(QStringLiteral("profile.json")).toStdString();
    auto four = losses([](int block, ModuleKind) { return 1.0 - 0.01 * (zOf(block) - 2.0); });
    auto three = losses([](int block, ModuleKind) { return 1.0 + 0.01 * (zOf(block) + 3.0); });
    four.scheme = {4, 4, 4, 4, 0};
    const auto fitted = fitKurtosisRules({three, four}, {statistics()}, {});
    QCOMPARE(fitted.size(), std::size_t(2));
    writeRuleProfiles(path, fitted);
    const auto read = readKurtosisRule(path, "LlamaForCausalLM", {4, 4, 4, 4, 0});
    QCOMPARE(read.attention.sign, 1);
    QCOMPARE(read.attention.beta, 2.0);
    QVERIFY(read.calibrated);
    QCOMPARE(read.evidence, fitted[1].rule().evidence);
    QCOMPARE(readKurtosisRule(path, "LlamaForCausalLM", {3, 3, 2, 2, 0}).attention.beta, 3.0);
    PLANISH_REFUSES(readKurtosisRule(path, "LlamaForCausalLM", {2, 2, 2, 2, 0}), ErrorKind::InvalidArgument,
                    {"LlamaForCausalLM", "profile.json"});
    PLANISH_REFUSES(readKurtosisRule(path, "Qwen2ForCausalLM", {4, 4, 4, 4, 0}), ErrorKind::InvalidArgument, {"Qwen2"});
    auto twice = ruleProfilesToJson(fitted);
    twice["profiles"][1]["scheme"] = twice["profiles"][0]["scheme"];
    PLANISH_REFUSES(ruleSectionsFromJson(twice, "p.json"), ErrorKind::Corrupt, {"two profiles", "p.json"});
}

QTEST_GUILESS_MAIN(TestRuleFit)
#include "tst_rule_fit.moc"
