// SPDX-License-Identifier: Apache-2.0
#include "app/cli/arguments.h"

#include "core/base/error.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

namespace cli {

namespace {

std::optional<int> wholeNumber(std::string_view text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || value < 0)
        return std::nullopt;
    return value;
}

/** What stands between commas. */
std::vector<std::string> wordsOf(const std::string& text)
{
    std::vector<std::string> words;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find(',', begin), text.size());
        words.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return words;
}

} // namespace

CLI::Validator deviceName()
{
    return CLI::Validator(
        [](std::string& text) -> std::string {
            const bool numbered = text.starts_with("cuda:") && wholeNumber(std::string_view(text).substr(5));
            if (text == "auto" || text == "cpu" || text == "cuda" || numbered)
                return {};
            return "'" + text + "' is not a device: auto, cpu, cuda or cuda:N";
        },
        "{auto,cpu,cuda}");
}

namespace {

CLI::Validator number(bool zeroToo)
{
    return CLI::Validator(
        [zeroToo](std::string& text) -> std::string {
            double value = 0.0;
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
            if (error == std::errc() && end == text.data() + text.size() && std::isfinite(value)
                && (value > 0.0 || (zeroToo && value == 0.0)))
                return {};
            return "'" + text + "' is not a number " + (zeroToo ? "of at least 0" : "above 0");
        },
        zeroToo ? "NUMBER >= 0" : "NUMBER > 0");
}

} // namespace

CLI::Validator notNegative()
{
    return number(true);
}

CLI::Validator positive()
{
    return number(false);
}

CLI::Validator somePath()
{
    return CLI::Validator([](std::string& text) { return text.empty() ? "a path is needed" : ""; }, "");
}

CLI::Validator bitCount()
{
    return CLI::Validator(
        [](std::string& text) -> std::string {
            const auto bits = wholeNumber(text);
            if (bits && ((*bits >= 2 && *bits <= 8) || *bits == core::kFullPrecisionBits))
                return {};
            return "'" + text + "' is not a number of bits: 2 to 8, or 16 for none";
        },
        "BITS");
}

std::pair<core::ModuleId, core::TransformKind> parseOverride(const std::string& text)
{
    const auto equals = text.find('=');
    if (equals == std::string::npos)
        throw core::Error(core::ErrorKind::InvalidArgument, "'" + text + "' is not MODULE=KIND such as 3.mlp=rotation");
    return {core::parseModuleId(text.substr(0, equals)), core::parseTransformKind(text.substr(equals + 1))};
}

std::vector<core::Candidate> parseCandidates(const std::string& text)
{
    std::vector<core::Candidate> candidates;
    for (const auto& word : wordsOf(text)) {
        const auto candidate = core::parseCandidate(word);
        if (word.find('#') != std::string::npos)
            throw core::Error(core::ErrorKind::InvalidArgument, "'" + word + "': starts are counted by --starts");
        candidates.push_back(candidate);
    }
    return core::withStarts(candidates, 1); // refuses what stands twice
}

std::vector<core::Candidate> parseStartedCandidates(const std::string& text)
{
    std::vector<core::Candidate> candidates;
    for (const auto& word : wordsOf(text)) {
        const auto candidate = core::parseCandidate(word);
        if (std::find(candidates.begin(), candidates.end(), candidate) != candidates.end())
            throw core::Error(core::ErrorKind::InvalidArgument, "candidate '" + word + "' stands twice");
        candidates.push_back(candidate);
    }
    return candidates;
}

std::vector<core::ModuleId> parseModules(const std::string& text)
{
    std::vector<core::ModuleId> modules;
    for (const auto& word : wordsOf(text))
        modules.push_back(core::parseModuleId(word));
    return modules;
}

