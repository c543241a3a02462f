// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/calibrate/calibration_options.h"
#include "core/select/overrides.h"

#include <CLI/CLI.hpp>

#include <string>
#include <utility>
#include <vector>

namespace cli {

// Checks that make a wrong value wrong usage (exit code 2) instead of failed work.
CLI::Validator deviceName(); // auto, cpu, cuda, cuda:N
CLI::Validator bitCount();   // 2 to 8, or 16
CLI::Validator notNegative();
CLI::Validator positive();
CLI::Validator somePath();

// What is written as text and throws Error(InvalidArgument) where it is written wrongly.
std::pair<core::ModuleId, core::TransformKind> parseOverride(const std::string& text);   // "3.mlp=rotation"
std::pair<core::ModuleId, core::ModuleBits> parseModuleAndBits(const std::string& text); // "0.attention=8/8/4/4"
std::vector<core::ModuleId> parseModules(const std::string& text);                       // "0.attention,3.mlp"
std::vector<core::Candidate> parseCandidates(const std::string& text);        // "affine,rotation:hadamard-start"
std::vector<core::Candidate> parseStartedCandidates(const std::string& text); // "affine,affine#1,rotation"
std::pair<int, int> parseRange(const std::string& text);                      // "4:8"

/** Calls `read`; what it refuses becomes wrong usage of the option. */
template <typename Read>
void readAsUsage(const std::string& option, const Read& read)
{
    try {
        read();
    } catch (const core::Error& error) {
        throw CLI::ValidationError(option, error.what());
    }
}

/** An option whose text `parse` turns into its value. */
template <typename Value, typename Parse>
CLI::Option* addParsed(CLI::App& verb, const std::string& name, Value& value, Parse parse, const std::string& what)
{
    return verb.add_option_function<std::string>(
        name, [&value, name, parse](const std::string& text) { readAsUsage(name, [&] { value = parse(text); }); },
        what);
}

/** The same, given once for each value. */
template <typename Value, typename Parse>
CLI::Option* addParsedList(CLI::App& verb, const std::string& name, std::vector<Value>& values, Parse parse,
                           const std::string& what)
{
    return verb
        .add_option_function<std::vector<std::string>>(
            name,
            [&values, name, parse](const std::vector<std::string>& texts) {
                for (const auto& text : texts)
                    readAsUsage(name, [&] { values.push_back(parse(text)); });
            },
            what)
        ->expected(1)
        ->take_all();
}

/** An option with a value of `words`; its default is the value as it stands, none for an optional. */
template <typename Target, typename Value, std::size_t n>
CLI::Option* addWord(CLI::App& verb, const std::string& name, Target& value, const core::Words<Value, n>& words,
                     const std::string& what)
{
    std::vector<std::string> known;
    for (const auto& [word, meant] : words)
        known.emplace_back(word);
    auto* option =
        addParsed(
            verb, name, value, [&words](const std::string& text) { return core::valueOf(words, text); }, what)
            ->check(CLI::IsMember(known));
    if constexpr (std::is_same_v<Target, Value>)
        option->default_str(std::string(core::wordFor(words, value)));
    return option;
}

void addRotationFormOption(CLI::App& verb, core::RotationForm& form, const std::string& what);

void addModelArgument(CLI::App& verb, std::string& model);
void addJsonFileOption(CLI::App& verb, std::string& file); // --out FILE
void addSchemeOptions(CLI::App& verb, core::QuantScheme& scheme);
void addTrainingOptions(CLI::App& verb, core::CalibrationOptions& training, const std::string& group); // rates, forms

} // namespace cli
