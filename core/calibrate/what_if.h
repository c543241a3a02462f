// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/progress.h"
#include "core/calibrate/block_transforms.h"
#include "core/calibrate/what_if_report.h"

namespace core {

/** A module with the full-precision inputs of its block. */
struct ModuleProblem
{
    const ModelInfo& info;
    const Rope& rope;
    const BlockWeights& weights; // float32
    ModuleId module;
    QuantScheme scheme;
    KroneckerRule kronecker = KroneckerRule::Balanced;
    at::Tensor inputs; // [windows, tokens, hidden]; the last quarter, at least one, is held out
};

/** Trains each kind in turn for `options.epochs` passes over the windows that are not held out, by the rates and the batch of
    `options`, against the module's own full-precision output, and measures it on the held-out ones. All kinds share windows and
    random draws. Throws Error(InvalidArgument) for fewer than two windows. */
WhatIf compareKinds(const ModuleProblem& problem, const CalibrationOptions& options, Progress& progress);

/** Multiply-adds a token that a module's transforms cost at run time: those that are merged into weights cost
    nothing. */
double onlineMacs(const ModelInfo& info, const EvaluatedBlock& transforms, ModuleKind module);

} // namespace core
