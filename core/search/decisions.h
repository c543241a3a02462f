// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/search/search_result.h"

namespace core {

/** Makes `candidate`, its starts drawn with `seed`, what the method chose for the module. */
void setCandidate(Choice& choice, const Candidate& candidate, std::uint64_t seed);

/** One decision a module that was searched, by block, attention before mlp.

    By held-out losses: the pair with the smallest loss, where a candidate of another kind than the first counts as worse by its module's
    margin; starts of one kind compete without one. A loss that is not finite never wins. By gates: the largest probability.
    The restart spread of a module is the standard deviation over the starts of the default kind, the other module at the first
    candidate; the margin pools it over the blocks, for attention and MLP apart (root mean square, twice). */
std::vector<ModuleDecision> decide(const std::vector<BlockSearch>& blocks, const std::vector<Candidate>& candidates,
                                   const SearchOptions& options);

/** The decisions as a plan with their numbers; scheme, model and split are the caller's. */
Plan planOf(const std::vector<ModuleDecision>& decisions, const SearchOptions& options);

/** Every searched module's candidates, each with its mean held-out loss with the block's other module at the first candidate. Model, family, scheme and seed are the
    caller's. */
std::vector<ModuleLosses> moduleLosses(const std::vector<BlockSearch>& blocks, const std::vector<Candidate>& candidates,
                                       const SearchOptions& options);

/** Compares decisions with another run's losses: its own choice is its best candidate, of another kind only where that is better by our
    module's margin. Modules and candidates that only one of the two has are left out. */
SearchAgreement agreementWith(const HeldOutLosses& reference, const std::vector<ModuleDecision>& decisions);

} // namespace core
