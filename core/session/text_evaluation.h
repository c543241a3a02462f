// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/session/model_store.h"
#include "core/session/session.h"

namespace core {

/** Perplexity of spec.text and, with a reference (a model or a stored run), the divergence from it, into `report` with the
    provenance of text and reference. Stores the run where spec.saveReference names a file, and a record of each token
    where spec.perToken does. */
void evaluateText(ModelStore& store, const EvaluateSpec& spec, EvaluationReport& report, Progress& progress);

} // namespace core
