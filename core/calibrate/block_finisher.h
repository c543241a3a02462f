// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/quantize_model.h"

namespace core {

/** Rounds the calibrated blocks, the first to the last. To nearest, each block by itself; with GPTQ the calibration
    windows run through the blocks as they are finished: matrices that read one input are rounded together, in the order
    q, k, v | o | gate, up | down, on inputs that come from what is rounded already, with the quantizers of activations and caches at
    work. Memory: that of one block, of one buffer of hidden states and of the largest layer's moments. */
class BlockFinisher
{
public:
    /** `windows` [samples, seqlen] int64 are needed for GPTQ alone. */
    BlockFinisher(std::shared_ptr<const ModelFiles> files, Plan plan, Finish finish, const at::Tensor& windows,
                  at::Device device, int batch);

    /** The next block, on the CPU. */
    QuantizedBlock next(const BlockParameters& parameters, Progress& progress);

    /** With GPTQ: each matrix finished so far, beside rounding to nearest on the same inputs. */
    const std::vector<RoundingReport>& rounding() const { return m_rounding; }

private:
    QuantizedBlock finishByGptq(const BlockWeights& weights, const BlockParameters& parameters, Progress& progress);
    at::Tensor forward(const QuantizedBlock& block, const BlockHook& hook, Progress& progress) const;

    std::shared_ptr<const ModelFiles> m_files;
    Plan m_plan;
    Finish m_finish;
    at::Device m_device;
    int m_batch;
    Rope m_rope;
    int m_block = 0;
    at::Tensor m_hidden; // [windows, tokens, hidden]: what the next block reads
    std::vector<RoundingReport> m_rounding;
};

} // namespace core
