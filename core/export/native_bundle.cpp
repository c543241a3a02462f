// SPDX-License-Identifier: Apache-2.0
#include "core/export/native_bundle.h"

#include "core/base/error.h"
#include "core/base/version.h"
#include "core/calibrate/calibration_json.h"
#include "core/calibrate/checkpoint.h"
#include "core/calibrate/packed_block.h"
#include "core/export/bundle_tensors.h"
#include "core/export/source_files.h"
#include "core/io/folder_aside.h"
#include "core/io/json.h"
#include "core/io/safetensors_reader.h"
#include "core/model/config.h"
#include "core/select/plan_file.h"

#include <ATen/ATen.h>

#include <fstream>

namespace core {

namespace {

namespace fs = std::filesystem;

constexpr int kSchema = 1;

Json provenance(const BundleContents& contents)
{
    return {{"schema", kSchema},
            {"format", "planish-bundle"},
            {"version", kVersion},
            {"source", contents.source->path().string()},
            {"source_hash", contents.source->hash()},
            {"parameters", contents.source->info().parameters},
            {"plan_hash", sha256(planToJson(contents.plan).dump())},
            {"text_hash", contents.textHash},
            {"scheme", schemeToJson(contents.plan.scheme)},
            {"calibration", optionsToJson(contents.options)}};
}

Json reportJson(const BundleContents& contents, const CalibrationReport& calibration)
{
    auto report = reportToJson(calibration);
    const auto& origin = contents.origin;
    const auto description = provenance(contents);
    report["provenance"] = {{"source", {{"path", description.at("source")}, {"hash", description.at("source_hash")}}},
                            {"plan_hash", description.at("plan_hash")},
                            {"text", {{"path", origin.text}, {"sha256", contents.textHash}}},
                            {"calibration", description.at("calibration")},
                            {"version", kVersion},
                            {"libtorch", origin.libtorch},
                            {"device", origin.device},
                            {"command", origin.command},
                            {"time", origin.time}};
    return report;
}

/** What planish.json and report.json say; keys of older bundles may be missing. */
BundleOrigin readOrigin(const Json& description, const Json& report, const std::string& name)
{
    try {
        BundleOrigin origin{.source = description.value("source", ""),
                            .sourceHash = description.value("source_hash", ""),
                            .planHash = description.value("plan_hash", ""),
                            .text = {},
                            .textHash = description.value("text_hash", ""),
                            .version = description.value("version", ""),
                            .libtorch = {},
                            .device = {},
                            .command = {},
                            .time = {},
                            .options = optionsFromJson(description.value("calibration", Json::object()), name)};
        const auto found = report.value("provenance", Json::object());
        origin.text = found.value("text", Json::object()).value("path", "");
        origin.libtorch = found.value("libtorch", "");
        origin.device = found.value("device", "");
        origin.command = found.value("command", "");
        origin.time = found.value("time", "");
        return origin;
    } catch (const Json::exception& error) {
        throw Error(ErrorKind::Corrupt, std::string("the bundle's provenance: ") + error.what(), name);
    }
}

/** The result says what the rounding cost, where the finish measures it. */
std::vector<RoundingReport> writeTensors(const fs::path& path, const BundleContents& contents, Progress& progress)
{
    const auto& files = contents.source;
    const auto& info = files->info();
    TensorCollection collection;
    BlockFinisher finisher(files, contents.plan, contents.options.finish, contents.windows, contents.device,
                           contents.options.batch);
    for (int block = 0; block < info.blocks; ++block) {
        progress.report(0.8 * block / info.blocks,
                        "rounding block " + std::to_string(block + 1) + " of " + std::to_string(info.blocks));
        addBlock(collection, block, finisher.next(contents.blocks.at(block).parameters, progress));
    }
    const auto addStored = [&](const char* name, const TensorView& view) {
        const bool plain = view.dtype == DType::F32 || view.dtype == DType::F16 || view.dtype == DType::BF16;
        if (plain)
            collection.add(name, view);
        else // GGUF blocks: kept as the float32 numbers they stand for
            collection.add(name, readTensor(files, view, at::kFloat, at::kCPU));
    };
    addStored("embedding", files->matrix({-1, Role::Embedding}));
    addStored("final_norm", files->finalNorm());
    if (!info.tiedHead)
        addStored("head", files->matrix({-1, Role::Head}));
    progress.report(0.8, "writing " + path.filename().string());
    writeSafetensors(path, collection.tensors(), {{"format", "planish"}});
    verifyTensors(path, collection.tensors(), progress);
    return finisher.rounding();
}

void checkTensorCount(const TensorSet& tensors, const ModelInfo& info)
{
    for (const auto& tensor : tensors.tensors()) {
        const auto& name = tensor.name;
        if (!name.starts_with("blocks."))
            continue;
        if (std::stoll("0" + name.substr(7, name.find('.', 7) - 7)) >= info.blocks)
            throw Error(ErrorKind::Corrupt,
                        "tensor of a block that the model of " + std::to_string(info.blocks) + " blocks does not have",
                        tensor.file + ": " + name);
    }
}

} // namespace

bool isBundle(const fs::path& folder)
{
    return fs::is_regular_file(folder / "planish.json");
}

void checkBundleTarget(const fs::path& folder)
{
    if (!fs::exists(folder) || isBundle(folder) || (fs::is_directory(folder) && fs::is_empty(folder)))
        return;
    throw Error(ErrorKind::InvalidArgument, "the output exists and is no bundle of Planish; it is left alone",
                folder.string());
}

CalibrationReport writeBundle(const fs::path& folder, const BundleContents& contents, const fs::path& checkpoints,
                              Progress& progress)
{
    checkBundleTarget(folder);
    auto report = contents.report;
    FolderAside written(folder);
    const auto& aside = written.path();
    copySourceFiles(*contents.source, aside);
    report.rounding = writeTensors(aside / "model.safetensors", contents, progress);
    writePlan(aside / "plan.json", contents.plan);
    writeFileAtomically(aside / "report.json", reportJson(contents, report).dump(1) + "\n");
    writeFileAtomically(aside / "planish.json", provenance(contents).dump(1) + "\n");
    readBundleHeader(aside);
    try {
        if (fs::exists(checkpoints))
            fs::copy(checkpoints, aside / "calibration", fs::copy_options::recursive);
    } catch (const fs::filesystem_error& error) {
        throw Error(ErrorKind::Io, error.what(), folder.string());
    }
    written.commit();
    std::error_code ignored;
    fs::remove_all(checkpoints, ignored);
    report.bundle = folder.string();
    return report;
}

BundleHeader readBundleHeader(const fs::path& folder)
{
    const auto path = (folder / "planish.json").string();
    const auto json = readJson(path);
    if (!json.is_object() || json.value("format", "") != "planish-bundle")
        throw Error(ErrorKind::Corrupt, "not the description of a bundle", path);
    if (json.value("schema", 0) != kSchema)
        throw Error(ErrorKind::Unsupported,
                    "bundle of schema " + json.value("schema", Json(0)).dump() + ", this program reads 1", path);
    BundleHeader header;
    const auto configPath = (folder / "config.json").string();
    header.info = infoFromConfig(readJson(configPath), configPath);
    const auto planPath = (folder / "plan.json").string();
    const auto plan = readJson(planPath);
    header.plan = planFromJson(plan, planPath);
    if (json.value("plan_hash", "") != sha256(plan.dump())) // of the file: keys may have been added since
        throw Error(ErrorKind::Corrupt, "plan.json is not the plan this bundle was made with (its hash differs)", path);
    const auto scheme = json.value("scheme", Json::object());
    for (const auto& [key, value] : scheme.items())
        if (const auto& planned = plan.at("scheme"); planned.contains(key) && planned.at(key) != value)
            throw Error(ErrorKind::Corrupt,
                        "says " + key + " " + value.dump() + ", plan.json says " + planned.at(key).dump(), path);
    const auto report = readJson(folder / "report.json");
    header.report = reportFromJson(report, (folder / "report.json").string());
    header.origin = readOrigin(json, report, path);
    header.report.bundle = folder.string();
    header.sourceHash = json.value("source_hash", "");
    header.tensors = readSafetensors(folder / "model.safetensors");
    header.info.parameters = json.value("parameters", std::int64_t(0));
    for (const auto& tensor : header.tensors->tensors())
        header.info.bytes += std::int64_t(tensor.bytes.size());
    return header;
}

std::shared_ptr<const Model> loadBundle(const fs::path& folder, at::Device device, Progress& progress,
                                        BundleQuantizers quantizers)
{
    const auto header = readBundleHeader(folder);
    checkTensorCount(*header.tensors, header.info);
    const auto stored = [&](const char* name, at::IntArrayRef shape) {
        const auto& view = header.tensors->at(name);
        if (at::IntArrayRef(view.shape) != shape)
            throw Error(ErrorKind::Corrupt,
                        "tensor has shape " + c10::str(at::IntArrayRef(view.shape)) + ", " + c10::str(shape)
                            + " is needed",
                        view.file + ": " + view.name);
        return copyTensor(view).to(device, at::kFloat);
    };
    const auto& info = header.info;
    Model::Parts parts;
    parts.info = info;
    parts.embedding = stored("embedding", {info.vocab, info.hidden});
    parts.finalNorm = stored("final_norm", {info.hidden});
    parts.head = info.tiedHead ? parts.embedding : stored("head", {info.vocab, info.hidden});
    for (int block = 0; block < info.blocks; ++block) {
        progress.checkpoint();
        progress.report(double(block) / info.blocks,
                        "reading block " + std::to_string(block + 1) + " of " + std::to_string(info.blocks));
        auto quantized = readQuantizedBlock(*header.tensors, info, header.plan, block);
        auto scheme = header.plan.schemeOf(block);
        if (quantizers == BundleQuantizers::WeightsOnly)
            for (auto* half : {&scheme.attention, &scheme.mlp})
                half->activationBits = half->keyBits = half->valueBits = kFullPrecisionBits;
        parts.blocks.push_back(deployedBlock(std::move(quantized), scheme, device));
    }
    return std::make_shared<const Model>(std::move(parts));
}

BlockParameters loadBundleParameters(const fs::path& folder, int block)
{
    const auto header = readBundleHeader(folder);
    const auto path = (folder / "planish.json").string();
    const auto options = optionsFromJson(readJson(path).value("calibration", Json()), path);
    const auto file = checkpointPath(folder / "calibration", block);
    if (!fs::exists(file))
        throw Error(ErrorKind::NotFound, "the bundle keeps no trained parameters of block " + std::to_string(block),
                    file.string());
    return readCheckpoint(file, makeBlockParameters(header.info, header.plan, block, options)).parameters;
}

} // namespace core
