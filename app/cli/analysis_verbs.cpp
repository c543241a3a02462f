// SPDX-License-Identifier: Apache-2.0
// profile, evaluate
#include "app/cli/arguments.h"
#include "app/cli/program.h"
#include "app/cli/table.h"
#include "core/session/result_json.h"

#include <cmath>
#include <cstdio>

namespace cli {

namespace {

struct ProfileOptions
{
    core::ProfileSpec spec;
    std::string out;
};

std::vector<std::string> distributionRow(std::string name, const core::Distribution& values)
{
    return {std::move(name),       std::to_string(values.count), number(values.mean, 4),   number(values.std, 4),
            number(values.min, 4), number(values.max, 4),        number(values.absmax, 4), number(values.kurtosis, 5)};
}

std::string profileText(const core::Profile& profile)
{
    const std::vector<std::string> columns{"count", "mean", "std", "min", "max", "absmax", "kurtosis"};
    const auto tableNamed = [&](const std::string& name) {
        std::vector<std::string> header{name};
        header.insert(header.end(), columns.begin(), columns.end());
        return Table(header);
    };
    auto weights = tableNamed("<layer");
    for (const auto& layer : profile.weights)
        weights.add(distributionRow(core::toString(layer.layer), layer.weight));
    Table modules({"<module", "kurtosis", "robust z"});
    for (const auto& module : profile.modules)
        modules.add({core::toString(module.module), number(module.kurtosis), number(module.robustZ)});
    auto text = weights.text() + "\n" + modules.text();
    if (!profile.activations.empty()) {
        auto sites = tableNamed("<site");
        for (const auto& site : profile.activations)
            sites.add(distributionRow(core::toString(site.site), site.activation));
        text += "\n" + sites.text();
    }
    for (const auto& warning : profile.warnings)
        text += "warning: " + warning + "\n";
    return text;
}

Result profile(Program& program, const ProfileOptions& options)
{
    const auto profile = program.session().profile(options.spec, {}, program.progress());
    return {core::toJson(profile), profileText(profile), options.out};
}

struct EvaluateOptions
{
    core::EvaluateSpec spec;
    std::string itemsOut;
    std::string out;
};

std::string perplexityLine(const std::string& name, const core::PerplexityResult& result)
{
    char text[160];
    std::snprintf(text, sizeof text, "%-22s %.5f +- %.5f  (%s, %lld windows, %lld tokens)\n", name.c_str(),
                  result.value, result.stderror,
                  std::string(core::wordFor(core::kPerplexityConventions, result.convention)).c_str(),
                  static_cast<long long>(result.windows), static_cast<long long>(result.tokens));
    return text;
}

std::string differenceLine(const core::PairedMean& difference)
{
    const bool isClear = difference.pValue < core::kSignificance;
    char text[160];
    std::snprintf(text, sizeof text, "%-22s %+.3f %% (ln %+.5f +- %.5f, p = %.2g): %s\n", "paired difference",
                  100.0 * std::expm1(difference.mean), difference.mean, difference.stderror, difference.pValue,
                  !isClear                  ? "no significant difference"
                      : difference.mean > 0 ? "worse"
                                            : "better");
    return text;
}

std::string divergenceText(const core::DivergenceResult& result)
{
    char text[640];
    std::snprintf(text, sizeof text,
                  "ln perplexity ratio    %.5f +- %.5f\n"
                  "KL divergence          %.6f +- %.6f nats a token\n"
                  "same first choice      %.3f +- %.3f %%\n"
                  "same five choices      %.3f +- %.3f %%\n"
                  "mean delta p           %.3f +- %.3f %%\n"
                  "RMS delta p            %.3f +- %.3f %%\n\n",
                  result.lnPerplexityDifference, result.lnPerplexityDifferenceStderr, result.klMean, result.klStderr,
                  100.0 * result.top1Agreement, 100.0 * result.top1Stderr, 100.0 * result.top5Agreement,
                  100.0 * result.top5Stderr, 100.0 * result.probabilityDifferenceMean,
                  100.0 * result.probabilityDifferenceStderr, 100.0 * result.probabilityDifferenceRms,
                  100.0 * result.probabilityDifferenceRmsStderr);
    Table table({"percentile", "KL (nats)", "delta p (%)"});
    for (std::size_t i = 0; i < result.klPercentiles.size(); ++i)
        table.add({number(result.klPercentiles[i].first), number(result.klPercentiles[i].second),
                   number(100.0 * result.probabilityDifferencePercentiles.at(i).second)});
    return text + table.text();
}

std::string withError(const std::optional<double>& value, const std::optional<double>& error, double scale)
{
    if (!value)
        return "";
    char text[64];
    std::snprintf(text, sizeof text, "%.2f +- %.2f", scale * *value, scale * error.value_or(0.0));
    return text;
}

std::string tasksText(const std::vector<core::TaskResult>& tasks)
{
    Table table({"<task", "items", "acc %", "acc_norm %", "perplexity"});
    std::string notes;
    for (const auto& task : tasks) {
        table.add({task.task, std::to_string(task.items), withError(task.acc, task.accStderr, 100.0),
                   withError(task.accNorm, task.accNormStderr, 100.0),
                   withError(task.perplexity, task.perplexityStderr, 1.0)});
        if (task.leftOut > 0)
            notes += task.task + ": " + std::to_string(task.leftOut) + " items are longer than the context: left out\n";
        if (!task.note.empty())
            notes += task.task + ": " + task.note + "\n";
    }
    return table.text() + notes;
}

/** With --out and no --journal, finished work is kept beside the result until that is written. */
std::string journalBesideResult(const EvaluateOptions& options)
{
    return options.spec.journal.empty() && !options.out.empty() ? options.out + ".journal" : std::string();
}

Result evaluate(Program& program, const EvaluateOptions& options)
{
    auto spec = options.spec;
    spec.seed = program.options.seed;
    spec.command = program.options.command;
    const auto beside = journalBesideResult(options);
    if (!beside.empty())
        spec.journal = beside;
    const auto report = program.session().evaluate(spec, program.progress());
    if (!options.itemsOut.empty() && program.speaks())
        core::writeFileAtomically(options.itemsOut, core::taskItemsText(report));
    if (!beside.empty() && program.speaks())
        std::remove(beside.c_str());
    return {core::toJson(report), evaluationText(report), options.out};
}

void describeProfile(CLI::App& verb, ProfileOptions& options)
{
    addModelArgument(verb, options.spec.model);
    verb.add_option("--text", options.spec.text, "measure the activations on this text too")->type_name("TEXT");
    verb.add_option("--tokens", options.spec.tokens, "how many of its tokens")
        ->check(positive())
        ->capture_default_str();
    verb.add_option("--seqlen", options.spec.seqlen, "tokens of a window")->check(positive())->capture_default_str();
    addJsonFileOption(verb, options.out);
}

void describeTasks(CLI::App& verb, EvaluateOptions& options)
{
    verb.add_option(
            "--tasks", options.spec.tasks,
            "zero-shot tasks: arc_easy, arc_challenge, hellaswag, lambada_openai, piqa, winogrande or a definition "
            "file; TASK=FILE names the items")
        ->delimiter(',')
        ->allow_extra_args(false)
        ->type_name("A,B");
    verb.add_option("--tasks-dir", options.spec.tasksDir,
                    "where the items lie as downloaded: DIR/TASK/FILE; without it MODEL/tasks")
        ->type_name("DIR");
    verb.add_option("--limit", options.spec.limit, "only the first so many items of each task; 0: all")
        ->check(notNegative())
        ->capture_default_str();
    verb.add_option("--items", options.spec.itemsFile,
                    "own items, {\"query\": \"...\", \"choices\": [...], \"gold\": 0} a line")
        ->type_name("FILE.jsonl");
    verb.add_option("--items-out", options.itemsOut, "write the answer to every item, one a line")
        ->type_name("FILE.jsonl");
    verb.add_option("--batch-tokens", options.spec.tokensInPass, "tokens of items in one pass; less needs less memory")
        ->check(positive())
        ->capture_default_str();
}

void describeEvaluate(CLI::App& verb, EvaluateOptions& options)
{
    addModelArgument(verb, options.spec.model);
    verb.add_option("--text", options.spec.text, "measure the perplexity of this text")->type_name("TEXT");
    auto* reference =
        verb.add_option("--reference", options.spec.reference,
                        "compare token by token with this model, or with a run that --save-reference stored")
            ->type_name("MODEL|FILE");
    verb.add_option("--save-reference", options.spec.saveReference,
                    "store the model's distributions as a reference for others: 2 bytes a token and vocabulary entry")
        ->type_name("FILE")
        ->excludes(reference);
    verb.add_option("--per-token", options.spec.perToken, "a record of every scored token, a JSON object a line")
        ->type_name("F.jsonl")
        ->needs(reference);
    verb.add_option("--seqlen", options.spec.seqlen, "tokens of a window; 0: the smaller of 2048 and the context")
        ->check(notNegative())
        ->capture_default_str();
    addWord(verb, "--convention", options.spec.convention, core::kPerplexityConventions,
            "gptq: every token of each window; llama.cpp: BOS in front, second half of each window");
    verb.add_option("--limit-tokens", options.spec.limitTokens, "only so many tokens of the text; 0: all")
        ->check(notNegative())
        ->capture_default_str();
    describeTasks(verb, options);
    verb.add_option("--journal", options.spec.journal,
                    "keep finished work here and go on from it; without it beside --out until that is written")
        ->type_name("FILE");
    addJsonFileOption(verb, options.out);
    verb.parse_complete_callback([&options] {
        if (options.spec.text.empty() && options.spec.tasks.empty() && options.spec.itemsFile.empty())
            throw CLI::RequiredError("one of --text, --tasks and --items");
        if (options.spec.text.empty() && !options.spec.reference.empty())
            throw CLI::RequiredError("--reference compares on a text: --text");
    });
}

} // namespace

std::string evaluationText(const core::EvaluationReport& report)
{
    std::string text;
    if (report.perplexity)
        text += perplexityLine("perplexity", *report.perplexity);
    if (report.referencePerplexity)
        text += perplexityLine("reference perplexity", *report.referencePerplexity);
    if (const auto difference = core::differenceFromReference(report))
        text += differenceLine(*difference);
    if (report.divergence)
        text += divergenceText(*report.divergence);
    if (!report.tasks.empty())
        text += (text.empty() ? "" : "\n") + tasksText(report.tasks);
    return text;
}

void addAnalysisVerbs(CLI::App& app, Program& program)
{
    addVerb<ProfileOptions>(app, program, "profile", "statistics of weights and, with a text, activations",
                            describeProfile, profile);
    addVerb<EvaluateOptions>(app, program, "evaluate", "perplexity, divergence from a reference, zero-shot tasks",
                             describeEvaluate, evaluate);
}

} // namespace cli
