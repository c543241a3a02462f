// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/gguf_reader.h"
#include "core/io/json.h"
#include "core/model/model_info.h"

namespace core {

/** The row of data that `config.json` of a Hugging Face folder describes. Throws Error(Unsupported) for an architecture,
    activation or rope type that is not known, Error(Corrupt) for missing keys or sizes that make no sense; `name` is the
    file for messages. */
ModelInfo infoFromConfig(const Json& config, const std::string& name);

/** A `config.json` that reads back as `info`, for models that came without one. */
Json configFromInfo(const ModelInfo& info);

/** The same from the metadata of a GGUF file (architectures llama, qwen2, qwen3). */
ModelInfo infoFromGguf(const GgufFile& file, const std::string& name);

} // namespace core
