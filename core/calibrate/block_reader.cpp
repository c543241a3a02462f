// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/block_reader.h"

#include <ATen/ATen.h>

namespace core {

namespace {

template <typename Change>
BlockWeights changed(BlockWeights weights, Change change)
{
    for (const auto role : kBlockRoles)
        weights.matrix(role) = change(weights.matrix(role));
    for (const auto& [name, tensor] : weights.extras())
        if (tensor->defined())
            *tensor = change(*tensor);
    return weights;
}

BlockWeights readPinned(const std::shared_ptr<const ModelFiles>& files, int block)
{
    const at::NoGradGuard noGrad; // of this thread
    return changed(readBlock(files, block, at::kFloat, at::kCPU), [](const at::Tensor& x) { return x.pin_memory(); });
}

} // namespace

BlockReader::BlockReader(std::shared_ptr<const ModelFiles> files, at::Device device)
    : m_files(std::move(files))
    , m_device(device)
{
}

BlockWeights BlockReader::read(int block)
{
    if (m_device.is_cpu())
        return readBlock(m_files, block, at::kFloat, m_device);
    const auto pinned = m_coming == block ? m_next.get() : readPinned(m_files, block);
    const auto weights = changed(pinned, [&](const at::Tensor& x) { return x.to(m_device, /*non_blocking=*/true); });
    m_coming = block + 1 < m_files->info().blocks ? block + 1 : -1;
    if (m_coming >= 0)
        m_next = std::async(std::launch::async, readPinned, m_files, m_coming);
    return weights;
}

} // namespace core
