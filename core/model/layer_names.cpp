// SPDX-License-Identifier: Apache-2.0
#include "core/model/layer_names.h"

namespace core {

namespace {

struct Spelling
{
    const char* huggingFace;
    const char* gguf;
};

Spelling spell(Role role)
{
    switch (role) {
    case Role::Q: return {"self_attn.q_proj", "attn_q"};
    case Role::K: return {"self_attn.k_proj", "attn_k"};
    case Role::V: return {"self_attn.v_proj", "attn_v"};
    case Role::O: return {"self_attn.o_proj", "attn_output"};
    case Role::Gate: return {"mlp.gate_proj", "ffn_gate"};
    case Role::Up: return {"mlp.up_proj", "ffn_up"};
    case Role::Down: return {"mlp.down_proj", "ffn_down"};
    case Role::Embedding: return {"embed_tokens", "token_embd"};
    case Role::Head: return {"lm_head", "output"};
    }
    return {};
}

Spelling spell(Extra extra)
{
    switch (extra) {
    case Extra::InputNorm: return {"input_layernorm.weight", "attn_norm.weight"};
    case Extra::PostNorm: return {"post_attention_layernorm.weight", "ffn_norm.weight"};
    case Extra::QNorm: return {"self_attn.q_norm.weight", "attn_q_norm.weight"};
    case Extra::KNorm: return {"self_attn.k_norm.weight", "attn_k_norm.weight"};
    case Extra::QBias: return {"self_attn.q_proj.bias", "attn_q.bias"};
    case Extra::KBias: return {"self_attn.k_proj.bias", "attn_k.bias"};
    case Extra::VBias: return {"self_attn.v_proj.bias", "attn_v.bias"};
    case Extra::OBias: return {"self_attn.o_proj.bias", "attn_output.bias"};
    case Extra::GateBias: return {"mlp.gate_proj.bias", "ffn_gate.bias"};
    case Extra::UpBias: return {"mlp.up_proj.bias", "ffn_up.bias"};
    case Extra::DownBias: return {"mlp.down_proj.bias", "ffn_down.bias"};
    }
    return {};
}

std::string modelPrefix(Naming naming)
{
    return naming == Naming::HuggingFace ? "model." : "";
}

} // namespace

std::string tensorName(Naming naming, const LayerId& layer)
{
    const auto spelling = spell(layer.role);
    if (layer.role == Role::Head) // stands outside "model."
        return std::string(naming == Naming::Gguf ? spelling.gguf : spelling.huggingFace) + ".weight";
    if (layer.role == Role::Embedding)
        return naming == Naming::Gguf ? std::string(spelling.gguf) + ".weight"
                                      : modelPrefix(naming) + spelling.huggingFace + ".weight";
    if (naming == Naming::Gguf)
        return "blk." + std::to_string(layer.block) + "." + spelling.gguf + ".weight";
    return modelPrefix(naming) + "layers." + std::to_string(layer.block) + "." + spelling.huggingFace + ".weight";
}

std::string tensorName(Naming naming, int block, Extra extra)
{
    if (naming == Naming::Gguf)
        return "blk." + std::to_string(block) + "." + spell(extra).gguf;
    return modelPrefix(naming) + "layers." + std::to_string(block) + "." + spell(extra).huggingFace;
}

std::string finalNormName(Naming naming)
{
    return naming == Naming::Gguf ? "output_norm.weight" : modelPrefix(naming) + "norm.weight";
}

} // namespace core
