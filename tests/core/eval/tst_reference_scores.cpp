// SPDX-License-Identifier: Apache-2.0
#include "core/eval/divergence.h"
#include "core/eval/reference_scores.h"
#include "core/io/json.h"
#include "core/io/safetensors_writer.h"
#include "tests/support/loaded_model.h"
#include "tests/support/markov_model.h"
#include "tests/support/refuses.h"
#include "tests/support/shared_data.h"
#include "tests/support/tensor_checks.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>

using namespace core;
namespace fs = std::filesystem;

namespace {

/** A model that says something else: its output head is moved by `size` of its own spread. */
std::shared_ptr<const Model> disturbed(const Model& model, double size)
{
    auto parts = model.parts();
    parts.head = parts.head + size * parts.head.std() * support::normal(parts.head.sizes(), 3, at::kFloat);
    return std::make_shared<const Model>(std::move(parts));
}

} // namespace

class ReferenceScoresTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_temporary;
    std::vector<int> m_ids;
    fs::path path(const char* name) const { return fs::path(m_temporary.path().toStdString()) / name; }

    PerplexityResult save(const Model& model, const char* name, const PerplexityOptions& options = {.seqlen = 128})
    {
        Progress progress;
        ReferenceRun run;
        run.model = "stories";
        run.modelHash = "abc";
        return saveReferenceScores(model, m_ids, options, run, path(name), progress);
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (int i = 0; i < 1000; ++i)
            m_ids.push_back(3 + (i * i) % 500);
    }

    /** Documented: ln p is off by at most sqrt((top - ln p) * spread) / 65535 before it is renormalised, which moves it by less than as
        much again. */
    void logProbabilitiesComeBackAsCloseAsDocumented()
    {
        const std::vector<double> row{0.6, 0.2, 0.1, 0.0999, 1e-4, 1e-13};
        const auto model = support::markovModel(std::vector(6, row));
        Progress progress;
        saveReferenceScores(*model, std::vector<int>{0, 1, 2}, {.seqlen = 3}, {}, path("hand"), progress);
        const auto scores = ReferenceScores::open(path("hand"));
        QCOMPARE(scores.run().rows(), std::int64_t(2));
        const auto read = scores.logProbabilities(1, 1);
        const double spread = std::log(0.6 / 1e-13);
        for (std::size_t i = 0; i < row.size(); ++i) {
            const double expected = std::log(row[i]);
            const double bound =
                2.0 * std::sqrt((std::log(0.6) - expected) * spread) / 65535.0 + 2e-5; // float32 logits
            const double error = std::abs(read[0][std::int64_t(i)].item<double>() - expected);
            QVERIFY2(error <= bound, qPrintable(QString("%1: %2 > %3").arg(i).arg(error).arg(bound)));
        }
        QVERIFY(std::abs(read.exp().sum().item<double>() - 1.0) < 1e-12);
    }

    void aStoredRunGivesTheDivergenceOfTheModelItself_data()
    {
        QTest::addColumn<double>("size");
        QTest::newRow("close") << 0.01;
        QTest::newRow("far") << 0.5;
    }

    void aStoredRunGivesTheDivergenceOfTheModelItself()
    {
        QFETCH(double, size);
        const auto folder = support::sharedFolder() / "data/models/stories260k/hf";
        PLANISH_NEEDS(folder);
        const auto reference = support::loadModel(folder).model;
        const auto model = disturbed(*reference, size);
        const auto alone = save(*reference, "run");
        Progress progress;
        const PerplexityOptions options{.seqlen = 128};
        const auto live = measureDivergence(*model, *reference, m_ids, options, {}, progress);
        const auto stored = measureDivergence(*model, ReferenceScores::open(path("run")), m_ids, {}, {}, progress);
        QCOMPARE(stored.referencePerplexity.value, live.referencePerplexity.value);
        QVERIFY(std::abs(alone.value / live.referencePerplexity.value - 1.0) < 1e-12);
        QVERIFY(stored.perplexity.windowNllMean == live.perplexity.windowNllMean);
        QCOMPARE(stored.divergence.lnPerplexityDifference, live.divergence.lnPerplexityDifference);
        const double error = std::abs(stored.divergence.klMean / live.divergence.klMean - 1.0);
        QVERIFY2(live.divergence.klMean > 1e-6 && error < 2e-4,
                 qPrintable(QString("KL %1, relative error %2").arg(live.divergence.klMean).arg(error)));
        QVERIFY(std::abs(stored.divergence.top1Agreement - live.divergence.top1Agreement) < 0.002);
        QVERIFY(
            std::abs(stored.divergence.klPercentiles.back().second / live.divergence.klPercentiles.back().second - 1.0)
            < 1e-3);
    }

    void anotherTextConventionOrVocabularyIsRefused()
    {
        const auto model = support::markovModel({{0.5, 0.5}, {0.5, 0.5}});
        const auto three = support::markovModel({{0.5, 0.25, 0.25}, {0.2, 0.7, 0.1}, {0.3, 0.3, 0.4}});
        Progress progress;
        const std::vector<int> ids{0, 1, 0, 1, 1, 1};
        saveReferenceScores(*model, ids, {.seqlen = 3}, {}, path("two"), progress);
        const auto run = ReferenceScores::open(path("two"));
        const auto against = [&](const Model& other, std::vector<int> text, const PerplexityOptions& options) {
            return measureDivergence(other, run, text, options, {}, progress);
        };
        QVERIFY(std::abs(against(*model, ids, {}).divergence.klMean) < 1e-12);
        PLANISH_REFUSES(against(*model, {0, 1, 0, 1, 1, 0}, {}), ErrorKind::InvalidArgument, {"other tokens"});
        PLANISH_REFUSES(against(*model, {0, 1, 0}, {}), ErrorKind::InvalidArgument, {"2 windows of 3", "1 of 3"});
        PLANISH_REFUSES(against(*model, ids, {.seqlen = 2}), ErrorKind::InvalidArgument, {"2 windows of 3", "3 of 2"});
        PLANISH_REFUSES(against(*model, ids, {.convention = PerplexityConvention::LlamaCpp}),
                        ErrorKind::InvalidArgument, {"convention"});
        PLANISH_REFUSES(against(*three, ids, {}), ErrorKind::InvalidArgument, {"vocabulary of 3", "2"});
    }

    void damagedFilesAreNamed()
    {
        const auto model = support::markovModel({{0.5, 0.5}, {0.5, 0.5}});
        Progress progress;
        saveReferenceScores(*model, std::vector<int>{0, 1, 0, 1}, {.seqlen = 2}, {}, path("run"), progress);
        fs::copy_file(path("run"), path("short"));
        fs::resize_file(path("short"), fs::file_size(path("short")) - 3);
        PLANISH_REFUSES(ReferenceScores::open(path("short")), ErrorKind::Corrupt, {"short"});
        const std::vector<std::byte> bytes(8);
        writeSafetensors(path("other"), {{"codes", DType::F64, {1}, bytes}}, {});
        PLANISH_REFUSES(ReferenceScores::open(path("other")), ErrorKind::Corrupt, {"not a stored run", "other"});
        std::map<std::string, std::string> metadata{{"format", "planish-reference"},
                                                    {"schema", "1"},
                                                    {"convention", "gptq"},
                                                    {"windows", "1"},
                                                    {"seqlen", "2"}};
        writeSafetensors(path("other"), {{"codes", DType::F64, {1}, bytes}}, metadata);
        PLANISH_REFUSES(ReferenceScores::open(path("other")), ErrorKind::Corrupt, {"'scored'"});
        metadata["scored"] = "1";
        writeSafetensors(path("other"), {{"codes", DType::U16, {2, 2}, bytes}}, metadata);
        PLANISH_REFUSES(ReferenceScores::open(path("other")), ErrorKind::Corrupt, {"codes", "[1,2]", "[2,2]"});
        metadata["schema"] = "7";
        writeSafetensors(path("other"), {{"codes", DType::U16, {2, 2}, bytes}}, metadata);
        PLANISH_REFUSES(ReferenceScores::open(path("other")), ErrorKind::Unsupported, {"schema 7"});
        QVERIFY(isReferenceScores(path("run")));
        QVERIFY(!isReferenceScores(m_temporary.path().toStdString()));
    }

    /** With a journal: what is finished is taken as it is, and only where its codes are still there. */
    void aStoppedRunGoesOn()
    {
        const auto folder = support::sharedFolder() / "data/models/stories260k/hf";
        PLANISH_NEEDS(folder);
        const auto model = support::loadModel(folder).model;
        save(*model, "whole", {.seqlen = 128, .batch = 1});
        const auto part = path(".stopped.part");
        const auto saved = [&](Progress& progress) {
            EvaluationJournal journal(path("journal"), "stories");
            ReferenceRun run;
            run.model = "stories";
            run.modelHash = "abc";
            saveReferenceScores(*model, m_ids, {.seqlen = 128, .batch = 1, .journal = &journal}, run, path("stopped"),
                                progress);
        };
        const auto stopAfterThree = [&] {
            struct Stop : Progress
            {
                void report(double fraction, std::string_view) override { passes += fraction > 0.0 ? 1 : 0; }
                void checkpoint() override
                {
                    if (passes >= 3)
                        throw Cancelled();
                }
                int passes = 0;
            } stop;
            fs::remove(path("journal"));
            fs::remove(path("stopped"));
            QVERIFY_EXCEPTION_THROWN(saved(stop), Cancelled);
            QVERIFY(!fs::exists(path("stopped")) && fs::exists(part));
        };
        Progress progress;
        const auto whole = readFile(path("whole"));
        stopAfterThree();
        saved(progress);
        QVERIFY(readFile(path("stopped")) == whole);
        QVERIFY(!fs::exists(part));

        stopAfterThree();
        fs::remove(part);
        saved(progress);
        QVERIFY(readFile(path("stopped")) == whole);

        stopAfterThree();
        const auto place = whole.size() / 20; // among the codes of the first of seven windows
        {
            std::fstream file(part, std::ios::in | std::ios::out | std::ios::binary);
            file.seekp(std::streamoff(place));
            file.put(char(whole[place] ^ 1));
        }
        saved(progress);
        auto marked = whole;
        marked[place] = char(marked[place] ^ 1);
        QVERIFY(readFile(path("stopped")) == marked); // not computed again
    }

    void aModelOfNaNsIsNotStored()
    {
        auto parts = support::markovModel({{0.5, 0.5}, {0.5, 0.5}})->parts();
        parts.head = parts.head * std::nan("");
        Progress progress;
        PLANISH_REFUSES(
            saveReferenceScores(Model(parts), std::vector<int>{0, 1}, {.seqlen = 2}, {}, path("nan"), progress),
            ErrorKind::Numeric, {"not finite"});
        QVERIFY(!fs::exists(path("nan")));
        QVERIFY(!fs::exists(path(".nan.part")));
    }
};

QTEST_GUILESS_MAIN(ReferenceScoresTest)
#include "tst_reference_scores.moc"
