// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/export/native_bundle.h"
#include "core/session/inspection.h"

namespace core {

/** A bundle beside the model it was made from, block by block. `windows`: int64 [windows, seqlen], undefined for weights
    alone. The inputs of every layer are the original's, so that each error is the layer's own. Throws
    Error(InvalidArgument) where the two do not belong together. */
BundleProfile profileBundleLayers(const Model& bundle, const Model& reference, const BundleHeader& header,
                                  const std::string& folder, const at::Tensor& windows,
                                  const BundleProfileObserver& observer, Progress& progress);

} // namespace core
