// SPDX-License-Identifier: Apache-2.0
#include "core/eval/python_random.h"
#include "core/eval/task_items.h"
#include "core/eval/task_metrics.h"
#include "tests/support/refuses.h"
#include "tests/support/shared_data.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace core;

namespace {

namespace fs = std::filesystem;

const fs::path kDemoTasks = fs::path(support::sourceFolder()) / "resources/demo/tasks";

TaskItems read(const std::string& task, const fs::path& folder, std::int64_t limit = 0)
{
    const auto definition = findTask(task);
    return readTaskItems(definition, findTaskFile(definition, folder), limit);
}

/** random.Random(42).shuffle(items) of Python 3. */
template <typename Item>
void shuffleAsPython(std::vector<Item>& items, PythonRandom& random)
{
    for (auto i = static_cast<std::uint32_t>(items.size()) - 1; i > 0; --i) {
        const int bits = 32 - std::countl_zero(i + 1);
        auto drawn = random.word() >> (32 - bits);
        while (drawn > i)
            drawn = random.word() >> (32 - bits);
        std::swap(items[i], items[drawn]);
    }
}

/** json.dumps of the list of all [context, continuation] pairs. */
std::string dumpRequests(const std::vector<TaskItem>& items)
{
    const auto text = [](const std::string& value) { return Json(value).dump(-1, ' ', true); };
    std::string dump;
    for (const auto& item : items)
        for (const auto& request : item.requests)
            dump += (dump.empty() ? "[[" : ", [") + text(request.context) + ", " + text(request.continuation) + "]";
    return dump + "]";
}

std::string context(const TaskItems& items, std::size_t index)
{
    return items.items[index].requests[0].context;
}

} // namespace

class TaskItemsTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path m_folder = m_temporary.path().toStdString();

    fs::path write(const std::string& name, const std::string& content)
    {
        fs::create_directories((m_folder / name).parent_path());
        writeFileAtomically(m_folder / name, content);
        return m_folder / name;
    }

