// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/parse_bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::safetensors(std::as_bytes(std::span(data, size)));
    return 0;
}
