// SPDX-License-Identifier: Apache-2.0
#include "core/report/html_report.h"

#include "core/base/version.h"
#include "core/report/bundle_sections.h"
#include "core/report/report_parts.h"
#include "core/report/report_style.h"
#include "core/report/svg_charts.h"

#include <algorithm>
#include <cmath>

namespace core {

namespace {

constexpr double kNormal95 = 1.96;

/** The unweighted mean of acc_norm where a task has it, else acc, as the papers average; its error from the tasks'. */
std::optional<DotRow> taskAverage(const EvaluationReport& report)
{
    if (report.tasks.size() < 2)
        return std::nullopt;
    double sum = 0.0;
    double variance = 0.0;
    for (const auto& task : report.tasks) {
        sum += task.accNorm.value_or(task.acc);
        const double error = task.accNorm ? task.accNormStderr.value_or(0.0) : task.accStderr;
        variance += error * error;
    }
    const auto count = static_cast<double>(report.tasks.size());
    DotRow row;
    row.value = sum / count;
    row.text = percent(row.value, std::sqrt(variance) / count);
    return row;
}

/** One perplexity: a run's own, or that of the model it was compared with. */
struct PerplexityRow
{
    std::string name;
    std::string text; // the text's hash: only the same are comparable
    PerplexityResult result;
    bool reference = false;
};

std::vector<PerplexityRow> perplexityRows(const std::vector<ReportRun>& runs)
{
    std::vector<PerplexityRow> rows;
    const auto known = [&](const PerplexityResult& result, const std::string& text) {
        return std::any_of(rows.begin(), rows.end(), [&](const PerplexityRow& row) {
            return row.text == text && row.result.value == result.value && row.result.tokens == result.tokens;
        });
    };
    for (const auto& run : runs)
        if (run.evaluation && run.evaluation->perplexity)
            rows.push_back({run.name, run.evaluation->provenance.textHash, *run.evaluation->perplexity, false});
    for (const auto& run : runs) { // references once, in front, unless they are runs of the report themselves
        if (!run.evaluation || !run.evaluation->referencePerplexity)
            continue;
        const auto& evaluation = *run.evaluation;
        if (!known(*evaluation.referencePerplexity, evaluation.provenance.textHash))
            rows.insert(rows.begin(),
                        {"reference", evaluation.provenance.textHash, *evaluation.referencePerplexity, true});
    }
    return rows;
}

std::string summarySection(const std::vector<ReportRun>& runs)
{
    std::vector<std::vector<std::string>> rows{
        {"run", "perplexity", "against reference", "KL (nats a token)", "same first choice", "tasks, mean"}};
    for (const auto& run : runs) {
        if (!run.evaluation)
            continue;
        const auto& evaluation = *run.evaluation;
        std::vector<std::string> row{run.name, "–", "–", "–", "–", "–"};
        if (evaluation.perplexity)
            row[1] = withError(evaluation.perplexity->value, evaluation.perplexity->stderror);
        if (const auto& divergence = evaluation.divergence) {
            const double change = std::expm1(divergence->lnPerplexityDifference) * 100.0;
            row[2] = (change >= 0.0 ? "+" : "") + printNumber(change, 3) + " %";
            row[3] = withError(divergence->klMean, divergence->klStderr, 3);
            row[4] = percent(divergence->top1Agreement, divergence->top1Stderr);
        }
        if (const auto average = taskAverage(evaluation))
            row[5] = average->text;
        rows.push_back(row);
    }
    if (rows.size() < 2)
        return {};
    for (std::size_t column = rows[0].size(); column-- > 1;) { // what no run has
        const bool empty =
            std::all_of(rows.begin() + 1, rows.end(), [&](const auto& row) { return row[column] == "–"; });
        for (auto& row : rows)
            if (empty)
                row.erase(row.begin() + static_cast<std::ptrdiff_t>(column));
    }
    HtmlTable table(rows[0]);
    for (std::size_t i = 1; i < rows.size(); ++i)
        table.add(rows[i]);
    return section("Summary", "± is one standard error.", table.text());
}

std::string perplexitySection(const std::vector<ReportRun>& runs)
{
    const auto rows = perplexityRows(runs);
    std::string content;
    std::vector<std::string> texts;
    for (const auto& row : rows)
        if (std::find(texts.begin(), texts.end(), row.text) == texts.end())
            texts.push_back(row.text);
    for (const auto& text : texts) {
        std::vector<DotRow> dots;
        std::string about;
        for (const auto& row : rows) {
            if (row.text != text)
                continue;
            const double reach = kNormal95 * row.result.stderror;
            dots.push_back({shortName(row.name), row.result.value, row.result.value - reach, row.result.value + reach,
                            row.reference ? 5 : 0, withError(row.result.value, row.result.stderror)});
            about = std::to_string(row.result.windows) + " windows, " + std::to_string(row.result.tokens)
                + " scored tokens, convention "
                + (row.result.convention == PerplexityConvention::Gptq ? "gptq" : "llama.cpp")
                + (text.empty() ? "" : ", text " + text.substr(0, 12));
        }
        content += figure(dotChart(dots, "perplexity, lower is better"), about);
    }
    return section(
        "Perplexity",
        "exp of the mean negative log-likelihood of a text's tokens. Bars are 95 % intervals of each run by itself; "
        "runs over the same text share most of that uncertainty, so their difference is known better than the bars "
        "suggest: see paired differences.",
        content);
}

std::string divergenceSection(const std::vector<ReportRun>& runs)
{
    std::vector<std::string> categories;
    std::vector<LineSeries> lines;
    HtmlTable table({"run", "mean KL", "median", "99 %", "same first", "same five", "RMS Δp", "ln ppl ratio"});
    for (const auto& run : runs) {
        if (!run.evaluation || !run.evaluation->divergence)
            continue;
        const auto& divergence = *run.evaluation->divergence;
        LineSeries entry{shortName(run.name), {}, int(lines.size()) % 6};
        const bool first = categories.empty();
        std::string median = "–";
        std::string high = "–";
        for (const auto& [share, value] : divergence.klPercentiles) {
            if (share == 50.0)
                median = printNumber(value, 3);
            if (share == 99.0)
                high = printNumber(value, 3);
            if (share < 1.0) // the floor, where rounding rules
                continue;
            if (first)
                categories.push_back(printNumber(share) + " %");
            entry.values.push_back(value);
        }
        lines.push_back(entry);
        table.add({run.name, withError(divergence.klMean, divergence.klStderr, 3), median, high,
                   percent(divergence.top1Agreement, divergence.top1Stderr),
                   percent(divergence.top5Agreement, divergence.top5Stderr),
                   percent(divergence.probabilityDifferenceRms, divergence.probabilityDifferenceRmsStderr),
                   withError(divergence.lnPerplexityDifference, divergence.lnPerplexityDifferenceStderr, 3)});
    }
    if (lines.empty())
        return {};
    return section("Divergence from the reference",
                   "Kullback-Leibler divergence of the next-token distribution from the reference's, in nats a token: "
                   "0 where the two "
                   "say the same. Δp is the difference of the probabilities of the text's own token.",
                   figure(lineChart(categories, lines, "KL divergence (nats)"),
                          "Percentiles over the scored tokens: how far the worst tokens are from the typical one.")
                       + table.text());
}

std::string taskSection(const std::vector<ReportRun>& runs)
{
    std::vector<std::string> names;
    for (const auto& run : runs)
        if (run.evaluation)
            for (const auto& task : run.evaluation->tasks)
                if (std::find(names.begin(), names.end(), task.task) == names.end())
                    names.push_back(task.task);
    std::string content;
    HtmlTable table({"task", "@left|run", "items", "acc", "acc_norm", "perplexity"});
    for (const auto& name : names) {
        std::vector<DotRow> dots;
        std::string metric;
        for (const auto& run : runs) {
            if (!run.evaluation)
                continue;
            for (const auto& task : run.evaluation->tasks) {
                if (task.task != name)
                    continue;
                metric = task.accNorm ? "acc_norm" : "acc";
                const double value = task.accNorm.value_or(task.acc);
                const double error = task.accNorm ? task.accNormStderr.value_or(0.0) : task.accStderr;
                const double reach = kNormal95 * error * 100.0;
                dots.push_back({shortName(run.name), 100.0 * value, 100.0 * value - reach, 100.0 * value + reach, 0,
                                percent(value, error)});
                table.add({name, "@left|" + run.name, std::to_string(task.items), percent(task.acc, task.accStderr),
                           task.accNorm ? percent(*task.accNorm, task.accNormStderr.value_or(0.0)) : "–",
                           task.perplexity ? withError(*task.perplexity, task.perplexityStderr.value_or(0.0)) : "–"});
            }
        }
        content += "<h3>" + escapeHtml(name) + "</h3>\n" + figure(dotChart(dots, metric + " (%)"), "95 % intervals");
    }
    if (content.empty())
        return {};
    return section("Zero-shot tasks",
                   "acc: the most probable choice is the right one. acc_norm: probabilities are divided by the "
                   "choices' lengths in "
                   "characters first.",
                   content + table.text());
}

/** "b is worse" in its colour, or that nothing can be said. */
std::string verdictCell(bool significant, bool worse)
{
    if (!significant)
        return "@left|no significant difference";
    return worse ? "@left bad|b is worse" : "@left good|b is better";
}

std::string intervalText(double low, double high)
{
    return printNumber(low, 3) + " to " + printNumber(high, 3);
}

std::string pairTable(const RunComparison& comparison)
{
    HtmlTable table({"what", "a", "b", "difference", "95 % interval", "p", "@left|verdict"});
    if (const auto& perplexity = comparison.perplexity)
        table.add(
            {"perplexity, " + std::to_string(perplexity->windows) + " windows", printNumber(perplexity->a),
             printNumber(perplexity->b), printNumber(100.0 * (perplexity->ratio - 1.0), 3) + " %",
             intervalText(100.0 * (perplexity->ratioInterval.low - 1.0), 100.0 * (perplexity->ratioInterval.high - 1.0))
                 + " %",
             printNumber(perplexity->difference.pValue, 2),
             verdictCell(perplexity->significant, perplexity->ratio > 1.0)});
    for (const auto& task : comparison.tasks)
        table.add({task.task + " " + task.metric + ": " + std::to_string(task.rightToWrong) + " lost, "
                       + std::to_string(task.wrongToRight) + " gained of " + std::to_string(task.items),
                   percent(task.a, 0.0), percent(task.b, 0.0), printNumber(100.0 * task.difference.mean, 3) + " points",
                   intervalText(100.0 * task.difference.interval.low, 100.0 * task.difference.interval.high),
                   printNumber(task.pValue, 2), verdictCell(task.significant, task.b < task.a)});
    std::string notes;
    for (const auto& note : comparison.notes)
        notes += "<li>" + escapeHtml(note) + "</li>\n";
    return table.text() + (notes.empty() ? "" : "<ul class=\"sub\">" + notes + "</ul>\n");
}

std::string pairSection(const std::vector<ReportPair>& pairs)
{
    std::string content;
    for (const auto& pair : pairs)
        content += "<h3>" + escapeHtml(pair.b) + " (b) against " + escapeHtml(pair.a) + " (a)</h3>\n"
            + pairTable(pair.comparison);
    return section(
        "Paired differences",
        "Over the same windows and items. Perplexity: bootstrap interval and Student's paired t-test; tasks: "
        "McNemar's exact test over the items that changed. Significant: p below 0.05.",
        content);
}

std::string noteSection(const std::vector<std::string>& notes)
{
    std::string paragraphs;
    for (const auto& note : notes)
        paragraphs += "<p>" + escapeHtml(note) + "</p>\n";
    return section("Notes", "Written by whoever made the report.", paragraphs);
}

} // namespace

std::string htmlReport(const std::string& title, const std::vector<ReportRun>& runs,
                       const std::vector<ReportPair>& pairs, const std::vector<std::string>& notes,
                       const std::string& time)
{
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
        + escapeHtml(title) + "</title>\n<style>" + kReportStyle + "</style>\n</head>\n<body>\n<main>\n<h1>"
        + escapeHtml(title) + "</h1>\n<p class=\"note\">Planish " + kVersion + ", " + escapeHtml(time) + "</p>\n"
        + summarySection(runs) + noteSection(notes) + pairSection(pairs) + perplexitySection(runs)
        + divergenceSection(runs) + taskSection(runs) + planSection(runs) + calibrationSection(runs)
        + provenanceSection(runs) + "</main>\n</body>\n</html>\n";
}

} // namespace core
