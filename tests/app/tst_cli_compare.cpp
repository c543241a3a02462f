// SPDX-License-Identifier: Apache-2.0
// What is done with results: export, stored references, compare, report.
#include "tests/app/planish_process.h"
#include "tests/support/stories.h"

#include <QtTest>

#include <cmath>
#include <filesystem>

namespace {

QString model()
{
    return q(support::storiesModel());
}

QString text()
{
    return q(support::storiesText());
}

} // namespace

class CliCompareTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString path(const char* name) const { return m_folder.filePath(QLatin1String(name)); }

    /** Evaluates over ten windows of 256 and keeps the result. */
    PlanishRun evaluate(const QString& which, const QStringList& more, const char* out = "result.json") const
    {
        return runPlanish(QStringList{"evaluate", which, "--text", text(), "--seqlen", "256", "--limit-tokens", "2560",
                                      "--out", path(out), "--json"}
                          + more);
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!std::filesystem::exists(support::storiesModel()))
            return;
        COMPARE_CODE(runPlanish({"select", model(), "--method", "all-rotation", "--wbits", "3", "--abits", "4",
                                 "--kbits", "4", "--vbits", "4", "--out", path("plan.json")}),
                     0);
        COMPARE_CODE(runPlanish({"calibrate", model(), "--plan", path("plan.json"), "--text", text(), "--samples", "4",
                                 "--seqlen", "64", "--epochs", "1", "--out", path("bundle")}),
                     0);
    }

    void aStoredReferenceStandsInForTheModel()
    {
        PLANISH_NEEDS(support::storiesModel());
        const auto stored = evaluate(model(), {"--save-reference", path("reference")}, "full.json");
        COMPARE_CODE(stored, 0);
        const auto live = evaluate(path("bundle"), {"--reference", model()});
        const auto file = evaluate(
            path("bundle"), {"--reference", path("reference"), "--per-token", path("tokens.jsonl")}, "bundle.json");
        COMPARE_CODE(live, 0);
        COMPARE_CODE(file, 0);
        const auto divergence = [](const PlanishRun& run) { return run.json().value("divergence").toObject(); };
        for (const auto* key : {"kl_mean", "kl_stderr", "top5_agreement", "probability_difference_rms"}) {
            const double ratio = divergence(file).value(QLatin1String(key)).toDouble()
                / divergence(live).value(QLatin1String(key)).toDouble();
            QVERIFY2(std::abs(ratio - 1.0) < 1e-3, qPrintable(QString("%1: %2").arg(key).arg(ratio)));
        }
        QCOMPARE(file.json().value("reference_perplexity"), live.json().value("reference_perplexity"));
        // Windows are equally long: the mean of their differences is that of the logarithms of both perplexities.
        const auto difference = live.json().value("ln_perplexity_difference").toObject();
        const double full = live.json().value("reference_perplexity").toObject().value("value").toDouble();
        const double ours = live.json().value("perplexity").toObject().value("value").toDouble();
        QVERIFY(std::abs(difference.value("mean").toDouble() - std::log(ours / full)) < 1e-9);
        QVERIFY(difference.value("low").toDouble() < difference.value("mean").toDouble()
                && difference.value("p_value").toDouble() < 0.05);
        const auto provenance = file.json().value("provenance").toObject();
        QCOMPARE(provenance.value("reference").toObject().value("kind").toString(), QStringLiteral("stored run"));
        QCOMPARE(provenance.value("reference").toObject().value("hash"),
                 live.json().value("provenance").toObject().value("reference").toObject().value("hash"));
        QCOMPARE(provenance.value("model").toObject().value("scheme").toString(), QStringLiteral("W3A4K4V4"));
        QVERIFY(provenance.value("command").toString().startsWith("planish --threads 1 evaluate "));
        QCOMPARE(provenance.value("text").toObject().value("sha256").toString().size(), 64);

        const auto lines = contentOf(path("tokens.jsonl")).trimmed().split('\n');
        QCOMPARE(lines.size(), 10 * 255);
        double sum = 0.0;
        for (const auto& line : lines)
            sum += QJsonDocument::fromJson(line).object().value("kl").toDouble();
        QVERIFY(std::abs(sum / double(lines.size()) - divergence(file).value("kl_mean").toDouble()) < 1e-9);
    }

    void wrongUsesOfAReferenceAreRefused()
    {
        PLANISH_NEEDS(support::storiesModel());
        COMPARE_CODE(evaluate(model(), {"--save-reference", path("x"), "--reference", model()}), 2);
        COMPARE_CODE(evaluate(model(), {"--per-token", path("x")}), 2);
        const auto shorter = runPlanish({"evaluate", model(), "--text", text(), "--limit-tokens", "512", "--seqlen",
                                         "256", "--reference", path("reference")});
        COMPARE_CODE(shorter, 1);
        QVERIFY2(shorter.err.contains("10 windows of 256"), shorter.err.constData());
        const auto noFile = evaluate(model(), {"--reference", path("plan.json")});
        COMPARE_CODE(noFile, 1);
    }

    void twoResultsAreComparedWindowByWindow()
    {
        PLANISH_NEEDS(support::storiesModel());
        const auto run = runPlanish({"compare", path("full.json"), path("bundle.json"), "--json"});
        COMPARE_CODE(run, 0);
        const auto perplexity = run.json().value("perplexity").toObject();
        QCOMPARE(perplexity.value("windows").toInt(), 10);
        QVERIFY(perplexity.value("ratio").toDouble() > 1.0);
        QCOMPARE(perplexity.value("significant").toBool(), true); // 3-bit weights after one short epoch
        const auto same = runPlanish({"compare", path("full.json"), path("full.json")});
        COMPARE_CODE(same, 0);
        QVERIFY2(same.out.contains("no significant difference"), same.out.constData());
        COMPARE_CODE(runPlanish({"compare", path("full.json"), path("plan.json")}), 1);
    }

    void aReportIsOneSelfContainedPage()
    {
        PLANISH_NEEDS(support::storiesModel());
        const auto run = runPlanish({"report", path("full.json"), path("bundle.json"), path("bundle"), "--html",
                                     path("page.html"), "--title", "Stories", "--json"});
        COMPARE_CODE(run, 0);
        const auto page = contentOf(path("page.html"));
        QCOMPARE(run.json().value("bytes").toInt(), int(page.size()));
        QVERIFY(page.size() < 3'000'000);
        for (const auto* part :
             {"<title>Stories</title>", "Paired differences", "Choices", "Calibration", "b is worse", "W3A4K4V4"})
            QVERIFY2(page.contains(part), part);
        COMPARE_CODE(runPlanish({"report", path("tokens.jsonl"), "--html", path("none.html")}), 1);
        QVERIFY(!QFile::exists(path("none.html")));
    }

    void exportWritesAndVerifiesAPlainFolder()
    {
        PLANISH_NEEDS(support::storiesModel());
        const auto run = runPlanish({"export", path("bundle"), "--format", "hf", "--out", path("plain"), "--verify",
                                     "--text", text(), "--tokens", "2560", "--json"});
        COMPARE_CODE(run, 0);
        const auto verified = run.json().value("verified").toObject();
        QVERIFY(verified.value("max_abs_weight_difference").toDouble() < 1e-6);
        const double ratio =
            verified.value("perplexity_after").toDouble() / verified.value("perplexity_before").toDouble();
        QVERIFY(std::abs(ratio - 1.0) < 1e-4);
        QVERIFY(QFile::exists(path("plain/model.safetensors")) && QFile::exists(path("plain/README.md")));
        COMPARE_CODE(runPlanish({"info", path("plain"), "--json"}), 0);
        const auto unknown =
            runPlanish({"export", path("bundle"), "--format", "exl3", "--out", path("other"), "--json"});
        COMPARE_CODE(unknown, 2);
        QVERIFY2(unknown.both().contains("compressed-tensors"), unknown.both().constData());
        const auto other = runPlanish({"export", path("bundle"), "--format", "gptq", "--out", path("other"), "--json"});
        COMPARE_CODE(other, 1); // the bundle's modules have transforms
        QVERIFY2(other.both().contains("choose identity"), other.both().constData());
        QVERIFY(!QFile::exists(path("other")));
    }

    void exportWritesAGgufFile()
    {
        PLANISH_NEEDS(support::storiesModel());
        const auto dry =
            runPlanish({"export", path("bundle"), "--format", "gguf", "--out", path("s.gguf"), "--dry-run", "--json"});
        COMPARE_CODE(dry, 0);
        QVERIFY(dry.json().value("bytes").toInteger() > 100'000 && !dry.json().value("lost").toArray().isEmpty());
        QVERIFY(!QFile::exists(path("s.gguf")));
        const auto run = runPlanish({"export", path("bundle"), "--format", "gguf", "--out", path("s.gguf"), "--json"});
        COMPARE_CODE(run, 0);
        QCOMPARE(run.json().value("path").toString(), path("s.gguf"));
        QCOMPARE(run.json().value("bytes").toInteger(), QFileInfo(path("s.gguf")).size());
        const auto info = runPlanish({"info", path("s.gguf"), "--json"});
        COMPARE_CODE(info, 0);
        QCOMPARE(info.json().value("model").toObject().value("blocks").toInt(), 5);
        const auto text = runPlanish({"chat", path("s.gguf"), "--prompt", "Once", "--max-tokens", "4", "--json"});
        COMPARE_CODE(text, 0);
    }

    void infoShowsWhereABundleComesFrom()
    {
        PLANISH_NEEDS(support::storiesModel());
        const auto json = runPlanish({"info", path("bundle"), "--json"}).json().value("provenance").toObject();
        QCOMPARE(json.value("source").toObject().value("path").toString(), model());
        QCOMPARE(json.value("text").toObject().value("path").toString(), text());
        QCOMPARE(json.value("calibration").toObject().value("samples").toInt(), 4);
        QVERIFY(json.value("command").toString().contains("calibrate"));
        QVERIFY(!json.value("libtorch").toString().isEmpty() && !json.value("time").toString().isEmpty());
        const auto report = QJsonDocument::fromJson(contentOf(path("bundle/report.json"))).object();
        QCOMPARE(report.value("provenance").toObject(), json);
        QVERIFY(runPlanish({"info", path("bundle")}).out.contains("calibrated on"));
    }
};

QTEST_GUILESS_MAIN(CliCompareTest)
#include "tst_cli_compare.moc"
