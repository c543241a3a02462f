// SPDX-License-Identifier: Apache-2.0
#include "core/export/hugging_face_folder.h"

#include "core/base/error.h"
#include "core/base/version.h"
#include "core/export/bundle_tensors.h"
#include "core/export/fold_back.h"
#include "core/export/folder_config.h"
#include "core/export/shard_writer.h"
#include "core/export/source_files.h"
#include "core/io/json.h"
#include "core/select/plan_widths.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace core {

namespace {

namespace fs = std::filesystem;

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

/** A block's plain weights in float64. Where the bundle keeps the trained parameters, scales and P_v are taken out too. */
BlockWeights plainBlock(const fs::path& bundle, const BundleHeader& header, int block)
{
    auto quantized = readQuantizedBlock(*header.tensors, header.info, header.plan, block);
    dequantizeMatrices(quantized);
    const bool trainedKept = fs::exists(bundle / "calibration");
    const auto transforms =
        trainedKept ? finalize(loadBundleParameters(bundle, block).transforms) : quantized.transforms;
    return foldBack(header.info, quantized, transforms);
}

NamedTensors namedTensors(int block, const BlockWeights& weights)
{
    NamedTensors tensors;
    for (const auto role : kBlockRoles)
        tensors.emplace_back(tensorName(Naming::HuggingFace, LayerId{block, role}), weights.matrix(role));
    const std::pair<Extra, const at::Tensor&> extras[] = {
        {Extra::InputNorm, weights.inputNorm}, {Extra::PostNorm, weights.postNorm}, {Extra::QNorm, weights.qNorm},
        {Extra::KNorm, weights.kNorm},         {Extra::QBias, weights.qBias},       {Extra::KBias, weights.kBias},
        {Extra::VBias, weights.vBias},         {Extra::OBias, weights.oBias},       {Extra::GateBias, weights.gateBias},
        {Extra::UpBias, weights.upBias},       {Extra::DownBias, weights.downBias}};
    for (const auto& [extra, tensor] : extras)
        if (tensor.defined())
            tensors.emplace_back(tensorName(Naming::HuggingFace, block, extra), tensor);
    return tensors;
}

/** What stands outside the blocks, by its name in the folder and in the bundle. */
std::vector<std::pair<std::string, const char*>> outerTensors(const ModelInfo& info)
{
    std::vector<std::pair<std::string, const char*>> names{
        {tensorName(Naming::HuggingFace, LayerId{-1, Role::Embedding}), "embedding"},
        {finalNormName(Naming::HuggingFace), "final_norm"}};
    if (!info.tiedHead)
        names.emplace_back(tensorName(Naming::HuggingFace, LayerId{-1, Role::Head}), "head");
    return names;
}

std::vector<std::string> lostThings(const Plan& plan)
{
    std::vector<std::string> lost;
    const auto quantized = [&](int QuantScheme::*width) {
        auto widths = widthsOf(plan, width);
        widths.erase(kFullPrecisionBits);
        return joined(widths, " and ");
    };
    const auto add = [&](int QuantScheme::*width, const std::string& what) {
        if (const auto bits = quantized(width); !bits.empty())
            lost.push_back(what + " were quantized to " + bits + " bits and are not here");
    };
    add(&QuantScheme::activationBits, "activations");
    add(&QuantScheme::keyBits, "cached keys");
    add(&QuantScheme::valueBits, "cached values");
    if (const auto bits = quantized(&QuantScheme::weightBits); !bits.empty())
        lost.push_back("the weights are the values of codes of " + bits
                       + " bits carried back through the transforms: stored as floats, not packed");
    return lost;
}

std::map<std::string, std::string> fileMetadata(const fs::path& bundle, const BundleHeader& header)
{
    const auto description = readJson(bundle / "planish.json");
    std::string lost;
    for (const auto& sentence : lostThings(header.plan))
        lost += (lost.empty() ? "" : "; ") + sentence;
    return {{"format", "pt"}, // what transformers asks for
            {"producer", std::string("planish ") + kVersion},
            {"source_hash", header.sourceHash},
            {"plan_hash", description.value("plan_hash", "")},
            {"weight_bits", joined(widthsOf(header.plan, &QuantScheme::weightBits), ",")},
            {"lost", lost}};
}

void writeSmallFiles(const fs::path& bundle, const BundleHeader& header, const fs::path& folder, DType dtype)
{
    copyTokenizerFiles(bundle, folder);
    const auto path = bundle / "config.json";
    const auto config = folderConfig(readJson(path), header.info, dtype, path.string());
    writeFileAtomically(folder / "config.json", config.dump(2) + "\n");
}

} // namespace

FolderContents writeHuggingFaceFolder(const fs::path& bundle, const fs::path& folder, const FolderOptions& options,
                                      Progress& progress)
{
    const auto header = readBundleHeader(bundle);
    const auto& info = header.info;
    FolderContents contents{.dtype = options.dtype.value_or(header.tensors->at("embedding").dtype),
                            .files = {},
                            .lost = lostThings(header.plan)};
    writeSmallFiles(bundle, header, folder, contents.dtype);
    ShardWriter writer(folder, options.shardBytes, fileMetadata(bundle, header));
    for (int block = 0; block < info.blocks; ++block) {
        progress.report(double(block) / info.blocks,
                        "folding block " + std::to_string(block + 1) + " of " + std::to_string(info.blocks));
        progress.checkpoint();
        for (const auto& [name, tensor] : namedTensors(block, plainBlock(bundle, header, block)))
            writer.add(name, tensor, contents.dtype, progress);
    }
    for (const auto& [name, inBundle] : outerTensors(info))
        writer.add(name, copyTensor(header.tensors->at(inBundle)), contents.dtype, progress);
    writer.finish(progress);
    for (const auto& entry : fs::directory_iterator(folder)) {
        contents.files.push_back(entry.path().filename().string());
        contents.bytes += entry.file_size();
    }
    std::sort(contents.files.begin(), contents.files.end());
    return contents;
}

double largestWeightDifference(const fs::path& bundle, const fs::path& folder, Progress& progress)
{
    const auto header = readBundleHeader(bundle);
    const auto files = ModelFiles::open(folder);
    double largest = 0.0;
    const auto compare = [&](const std::string& name, const at::Tensor& expected) {
        const auto read = readTensor(files, files->tensors().at(name), at::kDouble, at::kCPU);
        const auto difference = (read - expected.to(at::kDouble)).abs().max().item<double>();
        largest = std::isnan(difference) ? difference : std::max(largest, difference);
    };
    for (int block = 0; block < header.info.blocks; ++block) {
        progress.checkpoint();
        progress.report(double(block) / header.info.blocks,
                        "comparing block " + std::to_string(block + 1) + " of " + std::to_string(header.info.blocks));
        for (const auto& [name, tensor] : namedTensors(block, plainBlock(bundle, header, block)))
            compare(name, tensor);
    }
    for (const auto& [name, inBundle] : outerTensors(header.info))
        compare(name, copyTensor(header.tensors->at(inBundle)));
    return largest;
}

} // namespace core
