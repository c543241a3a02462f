// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/session/model_store.h"
#include "core/session/session.h"

namespace core {

/** See Session::exportModel. The folder is written aside, described in `planish_export.json`, verified where that is asked for, and
    renamed; an earlier export in its place is replaced, any other folder that is not empty is refused. */
ExportResult exportBundle(ModelStore& store, const ExportSpec& spec, Progress& progress);

/** The formats that exportModel writes, for messages: "hf, gptq". */
std::string exportFormats();

} // namespace core
