// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/session/bundle_profile.h"
#include "core/session/value_rows.h"

namespace core {

/** The part of the session that looks into models without changing them. */
class Inspector
{
public:
    explicit Inspector(ModelStore& store)
        : m_store(store)
        , m_values(store)
    {
    }

    MagnitudeMap map(const MapSpec& spec, Progress& progress);
    QuantilePlot quantiles(const QuantileSpec& spec, Progress& progress);
    BundleProfile profileBundle(const BundleProfileSpec& spec, const BundleProfileObserver& observer,
                                Progress& progress);

private:
    ModelStore& m_store;
    ValueRows m_values;
};

} // namespace core
