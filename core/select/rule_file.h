// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/json.h"
#include "core/select/kurtosis_rule.h"

namespace core {

/** A kurtosis profile file: {schema, attention {mode, sign, beta, kind}, mlp {...}, calibrated, evidence}; modes constant, threshold,
    two-sided, top-fraction. Strict: throws Error(Corrupt | Unsupported) naming file and key. */
KurtosisRule readKurtosisRule(const std::filesystem::path& path);
KurtosisRule ruleFromJson(const Json& json, const std::string& name);
Json ruleToJson(const KurtosisRule& rule);
void writeKurtosisRule(const std::filesystem::path& path, const KurtosisRule& rule); // atomically

} // namespace core
