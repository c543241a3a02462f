// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/json.h"
#include "core/session/guard_rail.h"

#include <filesystem>
#include <optional>

namespace core {

/** One file for the whole job: how modules are chosen, calibrated and evaluated.

    {"schema": 1,
     "method": "kurtosis", "rule": FILE, "overrides": {"3.mlp": "rotation"}, "kronecker": "balanced" | "fermat",
     "scheme": {"weight_bits": 4, "activation_bits": 4, "key_bits": 4, "value_bits": 4, "weight_group": 0,
                "kv_group": 0, "weight_asymmetric": false, "activation_asymmetric": false},
     "module_bits": {"3.mlp": "8/8", "0.attention": "8/8/4/4"}, "keep": {"first": 1, "last": 1, "bits": 8},
     "search": {"text": FILE, "samples", "seqlen", "epochs", "batch", "candidates": ["affine", "rotation"], "starts",
                "mode": "expected" | "decoupled" | "gumbel-st" | "soft-mix" | "oracle", "margin", "decide_by": "val" | "gate",
                "measure": "error" | "kl"},
     "plan": FILE, instead of those above,
     "calibration": {"text": FILE, "samples", "seqlen", "epochs", "batch", "seed", "learning_rate", "clip_learning_rate",
                     "weight_decay", "scale_alpha", "precision": "fp32" | "bf16", "finish": "rtn" | "gptq",
                     "clip_sharing": "per-layer" | "per-input", "inverse": "svd" | "direct", "diag_init": "sq_style" | "one"},
     "refine": {"text": FILE, "seqlen", "tokens", "candidates": ["affine", "affine#1", "rotation"]},
     "guard": {"text": FILE, "seqlen", "limit_tokens"},
     "evaluation": {"text": FILE, "seqlen", "convention", "limit_tokens", "reference": true,
                    "tasks": [NAME or TASK=FILE], "tasks_dir", "limit", "items": FILE, "batch_tokens"}}

    Only "calibration" with its text is needed; what is left out has the defaults of the command line, and of "search" (method "search")
    the calibration's text and options, but for its epochs. Paths are relative to the recipe's folder. With "refine" the plan is chosen anew by what the quantized model loses (core/search/refiner.h). With "guard" uniform plans are
    calibrated too and compared; without a text of its own on the end of the calibration's. Without "evaluation" nothing is evaluated; it needs a text,
    tasks or items; "reference" adds the divergence from the full-precision model on the text. */
struct Recipe
{
    static constexpr int kSchema = 1;

    std::string planFile; // empty: `select` makes the plan
    SelectSpec select;
    std::string calibrationText;
    CalibrationOptions calibration;
    bool seedGiven = false;
    std::optional<RefineOptions> refine;
    std::optional<GuardSpec> guard;
    std::optional<EvaluateSpec> evaluate;
    bool compareWithModel = true;
    Json json;           // as it was read
    std::string command; // for the record; empty where no program was asked
};

/** Strict: an unknown key, a wrong type or a missing text is an Error(InvalidArgument) that names the key. */
Recipe readRecipe(const std::filesystem::path& path);
Recipe recipeFromJson(const Json& json, const std::filesystem::path& folder, const std::string& name);

} // namespace core
