// SPDX-License-Identifier: Apache-2.0
// demo, info, tokenize, devices
#include "app/cli/arguments.h"
#include "app/cli/program.h"
#include "app/cli/table.h"
#include "core/io/text_reader.h"
#include "core/session/result_json.h"

namespace cli {

namespace {

struct DemoOptions
{
    std::string out;
};

Result demo(Program& program, const DemoOptions& options)
{
    program.session().writeDemo(options.out);
    return {{{"path", options.out}}, "wrote the demo model, its texts and tasks to " + options.out + "\n", {}};
}

struct InfoOptions
{
    std::string model;
    std::string out;
    bool tensors = false;
};

std::string shapeText(const std::vector<std::int64_t>& shape)
{
    std::string text;
    for (const auto size : shape)
        text += (text.empty() ? "" : " x ") + std::to_string(size);
    return text.empty() ? "scalar" : text;
}

void addOrigin(const core::ModelDescription& description, Table& table)
{
    const auto& origin = description.origin;
    const auto& scheme = description.plan.scheme;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty())
            table.add({name, value});
    };
    add("bits",
        "weights " + std::to_string(scheme.weightBits) + ", activations " + std::to_string(scheme.activationBits)
            + ", keys " + std::to_string(scheme.keyBits) + ", values " + std::to_string(scheme.valueBits));
    add("made from", origin.source);
    add("its hash", origin.sourceHash);
    add("plan", "by " + description.plan.method + ", hash " + origin.planHash);
    add("calibrated on", origin.text);
    add("its SHA-256", origin.textHash);
    add("seed", std::to_string(origin.options.seed));
    add("made by",
        "planish " + origin.version + (origin.libtorch.empty() ? "" : ", LibTorch " + origin.libtorch)
            + (origin.device.empty() ? "" : ", " + origin.device));
    add("made at", origin.time);
    add("command", origin.command);
}

std::string infoText(const core::ModelDescription& description, bool withTensors)
{
    const auto& info = description.info;
    Table table({"<", "<"});
    table.add({"model", description.path + (description.isBundle ? " (quantized bundle)" : "")});
    table.add({"architecture", info.architecture});
    table.add({"parameters",
               std::to_string(info.parameters) + ", " + bytes(static_cast<std::uint64_t>(info.bytes)) + " as "
                   + std::string(core::toString(info.dtype))});
    table.add({"blocks", std::to_string(info.blocks)});
    table.add({"sizes",
               "hidden " + std::to_string(info.hidden) + ", intermediate " + std::to_string(info.intermediate)
                   + ", vocabulary " + std::to_string(info.vocab)});
    table.add({"heads",
               std::to_string(info.heads) + " of " + std::to_string(info.headDim) + ", " + std::to_string(info.kvHeads)
                   + " for keys and values"});
    table.add({"context", std::to_string(info.context)});
    table.add({"head", info.tiedHead ? "tied to the embedding" : "its own matrix"});
    table.add({"tokenizer",
               description.tokenizerKind.empty()
                   ? "none"
                   : description.tokenizerKind + ", " + std::to_string(description.tokenizerVocab) + " pieces"});
    table.add({"tensors", std::to_string(description.tensors.size())});
    if (description.isBundle)
        addOrigin(description, table);
    auto text = table.text();
    text.erase(0, 1); // the empty header line
    if (!withTensors)
        return text;
    Table tensors({"<tensor", "<type", "<shape", "size", "<file"});
    for (const auto& tensor : description.tensors)
        tensors.add({tensor.name, tensor.dtype, shapeText(tensor.shape),
                     bytes(static_cast<std::uint64_t>(tensor.bytes)), tensor.file});
    return text + "\n" + tensors.text();
}

Result info(Program& program, const InfoOptions& options)
{
    const auto description = program.session().describe(options.model);
    return {core::toJson(description), infoText(description, options.tensors), options.out};
}

struct TokenizeOptions
{
    std::string model;
    std::string text;
    std::string file;
    std::vector<int> ids;
    bool noSpecial = false;
    std::string out;
};

void describeTokenize(CLI::App& verb, TokenizeOptions& options)
{
    verb.add_option("MODEL", options.model, "a model, or a folder or file that holds only a tokenizer")
        ->required()
        ->type_name("PATH");
    auto* source = verb.add_option_group("source", "what to convert");
    source->add_option("--text", options.text, "a text");
    source->add_option("--file", options.file, "a file with a text (UTF-8, .jsonl or either gzipped)")
        ->type_name("FILE");
    source->add_option("--decode", options.ids, "ids to convert to text, separated by commas")
        ->delimiter(',')
        ->type_name("IDS");
    source->require_option(1);
    verb.add_flag("--no-special", options.noSpecial, "without the special tokens that the model puts around a text");
    addJsonFileOption(verb, options.out);
}

Result tokenize(Program& program, const TokenizeOptions& options)
{
    if (!options.ids.empty()) {
        const auto text = program.session().detokenize(options.model, options.ids);
        return {{{"text", text}}, text + "\n", options.out};
    }
    const auto text = options.file.empty() ? options.text : core::readText(options.file);
    const auto result = program.session().tokenize(options.model, text, !options.noSpecial);
    std::string lines;
    for (std::size_t i = 0; i < result.ids.size(); ++i)
        lines += std::to_string(result.ids[i]) + "\t" + result.pieces[i] + "\n";
    return {core::toJson(result), lines, options.out};
}

struct DevicesOptions
{
    std::string out;
};

Result devices(Program& program, const DevicesOptions& options)
{
    const auto list = program.session().devices();
    Table table({"<device", "<what", "memory", "<compute", "<driver"});
    for (const auto& device : list.devices)
        table.add(
            {device.name, device.description, bytes(device.memoryBytes), device.computeCapability, device.driver});
    auto text = table.text();
    if (!list.whyNoCuda.empty())
        text += "no CUDA: " + list.whyNoCuda + "\n";
    return {core::toJson(list), text, options.out};
}

} // namespace

void addModelVerbs(CLI::App& app, Program& program)
{
    addVerb<DemoOptions>(
        app, program, "demo", "write the embedded demo model with its texts and tasks",
        [](CLI::App& verb, DemoOptions& options) {
            verb.add_option("--out", options.out, "folder to write")->required()->check(somePath())->type_name("DIR");
        },
        demo);
    addVerb<InfoOptions>(
        app, program, "info", "what a model's header says; reads no weights",
        [](CLI::App& verb, InfoOptions& options) {
            addModelArgument(verb, options.model);
            verb.add_flag("--tensors", options.tensors, "list every tensor");
            addJsonFileOption(verb, options.out);
        },
        info);
    addVerb<TokenizeOptions>(app, program, "tokenize", "text to token ids and back", describeTokenize, tokenize);
    addVerb<DevicesOptions>(
        app, program, "devices", "what can compute here",
        [](CLI::App& verb, DevicesOptions& options) { addJsonFileOption(verb, options.out); }, devices);
}

} // namespace cli
