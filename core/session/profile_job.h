// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/session/model_store.h"
#include "core/session/session.h"

namespace core {

/** Throws Error(InvalidArgument) where `model` is a bundle: its weights are codes. */
void refuseBundle(const std::string& model);

/** Statistics of the weights and, with a text, of the activations. Of a bundle: of what its codes stand for, behind the
    transforms, and of what flows through the quantized model. */
Profile profileModel(const ProfileSpec& spec, const ProfileObserver& observer, ModelStore& store, Progress& progress);

} // namespace core
