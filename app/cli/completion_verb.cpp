// SPDX-License-Identifier: Apache-2.0
// Shell completion, made from the verbs and options themselves so that it cannot fall behind them.
#include "app/cli/program.h"

#include <vector>

namespace cli {

namespace {

struct CompletionOptions
{
    std::string shell;
};

std::vector<const CLI::App*> verbsOf(const CLI::App& app)
{
    return app.get_subcommands([](const CLI::App* verb) { return !verb->get_name().empty(); });
}

/** The options of a verb, those of its groups and the global ones. */
std::vector<const CLI::Option*> optionsOf(const CLI::App& verb)
{
    std::vector<const CLI::Option*> result;
    const auto append = [&](const CLI::App& from) {
        for (const auto* option : from.get_options())
            if (!option->get_lnames().empty())
                result.push_back(option);
    };
    append(verb);
    for (const auto* group : verb.get_subcommands([](const CLI::App* child) { return child->get_name().empty(); }))
        append(*group);
    if (verb.get_parent())
        append(*verb.get_parent());
    return result;
}

/** "kurtosis search" of "TEXT:{kurtosis,search}"; empty for an option with free values. */
std::string choicesOf(const CLI::Option& option)
{
    const auto type = option.get_type_name();
    const auto open = type.find('{');
    const auto close = type.find('}', open);
    if (open == std::string::npos || close == std::string::npos)
        return {};
    auto words = type.substr(open + 1, close - open - 1);
    for (auto& letter : words)
        letter = letter == ',' ? ' ' : letter;
    return words;
}

std::string namesOf(const std::vector<const CLI::Option*>& options)
{
    std::string names;
    for (const auto* option : options)
        for (const auto& name : option->get_lnames())
            names += (names.empty() ? "--" : " --") + name;
    return names;
}

std::string bashScript(const CLI::App& app)
{
    std::string verbs;
    std::string options;
    std::string values;
    for (const auto* verb : verbsOf(app)) {
        verbs += (verbs.empty() ? "" : " ") + verb->get_name();
        options += "            " + verb->get_name() + ") names=\"" + namesOf(optionsOf(*verb)) + "\" ;;\n";
        for (const auto* option : optionsOf(*verb))
            if (const auto choices = choicesOf(*option); !choices.empty())
                values += "        \"" + verb->get_name() + " --" + option->get_lnames().front()
                    + "\") COMPREPLY=($(compgen -W \"" + choices + "\" -- \"$current\")); return ;;\n";
    }
    return "# Completion of planish for bash: source <(planish completion bash)\n"
           "_planish()\n{\n"
           "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} verb= names= word\n"
           "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
           "        case \" "
        + verbs
        + " \" in *\" $word \"*) verb=$word; break ;; esac\n"
          "    done\n"
          "    case \"$verb $previous\" in\n"
        + values
        + "    esac\n"
          "    if [[ $current == -* ]]; then\n"
          "        case $verb in\n"
        + options + "            *) names=\"" + namesOf(optionsOf(app))
        + "\" ;;\n"
          "        esac\n"
          "        COMPREPLY=($(compgen -W \"$names\" -- \"$current\"))\n"
          "    elif [[ -z $verb ]]; then\n"
          "        COMPREPLY=($(compgen -W \""
        + verbs
        + "\" -- \"$current\"))\n"
          "    else\n"
          "        COMPREPLY=($(compgen -f -- \"$current\"))\n"
          "    fi\n}\n"
          "complete -o filenames -F _planish planish\n";
}

std::string quoted(std::string text)
{
    for (std::size_t at = 0; (at = text.find('\'', at)) != std::string::npos; at += 2)
        text.insert(at, "\\");
    return "'" + text + "'";
}

std::string fishScript(const CLI::App& app)
{
    std::string script = "# Completion of planish for fish: planish completion fish | source\n";
    for (const auto* verb : verbsOf(app)) {
        script += "complete -c planish -n __fish_use_subcommand -f -a " + verb->get_name() + " -d "
            + quoted(verb->get_description()) + "\n";
        for (const auto* option : optionsOf(*verb)) {
            script += "complete -c planish -n '__fish_seen_subcommand_from " + verb->get_name() + "' -l "
                + option->get_lnames().front() + " -d " + quoted(option->get_description());
            if (const auto choices = choicesOf(*option); !choices.empty())
                script += " -x -a " + quoted(choices);
            else if (option->get_items_expected_max() > 0)
                script += " -r";
            script += "\n";
        }
    }
    return script;
}

std::string scriptFor(const CLI::App& app, const std::string& shell)
{
    if (shell == "fish")
        return fishScript(app);
    if (shell == "zsh")
        return "# Completion of planish for zsh: source <(planish completion zsh)\n"
               "autoload -U +X compinit bashcompinit && compinit && bashcompinit\n"
            + bashScript(app);
    return bashScript(app);
}

} // namespace

void addCompletionVerb(CLI::App& app, Program& program)
{
    addVerb<CompletionOptions>(
        app, program, "completion", "a script that completes verbs and options in a shell",
        [](CLI::App& verb, CompletionOptions& options) {
            verb.add_option("SHELL", options.shell, "which shell")
                ->required()
                ->check(CLI::IsMember({"bash", "zsh", "fish"}));
        },
        [&app](Program&, const CompletionOptions& options) {
            const auto script = scriptFor(app, options.shell);
            return Result{{{"script", script}}, script, {}};
        });
}

} // namespace cli
