// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/quantize_model.h"

namespace core {

/** A finished block's activations as they run beside packed weights: where both sides of a product are whole numbers, the matrix is
    given codes instead of rounded values, and a cache keeps keys and values packed where both have codes. */
class PackedBlockHook : public QuantizedBlockHook
{
public:
    PackedBlockHook(EvaluatedBlock transforms, BlockClips clips, BlockScheme scheme);

    LayerInput intoLayer(Role role, const at::Tensor& x) const override;
    CachedRows intoCache(Site site, const at::Tensor& x) const override;

private:
    gpu::RowRange m_keyRange, m_valueRange;
    std::array<gpu::RowRange, kBlockRoles.size()> m_ranges; // of activations, as their clips shrink them
};

/** Whether a product with weights and activations of this scheme is one of whole numbers: weights of 2 to 8 bits, activations
    symmetric of at most 8 bits, or asymmetric of at most 7, so that code minus zero fits a signed byte. */
bool multipliesIntegers(const QuantScheme& scheme);

/** The block as chat and evaluation run it: packed matrices stay packed, whatever has no codes stays float32. The function is that
    of runnableBlock up to the rounding of float32 sums. */
Model::Block packedBlock(QuantizedBlock block, const BlockScheme& scheme, at::Device device);

/** The block as a bundle runs it. The CPU computes with the codes. On a GPU the dequantized weights do: the packed kernels there
    agree with an emulation of them, and have not run on a GPU yet. */
Model::Block deployedBlock(QuantizedBlock block, const BlockScheme& scheme, at::Device device);

} // namespace core
