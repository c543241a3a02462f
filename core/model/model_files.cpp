// SPDX-License-Identifier: Apache-2.0
#include "core/model/model_files.h"

#include "core/base/error.h"
#include "core/io/gguf_reader.h"
#include "core/io/json.h"
#include "core/io/safetensors_reader.h"
#include "core/model/config.h"

#include <algorithm>

namespace core {

namespace {

std::string shapeText(const std::vector<std::int64_t>& shape)
{
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i)
        text += (i ? ", " : "") + std::to_string(shape[i]);
    return text + "]";
}

void requireShape(const TensorView& tensor, const std::vector<std::int64_t>& expected)
{
    if (tensor.shape != expected)
        throw Error(ErrorKind::Corrupt,
                    "tensor has shape " + shapeText(tensor.shape) + ", the configuration asks for "
                        + shapeText(expected),
                    tensor.file + ": " + tensor.name);
}

std::vector<std::int64_t> shapeOf(const ModelInfo& info, Role role)
{
    const auto [rows, columns] = matrixSize(info, role);
    return {rows, columns};
}

std::int64_t extraSize(const ModelInfo& info, Extra extra)
{
    switch (extra) {
    case Extra::QNorm:
    case Extra::KNorm: return info.headDim;
    case Extra::QBias: return info.heads * info.headDim;
    case Extra::KBias:
    case Extra::VBias: return info.kvHeads * info.headDim;
    case Extra::GateBias:
    case Extra::UpBias: return info.intermediate;
    default: return info.hidden;
    }
}

constexpr std::array kExtras{Extra::InputNorm, Extra::PostNorm, Extra::QNorm,   Extra::KNorm,
                             Extra::QBias,     Extra::KBias,    Extra::VBias,   Extra::OBias,
                             Extra::GateBias,  Extra::UpBias,   Extra::DownBias};

bool isRequired(const ModelInfo& info, Extra extra)
{
    switch (extra) {
    case Extra::QNorm:
    case Extra::KNorm: return info.headNorms;
    case Extra::QBias:
    case Extra::KBias:
    case Extra::VBias: return info.inputBiases;
    case Extra::OBias: return info.outputBias;
    case Extra::GateBias:
    case Extra::UpBias:
    case Extra::DownBias: return info.mlpBiases;
    default: return true;
    }
}

} // namespace

std::pair<std::int64_t, std::int64_t> matrixSize(const ModelInfo& info, Role role)
{
    const auto queries = info.heads * info.headDim;
    const auto keys = info.kvHeads * info.headDim;
    switch (role) {
    case Role::Q: return {queries, info.hidden};
    case Role::K:
    case Role::V: return {keys, info.hidden};
    case Role::O: return {info.hidden, queries};
    case Role::Gate:
    case Role::Up: return {info.intermediate, info.hidden};
    case Role::Down: return {info.hidden, info.intermediate};
    default: return {info.vocab, info.hidden};
    }
}

std::shared_ptr<const ModelFiles> ModelFiles::open(const std::filesystem::path& path)
{
    std::shared_ptr<ModelFiles> files(new ModelFiles);
    files->m_path = path;
    if (std::filesystem::is_directory(path))
        files->openHuggingFace();
    else if (std::filesystem::is_regular_file(path) && isGguf(path))
        files->openGguf();
    else if (std::filesystem::exists(path))
        throw Error(ErrorKind::Unsupported, "a model is a Hugging Face folder or a .gguf file", path.string());
    else
        throw Error(ErrorKind::NotFound, "no such file or folder", path.string());
    files->checkShapes();
    files->countParameters();
    return files;
}

void ModelFiles::openHuggingFace()
{
    if (std::filesystem::exists(m_path / "planish.json"))
        throw Error(ErrorKind::InvalidArgument,
                    "a bundle's weights are codes: the model it was made from is needed here", m_path.string());
    const auto configPath = m_path / "config.json";
    if (!std::filesystem::exists(configPath))
        throw Error(ErrorKind::NotFound, "the folder has no config.json, so it is not a Hugging Face model",
                    m_path.string());
    m_configuration = readFile(configPath);
    m_info = infoFromConfig(parseJson(m_configuration, configPath.string()), configPath.string());
    m_tensors = readSafetensors(m_path);
    if (!m_tensors->find(tensorName(Naming::HuggingFace, LayerId{-1, Role::Embedding}))
        && m_tensors->find(tensorName(Naming::HuggingFaceBare, LayerId{-1, Role::Embedding})))
        m_naming = Naming::HuggingFaceBare;
}

