// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/tensor_view.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace core {

/** How the rotary frequencies are changed for contexts longer than the one trained on. */
struct RopeScaling
{
    enum class Kind { None, Linear, Llama3, Yarn, Factors };

    Kind kind = Kind::None;
    double factor = 1.0;
    double lowFrequencyFactor = 1.0;  // llama3
    double highFrequencyFactor = 4.0; // llama3
    double originalContext = 0.0;     // llama3, yarn
    double betaFast = 32.0;           // yarn
    double betaSlow = 1.0;            // yarn
    bool truncates = true;            // yarn: the ramp's ends are whole dimensions
    double attentionFactor = 1.0;     // yarn: scales cos and sin
    std::vector<double> factors;      // factors: f_i is divided by factors[i] (GGUF's rope_freqs), [head_dim / 2]
};

/** A model family as a row of data, read from `config.json` or GGUF metadata: LLaMA, Mistral, Qwen2 and Qwen3 differ in
    nothing else. */
struct ModelInfo
{
    std::string architecture; // "LlamaForCausalLM"
    int blocks = 0;
    std::int64_t hidden = 0;
    std::int64_t intermediate = 0;
    std::int64_t heads = 0;
    std::int64_t kvHeads = 0;
    std::int64_t headDim = 0; // from the configuration; not always hidden / heads
    std::int64_t vocab = 0;
    std::int64_t context = 0;
    double normEps = 1e-5;
    double ropeTheta = 10000.0;
    RopeScaling ropeScaling;
    std::int64_t slidingWindow = 0; // keys a query sees, itself included; 0: all
    std::vector<bool> slides;       // whether the window is that block's; empty: every block's
    bool inputBiases = false;       // of q, k and v
    bool outputBias = false;        // of o
    bool mlpBiases = false;
    bool headNorms = false; // Qwen3: RMSNorm on each head of q and k before RoPE
    bool tiedHead = false;
    std::optional<int> bosId;
    std::vector<int> eosIds;
    DType dtype = DType::F32; // of the matrices
    std::int64_t parameters = 0;
    std::int64_t bytes = 0; // of all tensors
};

} // namespace core
