// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/json.h"
#include "core/model/model_info.h"

namespace core {

/** A bundle's config.json as transformers wants it beside plain weights of type `dtype`: the source's own keys, its type, the class
    that loads it, and rope factors of a GGUF file as the Llama-3 scaling they come from. Throws Error(Unsupported) where the
    factors come from no known scaling; `name` is the file for messages. */
Json folderConfig(const Json& bundleConfig, const ModelInfo& info, DType dtype, const std::string& name);

/** The Llama-3 scaling whose factors these are, f_i = frequency_i / scaled frequency_i: found from the largest factor and the
    place where the factors leave 1. Nothing where no such scaling gives them within 1e-3. */
std::optional<RopeScaling> llama3ScalingOf(const std::vector<double>& factors, double ropeTheta,
                                           double originalContext);

} // namespace core
