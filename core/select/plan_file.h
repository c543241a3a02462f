// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/json.h"
#include "core/select/plan.h"

namespace core {

/** The plan file: {schema, method, model, kronecker, scheme {weight_bits, activation_bits, key_bits, value_bits, weight_group,
    kv_group, weight_asymmetric, activation_asymmetric}, modules [{module, kind, automatic_kind, origin, reason {text, numbers...}}],
    warnings}. A module also has `rotation_form` and `start` where they are not the default, and a `scheme` of its own where it is
    quantized otherwise than the plan. */
Json planToJson(const Plan& plan);

/** Strict: throws Error(Corrupt | Unsupported | InvalidArgument) naming `name` and the entry for an unknown schema, kind, origin or
    module, a module that stands twice, blocks that are not 0..n-1 with both modules each, bits outside 2..8 and 16 or not whole, and any
    key that is not listed above (those around every --json output aside). Modules may stand in any order. */
Plan planFromJson(const Json& json, const std::string& name);

Plan readPlan(const std::filesystem::path& path);
void writePlan(const std::filesystem::path& path, const Plan& plan); // atomically

/** The object `scheme` of the plan file; what follows the bits may be left out. */
Json schemeToJson(const QuantScheme& scheme);
QuantScheme schemeFromJson(const Json& json, const std::string& name);

} // namespace core
