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
    bool dryRun = false;
};

std::string lostText(const std::vector<std::string>& lost)
{
    std::string text;
    for (const auto& sentence : lost)
        text += "lost: " + sentence + "\n";
    return text;
}

std::string exportText(const core::ExportResult& result)
{
    auto text = "wrote " + result.path + ": " + std::to_string(result.files.size()) + " files, " + bytes(result.bytes)
        + " as " + std::string(core::toString(result.dtype)) + "\n" + lostText(result.lost);
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
    if (options.dryRun) {
        const auto outlook = program.session().exportOutlook(spec);
        if (!outlook.obstacle.empty())
            throw core::Error(core::ErrorKind::Unsupported, outlook.obstacle, spec.bundle);
        return {core::toJson(outlook), "would write about " + bytes(outlook.bytes) + "\n" + lostText(outlook.lost), {}};
    }
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
                    "awq: integers, of a bundle whose modules are all identity; gguf: one file for llama.cpp, integers "
                    "where no transform runs")
        ->check(CLI::IsMember(std::vector<std::string>(core::kExportFormats.begin(), core::kExportFormats.end())))
        ->capture_default_str();
    verb.add_option("--out", options.spec.out, "folder to write; gguf: the file, or a folder for model.gguf")
        ->required()
        ->type_name("PATH");
    verb.add_option("--dtype", options.dtype, "type of the weights")
        ->check(CLI::IsMember({"source", "f32", "bf16", "f16"}))
        ->capture_default_str();
    verb.add_flag("--dry-run", options.dryRun, "say how large it becomes and what is lost; write nothing");
    verb.add_flag("--verify", options.spec.verify,
                  "read it back, compare the weights and the perplexity without activation quantizers");
    verb.add_option("--text", options.spec.text, "text to verify on; without it one inside the program")
        ->type_name("TEXT");
    verb.add_option("--tokens", options.spec.tokens, "how many of its tokens; 0: all")
        ->check(notNegative())
        ->capture_default_str();
}

} // namespace

void addExportVerb(CLI::App& app, Program& program)
{
    addVerb<ExportOptions>(app, program, "export", "a bundle's weights for other programs", describeExport,
                           exportModel);
}

} // namespace cli
