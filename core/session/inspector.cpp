// SPDX-License-Identifier: Apache-2.0
#include "core/session/inspector.h"

#include "core/base/error.h"
#include "core/session/magnitude_map.h"
#include "core/session/profile_job.h"
#include "core/session/session_texts.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace core {

MagnitudeMap Inspector::map(const MapSpec& spec, Progress& progress)
{
    m_values.open(spec.source, progress);
    return mapMagnitudes(m_values, spec, progress);
}

QuantilePlot Inspector::quantiles(const QuantileSpec& spec, Progress& progress)
{
    m_values.open(spec.source, progress);
    return plotQuantiles(m_values, spec, progress);
}

BundleProfile Inspector::profileBundle(const BundleProfileSpec& spec, const BundleProfileObserver& observer,
                                       Progress& progress)
{
    if (!isBundle(spec.bundle))
        throw Error(ErrorKind::InvalidArgument, "not a bundle written by Planish", spec.bundle);
    refuseBundle(spec.reference);
    const auto header = readBundleHeader(spec.bundle);
    const auto reference = m_store.model(spec.reference, progress);
    const auto bundle = m_store.model(spec.bundle, progress);
    at::Tensor windows;
    if (!spec.text.empty()) {
        const auto ids = encodeText(m_store, spec.reference, spec.text).ids;
        windows = leadingWindows(ids, std::min(spec.seqlen, reference->info().context), spec.tokens, spec.text);
    }
    return profileBundleLayers(*bundle, *reference, header, spec.bundle, windows, observer, progress);
}

} // namespace core