std::pair<core::ModuleId, core::ModuleBits> parseModuleAndBits(const std::string& text)
{
    const auto equals = text.find('=');
    if (equals == std::string::npos)
        throw core::Error(core::ErrorKind::InvalidArgument,
                          "'" + text + "' is not MODULE=W/A/K/V such as 0.attention=8/8/4/4");
    return {core::parseModuleId(text.substr(0, equals)), core::parseModuleBits(text.substr(equals + 1))};
}

std::pair<int, int> parseRange(const std::string& text)
{
    const auto colon = std::min(text.find(':'), text.size());
    const auto begin = wholeNumber(std::string_view(text).substr(0, colon));
    const auto end = wholeNumber(std::string_view(text).substr(std::min(colon + 1, text.size())));
    if (!begin || !end || *begin >= *end)
        throw core::Error(core::ErrorKind::InvalidArgument,
                          "'" + text + "' is not a range such as 4:8 (4, 5, 6 and 7)");
    return {*begin, *end};
}

void addRotationFormOption(CLI::App& verb, core::RotationForm& form, const std::string& what)
{
    addParsed(verb, "--rotation-form", form, core::parseRotationForm, what)
        ->default_str(std::string(core::toString(form)))
        ->type_name("FORM");
}

void addModelArgument(CLI::App& verb, std::string& model)
{
    verb.add_option("MODEL", model, "a Hugging Face folder, a .gguf file or a bundle")->required()->type_name("PATH");
}

void addJsonFileOption(CLI::App& verb, std::string& file)
{
    verb.add_option("--out", file, "write the result as JSON to this file too")->type_name("FILE");
}

void addSchemeOptions(CLI::App& verb, core::QuantScheme& scheme)
{
    verb.add_option("--wbits", scheme.weightBits, "bits of the weights")->check(bitCount())->capture_default_str();
    verb.add_option("--abits", scheme.activationBits, "bits of the activations")
        ->check(bitCount())
        ->capture_default_str();
    verb.add_option("--kbits", scheme.keyBits, "bits of the keys")->check(bitCount())->capture_default_str();
    verb.add_option("--vbits", scheme.valueBits, "bits of the values")->check(bitCount())->capture_default_str();
    verb.add_option("--kvgroup", scheme.kvGroup, "channels of a head for each scale of keys and values; 0: the head")
        ->check(notNegative())
        ->capture_default_str();
    verb.add_flag("--wasym", scheme.weightAsymmetric, "asymmetric weights: a scale and a zero");
    verb.add_flag("--aasym", scheme.activationAsymmetric, "asymmetric activations");
    verb.add_option("--wgroup", scheme.weightGroup, "weights for each scale; 0: a whole row")
        ->check(notNegative())
        ->capture_default_str();
}

void addTrainingOptions(CLI::App& verb, core::CalibrationOptions& training, const std::string& group)
{
    const auto rate = [&](const char* name, double& value, const char* what) {
        verb.add_option(name, value, what)->check(notNegative())->capture_default_str()->group(group);
    };
    rate("--lr", training.learningRate, "learning rate of matrices and channel scales");
    rate("--clip-lr", training.clipLearningRate, "learning rate of the clips");
    rate("--weight-decay", training.weightDecay, "weight decay");
    rate("--scale-alpha", training.scaleAlpha, "start of the channel scale: wmax^(1-a) / xmax^a");
    addWord(verb, "--inverse", training.affineForm, core::kAffineForms,
            "affine matrices: svd: U diag(exp t) V^T; direct: a free matrix, inverted in float64")
        ->group(group);
    addWord(verb, "--diag-init", training.scaleStart, core::kScaleStarts,
            "start of the channel scale: by weights and inputs, or 1")
        ->group(group);
    verb.add_flag_callback(
            "--share-act-clip,--share-clips", [&training] { training.clipSharing = core::ClipSharing::PerInput; },
            "one activation clip for each shared input (q, k, v; gate, up)")
        ->group(group);
    addWord(verb, "--clip", training.clipping, core::kClippings,
            "learned: clips of weights, activations and caches are trained; none: plain rounding")
        ->group(group);
}

} // namespace cli
