// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/model/block_weights.h"

#include <future>

namespace core {

/** The blocks of a model in float32 on a device, in ascending order. For a GPU the next one is read into page-locked memory of the
    host by another thread while the last one is worked on, so that a block's turn begins with one fast transfer. */
class BlockReader
{
public:
    BlockReader(std::shared_ptr<const ModelFiles> files, at::Device device);

    /** Errors as readBlock. */
    BlockWeights read(int block);

private:
    std::shared_ptr<const ModelFiles> m_files;
    at::Device m_device;
    int m_coming = -1; // the block that m_next will hold
    std::future<BlockWeights> m_next;
};

} // namespace core
