// SPDX-License-Identifier: Apache-2.0
// The contract of the command line: keys, types and exit codes of the verbs that read models.
#include "tests/app/planish_process.h"
#include "tests/support/shared_data.h"

#include <QtTest>

#include <csignal>
#include <filesystem>

namespace {

std::filesystem::path stories()
{
    return support::sharedFolder() / "data/models/stories260k";
}

const QStringList kEnvelope{QStringLiteral("schema"), QStringLiteral("command"), QStringLiteral("version"),
                            QStringLiteral("seconds"), QStringLiteral("device")};

bool near(const QJsonValue& value, double expected, double tolerance)
{
    return value.isDouble() && std::abs(value.toDouble() - expected) <= tolerance;
}

} // namespace

class CliTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void helpAndVersionSucceed_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("program") << QStringList{"--help"};
        QTest::newRow("version") << QStringList{"--version"};
        for (const auto* verb : {"demo", "info", "tokenize", "score", "profile", "select", "calibrate", "evaluate",
                                 "chat", "quantize", "devices", "completion"})
            QTest::newRow(verb) << QStringList{verb, "--help"};
    }

    void helpAndVersionSucceed()
    {
        QFETCH(QStringList, arguments);
        const auto run = runPlanish(arguments);
        COMPARE_CODE(run, 0);
        QVERIFY(!run.out.isEmpty());
        QVERIFY2(run.err.isEmpty(), run.err.constData());
    }

    void infoDescribesBothFormats_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("tensors");
        QTest::newRow("folder") << "hf" << 47;         // README: the head is tied, so there is no lm_head tensor
        QTest::newRow("gguf") << "tinyllm.gguf" << 48; // README: 48 tensors, separate output matrix
    }

    void infoDescribesBothFormats()
    {
        QFETCH(QString, model);
        QFETCH(int, tensors);
        PLANISH_NEEDS(stories());
        const auto run = runPlanish({"info", q(stories() / model.toStdString()), "--json"});
        COMPARE_CODE(run, 0);
        const auto json = run.json();
        QCOMPARE(missingKeys(json, kEnvelope + QStringList{"model", "tokenizer", "tensors"}), QStringList());
        QCOMPARE(json.value("command").toString(), QStringLiteral("info"));
        const auto description = json.value("model").toObject();
        QCOMPARE(missingKeys(description,
                             {"architecture", "parameters", "blocks", "hidden", "intermediate", "heads", "kv_heads",
                              "head_dim", "vocab", "context", "dtype", "bytes", "tied_head"}),
                 QStringList());
        QCOMPARE(description.value("blocks").toInt(), 5);
        QCOMPARE(description.value("hidden").toInt(), 64);
        QCOMPARE(description.value("kv_heads").toInt(), 4);
        QCOMPARE(description.value("dtype").toString(), QStringLiteral("F32"));
        QCOMPARE(json.value("tokenizer").toObject().value("vocab").toInt(), 512);
        const auto list = json.value("tensors").toArray();
        QCOMPARE(list.size(), tensors);
        QCOMPARE(missingKeys(list.first().toObject(), {"name", "dtype", "shape", "bytes", "file"}), QStringList());
        const auto text = runPlanish({"info", q(stories() / model.toStdString()), "--tensors"});
        COMPARE_CODE(text, 0);
        QVERIFY(text.out.contains("vocabulary 512"));
    }

    void tokenizeGoesThereAndBack()
    {
        PLANISH_NEEDS(stories() / "tok512.model");
        const auto model = q(stories() / "tok512.model");
        const auto run = runPlanish({"tokenize", model, "--text", "Once upon a time", "--json"});
        COMPARE_CODE(run, 0);
        const auto ids = run.json().value("ids").toArray();
        QCOMPARE(ids, (QJsonArray{1, 403, 407, 261, 378})); // shared/reference/stories260k/generation.json
        QCOMPARE(run.json().value("pieces").toArray().size(), 5);
        const auto back = runPlanish({"--json", "tokenize", model, "--decode", "1,403,407,261,378"});
        COMPARE_CODE(back, 0);
        QCOMPARE(back.json().value("text").toString(), QStringLiteral("Once upon a time"));
        const auto bare = runPlanish({"tokenize", model, "--no-special", "--text", "Once upon a time", "--json"});
        QCOMPARE(bare.json().value("ids").toArray(), (QJsonArray{403, 407, 261, 378}));
        COMPARE_CODE(runPlanish({"tokenize", model, "--decode", "9999"}), 1);
    }

    void scoreAnswersInOrder()
    {
        const auto reference = support::sharedFolder() / "reference/stories260k/score.json";
        PLANISH_NEEDS(reference);
        QTemporaryDir folder;
        QFile requests(folder.filePath("requests.jsonl"));
        QVERIFY(requests.open(QIODevice::WriteOnly));
        const auto expected = readObject(q(reference)).value("results").toArray();
        for (const auto& entry : expected)
            requests.write(
                QJsonDocument(QJsonObject{{"ids", entry.toObject().value("ids")}}).toJson(QJsonDocument::Compact)
                + "\n");
        requests.write("\n{\"context\": \"Once upon a\", \"continuation\": \" time\"}\n");
        requests.close();
        const auto run = runPlanish({"score", q(stories() / "hf"), "--requests", requests.fileName(), "--json"});
        COMPARE_CODE(run, 0);
        const auto results = run.json().value("results").toArray();
        QCOMPARE(results.size(), expected.size() + 1);
        for (int i = 0; i < expected.size(); ++i) {
            const auto values = results[i].toObject().value("logprobs").toArray();
            const auto wanted = expected[i].toObject().value("logprobs").toArray();
            QCOMPARE(values.size(), wanted.size());
            for (int k = 0; k < values.size(); ++k)
                QVERIFY(near(values[k], wanted[k].toDouble(), 2e-4));
        }
        const auto last = results.last().toObject();
        QVERIFY(last.value("greedy").toBool()); // the model's stories begin so
        QVERIFY(last.value("sum").toDouble() > -0.1);
    }

    void profileHasWeightsModulesAndActivations()
    {
        const auto text = support::sharedFolder() / "data/text/tinystories-sample/tiny.utf8";
        PLANISH_NEEDS(text);
        const auto run = runPlanish(
            {"profile", q(stories() / "hf"), "--text", q(text), "--tokens", "256", "--seqlen", "64", "--json"});
        COMPARE_CODE(run, 0);
        const auto json = run.json();
        const auto weights = json.value("weights").toArray();
        QVERIFY(weights.size() >= 5 * 7);
        QCOMPARE(missingKeys(weights.first().toObject(),
                             {"layer", "count", "mean", "std", "min", "max", "absmax", "kurtosis", "histogram"}),
                 QStringList());
        const auto histogram = weights.first().toObject().value("histogram").toObject();
        QCOMPARE(histogram.value("edges").toArray().size(), histogram.value("counts").toArray().size() + 1);
        const auto modules = json.value("modules").toArray();
        QCOMPARE(modules.size(), 10);
        QCOMPARE(missingKeys(modules.first().toObject(), {"module", "kurtosis", "robust_z"}), QStringList());
        const auto sites = json.value("activations").toArray();
        QCOMPARE(sites.size(), 30);
        QCOMPARE(missingKeys(sites.first().toObject(),
                             {"site", "mean", "std", "absmax", "kurtosis", "channel_absmax", "histogram"}),
                 QStringList());
        QCOMPARE(sites.first().toObject().value("channel_absmax").toArray().size(), 64);
    }

    void evaluateEqualsTheReferenceProgram()
    {
        const auto reference = support::sharedFolder() / "reference/stories260k/perplexity.json";
        PLANISH_NEEDS(reference);
        const auto text = support::sharedFolder() / "data/text/tinystories-sample/tiny.utf8";
        const auto expected = readObject(q(reference)).value("texts").toArray().first().toObject();
        for (const auto& [convention, key] : {std::pair("gptq", "gptq"), std::pair("llama.cpp", "llama_cpp")}) {
            const auto run = runPlanish({"evaluate", q(stories() / "hf"), "--text", q(text), "--convention", convention,
                                         "--limit-tokens", "10300", "--json"});
            COMPARE_CODE(run, 0);
            const auto result = run.json().value("perplexity").toObject();
            QCOMPARE(missingKeys(result, {"value", "stderr", "nll_sum", "tokens", "windows", "convention"}),
                     QStringList());
            QCOMPARE(result.value("convention").toString(), QLatin1String(convention));
            QCOMPARE(result.value("windows").toInt(), 20); // 10300 / 512
            const auto means = result.value("window_nll_mean").toArray();
            const auto wanted = expected.value(QLatin1String(key)).toObject().value("window_nll_mean").toArray();
            for (int i = 0; i < 20; ++i)
                QVERIFY(near(means[i], wanted[i].toDouble(), 2e-6));
        }
    }

    void evaluateComparesWithAReference()
    {
        const auto text = support::sharedFolder() / "data/text/tinystories-sample/tiny.utf8";
        PLANISH_NEEDS(text);
        QTemporaryDir folder;
        const auto file = folder.filePath("report.json");
        // The same weights in the other format; its header says a context of 128.
        const auto run =
            runPlanish({"evaluate", q(stories() / "tinyllm.gguf"), "--reference", q(stories() / "hf"), "--text",
                        q(text), "--seqlen", "128", "--limit-tokens", "2048", "--json", "--out", file});
        COMPARE_CODE(run, 0);
        const auto divergence = run.json().value("divergence").toObject();
        QCOMPARE(missingKeys(divergence, {"kl_mean", "kl_stderr", "kl_percentiles", "top1_agreement", "top1_stderr"}),
                 QStringList());
        QVERIFY(near(divergence.value("kl_mean"), 0.0, 1e-8));
        QVERIFY(near(divergence.value("top1_agreement"), 1.0, 1e-3));
        QVERIFY(divergence.value("kl_percentiles").toObject().contains("99.9"));
        QCOMPARE(readObject(file), run.json());
    }

    void chatContinuesAPromptAsTheReferenceProgram()
    {
        const auto reference = support::sharedFolder() / "reference/stories260k/generation.json";
        PLANISH_NEEDS(reference);
        const auto expected = readObject(q(reference)).value("generations").toArray().first().toObject();
        const auto run = runPlanish({"chat", q(stories() / "hf"), "--raw", "--prompt", "Once upon a time",
                                     "--max-tokens", "64", "--json", "--compare", q(stories() / "hf")});
        COMPARE_CODE(run, 0);
        const auto json = run.json();
        QCOMPARE(missingKeys(json, {"text", "ids", "tokens_per_second", "divergence"}), QStringList());
        QCOMPARE(json.value("ids").toArray(), expected.value("new_ids").toArray());
        QCOMPARE("Once upon a time" + json.value("text").toString(), expected.value("text").toString());
        QCOMPARE(json.value("divergence").toArray().size(), 64);
        const auto plain =
            runPlanish({"chat", q(stories() / "hf"), "--raw", "--prompt", "Once upon a time", "--max-tokens", "64"});
        COMPARE_CODE(plain, 0);
        QCOMPARE(QString::fromUtf8(plain.out), json.value("text").toString() + "\n");
    }

    void aConversationReadsLines()
    {
        PLANISH_NEEDS(stories() / "hf");
        const auto run =
            runPlanish({"chat", q(stories() / "hf"), "--max-tokens", "8"}, "Hello\n\n/new\nHello\n/quit\nnever read\n");
        COMPARE_CODE(run, 0);
        const auto replies = run.out.split('\n');
        QCOMPARE(replies.size(), 3); // two replies and what follows the last newline
        QCOMPARE(replies[0], replies[1]);
    }

    void devicesListTheCpu()
    {
        const auto run = runPlanish({"devices", "--json"});
        COMPARE_CODE(run, 0);
        const auto json = run.json();
        QCOMPARE(missingKeys(json, kEnvelope + QStringList{"devices", "why_no_cuda"}), QStringList());
        const auto cpu = json.value("devices").toArray().first().toObject();
        QCOMPARE(cpu.value("name").toString(), QStringLiteral("cpu"));
        QVERIFY(cpu.value("memory_bytes").toDouble() > 1e8);
    }

    void aSignalStopsWith130_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("interrupt") << SIGINT;
        QTest::newRow("terminate") << SIGTERM;
    }

    void aSignalStopsWith130()
    {
        QFETCH(int, signal);
        const auto text = support::sharedFolder() / "data/text/wikitext2-raw-test/wiki.test.raw";
        PLANISH_NEEDS(text);
        QProcess process; // half a minute of work, if nobody stops it
        startPlanish(process,
                     {"--threads", "1", "evaluate", q(support::sharedFolder() / "data/models/novels-8m"), "--text",
                      q(text), "--json"});
        process.setReadChannel(QProcess::StandardError);
        for (QByteArray said; !said.contains("left"); said += process.readAllStandardError())
            QVERIFY(process.waitForReadyRead(120000)); // progress with the time left: it is computing
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), signal), 0);
        QVERIFY(process.waitForFinished(60000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 130);
        const auto out = QJsonDocument::fromJson(process.readAllStandardOutput()).object();
        QCOMPARE(out.value("error").toObject().value("kind").toString(), QStringLiteral("cancelled"));
    }

    void completionScriptsAreValidAndKnowTheVerbs()
    {
        const auto bash = runPlanish({"completion", "bash"});
        COMPARE_CODE(bash, 0);
        QVERIFY(bash.out.contains("--convention"));
        QVERIFY(bash.out.contains("all-rotation"));
        QProcess shell;
        shell.start("bash", {"-n"});
        shell.write(bash.out);
        shell.closeWriteChannel();
        QVERIFY(shell.waitForFinished());
        QCOMPARE(shell.exitCode(), 0);
        QVERIFY(runPlanish({"completion", "fish"}).out.contains("-a calibrate"));
        QVERIFY(runPlanish({"completion", "zsh"}).out.contains("bashcompinit"));
    }
};

QTEST_GUILESS_MAIN(CliTest)
#include "tst_cli.moc"
