// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/session/session.h"

#include <cstddef>

namespace core {

/** A number that two builds share only where what the window and the engine hand each other lies alike in memory, as far as
    sizes tell. */
constexpr std::size_t engineLayout()
{
    std::size_t number = 0;
    for (const std::size_t size :
         {sizeof(ModelDescription), sizeof(ModelInfo), sizeof(Plan), sizeof(Profile), sizeof(SelectSpec),
          sizeof(CalibrateSpec), sizeof(CalibrationReport), sizeof(EvaluateSpec), sizeof(EvaluationReport),
          sizeof(ExportSpec), sizeof(ExportResult), sizeof(ChatSpec), sizeof(ChatResult), sizeof(WhatIf),
          sizeof(BundleProfile), sizeof(SearchResult), sizeof(Error)})
        number = number * 1000003 + size;
    return number;
}

} // namespace core
