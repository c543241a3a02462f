// SPDX-License-Identifier: Apache-2.0
#include "core/search/decisions.h"
#include "core/search/search_json.h"
#include "core/select/plan_file.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace core;

/** Sums of a few doubles: far below 1e-12. */
#define PLANISH_NEAR(value, expected)                                                                                  \
    QVERIFY2(std::abs((value) - (expected)) < 1e-12, qPrintable(QString::number(value)))

namespace {

const Candidate kAffine{};
const Candidate kRotation{TransformKind::Rotation};

/** Losses as given, each over two windows 0.1 apart. */
BlockSearch block(int index, const std::vector<std::vector<double>>& losses)
{
    BlockSearch search{.block = index, .gates = {}, .lossTrace = {}, .heldOut = {}, .warnings = {}};
    for (const auto& row : losses) {
        auto& list = search.heldOut.emplace_back();
        for (const double loss : row)
            list.push_back({loss - 0.05, loss + 0.05});
    }
    return search;
}

void addGate(BlockSearch& search, ModuleKind module, std::vector<double> probabilities)
{
    search.gates.push_back({{search.block, module}, 0, 1, 0.1, std::move(probabilities)});
}

SearchOptions optionsFor(std::vector<Candidate> candidates, int starts = 1)
{
    SearchOptions options;
    options.candidates = std::move(candidates);
    options.starts = starts;
    return options;
}

} // namespace

