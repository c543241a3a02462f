// SPDX-License-Identifier: Apache-2.0
#include "core/eval/scoring.h"
#include "core/eval/scoring_rows.h"
#include "core/eval/task_items.h"
#include "core/tokenizer/vocabulary.h"
#include "tests/support/loaded_model.h"
#include "tests/support/markov_model.h"
#include "tests/support/refuses.h"
#include "tests/support/shared_data.h"

#include <ATen/ATen.h>
#include <QtTest>

#include <cmath>

using namespace core;

namespace {

/** A tokenizer of single bytes for what the rule does with ids alone: ids are bytes, BOS is 1, EOS 2. */
class ByteTokenizer : public Tokenizer
{
public:
    explicit ByteTokenizer(bool withBos)
        : m_withBos(withBos)
    {
    }

    std::vector<int> encode(std::string_view text, SpecialTokens special) const override
    {
        std::vector<int> ids;
        if (m_withBos && special == SpecialTokens::Add)
            ids.push_back(1);
        for (; text.starts_with("<s>"); text.remove_prefix(3))
            ids.push_back(1);
        for (const char byte : text)
            ids.push_back(static_cast<unsigned char>(byte));
        return ids;
    }
    std::string decode(std::span<const int>) const override { return {}; }
    std::string bytesOf(int id) const override { return std::string(1, static_cast<char>(id)); }
    std::string piece(int id) const override { return id == 1 ? "<s>" : bytesOf(id); }
    bool isSpecial(int id) const override { return id < 3; }
    std::optional<int> idOf(std::string_view) const override { return std::nullopt; }
    std::string_view kind() const override { return "bpe"; }
    int vocabSize() const override { return 256; }
    std::optional<int> bosId() const override { return m_withBos ? std::optional(1) : std::nullopt; }
    std::optional<int> eosId() const override { return 2; }
    std::vector<int> endIds() const override { return {2}; }
    bool dropsFirstSpace() const override { return false; }
    const std::string& chatTemplate() const override { return m_template; }
    Vocabulary vocabulary() const override { return {}; }

private:
    bool m_withBos;
    std::string m_template;
};

using Ids = std::vector<int>;

EncodedRequest encode(const std::string& context, const std::string& continuation, bool withBos = true)
{
    return encodeRequest(ByteTokenizer(withBos), {{}, context, continuation});
}

} // namespace

class ScoringTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theContinuationIsWhatFollowsTheContextsLength()
    {
        const auto encoded = encode("ab", " c");
        QCOMPARE(encoded.context, (Ids{1, 'a', 'b'}));
        QCOMPARE(encoded.continuation, (Ids{' ', 'c'}));
    }

    void whitespaceAtTheContextsEndMovesToTheContinuation()
    {
        const auto encoded = encode("ab \n", "c");
        QCOMPARE(encoded.context, (Ids{1, 'a', 'b'}));
        QCOMPARE(encoded.continuation, (Ids{' ', '\n', 'c'}));
    }

    void aContextOfWhitespaceLeavesBosAlone()
    {
        QCOMPARE(encode("  ", "c").context, (Ids{1}));
        QCOMPARE(encode("  ", "c").continuation, (Ids{' ', ' ', 'c'}));
    }

    void anEmptyContextBecomesOnePrefixToken()
    {
        QCOMPARE(encode("", "xy").context, (Ids{1}));
        QCOMPARE(encode("", "xy").continuation, (Ids{'x', 'y'}));
        QCOMPARE(encode("", "xy", false).context, (Ids{2})); // EOS where there is no BOS
        QCOMPARE(encode("", "<s>xy").context, (Ids{1}));     // the text's own BOS serves
        QCOMPARE(encode("", "<s>xy").continuation, (Ids{'x', 'y'}));
    }

    void bosThatTheTextSpellsIsNotAddedAgain()
    {
        QCOMPARE(encode("<s>a", " b").context, (Ids{1, 'a'}));
        QCOMPARE(encode("<s>a", " b").continuation, (Ids{' ', 'b'}));
    }

    void emptyContinuationsAreRefused()
    {
        PLANISH_REFUSES(encode("ab", ""), ErrorKind::InvalidArgument, {"empty"});
        PLANISH_REFUSES(encode("", ""), ErrorKind::InvalidArgument, {"empty"});
    }

    void probabilitiesKnownByHandAreReturnedInOrder()
    {
        const auto model = support::markovModel({{0.5, 0.25, 0.25}, {0.1, 0.7, 0.2}, {0.3, 0.3, 0.4}});
        const std::vector<ScoreRequest> requests{{{0, 1}, {}, {}}, {{0, 0, 0, 1, 1, 2}, {}, {}}, {{1, 1, 1}, {}, {}}};
        Progress progress;
        const auto results = scoreRequests(*model, nullptr, requests, {.tokensInPass = 4}, progress);
        QCOMPARE(results[0].logprobs.size(), 1u);
        QVERIFY(std::abs(results[0].sum - std::log(0.25)) < 1e-6);
        QVERIFY(!results[0].greedy);
        QCOMPARE(results[1].logprobs.size(), 5u);
        QVERIFY(std::abs(results[1].sum - std::log(0.5 * 0.5 * 0.25 * 0.7 * 0.2)) < 1e-5);
        QVERIFY(std::abs(results[2].sum - std::log(0.7 * 0.7)) < 1e-6);
        QVERIFY(results[2].greedy);
    }

    void longRequestsAreCutOnTheLeft()
    {
        // The last max_length + 1 tokens remain: of 1 + 4 + 2 ids those of "cd" + "xy" minus nothing, at max_length 3.
        const auto model =
            support::markovModel(std::vector<std::vector<double>>(128, std::vector<double>(128, 1.0 / 128)), 3);
        const ByteTokenizer tokenizer(true);
        const std::vector<ScoreRequest> requests{{{}, "abcd", "xy"}, {{}, "abcd", "xyz"}};
        Progress progress;
        const auto results = scoreRequests(*model, &tokenizer, requests, {}, progress);
        QCOMPARE(results[0].logprobs.size(), 2u);
        QCOMPARE(results[1].logprobs.size(), 3u);
        const std::vector<ScoreRequest> tooLong{requests[0], {{}, "abcd", "wxyz"}};
        PLANISH_REFUSES(scoreRequests(*model, &tokenizer, tooLong, {}, progress), ErrorKind::InvalidArgument,
                        {"request 2", "continuation of 4", "3"});
    }

    void badRequestsAreNamedByNumber()
    {
        const auto model = support::markovModel({{0.5, 0.5}, {0.5, 0.5}});
        Progress progress;
        const std::vector<ScoreRequest> outside{{{0, 1}, {}, {}}, {{0, 7}, {}, {}}};
        PLANISH_REFUSES(scoreRequests(*model, nullptr, outside, {}, progress), ErrorKind::InvalidArgument,
                        {"request 2", "id 7", "vocabulary of 2"});
        const std::vector<ScoreRequest> tooShort{{{0}, {}, {}}};
        PLANISH_REFUSES(scoreRequests(*model, nullptr, tooShort, {}, progress), ErrorKind::InvalidArgument,
                        {"request 1"});
        const std::vector<ScoreRequest> text{{{}, "a", "b"}};
        PLANISH_REFUSES(scoreRequests(*model, nullptr, text, {}, progress), ErrorKind::InvalidArgument, {"tokenizer"});
    }

    void idsScoreAsTheReferenceProgramScoresThem_data() { support::addReferenceModels(); }

    void idsScoreAsTheReferenceProgramScoresThem()
    {
        QFETCH(QString, model);
        QFETCH(QString, folder);
        const auto shared = support::sharedFolder();
        const auto file = shared / "reference" / model.toStdString() / "score.json";
        PLANISH_NEEDS(file);
        const auto loaded = support::loadModel(shared / folder.toStdString());
        const auto reference = readJson(file).at("results");
        std::vector<ScoreRequest> requests;
        for (const auto& entry : reference)
            requests.push_back({entry.at("ids").get<Ids>(), {}, {}});
        Progress progress;
        const auto results = scoreRequests(*loaded.model, nullptr, requests, {}, progress);
        for (std::size_t i = 0; i < requests.size(); ++i) {
            const auto expected = reference[i].at("logprobs").get<std::vector<double>>();
            QCOMPARE(results[i].logprobs.size(), expected.size());
            for (std::size_t k = 0; k < expected.size(); ++k)
                QVERIFY(std::abs(results[i].logprobs[k] - expected[k]) < 2e-4); // random ids: logits are large
        }
    }

    void rowsWithOneBeginningAreReadTogether()
    {
        const std::vector<ScoringRow> rows{{{1, 2, 3, 4, 5}, 1},    // inputs 1 2 3 4
                                           {{1, 2, 3, 6, 7, 8}, 3}, // shares 1 2 3
                                           {{1, 2, 3, 4, 9}, 2},
                                           {{1, 7, 7, 7, 7, 7}, 2},  // shares one of five: not worth it
                                           {{1, 7, 7, 7, 7, 8}, 1}}; // the same inputs
        const auto groups = groupRows(rows, 64);
        QCOMPARE(groups.size(), 2u);
        QCOMPARE(groups[0].rows, (std::vector<std::size_t>{0, 1, 2}));
        QCOMPARE(groups[0].prefix, 3);
        QCOMPARE(groups[0].tokens, 3 + 1 + 2 + 1);
        QCOMPARE(groups[1].rows, (std::vector<std::size_t>{3, 4}));
        QCOMPARE(groups[1].tokens, 5);
        QCOMPARE(groupRows(rows, 0).size(), 5u);
        QCOMPARE(groupRows(rows, 5).size(), 4u); // no line longer than 5

        const auto lines = packLines(groups, rows);
        QVERIFY(at::equal(lines.ids, at::tensor({1, 2, 3, 4, 6, 7, 4, 1, 7, 7, 7, 7, 0, 0}, at::kLong).view({2, 7})));
        QVERIFY(at::equal(lines.layout.positions,
                          at::tensor({0, 1, 2, 3, 3, 4, 3, 0, 1, 2, 3, 4, 0, 0}, at::kLong).view({2, 7})));
        // Row 1's second token sees what is shared and its own; nothing sees a neighbour's or what comes later.
        const auto sees = lines.layout.visible[0][0][5];
        QVERIFY(at::equal(sees, at::tensor({1, 1, 1, 0, 1, 1, 0}, at::kLong).to(at::kBool)));
        QCOMPARE(lines.targets, (std::vector<std::int64_t>{5, 6, 7, 8, 4, 9, 7, 7, 8}));
        QCOMPARE(lines.hidden, (std::vector<std::int64_t>{3, 2, 4, 5, 6, 10, 11}));
        QCOMPARE(lines.from, (std::vector<std::int64_t>{0, 1, 2, 3, 1, 4, 5, 6, 6}));
    }

    void sharedBeginningsChangeNoNumber()
    {
        // The demo model, items of two choices and more, one at a time and together: only the order of float32 sums differs.
        const auto demo = std::filesystem::path(support::sourceFolder()) / "resources/demo";
        const auto loaded = support::loadModel(demo);
        const auto items = readTaskItems(findTask("arc_easy"), demo / "tasks/arc_easy/test.jsonl", 4);
        std::vector<ScoreRequest> requests;
        for (const auto& item : items.items)
            requests.insert(requests.end(), item.requests.begin(), item.requests.end());
        Progress progress;
        const auto together = scoreRequests(*loaded.model, loaded.tokenizer.get(), requests, {}, progress);
        for (std::size_t i = 0; i < requests.size(); ++i) {
            const auto alone =
                scoreRequests(*loaded.model, loaded.tokenizer.get(), std::span(requests).subspan(i, 1), {}, progress);
            QCOMPARE(together[i].logprobs.size(), alone[0].logprobs.size());
            QVERIFY(std::abs(together[i].sum - alone[0].sum) < 1e-4);
            QCOMPARE(together[i].greedy, alone[0].greedy);
        }
    }
};

QTEST_GUILESS_MAIN(ScoringTest)
#include "tst_scoring.moc"
