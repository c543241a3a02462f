// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/search/search_options.h"
#include "core/select/held_out_losses.h"
#include "core/select/plan.h"

#include <array>

namespace core {

/** What one block's search leaves behind: enough to decide, and to decide again by another margin. */
struct BlockSearch
{
    int block = 0;
    std::vector<GatePoint> gates;  // of both modules by step; empty for an oracle
    std::vector<double> lossTrace; // mean objective of each epoch
    std::vector<std::vector<std::vector<double>>>
        heldOut; // [attention][mlp][window]: mean squared error of the output; a
                 // module that is not searched has its first candidate alone
    double seconds = 0.0;
    std::vector<std::string> warnings;
};

struct CandidateResult
{
    Candidate candidate;
    double loss = 0.0;        // held-out, with the block's other module as decided
    double difference = 0.0;  // from the first candidate, relative to its loss
    double stderror = 0.0;    // of the difference, over windows in pairs
    double probability = 0.0; // of the gate at the end; NaN for an oracle
};

struct ModuleDecision
{
    ModuleId module;
    std::vector<CandidateResult> candidates;
    double restartSpread =
        0.0;             // standard deviation of one start of the default kind relative to its loss; NaN for one start
    double margin = 0.0; // that was asked of other kinds
    double delta = 0.0;  // the best candidate of another kind against the best of the default kind, relative
    double deltaStderror = 0.0; // over windows in pairs; both NaN where there is one kind alone
    int chosen = 0;             // index of the candidate
    int byLoss = 0;             // what the held-out losses say
    int byGate = -1;            // what the gates say; -1 for an oracle
    bool disagree = false;      // these two name different kinds
};

/** How far the decisions are those that another run's held-out losses lead to. */
struct SearchAgreement
{
    int modules = 0;     // that both know
    int equalKinds = 0;  // decided alike
    double regret = 0.0; // mean loss, in the other run's terms, of our choices over its own best ones, relative
};

struct SearchResult
{
    SearchOptions options;
    std::vector<Candidate> candidates; // with their starts
    std::vector<BlockSearch> blocks;
    std::vector<ModuleDecision> modules; // that were searched; empty while blocks are missing
    Plan plan;                           // likewise without modules
    HeldOutLosses losses;                // with the block's other module at the first candidate
    std::optional<SearchAgreement> agreement;
    double seconds = 0.0;
};

} // namespace core
