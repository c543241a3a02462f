// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/block_finisher.h"

#include "core/base/error.h"
#include "core/calibrate/block_windows.h"
#include "core/calibrate/window_store.h"
#include "core/quant/gptq.h"

#include <ATen/ATen.h>

#include <map>

namespace core {

namespace {

/** The block's own hook, and beside it the moments of what some matrices read. */
class CollectingHook : public BlockHook
{
public:
    CollectingHook(const BlockHook& inner, const std::vector<Role>& roles)
        : m_inner(inner)
    {
        for (const auto role : roles)
            m_moments[role];
    }

    at::Tensor atSite(Site site, const at::Tensor& x) const override { return m_inner.atSite(site, x); }
    at::Tensor atQuery(const at::Tensor& q) const override { return m_inner.atQuery(q); }
    LayerInput intoLayer(Role role, const at::Tensor& x) const override
    {
        auto read = m_inner.intoLayer(role, x);
        if (const auto found = m_moments.find(role); found != m_moments.end())
            found->second.add(read.values);
        return read;
    }

    at::Tensor hessian(Role role) const { return m_moments.at(role).hessian(); }

private:
    const BlockHook& m_inner;
    mutable std::map<Role, InputMoments> m_moments;
};

const std::vector<std::vector<Role>> kOrder{
    {Role::Q, Role::K, Role::V}, {Role::O}, {Role::Gate, Role::Up}, {Role::Down}};

} // namespace

BlockFinisher::BlockFinisher(std::shared_ptr<const ModelFiles> files, Plan plan, Finish finish,
                             const at::Tensor& windows, at::Device device, int batch)
    : m_files(std::move(files))
    , m_plan(std::move(plan))
    , m_finish(finish)
    , m_device(device)
    , m_batch(batch)
    , m_rope(m_files->info(), device)
{
    if (m_finish != Finish::Gptq)
        return;
    if (!windows.defined())
        throw Error(ErrorKind::InvalidArgument, "the GPTQ finish needs the calibration windows");
    m_hidden = embedWindows(m_files, windows, device);
}

QuantizedBlock BlockFinisher::next(const BlockParameters& parameters, Progress& progress)
{
    const at::NoGradGuard noGrad;
    progress.checkpoint();
    // GPTQ's columns follow one another: that is the host's work.
    const auto device = m_finish == Finish::Gptq ? at::Device(at::kCPU) : m_device;
    const auto weights = readBlock(m_files, m_block, at::kFloat, device);
    const auto moved = onDevice(parameters, device);
    try {
        auto block = m_finish == Finish::Gptq
            ? finishByGptq(weights, moved, progress)
            : quantizeBlock(m_files->info(), weights, moved, m_plan.schemeOf(m_block));
        ++m_block;
        return toDevice(std::move(block), at::kCPU);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::Numeric)
            for (const auto role : kBlockRoles)
                requireFinite(m_files->matrix({m_block, role})); // names the tensor, where it is the model's
        throw;
    }
}

QuantizedBlock BlockFinisher::finishByGptq(const BlockWeights& weights, const BlockParameters& parameters,
                                           Progress& progress)
{
    const auto scheme = m_plan.schemeOf(m_block);
    const auto folded = foldBlock(m_files->info(), weights, parameters);
    auto block = toDevice(unroundedBlock(folded, parameters.clips), m_device);
    const auto hook = runnableBlock(block, scheme).hook;
    for (const auto& roles : kOrder) {
        const auto& own = scheme.of(roles.front());
        if (own.weightBits >= kFullPrecisionBits)
            continue;
        const CollectingHook collecting(*hook, roles);
        forward(block, collecting, progress);
        for (const auto role : roles) {
            progress.checkpoint();
            const auto& weight = folded.weights.matrix(role);
            const auto hessian = collecting.hessian(role);
            auto packed = gptqWeight(weight, hessian, own.weightBits, own.weightGroup, own.weightAsymmetric);
            const auto nearest = packWeight(weight, own.weightBits, own.weightGroup, own.weightAsymmetric);
            m_rounding.push_back({m_block, std::string(toString(role)),
                                  outputError(weight, dequantize(nearest), hessian),
                                  outputError(weight, dequantize(packed), hessian)});
            setRounded(block, folded, role, std::move(packed));
        }
    }
    m_hidden = forward(block, *hook, progress);
    return block;
}

at::Tensor BlockFinisher::forward(const QuantizedBlock& block, const BlockHook& hook, Progress& progress) const
{
    const BlockContext context{.info = m_files->info(), .rope = m_rope, .block = m_block, .hook = &hook};
    auto out = hostWindows(m_hidden.sizes(), m_device);
    for (std::int64_t begin = 0; begin < m_hidden.size(0); begin += m_batch) {
        progress.checkpoint();
        const auto count = std::min<std::int64_t>(m_batch, m_hidden.size(0) - begin);
        out.narrow(0, begin, count)
            .copy_(forwardBlock(context, block.weights, windowsOn(m_device, m_hidden, begin, count)));
    }
    return out;
}

} // namespace core
