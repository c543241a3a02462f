// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/progress.h"
#include "core/model/model.h"
#include "core/model/model_files.h"
#include "core/stats/profile.h"

#include <functional>

namespace core {

using LayerObserver = std::function<void(const LayerProfile&)>; // told as soon as a layer is read; may be empty
using SiteObserver = std::function<void(const SiteProfile&)>;   // may be empty

/** The matrices that a profile has rows of, in that order: the blocks' first, then embedding and head (a tied head is the
    embedding and gets no row of its own). */
std::vector<LayerId> layersOf(const ModelInfo& info);

/** Reads every matrix once, in the order of layersOf(), from the mapped files and without a copy of a whole tensor. Fills `weights`, `modules` with their robust z,
    and `warnings`. */
Profile profileWeights(const ModelFiles& files, const LayerObserver& observer, Progress& progress);

/** The same of a model in memory; of a packed matrix what its codes stand for, one matrix at a time in float32. */
Profile profileWeights(const Model& model, const LayerObserver& observer, Progress& progress);

/** Which kurtosis of a module its robust z is taken of. */
enum class KurtosisOf {
    MeanOfMatrices, // every matrix counts once
    AllEntries,     // concatenated
};

/** Fills `robustZ` of all modules, attention and mlp apart, and says what makes it doubtful: fewer than kSmallGroup blocks, a
    kurtosis that is not finite. */
std::vector<std::string> assignRobustZ(std::vector<ModuleProfile>& modules, KurtosisOf kurtosis);

/** Statistics of the activations at the six sites of each block while the model reads `ids`, int64 [windows, seqlen], every
    window from position 0. Channels of keys (after RoPE) and values: head * head_dim + i. Memory does not depend on the
    number of windows. The result is by block and site; the observer gets it at the end. Throws Error(InvalidArgument) for ids
    of another shape or outside the vocabulary. */
std::vector<SiteProfile> profileActivations(const Model& model, const at::Tensor& ids, const SiteObserver& observer,
                                            Progress& progress);

} // namespace core
