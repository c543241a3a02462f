// SPDX-License-Identifier: Apache-2.0
#include "core/export/hugging_face_folder.h"

#include "core/export/bundle_tensors.h"
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

NamedTensors namedTensors(int block, BlockWeights weights)
{
    NamedTensors tensors;
    for (const auto& [name, tensor] : blockExtras(block, weights))
        tensors.emplace_back(name, *tensor);
    for (const auto role : kBlockRoles)
        tensors.emplace_back(tensorName(Naming::HuggingFace, LayerId{block, role}), weights.matrix(role));
    return tensors;
}

std::vector<std::string> lostThings(const Plan& plan)
{
    auto lost = lostQuantizers(plan);
    auto widths = widthsOf(plan, &QuantScheme::weightBits);
    widths.erase(kFullPrecisionBits);
    if (!widths.empty())
        lost.push_back("the weights are the values of codes of " + joined(widths, " and ")
                       + " bits carried back through the transforms: stored as floats, not packed");
    return lost;
}

void writeSmallFiles(const fs::path& bundle, const BundleHeader& header, const fs::path& folder, DType dtype)
{
    copyTokenizerFiles(bundle, folder);
    const auto path = bundle / "config.json";
    const auto config = folderConfig(readJson(path), header.info, dtype, path.string());
    writeFileAtomically(folder / "config.json", config.dump(2) + "\n");
}

} // namespace

FolderContents huggingFaceOutlook(const BundleHeader& header, const FolderOptions& options)
{
    FolderContents contents{.dtype = options.dtype.value_or(header.tensors->at("embedding").dtype),
                            .files = {},
                            .bytes = 0,
                            .lost = lostThings(header.plan)};
    std::int64_t elements = 0;
    for (const auto role : kBlockRoles) {
        const auto [outputs, inputs] = matrixSize(header.info, role);
        elements += outputs * inputs;
    }
    contents.bytes = outerBytes(header.info, contents.dtype)
        + byteCount(contents.dtype, static_cast<std::uint64_t>(elements * header.info.blocks));
    return contents;
}

FolderContents writeHuggingFaceFolder(const fs::path& bundle, const fs::path& folder, const FolderOptions& options,
                                      Progress& progress)
{
    const auto header = readBundleHeader(bundle);
    const auto& info = header.info;
    auto contents = huggingFaceOutlook(header, options);
    writeSmallFiles(bundle, header, folder, contents.dtype);
    ShardWriter writer(folder, options.shardBytes, folderMetadata(bundle, header, contents.lost));
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
    listFiles(folder, contents);
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
