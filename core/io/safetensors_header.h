// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/tensor_view.h"

namespace core {

struct SafetensorsHeader
{
    std::vector<TensorView> tensors; // in the order of their bytes; views into the given file
    std::map<std::string, std::string> metadata;
};

/** Reads and checks the header of one whole .safetensors file in memory; see readSafetensors() for what is refused. */
SafetensorsHeader parseSafetensors(std::span<const std::byte> file, const std::string& fileName);

} // namespace core
