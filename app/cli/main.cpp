// SPDX-License-Identifier: Apache-2.0
#include "app/cli/arguments.h"
#include "app/cli/program.h"
#include "core/session/result_json.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <span>
#include <string_view>

namespace {

void addGlobalOptions(CLI::App& app, cli::GlobalOptions& options)
{
    app.add_option("--device", options.device, "where to compute: auto, cpu, cuda or cuda:N")
        ->check(cli::deviceName())
        ->capture_default_str();
    app.add_option("--threads", options.threads, "threads on the CPU; 0: all cores")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
    app.add_option("--seed", options.seed, "seed of everything that is drawn")
        ->check(cli::notNegative())
        ->capture_default_str();
    app.add_flag("--quiet", options.quiet, "no progress on standard error");
    app.add_option("--log", options.log, "write what is done, step by step, to this file");
    app.add_flag("--json", options.json, "print the result as one JSON object");
}

/** The line as a shell would take it again. */
std::string commandLine(int count, char** arguments)
{
    std::string line = "planish";
    for (int i = 1; i < count; ++i) {
        const std::string argument = arguments[i];
        const bool plain = !argument.empty()
            && argument.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+@%")
                == std::string::npos;
        std::string quoted = "'";
        for (const char c : argument)
            quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
        line += " " + (plain ? argument : quoted + "'");
    }
    return line;
}

/** CLI11 reports on the streams; with --json the error must also be the one object on standard output. */
int reportUsage(const CLI::App& app, const CLI::ParseError& error, std::span<char*> arguments)
{
    // CLI11 says that a verb is needed, not which word is none.
    const auto named = std::find_if(arguments.begin() + 1, arguments.end(), [](const char* a) { return *a != '-'; });
    const bool noVerb =
        named != arguments.end() && app.get_subcommands().empty() && dynamic_cast<const CLI::RequiredError*>(&error);
    if (noVerb)
        std::cerr << "planish: there is no verb '" << *named << "'\n";
    // What a verb refuses is refused before the options are stored.
    const bool json = std::any_of(arguments.begin(), arguments.end(),
                                  [](const char* argument) { return std::string_view(argument) == "--json"; });
    const int code = app.exit(error, std::cout, std::cerr);
    if (code == 0) // --help, --version
        return cli::Program::kDone;
    if (json)
        std::cout << cli::jsonText(core::errorJson("wrong_usage", error.what(), "")) << std::endl;
    return cli::Program::kWrongUsage;
}

} // namespace

int main(int count, char** arguments)
{
    CLI::App app{
        "Planish analyses and quantizes language models: each attention and feed-forward module with the affine or\n"
        "rotation transform that suits it. MODEL is a Hugging Face folder, a .gguf file or a bundle that Planish "
        "wrote;\n"
        "TEXT is UTF-8 or .jsonl with a \"text\" key, or either gzipped.",
        "planish"};
    cli::Program program;
    program.options.command = commandLine(count, arguments);
    app.require_subcommand(1);
    app.fallthrough(); // global options may stand behind the verb too
    app.set_version_flag("--version", PLANISH_VERSION);
    app.footer(
        "Exit codes: 0 done, 1 the work failed, 2 wrong usage, 130 stopped by a signal (what is finished is kept).");
    addGlobalOptions(app, program.options);
    cli::addModelVerbs(app, program);
    cli::addScoreVerb(app, program);
    cli::addAnalysisVerbs(app, program);
    cli::addInspectVerb(app, program);
    cli::addSelectVerb(app, program);
    cli::addQuantizeVerbs(app, program);
    cli::addCompareVerbs(app, program);
    cli::addExportVerb(app, program);
    cli::addRuleVerbs(app, program);
    cli::addCheckVerbs(app, program);
    cli::addChatVerb(app, program);
    cli::addBenchVerb(app, program);
    cli::addCompletionVerb(app, program);
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        return reportUsage(app, error, {arguments, std::size_t(count)});
    }
    return program.run();
}
