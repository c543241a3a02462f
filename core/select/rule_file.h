// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/json.h"
#include "core/select/rule_fit.h"

namespace core {

/** One section of a profile file: the rule for a family and bit setting. */
struct RuleSection
{
    std::string family; // empty: for any model at any bits (schema 1)
    QuantScheme scheme;
    KurtosisRule rule;
};

/** A kurtosis profile file. Schema 1, by hand: {schema, attention {mode, sign, beta, kind, statistic, passing}, mlp {...}, calibrated,
    evidence}; modes constant, threshold, two-sided, top-fraction. Schema 2, fitted: {schema, profiles [{family, scheme, models
    [hashes], attention, mlp, calibrated, evidence, warnings, measured {...}}]}; `measured` is for people and not read back. Strict:
    throws Error(Corrupt | Unsupported) naming file and key; also for a family and bit setting that stands twice. */
std::vector<RuleSection> ruleSectionsFromJson(const Json& json, const std::string& name);

/** The section for a family and bit setting. Throws Error(InvalidArgument) that lists what the file has where there is none. */
KurtosisRule readKurtosisRule(const std::filesystem::path& path, const std::string& family, const QuantScheme& scheme);

/** The rule that Planish ships for a family and bit setting, with its evidence (tests/bench/RESULTS.md); an uncalibrated one, affine
    everywhere, where it has none. */
KurtosisRule shippedRule(const std::string& family, const QuantScheme& scheme);

Json ruleProfilesToJson(const std::vector<RuleProfile>& profiles);                                   // schema 2
void writeRuleProfiles(const std::filesystem::path& path, const std::vector<RuleProfile>& profiles); // atomically

} // namespace core
