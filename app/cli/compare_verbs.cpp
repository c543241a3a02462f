// SPDX-License-Identifier: Apache-2.0
// compare, report
#include "app/cli/arguments.h"
#include "app/cli/program.h"
#include "app/cli/table.h"
#include "core/session/result_json.h"

#include <cstdio>

namespace cli {

namespace {

struct CompareOptions
{
    std::string a;
    std::string b;
    std::string out;
};

std::string percentText(double share)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.2f %%", 100.0 * share);
    return text;
}

std::string comparisonText(const core::RunComparison& comparison)
{
    std::string text;
    if (const auto& perplexity = comparison.perplexity) {
        char line[256];
        std::snprintf(line, sizeof line,
                      "perplexity   a %.5f, b %.5f, ratio %.5f (95 %% interval %.5f to %.5f, %lld windows), p = %.3g\n",
                      perplexity->a, perplexity->b, perplexity->ratio, perplexity->ratioInterval.low,
                      perplexity->ratioInterval.high, static_cast<long long>(perplexity->windows),
                      perplexity->difference.pValue);
        text += line + core::verdict(*perplexity) + "\n";
    }
    if (!comparison.tasks.empty()) {
        Table table({"<task", "<metric", "items", "a", "b", "right to wrong", "wrong to right", "p", "<verdict"});
        for (const auto& task : comparison.tasks)
            table.add({task.task, task.metric, std::to_string(task.items), percentText(task.a), percentText(task.b),
                       std::to_string(task.rightToWrong), std::to_string(task.wrongToRight), number(task.pValue, 3),
                       core::verdict(task)});
        text += (text.empty() ? "" : "\n") + table.text();
    }
    for (const auto& note : comparison.notes)
        text += "note: " + note + "\n";
    return text;
}

Result compare(Program& program, const CompareOptions& options)
{
    const auto comparison = program.session().compareRuns(options.a, options.b, program.options.seed);
    core::Json json{{"a", options.a}, {"b", options.b}};
    json.update(core::toJson(comparison));
    return {std::move(json), comparisonText(comparison), options.out};
}

void describeCompare(CLI::App& verb, CompareOptions& options)
{
    verb.add_option("A", options.a,
                    "a result of evaluate (--out FILE), or a bundle that was evaluated when it was made")
        ->required()
        ->type_name("RESULT");
    verb.add_option("B", options.b, "another one over the same text and items")->required()->type_name("RESULT");
    addJsonFileOption(verb, options.out);
}

Result report(Program& program, const core::ReportSpec& spec)
{
    const auto size = program.session().writeReport(spec);
    return {{{"path", spec.html}, {"bytes", size}}, "wrote " + spec.html + ", " + bytes(size) + "\n", {}};
}

void describeReport(CLI::App& verb, core::ReportSpec& spec)
{
    verb.add_option("RESULT", spec.inputs, "results of evaluate, calibrate or quantize as JSON, and bundles")
        ->required()
        ->type_name("PATH");
    verb.add_option("--html", spec.html, "the page to write")->required()->type_name("FILE");
    verb.add_option("--title", spec.title, "its title");
    verb.add_option("--note", spec.notes, "a paragraph of notes; may be given again");
}

} // namespace

void addCompareVerbs(CLI::App& app, Program& program)
{
    addVerb<CompareOptions>(app, program, "compare", "two evaluations, window by window and item by item",
                            describeCompare, compare);
    addVerb<core::ReportSpec>(app, program, "report", "evaluations and bundles as one self-contained HTML page",
                              describeReport, report);
}

} // namespace cli
