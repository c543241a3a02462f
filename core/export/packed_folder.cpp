// SPDX-License-Identifier: Apache-2.0
#include "core/export/packed_folder.h"

#include "core/base/error.h"
#include "core/export/bundle_tensors.h"
#include "core/export/folder_config.h"
#include "core/export/packed_config.h"
#include "core/export/packed_layouts.h"
#include "core/export/shard_writer.h"
#include "core/export/source_files.h"
#include "core/io/json.h"
#include "core/io/safetensors_reader.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace core {

namespace {

namespace fs = std::filesystem;

std::vector<LayerTensor> layerTensors(PackedFormat format, const PackedTensor& packed, DType dtype)
{
    switch (format) {
    case PackedFormat::CompressedTensors:
        return compressedTensorsLayer(packed,
                                      dtype == DType::F16        ? at::kHalf
                                          : dtype == DType::BF16 ? at::kBFloat16
                                                                 : at::kFloat);
    case PackedFormat::Gptq: return gptqLayer(packed);
    case PackedFormat::Awq: return awqLayer(packed);
    }
    throw Error(ErrorKind::Internal, "no such format");
}

at::Tensor readLayer(PackedFormat format, const TensorSet& tensors, const std::string& layer, const QuantScheme& scheme)
{
    const auto get = [&](const char* suffix) { return copyTensor(tensors.at(layer + "." + suffix)); };
    switch (format) {
    case PackedFormat::CompressedTensors: {
        std::vector<at::Tensor> parts{get("weight_packed"), get("weight_scale"), get("weight_shape")};
        if (scheme.weightAsymmetric)
            parts.push_back(get("weight_zero_point"));
        return valuesOf(readCompressedTensorsLayer(parts, scheme.weightBits));
    }
    case PackedFormat::Gptq:
        return valuesOf(readGptqLayer({get("qweight"), get("qzeros"), get("scales"), get("g_idx")}, scheme.weightBits,
                                      !scheme.weightAsymmetric));
    case PackedFormat::Awq: return valuesOf(readAwqLayer({get("qweight"), get("qzeros"), get("scales")}));
    }
    throw Error(ErrorKind::Internal, "no such format");
}

/** The value of one matrix in the folder, float64: decoded, or as it stands where it was not quantized. */
at::Tensor readMatrix(PackedFormat format, const TensorSet& tensors, const Plan& plan, int block, Role role)
{
    const auto& scheme = plan.schemeOf({block, moduleOf(role)});
    if (scheme.weightBits == kFullPrecisionBits)
        return copyTensor(tensors.at(linearName(block, role) + ".weight")).to(at::kDouble);
    return readLayer(format, tensors, linearName(block, role), scheme);
}

void writeSmallFiles(const fs::path& bundle, const BundleHeader& header, const fs::path& folder, PackedFormat format,
                     DType dtype)
{
    copyTokenizerFiles(bundle, folder);
    const auto path = bundle / "config.json";
    auto config = folderConfig(readJson(path), header.info, dtype, path.string());
    const auto quantization = quantizationConfig(format, header.info, header.plan);
    config["quantization_config"] = quantization;
    writeFileAtomically(folder / "config.json", config.dump(2) + "\n");
    if (format == PackedFormat::Gptq) // where engines looked before it stood in config.json
        writeFileAtomically(folder / "quantize_config.json", quantization.dump(2) + "\n");
}

void writeBlock(ShardWriter& writer, const BundleHeader& header, int block, PackedFormat format, DType dtype,
                Progress& progress)
{
    auto quantized = readQuantizedBlock(*header.tensors, header.info, header.plan, block);
    for (const auto role : kBlockRoles) {
        const auto& packed = quantized.packed[std::size_t(role)];
        if (!packed) {
            writer.add(linearName(block, role) + ".weight", quantized.weights.matrix(role), dtype, progress);
            continue;
        }
        for (const auto& [suffix, tensor] : layerTensors(format, *packed, dtype))
            writer.addAsItIs(linearName(block, role) + "." + suffix, tensor, progress);
    }
    for (const auto& [name, tensor] : blockExtras(block, quantized.weights))
        writer.add(name, *tensor, dtype, progress);
}

void reportBlock(Progress& progress, const char* what, int block, int blocks)
{
    progress.checkpoint();
    progress.report(double(block) / blocks,
                    std::string(what) + " block " + std::to_string(block + 1) + " of " + std::to_string(blocks));
}

} // namespace

