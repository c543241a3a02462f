// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/block_transforms.h"
#include "core/model/model.h"
#include "core/session/session.h"

namespace core {

/** The whole transform of a layer's input at `site`: o reads heads mixed by P_o, each in the basis of P_v. */
EvaluatedTransform inputTransform(const EvaluatedBlock& block, Site site);

/** One layer and its input before and after the module's transform (CompareSpec). `windows` [windows, seqlen] int64 are what the
    activations are taken from; undefined: weights only, and the input distributions stay empty. */
TransformComparison compareLayer(const Model& model, const CompareSpec& spec, const at::Tensor& windows,
                                 Progress& progress);

} // namespace core
