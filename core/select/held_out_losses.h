// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/ids.h"
#include "core/io/json.h"
#include "core/quant/quant_scheme.h"
#include "core/transforms/transform_kind.h"

#include <cstdint>
#include <vector>

namespace core {

/** What one way to transform a module cost on windows that were not trained on. */
struct CandidateLoss
{
    TransformKind kind = TransformKind::Affine;
    RotationForm form = RotationForm::TwoFactor; // of a rotation; the default for other kinds
    int start = 0;                               // which of several starts, from 0
    double loss = 0.0;     // mean squared error of the block output; not finite where training diverged
    double stderror = 0.0; // over the held-out windows
};

struct ModuleLosses
{
    ModuleId module;
    std::vector<CandidateLoss> candidates;
};

/** What a search or an oracle run measured: what the kurtosis rule is fitted to. */
struct HeldOutLosses
{
    static constexpr int kSchema = 1;

    std::string model;  // hash of the model's configuration and tensor headers, as in a plan
    std::string family; // architecture of the model
    QuantScheme scheme;
    std::uint64_t seed = 0;
    std::vector<ModuleLosses> modules; // by block, attention before mlp; not all of them after a probe
};

/** {schema, model, family, scheme {...}, seed, modules [{module, candidates [{kind, form, start, loss, stderror}]}]}; `form`
    stands at rotations alone, losses that are not finite are strings. */
Json lossesToJson(const HeldOutLosses& losses);

/** Strict: throws Error(Corrupt | Unsupported | InvalidArgument) naming `name` and the module for an unknown schema, key, kind or form, a
    module or candidate that stands twice, a module without candidates, a negative loss or start. Modules may stand in any order. */
HeldOutLosses lossesFromJson(const Json& json, const std::string& name);

HeldOutLosses readHeldOutLosses(const std::filesystem::path& path);
void writeHeldOutLosses(const std::filesystem::path& path, const HeldOutLosses& losses); // atomically

} // namespace core
