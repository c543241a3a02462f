// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/eval/perplexity.h"
#include "tests/support/loaded_model.h"
#include "tests/support/shared_data.h"

#include <QtTest>

#include <cmath>

using namespace core;

namespace {

std::string firstBytes(const std::string& text, std::size_t limit)
{
    auto end = std::min(limit, text.size());
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;
    return text.substr(0, end);
}

/** The rows of the data set as GPTQ reads them: a row of one space is empty, others keep their newline; joined by blank lines. */
std::string joinedRows(const std::string& raw)
{
    std::string text;
    for (std::size_t begin = 0, end = 0; (end = raw.find('\n', begin)) != std::string::npos; begin = end + 1) {
        if (begin > 0)
            text += "\n\n";
        const auto row = raw.substr(begin, end - begin);
        if (row != " ")
            text += row + "\n";
    }
    return text;
}

std::string referenceText(const std::filesystem::path& shared, const std::string& description)
{
    const auto comma = description.find(',');
    const auto name = description.substr(std::string("shared/").size(), comma - std::string("shared/").size());
    const auto whole = readFile(shared / name);
    if (description.find("first 200000 bytes") != std::string::npos)
        return firstBytes(whole, 200000);
    return description.find("all rows") != std::string::npos ? joinedRows(whole) : whole;
}

} // namespace

class PerplexityTest : public QObject
{
    Q_OBJECT

private:
    /** Long texts are cut after kWindows: each window stands for itself, only the totals cannot be compared then. */
    static constexpr std::int64_t kWindows = 270;

    void compare(const PerplexityResult& result, const Json& expected)
    {
        const auto windows = expected.at("windows").get<std::int64_t>();
        QCOMPARE(result.windows, std::min(windows, kWindows));
        // A float64 run of the reference program moves a window's mean by at most 3e-7 and the mean of 20 windows by less
        // than 1e-7 (reference README); another float32 program may be as far away on the other side.
        const auto& means = expected.at("window_nll_mean");
        QCOMPARE(static_cast<std::int64_t>(result.windowNllMean.size()), result.windows);
        double worst = 0.0;
        for (std::size_t i = 0; i < result.windowNllMean.size(); ++i)
            worst = std::max(worst, std::abs(result.windowNllMean[i] - means[i].get<double>()));
        qInfo("%lld windows, the worst mean is %.2g away", static_cast<long long>(result.windows), worst);
        QVERIFY2(worst < 2e-6, qPrintable(QString::number(worst)));
        if (windows > kWindows)
            return;
        QCOMPARE(result.tokens, expected.at("scored_tokens").get<std::int64_t>());
        const auto perplexity = expected.at("perplexity").get<double>();
        QVERIFY(std::abs(result.value / perplexity - 1.0) < 4e-7);
        QVERIFY(std::abs(result.stderror / expected.at("perplexity_stderr_by_token").get<double>() - 1.0) < 1e-5);
        QVERIFY(std::abs(result.nllSum / expected.at("nll_sum").get<double>() - 1.0) < 4e-7);
    }

private Q_SLOTS:
    void equalsTheReferenceProgram_data() { support::addReferenceModels(); }

    void equalsTheReferenceProgram()
    {
        QFETCH(QString, model);
        QFETCH(QString, folder);
        const auto shared = support::sharedFolder();
        const auto referenceFile = shared / "reference" / model.toStdString() / "perplexity.json";
        PLANISH_NEEDS(referenceFile);
        const auto loaded = support::loadModel(shared / folder.toStdString());
        const auto reference = readJson(referenceFile);
        std::map<std::string, bool> compared; // by text; some texts stand there in two tokenizations
        for (const auto& text : reference.at("texts")) {
            const auto description = text.at("text").get<std::string>();
            const auto content = referenceText(shared, description);
            QCOMPARE(sha256(content), text.at("text_sha256").get<std::string>());
            const auto ids = loaded.tokenizer->encode(content, SpecialTokens::Add);
            compared[description] |= false;
            if (support::idsChecksum(ids) != text.at("ids_int32_sha256").get<std::string>())
                continue;
            compared[description] = true;
            Progress progress;
            for (const auto& [convention, key] : {std::pair(PerplexityConvention::Gptq, "gptq"),
                                                  std::pair(PerplexityConvention::LlamaCpp, "llama_cpp")}) {
                const auto& expected = text.at(key);
                const auto window = expected.at("window").get<std::int64_t>();
                const PerplexityOptions options{
                    .seqlen = window, .convention = convention, .limitTokens = kWindows * window};
                compare(measurePerplexity(*loaded.model, ids, options, progress), expected);
            }
        }
        for (const auto& [description, found] : compared)
            QVERIFY2(found, description.c_str());
    }

    void batchesOfWindowsChangeNothing()
    {
        const auto folder = support::sharedFolder() / "data/models/stories260k/hf";
        PLANISH_NEEDS(folder);
        const auto loaded = support::loadModel(folder);
        std::vector<int> ids;
        for (int i = 0; i < 700; ++i)
            ids.push_back(3 + (i * 131) % 500);
        Progress progress;
        const PerplexityOptions one{.seqlen = 64, .batch = 1};
        const PerplexityOptions four{.seqlen = 64, .batch = 4}; // 10 windows: the last batch is smaller
        const auto a = measurePerplexity(*loaded.model, ids, one, progress);
        const auto b = measurePerplexity(*loaded.model, ids, four, progress);
        QCOMPARE(a.windows, 10);
        QCOMPARE(a.tokens, 630);
        QCOMPARE(b.windows, a.windows);
        for (std::size_t i = 0; i < a.windowNllMean.size(); ++i)
            QVERIFY(std::abs(a.windowNllMean[i] - b.windowNllMean[i]) < 2e-6);
    }

    void aLimitOfTokensCutsTheText()
    {
        const auto folder = support::sharedFolder() / "data/models/stories260k/hf";
        PLANISH_NEEDS(folder);
        const auto loaded = support::loadModel(folder);
        const std::vector<int> ids(1000, 5);
        Progress progress;
        const PerplexityOptions options{.seqlen = 100, .limitTokens = 350};
        QCOMPARE(measurePerplexity(*loaded.model, ids, options, progress).windows, 3);
    }

    void aCheckpointStopsInsideAPass()
    {
        struct StopAtOnce : Progress
        {
            void checkpoint() override { throw Cancelled(); }
        };
        const auto folder = support::sharedFolder() / "data/models/stories260k/hf";
        PLANISH_NEEDS(folder);
        const auto loaded = support::loadModel(folder);
        StopAtOnce progress;
        QVERIFY_THROWS_EXCEPTION(Cancelled, measurePerplexity(*loaded.model, std::vector<int>(512, 5), {}, progress));
    }
};

QTEST_GUILESS_MAIN(PerplexityTest)
#include "tst_perplexity.moc"
