// SPDX-License-Identifier: Apache-2.0
#include "core/export/folder_parts.h"

#include "core/base/version.h"
#include "core/export/bundle_tensors.h"
#include "core/export/fold_back.h"
#include "core/io/json.h"
#include "core/select/plan_widths.h"

#include <algorithm>

namespace core {

namespace fs = std::filesystem;

BlockWeights plainBlock(const fs::path& bundle, const BundleHeader& header, int block)
{
    auto quantized = readQuantizedBlock(*header.tensors, header.info, header.plan, block);
    dequantizeMatrices(quantized);
    const bool trainedKept = fs::exists(bundle / "calibration");
    const auto transforms =
        trainedKept ? finalize(loadBundleParameters(bundle, block).transforms) : quantized.transforms;
    return foldBack(header.info, quantized, transforms);
}

void listFiles(const fs::path& folder, FolderContents& contents)
{
    contents.bytes = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        contents.files.push_back(entry.path().filename().string());
        contents.bytes += entry.file_size();
    }
    std::sort(contents.files.begin(), contents.files.end());
}

std::string linearName(int block, Role role)
{
    const auto weight = tensorName(Naming::HuggingFace, LayerId{block, role});
    return weight.substr(0, weight.rfind('.'));
}

std::vector<std::pair<std::string, at::Tensor*>> blockExtras(int block, BlockWeights& weights, Naming naming)
{
    const std::pair<Extra, at::Tensor*> all[] = {
        {Extra::InputNorm, &weights.inputNorm}, {Extra::PostNorm, &weights.postNorm},
        {Extra::QNorm, &weights.qNorm},         {Extra::KNorm, &weights.kNorm},
        {Extra::QBias, &weights.qBias},         {Extra::KBias, &weights.kBias},
        {Extra::VBias, &weights.vBias},         {Extra::OBias, &weights.oBias},
        {Extra::GateBias, &weights.gateBias},   {Extra::UpBias, &weights.upBias},
        {Extra::DownBias, &weights.downBias}};
    std::vector<std::pair<std::string, at::Tensor*>> extras;
    for (const auto& [extra, tensor] : all)
        if (tensor->defined())
            extras.emplace_back(tensorName(naming, block, extra), tensor);
    return extras;
}

std::vector<std::pair<std::string, const char*>> outerTensors(const ModelInfo& info, Naming naming)
{
    std::vector<std::pair<std::string, const char*>> names{
        {tensorName(naming, LayerId{-1, Role::Embedding}), "embedding"}, {finalNormName(naming), "final_norm"}};
    if (!info.tiedHead)
        names.emplace_back(tensorName(naming, LayerId{-1, Role::Head}), "head");
    return names;
}

std::uint64_t outerBytes(const ModelInfo& info, DType dtype)
{
    const auto elements = info.hidden * (info.vocab * (info.tiedHead ? 1 : 2) + 1);
    return byteCount(dtype, static_cast<std::uint64_t>(elements));
}

std::vector<std::string> lostQuantizers(const Plan& plan)
{
    std::vector<std::string> lost;
    const auto add = [&](int QuantScheme::*width, const char* what) {
        auto widths = widthsOf(plan, width);
        widths.erase(kFullPrecisionBits);
        if (!widths.empty())
            lost.push_back(std::string(what) + " were quantized to " + joined(widths, " and ")
                           + " bits and are not here");
    };
    add(&QuantScheme::activationBits, "activations");
    add(&QuantScheme::keyBits, "cached keys");
    add(&QuantScheme::valueBits, "cached values");
    return lost;
}

std::map<std::string, std::string> folderMetadata(const fs::path& bundle, const BundleHeader& header,
                                                  const std::vector<std::string>& lost)
{
    std::string sentences;
    for (const auto& sentence : lost)
        sentences += (sentences.empty() ? "" : "; ") + sentence;
    return {{"format", "pt"}, // what transformers asks for
            {"producer", std::string("planish ") + kVersion},
            {"source_hash", header.sourceHash},
            {"plan_hash", readJson(bundle / "planish.json").value("plan_hash", "")},
            {"weight_bits", joined(widthsOf(header.plan, &QuantScheme::weightBits), ",")},
            {"lost", sentences}};
}

} // namespace core
