// SPDX-License-Identifier: Apache-2.0
#include "core/session/model_description.h"

#include "core/base/error.h"
#include "core/stats/profiler.h"

#include <algorithm>

namespace core {

namespace {

TensorInfo describeTensor(const TensorView& tensor)
{
    return {tensor.name, std::string(toString(tensor.dtype)), tensor.shape, std::int64_t(tensor.bytes.size()),
            tensor.file};
}

std::vector<LayerInfo> describeLayers(const ModelFiles& files)
{
    std::vector<LayerInfo> layers;
    for (const auto& layer : layersOf(files.info())) {
        const auto tensor = describeTensor(files.matrix(layer));
        layers.push_back({layer, tensor.dtype, tensor.shape, tensor.bytes});
    }
    return layers;
}

} // namespace

ModelDescription describeModel(const std::string& model, ModelStore& store)
{
    ModelDescription description{.path = model,
                                 .info = {},
                                 .tokenizerKind = {},
                                 .tensors = {},
                                 .layers = {},
                                 .plan = {},
                                 .calibration = {},
                                 .origin = {}};
    std::shared_ptr<const TensorSet> tensors;
    std::shared_ptr<const ModelFiles> files;
    if (isBundle(model)) {
        auto header = readBundleHeader(model);
        description.info = header.info;
        description.isBundle = true;
        description.plan = std::move(header.plan);
        description.calibration = std::move(header.report);
        description.origin = std::move(header.origin);
        tensors = header.tensors;
    } else {
        files = ModelFiles::open(model);
        description.info = files->info();
        description.layers = describeLayers(*files);
    }
    const auto& all = files ? files->tensors().tensors() : tensors->tensors();
    std::transform(all.begin(), all.end(), std::back_inserter(description.tensors), describeTensor);
    try {
        const auto tokenizer = store.tokenizer(model);
        description.tokenizerKind = tokenizer->kind();
        description.tokenizerVocab = tokenizer->vocabSize();
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::NotFound) // a model without a tokenizer can still be looked at
            throw;
    }
    return description;
}

} // namespace core
