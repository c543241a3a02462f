// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/session/model_store.h"
#include "core/session/session.h"

namespace core {

/** See Session::exportModel. The folder, or the GGUF file, is written aside, described (in `planish_export.json`, in the file's metadata), verified
    where that is asked for, and renamed; an earlier export in its place is replaced, anything else that is not empty is refused. */
ExportResult exportBundle(ModelStore& store, const ExportSpec& spec, Progress& progress);

/** See Session::exportOutlook. Throws as reading the bundle does, or for an unknown format. */
ExportOutlook exportOutlook(const ExportSpec& spec);

} // namespace core
