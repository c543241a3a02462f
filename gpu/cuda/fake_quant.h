// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/row_grid.h"

#include <cstdint>

namespace gpu::cuda {

/** Rows in a GPU's memory and how they are rounded (gpu/fake_quant.h). The device is current. */
struct RowsTask
{
    const void* x = nullptr; // [rows, n]
    bool bfloat16 = false;   // else float32
    std::int64_t rows = 0;   // at least 1, as n
    std::int64_t n = 0;
    GridSteps steps = {Grid::Symmetric, 4};
    bool clampsValues = false;       // Clip::Values: one logit a row, else one for all
    const float* maxLogit = nullptr; // null: none
    const float* minLogit = nullptr;
    void* stream = nullptr;
};

/** `values` [rows, n] of x's type, `extremes` [rows, 2]. */
void quantizeRows(const RowsTask& task, void* values, float* extremes);

/** Doubles of scratch memory that the way back needs. */
constexpr std::int64_t kRowsScratch = 2 * 4096;

/** The gradients of the logits are written where their addresses are not null; without clamps both or none. */
void quantizeRowsBackward(const RowsTask& task, const float* extremes, const void* gradient, void* gradientX,
                          float* gradientMaxLogit, float* gradientMinLogit, double* scratch);

} // namespace gpu::cuda
