// SPDX-License-Identifier: Apache-2.0
#include "core/export/gguf_file.h"

#include "core/base/error.h"
#include "core/export/bundle_tensors.h"
#include "core/export/gguf_blocks.h"
#include "core/export/gguf_keys.h"
#include "core/export/shard_writer.h"
#include "core/io/gguf_reader.h"
#include "core/io/json.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace core {

namespace {

namespace fs = std::filesystem;

constexpr const char* kPlanHash = "planish.plan_hash"; // the mark of a file of ours

/** What a matrix of the bundle becomes. */
DType storedType(const BundleHeader& header, const LayerId& layer, DType floats)
{
    const ModuleId module{layer.block, moduleOf(layer.role)};
    const auto* choice = header.plan.find(module);
    if (!choice || choice->kind != TransformKind::Identity)
        return floats;
    const auto inputs = matrixSize(header.info, layer.role).second;
    return ggufBlockType(header.plan.schemeOf(module), inputs).value_or(floats);
}

/** llama.cpp's number for what most matrices of a file are. */
std::uint32_t fileType(DType type)
{
    switch (type) {
    case DType::F16: return 1;
    case DType::Q4_0: return 2;
    case DType::Q4_1: return 3;
    case DType::Q8_0: return 7;
    case DType::BF16: return 32;
    default: return 0; // F32
    }
}

DType floatType(const FolderOptions& options)
{
    return options.dtype.value_or(DType::F16);
}

std::vector<std::string> lostThings(const BundleHeader& header, const std::map<DType, int>& counts, DType floats)
{
    auto lost = lostQuantizers(header.plan);
    if (header.info.slidingWindow > 0)
        lost.push_back("llama.cpp lets every token see all before it, where this model sees a window of "
                       + std::to_string(header.info.slidingWindow));
    if (const auto plain = counts.find(floats); plain != counts.end())
        lost.push_back(
            std::to_string(plain->second) + " matrices are stored as " + std::string(toString(floats))
            + ": llama.cpp runs no transform, so those behind one are folded back, and its blocks of 32 hold "
              "symmetric codes of 2 to 8 bits and asymmetric ones of 2 to 4");
    return lost;
}

/** The matrices of all blocks by what they become. */
struct StoredTypes
{
    std::map<DType, int> counts;
    std::uint64_t bytes = 0;

    StoredTypes(const BundleHeader& header, DType floats)
    {
        for (int block = 0; block < header.info.blocks; ++block)
            for (const auto role : kBlockRoles) {
                const auto [outputs, inputs] = matrixSize(header.info, role);
                const auto type = storedType(header, {block, role}, floats);
                ++counts[type];
                bytes += byteCount(type, static_cast<std::uint64_t>(outputs * inputs));
            }
    }

    DType mostFrequent() const
    {
        return std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; })->first;
    }
};

/** Where row r of a matrix of q or k comes from: ggml's llama keeps the two halves of a rotary pair side by side. Rows [heads * head_dim]. */
at::Tensor interleavedRows(std::int64_t rows, std::int64_t headDim)
{
    return at::arange(rows, at::kLong).view({-1, 2, headDim / 2}).transpose(1, 2).reshape({-1});
}

/** Writes the tensors of one bundle in the order of their layout. */
class GgufExporter
{
public:
    GgufExporter(const fs::path& bundle, const FolderOptions& options)
        : m_bundle(bundle)
        , m_header(readBundleHeader(bundle))
        , m_architecture(ggufArchitecture(readJson(bundle / "config.json").value("model_type", "")))
        , m_factors(ropeFactors(m_header.info))
        , m_floats(floatType(options))
        , m_contents(ggufOutlook(m_header, options))
    {
    }

    GgufExport write(const fs::path& path, const Tokenizer& tokenizer, Progress& progress)
    {
        m_file = std::make_unique<GgufStream>(path, keys(tokenizer), layout());
        const auto outer = outerTensors(m_header.info, Naming::Gguf);
        for (const auto& [name, inBundle] : outer)
            put(castWeight(name, copyTensor(m_header.tensors->at(inBundle)), outerType(inBundle)));
        if (!m_factors.empty())
            m_file->write(std::as_bytes(std::span(m_factors)));
        for (int block = 0; block < m_header.info.blocks; ++block) {
            progress.checkpoint();
            progress.report(double(block) / m_header.info.blocks,
                            "writing block " + std::to_string(block + 1) + " of "
                                + std::to_string(m_header.info.blocks));
            writeBlock(block, progress);
        }
        return {std::move(m_file), std::move(m_contents)};
    }

private:
    DType outerType(std::string_view inBundle) const { return inBundle == "final_norm" ? DType::F32 : m_floats; }

    GgufEntries keys(const Tokenizer& tokenizer) const
    {
        const auto facts = folderMetadata(m_bundle, m_header, m_contents.lost);
        GgufEntries entries{{"general.architecture", m_architecture},
                            {"general.type", "model"},
                            {"general.name", fs::path(m_header.origin.source).filename().string()},
                            {"general.file_type", fileType(m_contents.dtype)},
                            {"general.quantization_version", std::uint32_t{2}},
                            {kPlanHash, facts.at("plan_hash")},
                            {"planish.producer", facts.at("producer")},
                            {"planish.source_hash", facts.at("source_hash")},
                            {"planish.lost", facts.at("lost")}};
        std::ranges::move(modelKeys(m_header.info, m_architecture), std::back_inserter(entries));
        std::ranges::move(vocabularyKeys(tokenizer, m_header.info.vocab), std::back_inserter(entries));
        return entries;
    }

