// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/session/model_store.h"
#include "core/session/session.h"

namespace core {

/** What the headers at `model` tell: a Hugging Face folder, a .gguf file or a bundle. A model without a tokenizer can still be
    described. */
ModelDescription describeModel(const std::string& model, ModelStore& store);

} // namespace core
