// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/session/model_store.h"
#include "core/session/session.h"

namespace core {

/** Everything a specification asks for, the texts and items read before the model is. Tasks without a folder or file of items
    are looked for in MODEL/tasks, where the demo model has its own. Several ranks share the model's passes and all have the whole
    report in the end; rank 0 alone writes files. `ranks` may be null. Throws Error(InvalidArgument) where it asks for nothing. */
EvaluationReport runEvaluation(ModelStore& store, const EvaluateSpec& spec, Ranks* ranks, Progress& whole);

} // namespace core