    std::vector<TensorLayout> layout() const
    {
        std::vector<TensorLayout> tensors;
        for (const auto& [name, inBundle] : outerTensors(m_header.info, Naming::Gguf))
            tensors.push_back({name, outerType(inBundle), m_header.tensors->at(inBundle).shape});
        if (!m_factors.empty())
            tensors.push_back({"rope_freqs.weight", DType::F32, {std::ssize(m_factors)}});
        for (int block = 0; block < m_header.info.blocks; ++block) {
            for (const auto role : kBlockRoles) {
                const auto [rows, columns] = matrixSize(m_header.info, role);
                tensors.push_back({tensorName(Naming::Gguf, LayerId{block, role}),
                                   storedType(m_header, {block, role}, m_floats),
                                   {rows, columns}});
            }
            auto extras = emptyExtras(block);
            for (const auto& [name, tensor] : blockExtras(block, extras, Naming::Gguf))
                tensors.push_back({name, DType::F32, tensor->sizes().vec()});
        }
        return tensors;
    }

    /** The norms and biases that the bundle has of a block, without their values. */
    BlockWeights emptyExtras(int block) const
    {
        BlockWeights weights;
        for (const auto& [name, tensor] : weights.extras())
            if (const auto* view = m_header.tensors->find("blocks." + std::to_string(block) + "." + name))
                *tensor = at::empty(view->shape);
        return weights;
    }

    void writeBlock(int block, Progress& progress)
    {
        const auto codes = readQuantizedBlock(*m_header.tensors, m_header.info, m_header.plan, block).packed;
        auto plain = plainBlock(m_bundle, m_header, block);
        for (const auto role : kBlockRoles) {
            progress.checkpoint();
            const LayerId layer{block, role};
            const auto type = storedType(m_header, layer, m_floats);
            if (type == m_floats)
                put(castWeight(toString(layer), inGgmlOrder(role, plain.matrix(role)), type));
            else
                put(ggufBlocks(inGgmlOrder(role, unsignedCodes(*codes[std::size_t(role)])), type));
        }
        for (auto [role, bias] : {std::pair(Role::Q, &plain.qBias), {Role::K, &plain.kBias}})
            if (bias->defined())
                *bias = inGgmlOrder(role, *bias);
        for (const auto& [name, tensor] : blockExtras(block, plain, Naming::Gguf))
            put(castWeight(name, *tensor, DType::F32));
    }

    at::Tensor inGgmlOrder(Role role, const at::Tensor& rows) const
    {
        if (m_architecture != "llama" || (role != Role::Q && role != Role::K))
            return rows;
        return rows.index_select(0, interleavedRows(rows.size(0), m_header.info.headDim));
    }

    UnsignedCodes inGgmlOrder(Role role, const UnsignedCodes& matrix) const
    {
        return {matrix.bits, inGgmlOrder(role, matrix.codes), inGgmlOrder(role, matrix.zeros),
                inGgmlOrder(role, matrix.scales)};
    }

    void put(const at::Tensor& tensor)
    {
        const auto flat = tensor.contiguous();
        m_file->write({static_cast<const std::byte*>(flat.const_data_ptr()), flat.nbytes()});
    }

    fs::path m_bundle;
    BundleHeader m_header;
    std::string m_architecture;
    std::vector<float> m_factors;
    DType m_floats; // of what keeps no codes
    FolderContents m_contents;
    std::unique_ptr<GgufStream> m_file;
};

} // namespace

FolderContents ggufOutlook(const BundleHeader& header, const FolderOptions& options)
{
    const auto floats = floatType(options);
    const StoredTypes types(header, floats);
    return {.dtype = types.mostFrequent(),
            .files = {},
            .bytes = outerBytes(header.info, floats) + types.bytes,
            .lost = lostThings(header, types.counts, floats)};
}

GgufExport writeGguf(const fs::path& bundle, const fs::path& path, const Tokenizer& tokenizer,
                     const FolderOptions& options, Progress& progress)
{
    return GgufExporter(bundle, options).write(path, tokenizer, progress);
}

bool isGgufExport(const fs::path& path)
{
    try {
        return readGguf(path, GgufBody::MayBeMissing).metadata.contains(kPlanHash);
    } catch (const Error&) {
        return false;
    }
}

double largestGgufDifference(const fs::path& bundle, const fs::path& file, Progress& progress)
{
    const auto header = readBundleHeader(bundle);
    const auto files = ModelFiles::open(file);
    double largest = 0.0;
    for (int block = 0; block < header.info.blocks; ++block) {
        progress.checkpoint();
        progress.report(double(block) / header.info.blocks,
                        "comparing block " + std::to_string(block + 1) + " of " + std::to_string(header.info.blocks));
        const auto read = readBlock(files, block, at::kDouble, at::kCPU);
        const auto expected = plainBlock(bundle, header, block);
        for (const auto role : kBlockRoles) {
            const auto difference = (read.matrix(role) - expected.matrix(role)).abs().max().item<double>();
            largest = std::isnan(difference) ? difference : std::max(largest, difference);
        }
    }
    return largest;
}

} // namespace core
