// SPDX-License-Identifier: Apache-2.0
#include "core/chat/generator.h"
#include "tests/support/loaded_model.h"
#include "tests/support/markov_model.h"
#include "tests/support/refuses.h"
#include "tests/support/shared_data.h"
#include "tests/support/stories.h"

#include <ATen/ATen.h>
#include <QtTest>

#include <cmath>

using namespace core;

namespace {

GenerationRequest continuationOf(const support::LoadedModel& loaded, const std::string& prompt)
{
    return {loaded.tokenizer->encode(prompt, SpecialTokens::Add), {}, GenerationRequest::Text::Continuation};
}

} // namespace

class GeneratorTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void greedyTokensEqualTheReferenceProgram_data() { support::addReferenceModels(); }

    void greedyTokensEqualTheReferenceProgram()
    {
        QFETCH(QString, model);
        QFETCH(QString, folder);
        const auto shared = support::sharedFolder();
        const auto file = shared / "reference" / model.toStdString() / "generation.json";
        PLANISH_NEEDS(file);
        const auto loaded = support::loadModel(shared / folder.toStdString());
        for (const auto& expected : readJson(file).at("generations")) {
            // Logits of float32 programs differ by about 2e-5; the smallest gap between the best two is far above.
            QVERIFY(expected.at("smallest_gap_between_best_two_logits").get<double>() > 1e-3);
            const auto prompt = expected.at("prompt").get<std::string>();
            const auto request = continuationOf(loaded, prompt);
            QCOMPARE(request.prompt, expected.at("prompt_ids").get<std::vector<int>>());
            Progress progress;
            std::string streamed;
            const auto observer = [&](const GeneratedToken& token) { streamed += token.text; };
            const auto result =
                generate(*loaded.model, loaded.tokenizer, request, {.maxTokens = 64}, nullptr, observer, progress);
            QCOMPARE(result.ids, expected.at("new_ids").get<std::vector<int>>());
            QCOMPARE(QByteArray::fromStdString(prompt + result.text),
                     QByteArray::fromStdString(expected.at("text").get<std::string>()));
            QCOMPARE(streamed, result.text);
            QCOMPARE(result.stopReason, std::string("length"));
            QCOMPARE(result.promptTokens, static_cast<int>(request.prompt.size()));
            QVERIFY(result.tokensPerSecond > 0.0);
        }
    }

    void anEndTokenStopsAndIsNotPartOfTheReply()
    {
        PLANISH_NEEDS(support::storiesModel());
        const auto loaded = support::loadModel(support::storiesModel());
        auto request = continuationOf(loaded, "Once upon a time");
        Progress progress;
        const auto whole = generate(*loaded.model, loaded.tokenizer, request, {.maxTokens = 12}, nullptr, {}, progress);
        request.endIds = {whole.ids[7]};
        const auto first = std::find(whole.ids.begin(), whole.ids.end(), whole.ids[7]) - whole.ids.begin();
        const auto cut = generate(*loaded.model, loaded.tokenizer, request, {.maxTokens = 12}, nullptr, {}, progress);
        QCOMPARE(cut.ids, std::vector<int>(whole.ids.begin(), whole.ids.begin() + first));
        QCOMPARE(cut.stopReason, std::string("eos"));
    }

    /** A head padded to a round size, as Qwen2's is: its last rows win every comparison, and have no text. */
    void rowsThatOnlyPadTheHeadAreNotChosen()
    {
        PLANISH_NEEDS(support::storiesModel());
        const auto loaded = support::loadModel(support::storiesModel());
        auto parts = loaded.model->parts();
        const auto rows = parts.head.size(0);
        Progress progress;
        const auto request = continuationOf(loaded, "Once upon a time");
        const auto plain = generate(*loaded.model, loaded.tokenizer, request, {.maxTokens = 8}, nullptr, {}, progress);
        parts.head = at::cat({parts.head, 100.0 * parts.head});
        parts.info.vocab = 2 * rows;
        const Model padded(std::move(parts));
        const auto result = generate(padded, loaded.tokenizer, request, {.maxTokens = 8}, nullptr, {}, progress);
        QCOMPARE(result.ids, plain.ids);
        QCOMPARE(result.text, plain.text);
    }

    void theContextsEndStopsToo()
    {
        PLANISH_NEEDS(support::storiesModel());
        const auto loaded = support::loadModel(support::storiesModel()); // context 512
        const GenerationRequest request{std::vector<int>(507, 300), {}, GenerationRequest::Text::Continuation};
        Progress progress;
        const auto result =
            generate(*loaded.model, loaded.tokenizer, request, {.maxTokens = 100}, nullptr, {}, progress);
        QCOMPARE(result.ids.size(), 5u);
        QCOMPARE(result.stopReason, std::string("length"));
        const GenerationRequest full{std::vector<int>(512, 300), {}, GenerationRequest::Text::Continuation};
        PLANISH_REFUSES(generate(*loaded.model, loaded.tokenizer, full, {}, nullptr, {}, progress),
                        ErrorKind::InvalidArgument, {"512 tokens", "no room", "context of 512"});
    }

    void oneSeedSamplesOneText()
    {
        PLANISH_NEEDS(support::storiesModel());
        const auto loaded = support::loadModel(support::storiesModel());
        const auto request = continuationOf(loaded, "Once upon a time");
        Progress progress;
        const auto ids = [&](std::uint64_t seed) {
            const GenerationOptions options{.maxTokens = 40, .temperature = 1.2, .seed = seed};
            return generate(*loaded.model, loaded.tokenizer, request, options, nullptr, {}, progress).ids;
        };
        QCOMPARE(ids(1), ids(1));
        QVERIFY(ids(1) != ids(2));
    }

    void aReplyLosesTheTokenizersFirstSpace()
    {
        PLANISH_NEEDS(support::storiesModel());
        const auto loaded = support::loadModel(support::storiesModel());
        auto request =
            continuationOf(loaded, "One day, she saw a big, red"); // the reference story goes on with " ball"
        Progress progress;
        const auto continued =
            generate(*loaded.model, loaded.tokenizer, request, {.maxTokens = 4}, nullptr, {}, progress);
        QVERIFY(continued.text.starts_with(' '));
        request.text = GenerationRequest::Text::Reply;
        const auto reply = generate(*loaded.model, loaded.tokenizer, request, {.maxTokens = 4}, nullptr, {}, progress);
        QCOMPARE(reply.text, continued.text.substr(1));
    }

    void aComparedModelReadsTheSamePrefix()
    {
        // From 0 the model writes 1, from 1 it writes 1. KL after 0: p = (1/4, 1/2, 1/4), q = (1/2, 1/4, 1/4): 1/4 ln 2;
        // after 1 both agree: 0. The compared model would write 0 first.
        PLANISH_NEEDS(support::storiesModel());
        const auto tokenizer = support::loadModel(support::storiesModel()).tokenizer;
        const auto model = support::markovModel({{0.25, 0.5, 0.25}, {0.2, 0.7, 0.1}, {0.3, 0.3, 0.4}});
        const auto other = support::markovModel({{0.5, 0.25, 0.25}, {0.2, 0.7, 0.1}, {0.3, 0.3, 0.4}});
        Progress progress;
        const GenerationRequest request{{0}, {}, GenerationRequest::Text::Reply};
        const auto result = generate(*model, tokenizer, request, {.maxTokens = 3}, other.get(), {}, progress);
        QCOMPARE(result.ids, (std::vector<int>{1, 1, 1}));
        QCOMPARE(result.divergence.size(), 3u);
        QVERIFY(std::abs(result.divergence[0].kl - 0.25 * std::log(2.0)) < 1e-6);
        QCOMPARE(result.divergence[0].otherTop, 0);
        QCOMPARE(result.divergence[0].id, 1);
        QVERIFY(std::abs(result.divergence[1].kl) < 1e-6);
        QCOMPARE(result.divergence[1].otherTop, 1);
        QVERIFY(result.divergence[0].alternatives.empty());
    }

    void alternativesAreTheMostProbableTokensOfBothModels()
    {
        // After 0: p = (1/4, 1/2, 1/4) has 1 in front, q = (1/2, 3/8, 1/8) has 0, then 1.
        PLANISH_NEEDS(support::storiesModel());
        const auto tokenizer = support::loadModel(support::storiesModel()).tokenizer;
        const auto model = support::markovModel({{0.25, 0.5, 0.25}, {0.2, 0.7, 0.1}, {0.3, 0.3, 0.4}});
        const auto other = support::markovModel({{0.5, 0.375, 0.125}, {0.2, 0.7, 0.1}, {0.3, 0.3, 0.4}});
        Progress progress;
        std::vector<GeneratedToken> streamed;
        const auto observer = [&](const GeneratedToken& token) { streamed.push_back(token); };
        const GenerationRequest request{{0}, {}, GenerationRequest::Text::Reply};
        const auto result =
            generate(*model, tokenizer, request, {.maxTokens = 1, .alternatives = 2}, other.get(), observer, progress);
        QCOMPARE(result.promptIds, std::vector<int>{0});
        const auto& token = result.divergence.at(0);
        QCOMPARE(token.alternatives.size(), 2u);
        QCOMPARE(token.alternatives[0].id, 1);
        QVERIFY(std::abs(token.alternatives[0].probability - 0.5) < 1e-6);
        QCOMPARE(token.otherAlternatives[0].id, 0);
        QVERIFY(std::abs(token.otherAlternatives[0].probability - 0.5) < 1e-6);
        QCOMPARE(token.otherAlternatives[1].id, 1);
        QVERIFY(std::abs(token.otherAlternatives[1].probability - 0.375) < 1e-6);
        QVERIFY(streamed.at(0).divergence.has_value());
        QCOMPARE(streamed[0].divergence->kl, token.kl);
    }

    void aStoppedGenerationThrows()
    {
        struct StopLater : Progress
        {
            int left = 40;
            void checkpoint() override
            {
                if (--left < 0)
                    throw Cancelled();
            }
        };
        PLANISH_NEEDS(support::storiesModel());
        const auto loaded = support::loadModel(support::storiesModel());
        StopLater progress;
        int told = 0;
        const auto observer = [&](const GeneratedToken&) { ++told; };
        QVERIFY_THROWS_EXCEPTION(Cancelled,
                                 generate(*loaded.model, loaded.tokenizer, continuationOf(loaded, "Once"),
                                          {.maxTokens = 500}, nullptr, observer, progress));
        QVERIFY(told < 40);
    }
};

QTEST_GUILESS_MAIN(GeneratorTest)
#include "tst_generator.moc"
