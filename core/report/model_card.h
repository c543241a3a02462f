// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/evaluation_report.h"
#include "core/select/plan.h"

namespace core {

/** What the card of an exported folder tells. */
struct CardFacts
{
    std::string format = "hf"; // as ExportSpec names it
    std::string source;        // path or name of the full-precision model
    std::string sourceHash;
    std::string planHash;
    Plan plan;
    std::string dtype; // "BF16"
    std::vector<std::string> lost;
    std::optional<EvaluationReport> evaluation; // of the bundle, with its quantizers
    std::string verification;                   // one sentence with numbers; empty: not verified
    std::string time;
};

/** README.md of an exported folder: what the weights are and are not, how each module was treated, the figures measured on the bundle,
    provenance, and how to load it. Names from files are printed as code. */
std::string modelCard(const CardFacts& facts);

} // namespace core
