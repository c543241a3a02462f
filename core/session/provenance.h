// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/session/model_store.h"
#include "core/session/session.h"

namespace core {

/** Version, LibTorch, device, time and what `spec` says; models and text are filled in by who opens them. */
Provenance startProvenance(const EvaluateSpec& spec, const std::string& device);

/** A model or bundle on disk; milliseconds. Throws as opening it does. */
ModelProvenance modelProvenance(const std::string& path);

/** "2.11.0": what the program was built with. */
std::string libtorchVersion();

/** Now, UTC: "2026-11-22T15:04:05Z". */
std::string timeNow();

} // namespace core
