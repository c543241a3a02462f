// SPDX-License-Identifier: Apache-2.0
#include "core/session/export_job.h"

#include "core/base/error.h"
#include "core/base/version.h"
#include "core/eval/perplexity.h"
#include "core/export/gguf_file.h"
#include "core/export/hugging_face_folder.h"
#include "core/export/packed_folder.h"
#include "core/io/folder_aside.h"
#include "core/io/json.h"
#include "core/io/text_reader.h"
#include "core/report/model_card.h"
#include "core/session/embedded_files.h"
#include "core/session/provenance.h"
#include "core/session/result_json.h"
#include "core/session/result_reading.h"

#include <algorithm>
#include <cstdio>

namespace core {

namespace {

namespace fs = std::filesystem;

constexpr const char* kDescription = "planish_export.json";
constexpr std::string_view kGguf = "gguf";

void checkTarget(const fs::path& folder)
{
    if (!fs::exists(folder) || fs::exists(folder / kDescription) || (fs::is_directory(folder) && fs::is_empty(folder)))
        return;
    throw Error(ErrorKind::InvalidArgument, "the output exists and is no export of Planish; it is left alone",
                folder.string());
}

/** The file that an export as GGUF is: `out` itself, or model.gguf in that folder. */
fs::path ggufPath(const fs::path& out)
{
    return out.extension() == ".gguf" ? out : out / "model.gguf";
}

/** Nothing for "hf", whose weights are floats, and for "gguf", whose types differ by matrix. */
std::optional<PackedFormat> packedFormat(const std::string& format)
{
    for (const auto& [word, packed] : kPackedFormats)
        if (word == format)
            return packed;
    return std::nullopt;
}

/** What is measured on where no text is given. */
std::string builtInText()
{
    for (const auto& file : embeddedFiles())
        if (file.path == "test.txt")
            return std::string(file.content);
    throw Error(ErrorKind::Unsupported,
                "this program was built without the demo's texts: name a text to verify the export on");
}

/** Of what was written, against the bundle. */
double largestDifference(const ExportSpec& spec, const fs::path& written, Progress& progress)
{
    if (const auto packed = packedFormat(spec.format))
        return largestPackedDifference(spec.bundle, written, *packed, progress);
    return spec.format == kGguf ? largestGgufDifference(spec.bundle, written, progress)
                                : largestWeightDifference(spec.bundle, written, progress);
}

std::shared_ptr<const Model> readBack(const ExportSpec& spec, const fs::path& written, at::Device device,
                                      Progress& progress)
{
    if (const auto packed = packedFormat(spec.format))
        return loadPackedFolder(spec.bundle, written, *packed, device, progress);
    return Model::load(ModelFiles::open(written), {.dtype = at::kFloat, .device = device}, progress);
}

ExportVerification verify(ModelStore& store, const ExportSpec& spec, const fs::path& written, Progress& progress)
{
    ExportVerification verified;
    ProgressPart comparing(progress, 0.0, 0.3);
    verified.maxAbsWeightDifference = largestDifference(spec, written, comparing);
    const auto text = spec.text.empty() ? builtInText() : readText(spec.text);
    const auto ids = store.tokenizer(spec.bundle)->encode(text, SpecialTokens::Add);
    ProgressPart reading(progress, 0.3, 0.4);
    const auto before = loadBundle(spec.bundle, store.device(), reading, BundleQuantizers::WeightsOnly);
    PerplexityOptions options{.limitTokens = spec.tokens};
    options.seqlen = std::min<std::int64_t>({2048, before->info().context, std::ssize(ids)});
    ProgressPart measuringBefore(progress, 0.4, 0.7);
    const auto measured = measurePerplexity(*before, ids, options, measuringBefore);
    verified.perplexityBefore = measured.value;
    verified.tokens = measured.tokens;
    ProgressPart measuringAfter(progress, 0.7, 1.0);
    const auto after = readBack(spec, written, store.device(), measuringAfter);
    // Through the export's own tokenizer: another program has no other.
    const auto idsAfter = loadTokenizer(written)->encode(text, SpecialTokens::Add);
    verified.perplexityAfter = measurePerplexity(*after, idsAfter, options, measuringAfter).value;
    verified.text = spec.text.empty() ? "built-in" : spec.text;
    verified.textHash = sha256(text);
    return verified;
}

Json description(const ExportSpec& spec, const ExportResult& result)
{
    const auto bundle = readJson(fs::path(spec.bundle) / "planish.json");
    Json json{{"schema", 1},
              {"format", spec.format},
              {"version", kVersion},
              {"bundle", spec.bundle},
              {"source", bundle.value("source", "")},
              {"source_hash", bundle.value("source_hash", "")},
              {"plan_hash", bundle.value("plan_hash", "")},
              {"scheme", bundle.value("scheme", Json())},
              {"dtype", toString(result.dtype)},
              {"lost", result.lost}};
    if (result.verified)
        json["verified"] = toJson(*result.verified);
    return json;
}

std::string card(const ExportSpec& spec, const ExportResult& result)
{
    const auto header = readBundleHeader(spec.bundle);
    CardFacts facts{.format = spec.format,
                    .source = header.origin.source,
                    .sourceHash = header.origin.sourceHash,
                    .planHash = header.origin.planHash,
                    .plan = header.plan,
                    .dtype = std::string(toString(result.dtype)),
                    .lost = result.lost,
                    .evaluation = std::nullopt,
                    .verification = {},
                    .time = timeNow()};
    if (readResult(spec.bundle).contains("evaluate"))
        facts.evaluation = readEvaluation(spec.bundle);
    if (const auto& verified = result.verified) {
        char text[256];
        std::snprintf(
            text, sizeof text,
            "Read back after writing: weights within %.3g of the exact ones, perplexity %.6g without quantized "
            "activations and caches in the bundle, %.6g from this folder (%lld tokens).",
            verified->maxAbsWeightDifference, verified->perplexityBefore, verified->perplexityAfter,
            static_cast<long long>(verified->tokens));
        facts.verification = text;
    }
    return modelCard(facts);
}

ExportResult exportFile(ModelStore& store, const ExportSpec& spec, Progress& progress)
{
    const auto path = ggufPath(spec.out);
    if (fs::exists(path) && !isGgufExport(path))
        throw Error(ErrorKind::InvalidArgument, "the output exists and is no export of Planish; it is left alone",
                    path.string());
    if (path.has_parent_path())
        fs::create_directories(path.parent_path());
    ProgressPart writing(progress, 0.0, spec.verify ? 0.4 : 1.0);
    auto written = writeGguf(spec.bundle, path, *store.tokenizer(spec.bundle), {.dtype = spec.dtype}, writing);
    const auto aside = written.file->verify();
    ExportResult result{.path = fs::absolute(path).lexically_normal().string(), // as a folder's
                        .bytes = fs::file_size(aside),
                        .dtype = written.contents.dtype,
                        .files = {path.filename().string()},
                        .lost = std::move(written.contents.lost),
                        .verified = {}};
    if (spec.verify) {
        ProgressPart verifying(progress, 0.4, 1.0);
        result.verified = verify(store, spec, aside, verifying);
    }
    written.file->commit();
    return result;
}

ExportResult exportFolder(ModelStore& store, const ExportSpec& spec, Progress& progress)
{
    checkTarget(spec.out);
    FolderAside folder(spec.out);
    ProgressPart writing(progress, 0.0, spec.verify ? 0.4 : 1.0);
    const FolderOptions options{.dtype = spec.dtype};
    const auto packed = packedFormat(spec.format);
    auto contents = packed ? writePackedFolder(spec.bundle, folder.path(), *packed, options, writing)
                           : writeHuggingFaceFolder(spec.bundle, folder.path(), options, writing);
    ExportResult result{.path = folder.target().string(),
                        .bytes = contents.bytes,
                        .dtype = contents.dtype,
                        .files = std::move(contents.files),
                        .lost = std::move(contents.lost),
                        .verified = {}};
    if (spec.verify) {
        ProgressPart verifying(progress, 0.4, 1.0);
        result.verified = verify(store, spec, folder.path(), verifying);
    }
    const auto add = [&](const char* name, const std::string& content) {
        writeFileAtomically(folder.path() / name, content);
        result.files.push_back(name);
        result.bytes += content.size();
    };
    add(kDescription, description(spec, result).dump(1) + "\n");
    add("README.md", card(spec, result));
    folder.commit();
    return result;
}

std::string formatNames()
{
    std::string names;
    for (const std::string format : kExportFormats)
        names += (names.empty() ? "" : ", ") + format;
    return names;
}

void checkBundle(const ExportSpec& spec)
{
    if (std::ranges::find(kExportFormats, spec.format) == kExportFormats.end())
        throw Error(ErrorKind::InvalidArgument,
                    "'" + spec.format + "' is not a format that can be exported; there is " + formatNames());
    if (!isBundle(spec.bundle))
        throw Error(ErrorKind::InvalidArgument, "only a bundle can be exported: calibrate the model first",
                    spec.bundle);
}

} // namespace

ExportOutlook exportOutlook(const ExportSpec& spec)
{
    checkBundle(spec);
    const auto header = readBundleHeader(spec.bundle);
    const FolderOptions options{.dtype = spec.dtype};
    try {
        const auto packed = packedFormat(spec.format);
        auto contents = packed     ? packedOutlook(*packed, header, options)
            : spec.format == kGguf ? ggufOutlook(header, options)
                                   : huggingFaceOutlook(header, options);
        return {.bytes = contents.bytes, .lost = std::move(contents.lost), .obstacle = {}};
    } catch (const Error& error) {
        return {.bytes = 0, .lost = {}, .obstacle = error.what()};
    }
}

ExportResult exportBundle(ModelStore& store, const ExportSpec& spec, Progress& progress)
{
    checkBundle(spec);
    if (spec.out.empty())
        throw Error(ErrorKind::InvalidArgument, "an export needs a place to write to");
    return spec.format == kGguf ? exportFile(store, spec, progress) : exportFolder(store, spec, progress);
}

} // namespace core
