// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/model.h"
#include "core/session/session.h"

namespace core {

/** One layer and its input before and after the module's transform (CompareSpec). `windows` [windows, seqlen] int64 are what the
    activations are taken from; undefined: weights only, and the input distributions stay empty. */
TransformComparison compareLayer(const Model& model, const CompareSpec& spec, const at::Tensor& windows,
                                 Progress& progress);

} // namespace core
