// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/evaluation_journal.h"
#include "core/session/model_store.h"
#include "core/session/session.h"

namespace core {

/** Perplexity of spec.text and, with a reference (a model or a stored run), the divergence from it, into `report` with the
    provenance of text and reference. Stores the run where spec.saveReference names a file, and a record of each token
    where spec.perToken does. A journal (null: none) keeps the windows of a perplexity without a reference. Ranks (null: this
    process alone) share the windows; storing a run is refused among them. */
void evaluateText(ModelStore& store, const EvaluateSpec& spec, EvaluationJournal* journal, Ranks* ranks,
                  EvaluationReport& report, Progress& progress);

} // namespace core
