// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/console_progress.h"
#include "core/io/json.h"
#include "core/session/session.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

namespace cli {

struct GlobalOptions
{
    std::string device = "auto";
    int threads = 0;
    std::uint64_t seed = 0;
    bool quiet = false;
    bool json = false;
    std::string log;
    std::string command; // the whole line, for the record
};

/** What a verb hands back: the keys of its JSON result, and the same for a person. */
struct Result
{
    core::Json json = core::Json::object();
    std::string text;
    std::string jsonFile; // --out: the JSON is written there too; empty: not
    int exitCode = 0;     // a result that says no, such as a check that fails, exits with 1
};

/** Options that each are right but not together: exit code 2. */
class WrongUsage : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

/** What all verbs share: the global options, one engine made when it is first needed, progress, output and exit codes. */
class Program
{
public:
    using Verb = std::function<Result(Program&)>;

    GlobalOptions options;

    core::Session& session();
    core::Progress& progress();
    bool speaks() const { return m_speaks; }      // writes results: of several ranks the first alone
    void clearProgress() { m_progress->clear(); } // before a verb itself prints something

    /** Told by the verb that the command line chose; run() then does it. */
    void choose(std::string name, Verb verb);
    int run();

    static constexpr int kDone = 0;
    static constexpr int kFailed = 1;
    static constexpr int kWrongUsage = 2;
    static constexpr int kStopped = 130;

private:
    int runGuarded();
    int fail(std::string_view kind, std::string_view what, std::string_view context);
    core::Json envelope(double seconds, core::Json keys);
    void print(Result result, double seconds);

    std::string m_name;
    bool m_speaks = true; // of several ranks the first
    Verb m_verb;
    std::unique_ptr<core::Session> m_session;
    std::unique_ptr<ConsoleProgress> m_progress;
};

/** One line of JSON; bytes that are not UTF-8 become U+FFFD, since JSON has no others. */
std::string jsonText(const core::Json& json);

// For a person.
std::string evaluationText(const core::EvaluationReport& report);
std::string planText(const core::Plan& plan);
std::string invarianceText(const core::InvarianceReport& report);

/** A verb whose options live in `Options` until it runs. */
template <typename Options>
void addVerb(CLI::App& app, Program& program, const std::string& name, const std::string& description,
             const std::function<void(CLI::App&, Options&)>& describeOptions,
             const std::function<Result(Program&, const Options&)>& work)
{
    auto* verb = app.add_subcommand(name, description);
    auto options = std::make_shared<Options>();
    describeOptions(*verb, *options);
    verb->callback([&program, name, options, work] {
        program.choose(name, [options, work](Program& running) { return work(running, *options); });
    });
}

// The verbs, a file for each group.
void addModelVerbs(CLI::App& app, Program& program);    // demo, info, tokenize, devices
void addScoreVerb(CLI::App& app, Program& program);     // score
void addAnalysisVerbs(CLI::App& app, Program& program); // profile, evaluate
void addInspectVerb(CLI::App& app, Program& program);   // inspect
void addSelectVerb(CLI::App& app, Program& program);    // select
void addQuantizeVerbs(CLI::App& app, Program& program); // calibrate, quantize
void addCompareVerbs(CLI::App& app, Program& program);  // compare, report
void addExportVerb(CLI::App& app, Program& program);    // export
void addRuleVerbs(CLI::App& app, Program& program);     // fit-rule, probe
void addCheckVerbs(CLI::App& app, Program& program);    // budget, what-if, check
void addChatVerb(CLI::App& app, Program& program);      // chat
void addBenchVerb(CLI::App& app, Program& program);     // bench
void addCompletionVerb(CLI::App& app, Program& program);

} // namespace cli