FolderContents packedOutlook(PackedFormat format, const BundleHeader& header, const FolderOptions& options)
{
    checkCarries(format, header.info, header.plan);
    const auto preferred =
        format == PackedFormat::CompressedTensors ? header.tensors->at("embedding").dtype : DType::F16;
    FolderContents contents{
        .dtype = options.dtype.value_or(preferred), .files = {}, .bytes = 0, .lost = lostQuantizers(header.plan)};
    contents.bytes = outerBytes(header.info, contents.dtype);
    for (const auto& choice : header.plan.modules)
        for (const auto role : kBlockRoles) {
            if (moduleOf(role) != choice.module.kind)
                continue;
            const auto [outputs, inputs] = matrixSize(header.info, role);
            const auto& scheme = header.plan.schemeOf(choice.module);
            const auto groups = scheme.weightGroup > 0 ? inputs / scheme.weightGroup : 1;
            contents.bytes += scheme.weightBits == kFullPrecisionBits
                ? byteCount(contents.dtype, static_cast<std::uint64_t>(outputs * inputs))
                : static_cast<std::uint64_t>(outputs * inputs * scheme.weightBits / 8)
                    + byteCount(contents.dtype, static_cast<std::uint64_t>(outputs * groups));
        }
    return contents;
}

FolderContents writePackedFolder(const fs::path& bundle, const fs::path& folder, PackedFormat format,
                                 const FolderOptions& options, Progress& progress)
{
    const auto header = readBundleHeader(bundle);
    auto contents = packedOutlook(format, header, options);
    writeSmallFiles(bundle, header, folder, format, contents.dtype);
    ShardWriter writer(folder, options.shardBytes, folderMetadata(bundle, header, contents.lost));
    for (int block = 0; block < header.info.blocks; ++block) {
        reportBlock(progress, "packing", block, header.info.blocks);
        writeBlock(writer, header, block, format, contents.dtype, progress);
    }
    for (const auto& [name, inBundle] : outerTensors(header.info))
        writer.add(name, copyTensor(header.tensors->at(inBundle)), contents.dtype, progress);
    writer.finish(progress);
    listFiles(folder, contents);
    return contents;
}

double largestPackedDifference(const fs::path& bundle, const fs::path& folder, PackedFormat format, Progress& progress)
{
    const auto header = readBundleHeader(bundle);
    const auto tensors = readSafetensors(folder);
    double largest = 0.0;
    for (int block = 0; block < header.info.blocks; ++block) {
        reportBlock(progress, "comparing", block, header.info.blocks);
        auto quantized = readQuantizedBlock(*header.tensors, header.info, header.plan, block);
        dequantizeMatrices(quantized);
        for (const auto role : kBlockRoles) {
            const auto read = readMatrix(format, *tensors, header.plan, block, role);
            const auto difference = (read - quantized.weights.matrix(role)).abs().max().item<double>();
            largest = std::isnan(difference) ? difference : std::max(largest, difference);
        }
    }
    return largest;
}

std::shared_ptr<const Model> loadPackedFolder(const fs::path& bundle, const fs::path& folder, PackedFormat format,
                                              at::Device device, Progress& progress)
{
    const auto header = readBundleHeader(bundle);
    const auto tensors = readSafetensors(folder);
    const auto get = [&](const std::string& name) { return copyTensor(tensors->at(name)).to(device, at::kFloat); };
    Model::Parts parts;
    parts.info = header.info;
    for (int block = 0; block < header.info.blocks; ++block) {
        reportBlock(progress, "reading back", block, header.info.blocks);
        // The bundle says which norms and biases there are; what they hold is the folder's.
        auto weights = readQuantizedBlock(*header.tensors, header.info, header.plan, block).weights;
        for (const auto& [name, tensor] : blockExtras(block, weights))
            *tensor = get(name);
        for (const auto role : kBlockRoles)
            weights.matrix(role) = readMatrix(format, *tensors, header.plan, block, role).to(device, at::kFloat);
        parts.blocks.push_back({std::move(weights), nullptr});
    }
    const auto outer = outerTensors(header.info);
    parts.embedding = get(outer.at(0).first);
    parts.finalNorm = get(outer.at(1).first);
    parts.head = header.info.tiedHead ? parts.embedding : get(outer.at(2).first);
    return std::make_shared<const Model>(std::move(parts));
}

} // namespace core
