// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/calibration_options.h"
#include "core/model/decoder_block.h"
#include "core/quant/quantizer.h"
#include "core/select/plan.h"
#include "core/transforms/transform.h"

#include <array>

namespace core {

/** The six transforms of a block, one a site. `attentionOut` mixes heads: P_o [heads, heads] on the left;
    `key` and `value` are P_h and P_v [head_dim, head_dim] on the right, shared by all heads. */
template <typename T>
struct PerSite
{
    T attentionIn, attentionOut, key, value, mlpIn, mlpOut;

    T& at(Site site)
    {
        switch (site) {
        case Site::AttentionIn: return attentionIn;
        case Site::AttentionOut: return attentionOut;
        case Site::KeyCache: return key;
        case Site::ValueCache: return value;
        case Site::MlpIn: return mlpIn;
        case Site::MlpOut: return mlpOut;
        }
        return mlpOut;
    }
    const T& at(Site site) const { return const_cast<PerSite&>(*this).at(site); }
};

using BlockTransforms = PerSite<Transform>;
using EvaluatedBlock = PerSite<EvaluatedTransform>;

/** Learned clips of a block: a pair for each matrix's rows, for each quantized input, and for the two caches. */
struct BlockClips
{
    std::array<ClipLogits, 7> weight; // [out], by block role; [out, groups] where weights are grouped
    std::array<ClipLogits, 7>
        activation;        // [], by block role; roles that share an input share the tensors with PerInput
    ClipLogits key, value; // []
};

/** What calibration moves in one block. */
struct BlockParameters
{
    BlockTransforms transforms;
    BlockClips clips;
};

/** Where transforms stand and how large they are, for a model under a scheme: those of the attention input, output and value and of both
    MLP sites where weights or activations are quantized, the key's where keys are. A shape of 1 x 1: none. The value's transform is always merged,
    into the rows of v and the columns of o, also where only values are quantized (there the reference undoes it at run time). */
PerSite<TransformShape> transformShapes(const ModelInfo& info, const BlockScheme& scheme, KroneckerRule rule);

/** Throws Error(InvalidArgument) naming the layer where a group of the scheme does not divide a matrix's row or a head. */
void checkGroups(const ModelInfo& info, const BlockScheme& scheme);

/** The candidate that a plan's choice means, with calibration's form of rotation where the plan names none. */
Candidate candidateOf(const Choice& choice, const CalibrationOptions& options);

/** The start of one candidate; only the module's own sites and roles are filled. Random draws depend on the seed, block, module and
    start alone: all kinds of one start share them, and nothing depends on what the block's other module is. */
BlockParameters makeModuleParameters(const ModelInfo& info, const QuantScheme& scheme, KroneckerRule rule,
                                     const ModuleId& module, const Candidate& candidate,
                                     const CalibrationOptions& options);

/** The attention's part of one and the MLP's part of the other; tensors are shared. */
BlockParameters joined(const BlockParameters& attention, const BlockParameters& mlp);

/** The start of block `block`, by the plan's two choices. */
BlockParameters makeBlockParameters(const ModelInfo& info, const Plan& plan, int block,
                                    const CalibrationOptions& options);

/** The same parameters in the memory of `device`; those that share a tensor still do. Starts are drawn on the CPU, so that they do not
    depend on where calibration runs. */
BlockParameters onDevice(const BlockParameters& parameters, at::Device device);

/** Largest |x| of each channel at the three sites that have a channel scale, [n] float32. */
struct ChannelMaxima
{
    at::Tensor attentionIn, mlpIn, mlpOut;
};

/** c_j = max(wmax_j^(1-alpha) / xmax_j^alpha, 1e-5), wmax over the rows of all matrices that read the site. */
void startChannelScales(BlockTransforms& transforms, const BlockWeights& weights, const ChannelMaxima& maxima,
                        double alpha);

/** The same where the options start scales so; else they stay at 1. */
void startChannelScales(BlockTransforms& transforms, const BlockWeights& weights, const ChannelMaxima& maxima,
                        const CalibrationOptions& options);

EvaluatedBlock evaluate(const BlockTransforms& transforms);
EvaluatedBlock finalize(const BlockTransforms& transforms);

/** All tensors an optimiser moves: first the transforms', then the clips'. Those a scheme does not use are left out. */
std::vector<at::Tensor> transformParameters(const BlockParameters& parameters);
std::vector<at::Tensor> clipParameters(const BlockParameters& parameters);

} // namespace core
