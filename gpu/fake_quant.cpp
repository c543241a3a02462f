// SPDX-License-Identifier: Apache-2.0
#include "gpu/fake_quant.h"

#include "gpu/cuda/fake_quant.h"
#include "gpu/kernels.h"
#include "gpu/stream.h"

#include <ATen/ATen.h>
#include <c10/core/DeviceGuard.h>

namespace gpu {

namespace {

void checkLogit(const at::Tensor& logit, const at::Tensor& x, const RowQuantizer& quantizer)
{
    if (!logit.defined())
        return;
    const auto wanted = quantizer.clip == Clip::Values ? x.size(0) : 1;
    if (logit.numel() != wanted || logit.scalar_type() != at::kFloat || logit.device() != x.device())
        TORCH_CHECK_VALUE(false, "a clip of ", x.size(0), " rows on ", x.device().str(), " needs ", wanted,
                          " float32 logits there, not ", logit.numel(), " of ", logit.scalar_type(), " on ",
                          logit.device().str());
}

void checkRows(const at::Tensor& x, const RowQuantizer& quantizer)
{
    TORCH_CHECK_VALUE(quantizesRows(x) && x.dim() == 2 && x.is_contiguous(), "no fused quantizer for ", x.sizes(),
                      " of ", x.scalar_type(), " on ", x.device().str());
    TORCH_CHECK_VALUE(quantizer.bits >= 2 && quantizer.bits <= 8, "rows are rounded to 2 to 8 bits, not ",
                      quantizer.bits);
    checkLogit(quantizer.maxLogit, x, quantizer);
    checkLogit(quantizer.minLogit, x, quantizer);
}

const float* addressOf(const at::Tensor& logit)
{
    return logit.defined() ? logit.const_data_ptr<float>() : nullptr;
}

/** Logits that are one after the other. */
RowQuantizer packed(const RowQuantizer& quantizer)
{
    auto result = quantizer;
    for (auto* logit : {&result.maxLogit, &result.minLogit})
        if (logit->defined())
            *logit = logit->contiguous();
    return result;
}

cuda::RowsTask taskOf(const at::Tensor& x, const RowQuantizer& quantizer)
{
    return {.x = x.const_data_ptr(),
            .bfloat16 = x.scalar_type() == at::kBFloat16,
            .rows = x.size(0),
            .n = x.size(1),
            .steps = {quantizer.grid, quantizer.bits},
            .clampsValues = quantizer.clip == Clip::Values,
            .maxLogit = addressOf(quantizer.maxLogit),
            .minLogit = addressOf(quantizer.minLogit),
            .stream = currentStream(x.device())};
}

QuantizedRows quantizeOnGpu(const at::Tensor& x, const RowQuantizer& quantizer)
{
    const c10::DeviceGuard guard(x.device());
    QuantizedRows result{at::empty_like(x), at::empty({x.size(0), 2}, x.options().dtype(at::kFloat))};
    cuda::quantizeRows(taskOf(x, quantizer), result.values.mutable_data_ptr(),
                       result.extremes.mutable_data_ptr<float>());
    return result;
}

RowGradients backwardOnGpu(const at::Tensor& x, const at::Tensor& extremes, const at::Tensor& gradient,
                           const RowQuantizer& quantizer)
{
    const c10::DeviceGuard guard(x.device());
    RowGradients result{.x = at::empty_like(x), .maxLogit = {}, .minLogit = {}};
    for (const auto& [logit, into] :
         {std::pair{&quantizer.maxLogit, &result.maxLogit}, std::pair{&quantizer.minLogit, &result.minLogit}})
        if (logit->defined())
            *into = at::empty_like(*logit);
    const auto write = [](const at::Tensor& t) { return t.defined() ? t.mutable_data_ptr<float>() : nullptr; };
    const auto scratch = at::empty({cuda::kRowsScratch}, x.options().dtype(at::kDouble));
    cuda::quantizeRowsBackward(taskOf(x, quantizer), extremes.const_data_ptr<float>(), gradient.const_data_ptr(),
                               result.x.mutable_data_ptr(), write(result.maxLogit), write(result.minLogit),
                               scratch.mutable_data_ptr<double>());
    return result;
}

} // namespace

bool quantizesRows(const at::Tensor& x)
{
    if (x.is_cuda())
        return cuda::isBuilt() && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16);
    return x.is_cpu() && x.scalar_type() == at::kFloat;
}

QuantizedRows quantizeRows(const at::Tensor& x, const RowQuantizer& quantizer)
{
    checkRows(x, quantizer);
    return x.is_cuda() ? quantizeOnGpu(x, packed(quantizer)) : cpu::quantizeRows(x, packed(quantizer));
}

RowGradients quantizeRowsBackward(const at::Tensor& x, const at::Tensor& extremes, const at::Tensor& gradient,
                                  const RowQuantizer& quantizer)
{
    checkRows(x, quantizer);
    TORCH_CHECK_VALUE(gradient.sizes() == x.sizes() && gradient.scalar_type() == x.scalar_type()
                          && gradient.device() == x.device() && gradient.is_contiguous(),
                      "the gradient of rows ", x.sizes(), " is ", gradient.sizes(), " of ", gradient.scalar_type());
    return x.is_cuda() ? backwardOnGpu(x, extremes, gradient, packed(quantizer))
                       : cpu::quantizeRowsBackward(x, extremes, gradient, packed(quantizer));
}

} // namespace gpu
