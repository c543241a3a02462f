// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/packed_folder.h"
#include "core/io/json.h"

namespace core {

/** The `quantization_config` of config.json, in the words of the format's own loaders: compressed-tensors QuantizationConfig, AutoGPTQ's
    quantize_config, AutoAWQ's config. The plan is one that checkCarries accepts. */
Json quantizationConfig(PackedFormat format, const ModelInfo& info, const Plan& plan);

} // namespace core
