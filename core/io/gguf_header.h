// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/gguf_reader.h"

#include <span>
#include <string>

namespace core {

/** A GGUF file in memory, described: see readGguf(). The views point into `file`. */
struct GgufHeader
{
    std::map<std::string, GgufValue> metadata;
    std::vector<TensorView> tensors; // in the order of their records
    bool complete = true;
};

GgufHeader parseGguf(std::span<const std::byte> file, const std::string& fileName, GgufBody body);

} // namespace core
