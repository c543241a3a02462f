// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/json.h"
#include "core/search/search_result.h"

namespace core {

/** {block, gates [{module, step, steps, temperature, probabilities}], loss_trace, held_out [attention][mlp][window], seconds, warnings}:
    numbers come back bit by bit. */
Json blockSearchToJson(const BlockSearch& block);

/** The way back; throws Error(Corrupt) naming `name` and the key. */
BlockSearch blockSearchFromJson(const Json& json, const std::string& name);

/** What of the options moves a block's search: all but how its losses are turned into decisions. */
Json searchOptionsToJson(const SearchOptions& options);

/** The result without plan and losses: {mode, candidates, decide_by, margin {attention, mlp}, samples, held_out_windows, epochs, ...,
    modules [{module, chosen, by_held_out, by_gate, disagree, restart_spread, margin, delta, delta_stderr,
    candidates [{candidate, loss, difference, stderr, probability}], gates [{step, temperature, probabilities}]}],
    blocks [{block, held_out_loss [[L_ij]], loss_trace, seconds, warnings}], agreement {modules, equal_kinds, regret}, seconds}. */
Json searchToJson(const SearchResult& result);

/** The way back: of each block the mean held-out losses stand for its windows, losses stay empty, the plan has the choices alone, and of the options
    only what the decisions were made by is filled (mode, candidates, decide_by). The file of --search-out and the "search"
    part of what select printed are read alike. Throws Error(Corrupt) naming `name` and the key. */
SearchResult searchFromJson(const Json& json, const std::string& name);

} // namespace core
