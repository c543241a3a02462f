// SPDX-License-Identifier: Apache-2.0
#include "app/cli/arguments.h"
#include "app/cli/program.h"
#include "app/cli/table.h"
#include "core/session/result_json.h"

namespace cli {

namespace {

struct ExportOptions
{
    core::ExportSpec spec;
    std::string dtype = "source";
};

std::string exportText(const core::ExportResult& result)
{
    auto text = "wrote " + result.path + ": " + std::to_string(result.files.size()) + " files, " + bytes(result.bytes)
        + " as " + std::string(core::toString(result.dtype)) + "\n";
    for (const auto& sentence : result.lost)
        text += "lost: " + sentence + "\n";
    if (const auto& verified = result.verified)
        text += "verified: weights within " + number(verified->maxAbsWeightDifference, 3) + ", perplexity "
            + number(verified->perplexityBefore, 7) + " before and " + number(verified->perplexityAfter, 7) + " after ("
            + std::to_string(verified->tokens) + " tokens, text " + verified->text + ")\n";
    return text;
}

Result exportModel(Program& program, const ExportOptions& options)
{
    auto spec = options.spec;
    if (options.dtype != "source")
        spec.dtype = options.dtype == "f32" ? core::DType::F32
            : options.dtype == "bf16"       ? core::DType::BF16
                                            : core::DType::F16;
    const auto result = program.session().exportModel(spec, program.progress());
    return {core::toJson(result), exportText(result), {}};
}

void describeExport(CLI::App& verb, ExportOptions& options)
{
    verb.add_option("BUNDLE", options.spec.bundle, "a bundle, as calibrate and quantize write it")
        ->required()
        ->type_name("PATH");
    verb.add_option("--format", options.spec.format,
                    "hf: a plain Hugging Face folder with the rounded weights folded back; compressed-tensors, gptq, "
                    "awq: integers, of a bundle whose modules are all identity")
        ->check(CLI::IsMember({"hf", "compressed-tensors", "gptq", "awq"}))
        ->capture_default_str();
    verb.add_option("--out", options.spec.out, "folder to write")->required()->type_name("DIR");
    verb.add_option("--dtype", options.dtype, "type of the weights")
        ->check(CLI::IsMember({"source", "f32", "bf16", "f16"}))
        ->capture_default_str();
    verb.add_flag("--verify", options.spec.verify,
                  "read it back, compare the weights and the perplexity without activation quantizers");
    verb.add_option("--text", options.spec.text, "text to verify on; without it one inside the program")
        ->type_name("TEXT");
    verb.add_option("--tokens", options.spec.tokens, "how many of its tokens; 0: all")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
}

} // namespace

void addExportVerb(CLI::App& app, Program& program)
{
    addVerb<ExportOptions>(app, program, "export", "a bundle's weights for other programs", describeExport,
                           exportModel);
}

} // namespace cli
