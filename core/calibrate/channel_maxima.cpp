// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/channel_maxima.h"

#include <ATen/ATen.h>

namespace core {

namespace {

void raise(at::Tensor& maxima, const at::Tensor& x)
{
    const auto columns = x.reshape({-1, x.size(-1)}).abs().amax(0);
    maxima = maxima.defined() ? at::maximum(maxima, columns) : columns;
}

} // namespace

Tap maximaTap(ChannelMaxima& maxima)
{
    return [&maxima](const SiteId& id, const at::Tensor& x) {
        if (id.site == Site::AttentionIn)
            raise(maxima.attentionIn, x);
        else if (id.site == Site::MlpIn)
            raise(maxima.mlpIn, x);
        else if (id.site == Site::MlpOut)
            raise(maxima.mlpOut, x);
    };
}

} // namespace core
