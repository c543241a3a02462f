// SPDX-License-Identifier: Apache-2.0
#include "core/report/html_report.h"
#include "core/report/model_card.h"
#include "core/report/svg_charts.h"

#include <QXmlStreamReader>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace core;

namespace {

ReportRun fullRun(const std::string& name)
{
    ReportRun run;
    run.name = name;
    EvaluationReport evaluation;
    evaluation.perplexity = PerplexityResult{
        .value = 7.25, .stderror = 0.1, .nllSum = 1.0, .tokens = 511, .windows = 1, .windowNllMean = {1.98}};
    evaluation.referencePerplexity = PerplexityResult{
        .value = 5.5, .stderror = 0.08, .nllSum = 1.0, .tokens = 511, .windows = 1, .windowNllMean = {1.7}};
    DivergenceResult divergence;
    divergence.klMean = 0.123;
    divergence.klPercentiles = {{0.0, -1e-9}, {1.0, 1e-5}, {50.0, 0.05}, {99.0, 1.5}, {100.0, 4.0}};
    divergence.top1Agreement = 0.875;
    evaluation.divergence = divergence;
    TaskResult task;
    task.task = "arc_easy";
    task.items = 100;
    task.acc = 0.4;
    task.accStderr = 0.049;
    evaluation.tasks.push_back(task);
    evaluation.provenance.command = "planish evaluate 'a <b> & c'";
    run.evaluation = evaluation;
    run.plan = Plan{.method = "kurtosis", .model = "h"};
    run.plan->modules.push_back(
        {.module = {0, ModuleKind::Attention}, .kind = TransformKind::Rotation, .reason = {"because", {}}});
    run.plan->modules.push_back(
        {.module = {0, ModuleKind::Mlp}, .kind = TransformKind::Affine, .origin = Origin::User, .reason = {}});
    run.calibration.blocks.push_back(
        {.block = 0, .errorStart = 0.5, .errorEnd = 0.01, .lossTrace = {}, .seconds = 3.0, .warnings = {"went back"}});
    return run;
}

std::string page(const std::vector<ReportRun>& runs)
{
    return htmlReport("A <title>", runs, {}, {"5.down: clips <early>"}, "2026-11-22T12:00:00Z");
}

bool has(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class HtmlReportTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /** The body uses XML's rules too (every tag closed), so that a parser finds what is left open or not escaped. */
    void thePageIsWellFormed()
    {
        auto html = page({fullRun("one"), fullRun("two & <three>")});
        const auto body = html.substr(html.find("<main>"), html.find("</main>") + 7 - html.find("<main>"));
        QXmlStreamReader reader(QByteArray::fromStdString(body));
        int charts = 0;
        while (!reader.atEnd())
            if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == QLatin1String("svg"))
                ++charts;
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString() + " at " + QString::number(reader.lineNumber())));
        QCOMPARE(charts, 7); // perplexity, divergence, one task, and choices and calibration of both runs
    }

    void figuresAndProvenanceAreThere()
    {
        const auto html = page({fullRun("one")});
        for (const auto* part : {"7.25 ± 0.1", "5.5 ± 0.08", "0.123", "87.50 %", "40.00 ± 4.90 %", "went back",
                                 "1 rotation (R)", "a &lt;b&gt; &amp; c", "prefers-color-scheme: dark"})
            QVERIFY2(has(html, part), part);
        QVERIFY(html.size() < 100'000);
    }

    void thePageNeedsNothingElse()
    {
        const auto html = page({fullRun("one"), fullRun("two")});
        for (const auto* part : {"<script", "http:", "https:", "src=", "@import", "url("})
            QVERIFY2(!has(html, part), part);
    }

    void namesFromFilesCannotBecomeMarkup()
    {
        const auto html = page({fullRun("<img onerror=x>")});
        QVERIFY(!has(html, "<img"));
        QVERIFY(has(html, "&lt;img onerror=x&gt;"));
        QVERIFY(has(html, "<title>A &lt;title&gt;</title>"));
    }

    void whatIsMissingLeavesItsSectionOut()
    {
        ReportRun run;
        run.name = "bundle";
        run.calibration.blocks.push_back(
            {.block = 0, .errorStart = 0.5, .errorEnd = 0.01, .lossTrace = {}, .seconds = 3.0, .warnings = {}});
        const auto html = page({run});
        QVERIFY(has(html, "Calibration"));
        QVERIFY(!has(html, "Perplexity") && !has(html, "Zero-shot") && !has(html, "Choices"));
    }

    void numbersThatAreNoneDoNotBreakAChart()
    {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const double infinity = std::numeric_limits<double>::infinity();
        const auto chart = dotChart(
            {{"a", 2.0, 1.0, 3.0, 0, "2"}, {"b", nan, nan, nan, 1, "nan"}, {"c", infinity, 0, 0, 2, "inf"}}, "x");
        QVERIFY(has(chart, "nan</text>"));
        QVERIFY(!has(chart, "cx=\"nan") && !has(chart, "cx=\"inf") && !has(chart, "=\"-nan"));
        QVERIFY(dotChart({{"b", nan, nan, nan, 1, "nan"}}, "x").empty());
        QVERIFY(lineChart({"1"}, {{"a", {0.0}, 0}}, "x").empty());
        QVERIFY(!dotChart({{"same", 5.0, 5.0, 5.0, 0, "5"}}, "x").empty()); // a range of no width
        QVERIFY(beforeAfterChart({}, "x", "block").empty());
    }

    void theCardSaysWhatIsLost()
    {
        const auto run = fullRun("one");
        const auto card = modelCard({.source = "models/stories`x",
                                     .sourceHash = "abc",
                                     .planHash = "def",
                                     .plan = *run.plan,
                                     .dtype = "BF16",
                                     .lost = {"activations were quantized to 4 bits and are not here"},
                                     .evaluation = run.evaluation,
                                     .verification = "Read back.",
                                     .time = "2026-11-22T12:00:00Z"});
        for (const auto* part :
             {"- activations were quantized to 4 bits", "| 0 | rotation | affine |", "library_name: transformers",
              "| perplexity, quantized | 7.25 ± 0.1 |", "`stories x`", "Read back."})
            QVERIFY2(has(card, part), part);
    }
};

QTEST_GUILESS_MAIN(HtmlReportTest)
#include "tst_html_report.moc"
