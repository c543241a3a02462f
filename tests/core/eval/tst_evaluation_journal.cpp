// SPDX-License-Identifier: Apache-2.0
#include "core/eval/evaluation_journal.h"
#include "core/eval/perplexity.h"
#include "core/eval/scoring.h"
#include "core/io/json.h"
#include "tests/support/markov_model.h"
#include "tests/support/refuses.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <fstream>
#include <limits>

using namespace core;

namespace {

namespace fs = std::filesystem;

/** Stops the work at its nth checkpoint, as a person would. */
class StopAt : public Progress
{
public:
    explicit StopAt(int checkpoint)
        : m_left(checkpoint)
    {
    }
    void checkpoint() override
    {
        if (--m_left < 0)
            throw Cancelled();
    }

private:
    int m_left;
};

const auto kModel =
    support::markovModel({{0.5, 0.2, 0.2, 0.1}, {0.1, 0.6, 0.2, 0.1}, {0.3, 0.3, 0.3, 0.1}, {0.4, 0.1, 0.1, 0.4}});

} // namespace

class EvaluationJournalTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path m_file = fs::path(m_temporary.path().toStdString()) / "a.journal";

private Q_SLOTS:
    void init() { fs::remove(m_file); }

    void whatWasAddedIsFoundByTheNextProcess()
    {
        const double infinity = std::numeric_limits<double>::infinity();
        const std::vector<ScoreResult> results{{{-0.1, -1.0 / 3.0}, -0.1 - 1.0 / 3.0, true},
                                               {{-infinity}, -infinity, false}};
        std::string key;
        {
            EvaluationJournal journal(m_file, "model");
            key = journal.key("score", std::vector<std::vector<int>>{{1, 2}, {3}});
            QVERIFY(!journal.find(key));
            journal.add(key, results);
            PLANISH_REFUSES(EvaluationJournal(m_file, "model"), ErrorKind::InvalidArgument,
                            {"another process", "a.journal"});
        }
        const EvaluationJournal again(m_file, "model");
        const auto* found = again.find(key);
        QVERIFY(found);
        QCOMPARE(found->size(), 2u);
        QCOMPARE((*found)[0].logprobs, results[0].logprobs); // bit by bit
        QCOMPARE((*found)[0].sum, results[0].sum);
        QVERIFY((*found)[0].greedy && !(*found)[1].greedy);
        QVERIFY(std::isinf((*found)[1].sum));
    }

    void keysNameModelKindAndRows()
    {
        const std::vector<std::vector<int>> rows{{1, 2}, {3}};
        const std::vector<std::vector<int>> joined{{1, 2, 3}};
        const EvaluationJournal journal(m_file, "model");
        const EvaluationJournal other(m_file.string() + "2", "other");
        QCOMPARE(journal.key("score", rows), journal.key("score", rows));
        QVERIFY(journal.key("score", rows) != journal.key("score", joined));
        QVERIFY(journal.key("score", rows) != journal.key("perplexity", rows));
        QVERIFY(journal.key("score", rows) != other.key("score", rows));
    }

    void aJournalCutAnywhereKeepsItsWholeLines()
    {
        std::vector<std::string> keys;
        {
            EvaluationJournal journal(m_file, "model");
            for (int i = 0; i < 3; ++i) {
                keys.push_back(journal.key("score", std::vector<std::vector<int>>{{i}}));
                journal.add(keys.back(), {{{-double(i)}, -double(i), true}});
            }
        }
        const auto whole = readFile(m_file);
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            std::ofstream(m_file, std::ios::binary | std::ios::trunc) << whole.substr(0, size);
            const auto lines = std::count(whole.begin(), whole.begin() + std::ptrdiff_t(size), '\n');
            EvaluationJournal journal(m_file, "model");
            for (int i = 0; i < 3; ++i)
                QCOMPARE(journal.find(keys[std::size_t(i)]) != nullptr, i + 1 < lines);
            journal.add(keys[2], {{{-2.0}, -2.0, true}}); // and goes on after the last whole one
            QVERIFY(readFile(m_file).ends_with("}\n"));
        }
    }

    void otherFilesAreLeftAlone()
    {
        for (const std::string content : {"{\"query\": 1}\n", "no line", "{\"planish_journal\":1}x"}) {
            std::ofstream(m_file, std::ios::trunc) << content;
            PLANISH_REFUSES(EvaluationJournal(m_file, "m"), ErrorKind::InvalidArgument, {"no journal", "a.journal"});
            QCOMPARE(readFile(m_file), content);
        }
        std::ofstream(m_file, std::ios::trunc) << "{\"planish_journal\":1}\n{\"pass\":\n{}\n";
        PLANISH_REFUSES(EvaluationJournal(m_file, "m"), ErrorKind::Corrupt, {"line 2"});
        PLANISH_REFUSES(EvaluationJournal(m_file / "x", "m"), ErrorKind::Io, {"a.journal/x"});
    }

    void stoppedScoringGoesOnAndGivesTheSameNumbers()
    {
        std::vector<ScoringRow> rows;
        for (int i = 0; i < 40; ++i)
            rows.push_back({{i % 4, (i + 1) % 4, i % 3, i % 2, (i * 7) % 4}, 1 + i % 3});
        Progress progress;
        const ScoringOptions plain{.tokensInPass = 12};
        const auto expected = scoreRows(*kModel, rows, plain, progress);
        {
            EvaluationJournal journal(m_file, "m");
            StopAt stop(5);
            QVERIFY_EXCEPTION_THROWN(scoreRows(*kModel, rows, {.tokensInPass = 12, .journal = &journal}, stop),
                                     Cancelled);
        }
        const auto finished = fs::file_size(m_file);
        EvaluationJournal journal(m_file, "m");
        const auto results = scoreRows(*kModel, rows, {.tokensInPass = 12, .journal = &journal}, progress);
        QVERIFY(fs::file_size(m_file) > finished);
        for (std::size_t i = 0; i < rows.size(); ++i)
            QCOMPARE(results[i].logprobs, expected[i].logprobs);
        const auto full = fs::file_size(m_file);
        scoreRows(*kModel, rows, {.tokensInPass = 12, .journal = &journal}, progress); // everything is there now
        QCOMPARE(fs::file_size(m_file), full);
    }

    void perplexityGoesOnToo()
    {
        std::vector<int> ids;
        for (int i = 0; i < 64; ++i)
            ids.push_back((i * i + i / 3) % 4);
        Progress progress;
        const PerplexityOptions plain{.seqlen = 8, .batch = 2};
        const auto expected = measurePerplexity(*kModel, ids, plain, progress);
        auto kept = plain;
        {
            EvaluationJournal journal(m_file, "m");
            kept.journal = &journal;
            StopAt stop(4);
            QVERIFY_EXCEPTION_THROWN(measurePerplexity(*kModel, ids, kept, stop), Cancelled);
        }
        EvaluationJournal journal(m_file, "m");
        const auto size = fs::file_size(m_file);
        kept.journal = &journal;
        const auto result = measurePerplexity(*kModel, ids, kept, progress);
        QVERIFY(fs::file_size(m_file) > size);
        QCOMPARE(result.value, expected.value);
        QCOMPARE(result.stderror, expected.stderror);
        QCOMPARE(result.windowNllMean, expected.windowNllMean);
        const auto full = fs::file_size(m_file);
        measurePerplexity(*kModel, ids, kept, progress);
        QCOMPARE(fs::file_size(m_file), full);
    }
};

QTEST_GUILESS_MAIN(EvaluationJournalTest)
#include "tst_evaluation_journal.moc"
