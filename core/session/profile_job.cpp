// SPDX-License-Identifier: Apache-2.0
#include "core/session/profile_job.h"

#include "core/base/error.h"
#include "core/export/native_bundle.h"
#include "core/session/session_texts.h"
#include "core/stats/profiler.h"

namespace core {

void refuseBundle(const std::string& model)
{
    if (isBundle(model))
        throw Error(ErrorKind::InvalidArgument,
                    "a bundle's weights are codes: the model it was made from is needed here", model);
}

Profile profileModel(const ProfileSpec& spec, const ProfileObserver& observer, ModelStore& store, Progress& progress)
{
    ProgressPart weights(progress, 0.0, spec.text.empty() ? 1.0 : 0.5);
    auto profile = isBundle(spec.model) ? profileWeights(*store.model(spec.model, weights), observer.onLayer, weights)
                                        : profileWeights(*ModelFiles::open(spec.model), observer.onLayer, weights);
    profile.model = spec.model;
    if (spec.text.empty())
        return profile;
    ProgressPart activations(progress, 0.5, 1.0);
    const auto model = store.model(spec.model, activations);
    const auto windows = leadingWindows(encodeText(store, spec.model, spec.text).ids,
                                        std::min(spec.seqlen, model->info().context), spec.tokens, spec.text);
    profile.activations = profileActivations(*model, windows, observer.onSite, activations);
    return profile;
}

} // namespace core
