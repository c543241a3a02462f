// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/ranks/ranks.h"
#include "core/session/model_store.h"
#include "core/session/session.h"

namespace core {

/** The plan of every method but the search; throws Error(InvalidArgument) for a scheme that the model's shapes do not allow. */
Plan chosenPlan(const SelectSpec& spec, ModelStore& store, Progress& progress);

/** A search and what it decides. Of a part of the blocks there are losses and no plan: `result.modules` is empty. */
SearchResult runSearch(const SelectSpec& spec, ModelStore& store, std::shared_ptr<Ranks> ranks,
                       const SearchObserver& observer, Progress& progress);

/** Its plan alone; throws Error(InvalidArgument) where a part of the blocks is missing. */
Plan searchedPlan(const SelectSpec& spec, ModelStore& store, std::shared_ptr<Ranks> ranks, Progress& progress);

} // namespace core