private Q_SLOTS:
    void init() { fs::remove_all(m_folder / "arc_easy"); }

    void requestsHashToTheHarnessesChecksums_data()
    {
        QTest::addColumn<QString>("task");
        QTest::newRow("arc_easy") << "arc_easy";
        QTest::newRow("winogrande") << "winogrande";
    }

    void requestsHashToTheHarnessesChecksums()
    {
        QFETCH(QString, task);
        const auto shared = support::sharedFolder();
        const auto vectors = shared / "data/vectors/lm-eval-request-hash";
        PLANISH_NEEDS(vectors);
        auto items = read(task.toStdString(), shared / "data/tasks");
        PythonRandom shuffling(42);
        shuffleAsPython(items.items, shuffling);
        const auto expected = readFile(vectors / (task.toStdString() + "-v0-loglikelihood"));
        QCOMPARE(sha256(dumpRequests(items.items)), expected.substr(0, 64));

        // The harness's figures where request i scores minus the i-th random.random() after random.seed(42).
        PythonRandom random(42);
        TaskResult result;
        for (const auto& item : items.items) {
            std::vector<ScoreResult> scores(item.requests.size());
            for (auto& score : scores)
                score.sum = -random.uniform();
            result.itemResults.push_back(
                judgeItem(item, std::int64_t(result.itemResults.size()), scores, items.hasNorm));
        }
        Progress progress;
        summarize(result, items.hasNorm, false, progress);
        const auto figures =
            readJson(vectors / (task.toStdString() + "-v0-res.json")).at("results").at(task.toStdString());
        QCOMPARE(result.acc, figures.at("acc").get<double>());
        QCOMPARE(result.accStderr, figures.at("acc_stderr").get<double>());
        QCOMPARE(result.accNorm.has_value(), figures.contains("acc_norm"));
        if (result.accNorm) {
            QCOMPARE(*result.accNorm, figures.at("acc_norm").get<double>());
            QCOMPARE(*result.accNormStderr, figures.at("acc_norm_stderr").get<double>());
        }
    }

    void firstRequestsHashAsTheReferenceProgramBuildsThem()
    {
        const auto shared = support::sharedFolder();
        const auto file = shared / "reference/stories260k/zero_shot.json";
        PLANISH_NEEDS(file);
        for (const auto& task : readJson(file).at("tasks")) {
            const auto items = read(task.at("task"), shared / "data/tasks", task.at("items").get<std::int64_t>());
            QCOMPARE(sha256(dumpRequests(items.items)), task.at("requests_sha256").get<std::string>());
        }
    }

    void stagedFilesOfEveryTaskAreRead_data()
    {
        // Numbers of items from the data sets' own descriptions.
        QTest::addColumn<QString>("task");
        QTest::addColumn<int>("count");
        QTest::addColumn<QString>("form");
        QTest::newRow("arc_easy") << "arc_easy" << 2376 << "question, choices, gold";
        QTest::newRow("arc_challenge") << "arc_challenge" << 1172 << "question, choices, gold";
        QTest::newRow("hellaswag") << "hellaswag" << 10042 << "llama.cpp, six lines an item";
        QTest::newRow("lambada_openai") << "lambada_openai" << 5153 << "context and continuation";
        QTest::newRow("winogrande") << "winogrande" << 1267 << "WinoGrande";
    }

    void stagedFilesOfEveryTaskAreRead()
    {
        QFETCH(QString, task);
        QFETCH(int, count);
        QFETCH(QString, form);
        const auto tasks = support::sharedFolder() / "data/tasks";
        PLANISH_NEEDS(tasks);
        const auto items = read(task.toStdString(), tasks);
        QCOMPARE(int(items.items.size()), count);
        QCOMPARE(QString::fromStdString(items.form), form);
        QCOMPARE(items.fileHash.size(), 64u);
    }

    void theHarnessesOwnFormOfHellaswagIsRead()
    {
        const auto file = support::sharedFolder() / "data/tasks/hellaswag/lm-eval-form-1000.jsonl";
        PLANISH_NEEDS(file);
        const auto items = readTaskItems(findTask("hellaswag"), file, 0);
        QCOMPARE(int(items.items.size()), 1000);
        QCOMPARE(items.form, std::string("query, choices, gold"));
        QVERIFY(items.note.empty());
    }

    void theDemosItemsAreRead()
    {
        for (const auto& task : shippedTasks()) {
            const auto items = read(task, kDemoTasks);
            QCOMPARE(int(items.items.size()), 200);
            QCOMPARE(int(read(task, kDemoTasks / task, 7).items.size()), 7); // the task's own folder, some of its items
        }
        QCOMPARE(shippedTasks().size(), 6u);
    }

    void aHellaswagItemIsFormedAsTheHarnessFormsIt()
    {
        const auto file =
            write("hellaswag/hellaswag_val.jsonl",
                  "{\"ind\": 24, \"activity_label\": \"Roof [x] work\", \"ctx_a\": \"A man sits [title] up.\", "
                  "\"ctx_b\": \"he THEN\", \"endings\": [\" goes [step] on \", \"b\", \"c\", \"d\"], "
                  "\"label\": \"3\"}\n"
                  "{\"ind\": 25, \"activity_label\": \"L\", \"ctx_a\": \"Context.\", \"ctx_b\": \"\", "
                  "\"endings\": [\"a\", \"b\", \"c\", \"d\"], \"label\": 0}\n");
        const auto items = read("hellaswag", m_folder);
        QCOMPARE(items.file, file.string());
        QCOMPARE(items.items[0].id, std::string("24"));
        QCOMPARE(context(items, 0), std::string("Roof work: A man sits. up. He then"));
        QCOMPARE(items.items[0].requests[0].continuation, std::string(" goes on"));
        QCOMPARE(*items.items[0].gold, 3);
        QCOMPARE(context(items, 1), std::string("L: Context.")); // the first strip takes the space of the empty ctx_b
    }

    void arcLabelsMayBeLettersOrNumbers()
    {
        write(
            "arc_easy/test.jsonl",
            "{\"id\": \"x\", \"question\": \"Q?\", \"choices\": {\"text\": [\"a\", \"b\", \"c\"], \"label\": [\"1\", "
            "\"2\", "
            "\"3\"]}, \"answerKey\": \"3\"}\n\n"
            "{\"id\": \"y\", \"question\": \"R?\", \"choices\": {\"text\": [\"a\", \"b\"], \"label\": [\"A\", \"B\"]}, "
            "\"answerKey\": \"B\"}\n");
        const auto items = read("arc_easy", m_folder);
        QCOMPARE(*items.items[0].gold, 2);
        QCOMPARE(*items.items[1].gold, 1);
        QCOMPARE(context(items, 0), std::string("Question: Q?\nAnswer:"));
        QCOMPARE(items.items[0].requests[2].continuation, std::string(" c"));
    }

    void theFormOfAi2IsRead()
    {
        write("arc_easy/ARC-Easy-Test.jsonl",
              "{\"id\": \"x\", \"question\": {\"stem\": \"Q?\", \"choices\": [{\"text\": \"a\", \"label\": \"A\"}, "
              "{\"text\": \"b\", \"label\": \"B\"}]}, \"answerKey\": \"B\"}\n");
        const auto items = read("arc_easy", m_folder);
        QCOMPARE(items.form, std::string("AI2"));
        QCOMPARE(*items.items[0].gold, 1);
        QCOMPARE(items.items[0].choices, (std::vector<std::string>{"a", "b"}));
    }

    void answersMayStandInAFileBeside()
    {
        const std::string items = "{\"goal\": \"g\", \"sol1\": \"one \", \"sol2\": \"two\"}\n";
        const auto file = write("piqa/valid.jsonl", items + items);
        PLANISH_REFUSES(read("piqa", m_folder), ErrorKind::NotFound, {"'label'", "valid-labels.lst"});
        write("piqa/valid-labels.lst", "1\r\n0\n");
        const auto read = readTaskItems(findTask("piqa"), file, 0);
        QCOMPARE(*read.items[0].gold, 1);
        QCOMPARE(*read.items[1].gold, 0);
        QCOMPARE(read.items[0].requests[0].continuation, std::string(" one ")); // as stored
        write("piqa/valid-labels.lst", "1\n");
        PLANISH_REFUSES(readTaskItems(findTask("piqa"), file, 0), ErrorKind::Corrupt, {"1 answers", "2 items"});
    }

    void tablesAreReadWithQuotesAndLists()
    {
        write("piqa.csv", "goal,sol1,sol2,label\r\n\"say \"\"hi\"\",\nthen\",one,\"two, or three\",1\r\n");
        const auto table = readTaskItems(findTask("piqa"), m_folder / "piqa.csv", 0);
        QCOMPARE(context(table, 0), std::string("Question: say \"hi\",\nthen\nAnswer:"));
        QCOMPARE(table.items[0].choices[1], std::string("two, or three"));
        QCOMPARE(*table.items[0].gold, 1);
        write("arc.tsv", "question\tchoices\tgold\nQ?\t[\"a\", \"b\"]\t1\n");
        QCOMPARE(*readTaskItems(findTask("arc_easy"), m_folder / "arc.tsv", 0).items[0].gold, 1);
        write("bad.csv", "goal,sol1,sol2,label\na,b,c\n");
        PLANISH_REFUSES(readTaskItems(findTask("piqa"), m_folder / "bad.csv", 0), ErrorKind::Corrupt,
                        {"line 2", "3 columns", "bad.csv"});
        write("open.csv", "goal,sol1\n\"a,b\n");
        PLANISH_REFUSES(readTaskItems(findTask("piqa"), m_folder / "open.csv", 0), ErrorKind::Corrupt,
                        {"line 2", "quote"});
    }

    void listsOfObjectsAreRead()
    {
        write("w.json",
              "[{\"sentence\": \"Ann met Bea and _ smiled. \", \"option1\": \"Ann\", \"option2\": \"Bea\", \"answer\": "
              "\"2\"}]");
        const auto items = readTaskItems(findTask("winogrande"), m_folder / "w.json", 0);
        QCOMPARE(items.items[0].requests[1].context, std::string("Ann met Bea and Bea"));
        QCOMPARE(items.items[0].requests[1].continuation, std::string(" smiled."));
        QCOMPARE(*items.items[0].gold, 1);
        QVERIFY(!items.hasNorm);
    }

    void errorsNameFileLineAndKey()
    {
        const auto refused = [&](const std::string& task, const std::string& content, ErrorKind kind,
                                 std::initializer_list<std::string_view> fragments) {
            const auto file = write("bad.jsonl", content);
            const auto why = support::whyNotRefused([&] { readTaskItems(findTask(task), file, 0); }, kind, fragments);
            QVERIFY2(why.empty(), why.c_str());
        };
        const std::string good = "{\"question\": \"q\", \"choices\": [\"a\", \"b\"], \"gold\": 1}\n";
        refused("arc_easy", good + "{\"question\": \"q\", \"gold\": 1}\n", ErrorKind::InvalidArgument,
                {"line 2", "'choices'", "bad.jsonl"});
        refused("arc_easy", good + "{\"question\": \"q\", \"choices\": [\"a\"], \"gold\": 1}\n",
                ErrorKind::InvalidArgument, {"line 2", "'gold'", "1 choices"});
        refused("arc_easy", "{\"text\": \"q\"}\n", ErrorKind::InvalidArgument,
                {"line 1", "no form", "AI2", "'question'", "bad.jsonl"});
        refused("winogrande", "{\"sentence\": \"no gap\", \"option1\": \"a\", \"option2\": \"b\", \"answer\": \"1\"}",
                ErrorKind::InvalidArgument, {"line 1", "'_'", "no gap"});
        refused("arc_easy", good + "{broken\n", ErrorKind::Corrupt, {"line 2", "bad.jsonl"});
        refused("arc_easy", "plain text\n", ErrorKind::InvalidArgument, {"plain lines"});
        refused("arc_easy", "\n \n", ErrorKind::Corrupt, {"no items"});
        refused("hellaswag", "a\n0\nb\nc\nd\ne\nf\n", ErrorKind::Corrupt, {"7 lines", "6"});
        refused("arc_easy", "PAR1....", ErrorKind::Unsupported, {"Parquet", "read_parquet", "bad.jsonl"});
        refused("arc_easy", good + "\xff\n", ErrorKind::Corrupt, {"line 2", "UTF-8"});
    }

    void aMissingFileSaysWhereToHaveIt()
    {
        fs::create_directories(m_folder / "empty/arc_easy");
        PLANISH_REFUSES(read("arc_easy", m_folder / "empty"), ErrorKind::NotFound,
                        {"arc_easy", "arc_easy=FILE", "huggingface.co"});
        write("two/arc_easy/a.jsonl", "{}");
        write("two/arc_easy/b.csv", "a");
        PLANISH_REFUSES(read("arc_easy", m_folder / "two"), ErrorKind::NotFound, {"a.jsonl", "b.csv"});
        PLANISH_REFUSES(read("arc_easy", m_folder / "gone"), ErrorKind::NotFound, {"gone"});
        PLANISH_REFUSES(findTask("mmlu"), ErrorKind::NotFound, {"mmlu", "hellaswag"});
    }

    void usersDefineTasksInFiles()
    {
        write("colours.json",
              "{\"schema\": 1, \"task\": \"colours\", \"files\": [\"c.jsonl\"], \"delimiter\": \"\", \"metrics\": "
              "[\"acc\"], "
              "\"forms\": [{\"name\": \"f\", \"context\": \"{thing} is\", \"choices\": [\" red\", \" {other}\"], "
              "\"gold\": {\"key\": \"right\"}}]}");
        write("colours/c.jsonl", "{\"thing\": \"Snow\", \"other\": \"white\", \"right\": 1}\n");
        const auto definition = findTask((m_folder / "colours.json").string());
        const auto items = readTaskItems(definition, findTaskFile(definition, m_folder), 0);
        QCOMPARE(items.items[0].requests[1].continuation, std::string(" white"));
        QVERIFY(!items.hasNorm);
    }

    void badDefinitionsAreRefused()
    {
        const auto definition = [](const std::string& metrics, const std::string& form) {
            return Json::parse("{\"schema\": 1, \"task\": \"t\", \"metrics\": " + metrics
                               + ", \"forms\": [{\"name\": \"f\", " + form + "}]}");
        };
        const std::string choices = "\"choices\": {\"each\": \"c\"}, \"gold\": {\"key\": \"g\"}";
        QCOMPARE(taskFromJson(definition("[\"acc\"]", "\"context\": \"x\", " + choices), "t.json").task,
                 std::string("t"));
        const auto refuses = [&](const std::string& metrics, const std::string& form, std::string_view fragment) {
            const auto why = support::whyNotRefused([&] { taskFromJson(definition(metrics, form), "t.json"); },
                                                    ErrorKind::InvalidArgument, {fragment, "t.json"});
            QVERIFY2(why.empty(), why.c_str());
        };
        refuses("[\"f1\"]", "\"context\": \"x\", " + choices, "'f1'");
        refuses("[\"perplexity\"]", "\"context\": \"x\", " + choices, "perplexity none");
        refuses("[\"acc_norm\"]", "\"context\": \"x\", \"continuation\": \"y\"", "acc_norm needs choices");
        refuses("[\"acc\"]", choices, "either 'context' or 'contexts'");
        refuses("[\"acc\"]", "\"context\": \"x\"", "'continuation'");
        refuses("[\"acc\"]", "\"context\": \"x\", \"choices\": [\"a\"]", "'gold'");
        refuses("[\"acc\"]", "\"context\": \"x\", \"colour\": 1, " + choices, "'colour'");
        refuses("[\"acc\"]", "\"context\": \"{x|y}\", " + choices, "'y'");
        refuses("[\"acc\"]", "\"context\": 7, " + choices, "7");
    }
};

QTEST_GUILESS_MAIN(TaskItemsTest)
#include "tst_task_items.moc"