void ModelFiles::openGguf()
{
    auto file = readGguf(m_path, GgufBody::Required);
    m_info = infoFromGguf(file, m_path.string());
    m_tensors = file.tensors;
    m_naming = Naming::Gguf;
    // Only ggml's llama architecture stores rotary pairs side by side; qwen2 and qwen3 keep the two halves.
    m_interleavedRope = m_info.architecture == "llama";
    const auto& embedding = m_tensors->at(tensorName(m_naming, LayerId{-1, Role::Embedding}));
    m_info.vocab = embedding.shape.empty() ? 0 : embedding.shape.front();
    m_info.tiedHead = !m_tensors->find(tensorName(m_naming, LayerId{-1, Role::Head}));
    if (const auto* factors = m_tensors->find("rope_freqs.weight")) {
        std::vector<float> values(factors->elementCount());
        readAsFloat(*factors, values);
        m_info.ropeScaling.kind = RopeScaling::Kind::Factors;
        m_info.ropeScaling.factors.assign(values.begin(), values.end());
    }
    m_info.inputBiases = extra(0, Extra::QBias);
    m_info.outputBias = extra(0, Extra::OBias);
    m_info.mlpBiases = extra(0, Extra::GateBias);
    m_configuration = m_info.architecture;
}

const TensorView& ModelFiles::matrix(const LayerId& layer) const
{
    if (layer.role == Role::Head && m_info.tiedHead)
        return m_tensors->at(tensorName(m_naming, LayerId{-1, Role::Embedding}));
    return m_tensors->at(tensorName(m_naming, layer));
}

const TensorView* ModelFiles::extra(int block, Extra extra) const
{
    return m_tensors->find(tensorName(m_naming, block, extra));
}

const TensorView& ModelFiles::finalNorm() const
{
    return m_tensors->at(finalNormName(m_naming));
}

void ModelFiles::checkShapes() const
{
    for (int block = 0; block < m_info.blocks; ++block) {
        for (const auto role : kBlockRoles)
            requireShape(matrix({block, role}), shapeOf(m_info, role));
        for (const auto which : kExtras) {
            const auto* tensor = extra(block, which);
            if (tensor && !isRequired(m_info, which))
                throw Error(ErrorKind::Corrupt, "the configuration says that this tensor is not there",
                            tensor->file + ": " + tensor->name);
            if (tensor)
                requireShape(*tensor, {extraSize(m_info, which)});
            else if (isRequired(m_info, which))
                m_tensors->at(tensorName(m_naming, block, which)); // throws with the name
        }
    }
    if (const auto* more = m_tensors->find(tensorName(m_naming, LayerId{m_info.blocks, Role::Q})))
        throw Error(ErrorKind::Corrupt,
                    "a tensor of block " + std::to_string(m_info.blocks)
                        + ", and the configuration says that there are " + std::to_string(m_info.blocks) + " blocks",
                    more->file + ": " + more->name);
    requireShape(matrix({-1, Role::Embedding}), shapeOf(m_info, Role::Embedding));
    requireShape(matrix({-1, Role::Head}), shapeOf(m_info, Role::Head));
    requireShape(finalNorm(), {m_info.hidden});
    if (m_info.ropeScaling.kind == RopeScaling::Kind::Factors
        && std::int64_t(m_info.ropeScaling.factors.size()) != m_info.headDim / 2)
        throw Error(ErrorKind::Corrupt,
                    "rope_freqs has " + std::to_string(m_info.ropeScaling.factors.size()) + " factors for head size "
                        + std::to_string(m_info.headDim),
                    m_path.string());
}

void ModelFiles::countParameters()
{
    m_info.dtype = matrix({0, Role::Q}).dtype;
    for (const auto& tensor : m_tensors->tensors()) {
        // A head that is stored although it is tied is not a parameter of its own.
        if (!(m_info.tiedHead && tensor.name == tensorName(m_naming, LayerId{-1, Role::Head})))
            m_info.parameters += tensor.elementCount();
        m_info.bytes += static_cast<std::int64_t>(tensor.bytes.size());
    }
}

std::string ModelFiles::hash() const
{
    constexpr std::size_t kSample = 1024;
    std::string text = m_configuration;
    for (const auto& tensor : m_tensors->tensors()) {
        text += tensor.name + toString(tensor.dtype).data() + shapeText(tensor.shape);
        const auto* bytes = reinterpret_cast<const char*>(tensor.bytes.data());
        const auto size = tensor.bytes.size();
        text.append(bytes, std::min(size, kSample));
        text.append(bytes + size - std::min(size, kSample), std::min(size, kSample));
    }
    return sha256(text);
}

} // namespace core
