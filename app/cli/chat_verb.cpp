// SPDX-License-Identifier: Apache-2.0
#include "app/cli/arguments.h"
#include "app/cli/program.h"
#include "app/cli/table.h"
#include "core/base/error.h"
#include "core/session/result_json.h"

#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace cli {

namespace {

struct ChatOptions
{
    core::ChatSpec spec;
    std::optional<std::string> prompt; // none: a conversation
    std::string system;
    std::string out;
};

/** Checkpoints go through; progress only until the first token, whose text then owns the terminal. */
class UntilFirstToken : public core::Progress
{
public:
    explicit UntilFirstToken(Program& program)
        : m_program(program)
    {
    }

    void report(double fraction, std::string_view text) override
    {
        if (!m_silent)
            m_program.progress().report(fraction, text);
    }
    void checkpoint() override { m_program.progress().checkpoint(); }

    void silence()
    {
        if (!m_silent)
            m_program.clearProgress();
        m_silent = true;
    }

private:
    Program& m_program;
    bool m_silent = false;
};

std::string divergenceLine(const std::vector<core::TokenDivergence>& tokens)
{
    double sum = 0.0;
    std::size_t worst = 0;
    int agreeing = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        sum += tokens[i].kl;
        agreeing += tokens[i].id == tokens[i].otherTop ? 1 : 0;
        if (tokens[i].kl > tokens[worst].kl)
            worst = i;
    }
    return "the compared model: KL " + number(sum / static_cast<double>(tokens.size()), 4) + " nats a token, worst "
        + number(tokens[worst].kl, 4) + " at token " + std::to_string(worst + 1) + ", would choose the same "
        + std::to_string(agreeing) + " of " + std::to_string(tokens.size()) + " times\n";
}

core::ChatResult reply(Program& program, const core::ChatSpec& spec)
{
    UntilFirstToken progress(program);
    const bool streaming = !program.options.json;
    const auto observer = [&](const core::GeneratedToken& token) {
        progress.silence();
        if (streaming) {
            std::fwrite(token.text.data(), 1, token.text.size(), stdout);
            std::fflush(stdout);
        }
    };
    return program.session().chat(spec, observer, progress);
}

std::string figures(const core::ChatResult& result)
{
    auto text = "[" + std::to_string(result.ids.size()) + " tokens, " + number(result.tokensPerSecond, 3)
        + " tokens a second, ended by " + result.stopReason + "]\n";
    return result.divergence.empty() ? text : text + divergenceLine(result.divergence);
}

/** One question after another until the input ends. A signal during a reply ends the reply, at the prompt the program. */
void converse(Program& program, const ChatOptions& options, core::ChatSpec spec)
{
    const bool terminal = isatty(STDIN_FILENO) != 0;
    if (terminal)
        std::fputs("An empty line is ignored; /new begins again, /quit or Ctrl-D ends.\n", stderr);
    const auto opening = spec.messages;
    std::string line;
    while (true) {
        if (terminal)
            std::fputs("> ", stderr);
        if (!std::getline(std::cin, line)) {
            program.progress().checkpoint();
            return;
        }
        if (line.empty())
            continue;
        if (line == "/quit")
            return;
        if (line == "/new") {
            spec.messages = opening;
            continue;
        }
        const auto before = spec.messages;
        spec.messages.push_back({"user", line});
        try {
            const auto result = reply(program, spec);
            std::fputs("\n", stdout);
            std::fflush(stdout);
            std::fputs(figures(result).c_str(), stderr);
            spec.messages.push_back({"assistant", result.text});
        } catch (const core::Cancelled&) {
            forgetStop();
            spec.messages = before;
            program.clearProgress();
            std::fputs("\n[stopped]\n", stderr);
        } catch (const core::Error& error) {
            if (error.kind() != core::ErrorKind::InvalidArgument)
                throw;
            spec.messages =
                before; // e.g. no room left in the context: /new helps, and the talk so far is still on the screen
            std::fprintf(stderr, "planish: %s\n", core::describe(error).c_str());
        }
    }
}

Result chat(Program& program, const ChatOptions& options)
{
    auto spec = options.spec;
    spec.options.seed = program.options.seed;
    if (!options.system.empty())
        spec.messages.push_back({"system", options.system});
    if (!options.prompt) {
        if (program.options.json)
            throw WrongUsage("--json needs --prompt: a conversation is no single object");
        converse(program, options, std::move(spec));
        return {};
    }
    spec.messages.push_back({"user", *options.prompt});
    const auto result = reply(program, spec);
    if (!program.options.json && !program.options.quiet)
        std::fputs(("\n" + figures(result)).c_str(), stderr);
    return {core::toJson(result), "\n", options.out};
}

void describeChat(CLI::App& verb, ChatOptions& options)
{
    addModelArgument(verb, options.spec.model);
    verb.add_option("--compare", options.spec.compare, "a second model that reads the same tokens")->type_name("MODEL");
    verb.add_option("--prompt", options.prompt, "one question; without it a conversation begins");
    verb.add_option("--system", options.system, "the system message");
    verb.add_flag("--raw", options.spec.rawPrompt, "continue the prompt as it is, without the model's chat template");
    verb.add_option("--max-tokens", options.spec.options.maxTokens, "longest reply")
        ->check(positive())
        ->capture_default_str();
    verb.add_option("--temperature", options.spec.options.temperature, "0: the most probable token each time")
        ->check(notNegative())
        ->capture_default_str();
    verb.add_option("--top-k", options.spec.options.topK, "draw from the K most probable tokens; 0: from all")
        ->check(notNegative())
        ->capture_default_str();
    verb.add_option("--top-p", options.spec.options.topP, "draw from the fewest tokens that together are so probable")
        ->check(positive() & CLI::Range(0.0, 1.0))
        ->capture_default_str();
    verb.add_option("--alternatives", options.spec.options.alternatives,
                    "with --compare: the most probable tokens of both models, noted at each position")
        ->check(notNegative())
        ->capture_default_str();
    addJsonFileOption(verb, options.out);
}

struct TraceOptions
{
    core::TraceSpec spec;
    std::string text;
    std::int64_t position = -1;
    std::string out;
};

Result trace(Program& program, const TraceOptions& options)
{
    auto spec = options.spec;
    spec.ids = program.session().tokenize(spec.reference, options.text, true).ids;
    spec.position = options.position < 0 ? std::int64_t(spec.ids.size()) - 1 : options.position;
    const auto errors = program.session().traceToken(spec, program.progress());
    Table table({"block", "relative error", "typical", "times typical"});
    for (const auto& error : errors)
        table.add({std::to_string(error.block), number(error.atToken, 4), number(error.typical, 4),
                   number(error.typical > 0.0 ? error.atToken / error.typical : 0.0, 3)});
    return {core::toJson(errors), table.text(), options.out};
}

void describeTrace(CLI::App& verb, TraceOptions& options)
{
    addModelArgument(verb, options.spec.reference);
    verb.add_option("--compare", options.spec.model, "the quantized model")->required()->type_name("MODEL");
    verb.add_option("--text", options.text, "the text itself, the token in question last")->required();
    verb.add_option("--position", options.position, "the token that was chosen, counted from 0; without it the last");
    addJsonFileOption(verb, options.out);
}

} // namespace

void addChatVerb(CLI::App& app, Program& program)
{
    addVerb<TraceOptions>(app, program, "trace", "which blocks of a quantized model go wrong at one token of a text",
                          describeTrace, trace);
    addVerb<ChatOptions>(app, program, "chat", "talk with a model", describeChat, chat);
}

} // namespace cli