class TestDecisions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** Another kind must beat the first by more than the margin: 3 % without restarts. */
    void switchesOnlyPastTheMargin()
    {
        const std::vector candidates{kAffine, kRotation};
        const auto options = optionsFor(candidates);
        const auto chosen = [&](double rotation) {
            return decide({block(0, {{1.0, 1.0}, {rotation, rotation}})}, candidates, options)[0].chosen;
        };
        QCOMPARE(chosen(1.2), 0);
        QCOMPARE(chosen(1.0), 0);
        QCOMPARE(chosen(0.971), 0);
        QCOMPARE(chosen(0.969), 1);
        auto strict = options;
        strict.margin = 0.2;
        QCOMPARE(decide({block(0, {{1.0, 1.0}, {0.81, 0.81}})}, candidates, strict)[0].chosen, 0);
        QCOMPARE(decide({block(0, {{1.0, 1.0}, {0.79, 0.79}})}, candidates, strict)[0].chosen, 1);
    }

    void pairsDecideTogether()
    {
        const std::vector candidates{kAffine, kRotation};
        const auto decisions =
            decide({block(0, {{1.0, 1.1}, {1.2, 0.5}})}, candidates, optionsFor(candidates)); // only both help
        QCOMPARE(decisions[0].chosen, 1);
        QCOMPARE(decisions[1].chosen, 1);
        PLANISH_NEAR(decisions[0].delta, 0.5 / 1.1 - 1.0);
        PLANISH_NEAR(decisions[1].delta, 0.5 / 1.2 - 1.0);
    }

    void lossThatIsNotFiniteNeverWins()
    {
        const std::vector candidates{kAffine, kRotation};
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const auto decisions = decide({block(0, {{nan, nan}, {5.0, nan}})}, candidates, optionsFor(candidates));
        QCOMPARE(decisions[0].chosen, 1);
        QCOMPARE(decisions[1].chosen, 0);
    }

    /** Two starts of affine at 1.0 and 1.1: mean 1.05, sample deviation 0.1 / sqrt 2, so 6.73 % of spread. In a second block 1.0 and
        1.0: none. Pooled sqrt(6.73^2 / 2) = 4.76 %, the margin is twice that. Starts compete without a margin. */
    void marginIsMeasuredFromRestarts()
    {
        const std::vector candidates{kAffine, {TransformKind::Affine, {}, 1}, kRotation};
        const auto searched = [&](double rotation) {
            return decide({block(0, {{1.1, 1.1, 1.1}, {1.0, 1.0, 1.0}, {rotation, rotation, rotation}}),
                           block(1, {{1.0, 1.0, 1.0}, {1.0, 1.0, 1.0}, {2.0, 2.0, 2.0}})},
                          candidates, optionsFor({kAffine, kRotation}, 2));
        };
        const auto decisions = searched(0.92);
        const double spread = 0.1 / std::sqrt(2.0) / 1.05;
        PLANISH_NEAR(decisions[0].restartSpread, spread);
        PLANISH_NEAR(decisions[2].restartSpread, 0.0);
        PLANISH_NEAR(decisions[0].margin, 2.0 * spread / std::sqrt(2.0));
        PLANISH_NEAR(decisions[1].margin, 0.0); // the MLP's starts are level here
        QCOMPARE(decisions[0].chosen, 1);       // 8 % better is not enough
        QCOMPARE(searched(0.9)[0].chosen, 2);   // 10 % is
        QCOMPARE(decisions[2].chosen, 0);
    }

    /** Windows in pairs: differences of 0.2 and 0.4 have mean 0.3 and standard error 0.1, relative to a loss of 2. */
    void differencesArePaired()
    {
        const std::vector candidates{kAffine, kRotation};
        auto search = block(0, {{2.0, 2.0}, {2.0, 2.0}});
        search.heldOut[0][0] = {1.0, 3.0};
        search.heldOut[1][0] = {1.2, 3.4};
        const auto decision = decide({search}, candidates, optionsFor(candidates))[0];
        PLANISH_NEAR(decision.candidates[1].difference, 0.15);
        PLANISH_NEAR(decision.candidates[1].stderror, 0.05);
        PLANISH_NEAR(decision.delta, 0.15);
        PLANISH_NEAR(decision.deltaStderror, 0.05);
    }

    void gateMayDecideAndDisagreementIsSaid()
    {
        const std::vector candidates{kAffine, kRotation};
        auto search = block(0, {{1.0, 1.0}, {0.5, 0.5}});
        addGate(search, ModuleKind::Attention, {0.9, 0.1});
        addGate(search, ModuleKind::Mlp, {0.8, 0.2});
        auto options = optionsFor(candidates);
        const auto byLoss = decide({search}, candidates, options);
        QCOMPARE(byLoss[0].chosen, 1);
        QVERIFY(byLoss[0].disagree);
        QVERIFY(!byLoss[1].disagree);
        const auto plan = planOf(byLoss, options);
        QVERIFY(plan.modules[0].reason.text.find("the gate says affine") != std::string::npos);
        QVERIFY(plan.warnings.at(0).find("1 of 2 modules") != std::string::npos);
        options.decideBy = DecideBy::Gate;
        QCOMPARE(decide({search}, candidates, options)[0].chosen, 0);
    }

    /** The plan carries start and form, and its numbers come back from a file. */
    void planCarriesTheCandidate()
    {
        const Candidate hadamard{TransformKind::Rotation, RotationForm::HadamardTwoFactor, 1};
        const std::vector candidates{kAffine, hadamard};
        const auto options = optionsFor(candidates);
        const auto decisions = decide({block(0, {{1.0, 1.0}, {0.5, 0.5}})}, candidates, options);
        const auto plan = planOf(decisions, options);
        QCOMPARE(plan.method, std::string("search"));
        const auto read = planFromJson(planToJson(plan), "plan");
        QVERIFY(read.modules[0].rotationForm == RotationForm::HadamardTwoFactor);
        QCOMPARE(read.modules[0].start, 1);
        QVERIFY(!read.modules[1].rotationForm);
        QCOMPARE(planToJson(read).dump(), planToJson(plan).dump());
        const auto& numbers = read.modules[0].reason.numbers;
        const auto found = std::find_if(numbers.begin(), numbers.end(), [](const auto& number) {
            return number.first == "held_out_rotation:hadamard-two-factor#1";
        });
        QVERIFY(found != numbers.end());
        PLANISH_NEAR(found->second, 0.5);
    }

    void agreementComparesKindsAndRegret()
    {
        const std::vector candidates{kAffine, kRotation};
        const auto options = optionsFor(candidates);
        const auto ours = decide({block(0, {{1.0, 1.0}, {0.5, 0.5}})}, candidates, options); // rotation, affine
        HeldOutLosses theirs;
        theirs.modules = moduleLosses({block(0, {{1.0, 0.5}, {1.1, 2.0}})}, candidates, options);
        const auto agreement = agreementWith(theirs, ours);
        QCOMPARE(agreement.modules, 2);
        QCOMPARE(agreement.equalKinds, 0); // attention: affine by theirs; mlp: rotation
        PLANISH_NEAR(agreement.regret, (0.1 + 1.0) / 2.0);
    }

    void blockComesBackBitByBit()
    {
        auto search = block(3, {{1.0 / 3.0, std::numeric_limits<double>::infinity()}, {1e-300, 2.0}});
        addGate(search, ModuleKind::Mlp, {1.0 / 7.0, 6.0 / 7.0});
        search.lossTrace = {0.1, 0.2 / 3.0};
        search.warnings = {"w"};
        const auto text = blockSearchToJson(search).dump();
        QCOMPARE(blockSearchToJson(blockSearchFromJson(parseJson(text, "a"), "a")).dump(), text);
        QVERIFY(blockSearchFromJson(parseJson(text, "a"), "a").heldOut == search.heldOut);
    }

    /** What select writes about a search says the same after it was read, in both forms it comes in. */
    void resultComesBack()
    {
        SearchResult result;
        result.options = optionsFor({kAffine, {TransformKind::Rotation, RotationForm::HadamardStart}}, 2);
        const auto candidates = withStarts(result.options.candidates, result.options.starts);
        result.candidates = candidates;
        auto search =
            block(0, {{1.0, 1.0, 1.0, 1.0}, {0.9, 0.9, 0.9, 0.9}, {0.5, 0.5, 0.4, 0.5}, {0.6, 0.6, 0.6, 0.6}});
        for (const auto kind : {ModuleKind::Attention, ModuleKind::Mlp})
            addGate(search, kind, {0.2, 0.1, 0.6, 0.1});
        result.blocks = {search};
        result.modules = decide(result.blocks, candidates, result.options);
        result.agreement = SearchAgreement{2, 1, 0.25};
        result.seconds = 7.5;
        const auto json = searchToJson(result);
        for (const auto& written : {json, Json{{"search", json}}}) {
            const auto read = searchFromJson(parseJson(written.dump(), "a"), "a");
            QVERIFY(read.candidates == candidates);
            QCOMPARE(read.options.candidates.size(), std::size_t(2));
            QCOMPARE(read.modules.size(), std::size_t(2));
            QCOMPARE(read.modules[0].chosen, result.modules[0].chosen);
            QCOMPARE(read.modules[1].byGate, result.modules[1].byGate);
            QCOMPARE(read.modules[0].delta, result.modules[0].delta);
            QVERIFY(read.modules[0].candidates[2].candidate == candidates[2]);
            QCOMPARE(read.blocks[0].gates.size(), std::size_t(2));
            QVERIFY(read.blocks[0].gates[1].module == (ModuleId{0, ModuleKind::Mlp}));
            PLANISH_NEAR(read.blocks[0].heldOut[2][2][0], 0.4); // the mean of its windows
            QCOMPARE(searchToJson(read)["modules"].dump(), json["modules"].dump());
            const auto plan = planOf(result.modules, result.options);
            QCOMPARE(read.plan.modules.size(), plan.modules.size());
            for (std::size_t i = 0; i < plan.modules.size(); ++i) {
                QVERIFY(read.plan.modules[i].kind == plan.modules[i].kind);
                QCOMPARE(read.plan.modules[i].start, plan.modules[i].start);
                QCOMPARE(read.plan.modules[i].reason.text, plan.modules[i].reason.text);
            }
            QCOMPARE(read.agreement->equalKinds, 1);
            QCOMPARE(read.seconds, 7.5);
        }
        try {
            searchFromJson(parseJson("{\"blocks\": []}", "other.json"), "other.json");
            QFAIL("another file was taken for a search");
        } catch (const Error& error) {
            QVERIFY(error.kind() == ErrorKind::Corrupt);
            QCOMPARE(error.context(), std::string("other.json"));
        }
    }
};

QTEST_GUILESS_MAIN(TestDecisions)
#include "tst_decisions.moc"
