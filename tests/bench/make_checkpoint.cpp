// SPDX-License-Identifier: Apache-2.0
// Writes a LLaMA checkpoint of any size with random weights, to measure real sizes without real weights: bfloat16, one shard a
// block. Matrices are normal with standard deviation 1 / sqrt(inputs), as trained ones roughly are; the norms' gains have
// planted outliers (a few channels many times the others), so that the quantizers see what makes them fail.
//
//   make_checkpoint --out DIR --tokenizer MODEL [--hidden 4096 --intermediate 14336 --blocks 32 --heads 32 --kv-heads 8
//                   --vocab 128256 --context 8192 --outliers 6 --outlier-gain 16 --seed 0]
#include "core/base/error.h"
#include "core/io/json.h"
#include "core/io/safetensors_writer.h"

#include <ATen/Parallel.h>
#include <CLI/CLI.hpp>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <numbers>

namespace fs = std::filesystem;

namespace {

struct Shape
{
    std::int64_t hidden = 4096;
    std::int64_t intermediate = 14336;
    int blocks = 32;
    int heads = 32;
    int kvHeads = 8;
    std::int64_t vocab = 128256;
    std::int64_t context = 8192;
    int outliers = 6;
    double outlierGain = 16.0;
    std::uint64_t seed = 0;
    std::int64_t headDim() const { return hidden / heads; }
};

std::uint64_t mixed(std::uint64_t z) // splitmix64: any index has its own draw
{
    z += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

std::uint16_t toBFloat16(float x)
{
    std::uint32_t bits = 0;
    std::memcpy(&bits, &x, sizeof bits);
    return std::uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16); // half to even
}

/** `count` normal numbers as bfloat16 bytes; the same for any number of threads. */
std::vector<std::byte> normal(std::int64_t count, double deviation, std::uint64_t seed)
{
    std::vector<std::byte> bytes(std::size_t(count) * 2);
    auto* out = reinterpret_cast<std::uint16_t*>(bytes.data());
    at::parallel_for(0, (count + 1) / 2, 1 << 16, [&](std::int64_t begin, std::int64_t end) {
        for (auto pair = begin; pair < end; ++pair) { // Box and Muller
            const auto draw = mixed(seed * 0x9E3779B97F4A7C15ull + std::uint64_t(pair));
            const float u = (float(draw >> 40) + 0.5f) * 0x1p-24f;
            const float angle = float(draw & 0xffffff) * 0x1p-24f * 2.0f * std::numbers::pi_v<float>;
            const float radius = float(deviation) * std::sqrt(-2.0f * std::log(u));
            out[2 * pair] = toBFloat16(radius * std::cos(angle));
            if (2 * pair + 1 < count)
                out[2 * pair + 1] = toBFloat16(radius * std::sin(angle));
        }
    });
    return bytes;
}

std::vector<std::byte> gains(const Shape& shape, std::uint64_t seed)
{
    std::vector<float> values(std::size_t(shape.hidden), 1.0f);
    for (int i = 0; i < shape.outliers; ++i)
        values[mixed(seed + std::uint64_t(i)) % values.size()] = float(shape.outlierGain);
    std::vector<std::byte> bytes(values.size() * 2);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto narrow = toBFloat16(values[i]);
        std::memcpy(bytes.data() + 2 * i, &narrow, 2);
    }
    return bytes;
}

/** The tensors of one file. */
class Shard
{
public:
    void add(const std::string& name, std::vector<std::int64_t> shape, std::vector<std::byte> bytes)
    {
        m_bytes.push_back(std::move(bytes)); // the heap memory stays where it is
        m_tensors.push_back({name, core::DType::BF16, std::move(shape), m_bytes.back()});
    }

    void write(const fs::path& folder, const std::string& file, core::Json& index)
    {
        for (const auto& tensor : m_tensors)
            index["weight_map"][tensor.name] = file;
        core::writeSafetensors(folder / file, std::move(m_tensors), {{"format", "pt"}});
    }

private:
    std::vector<std::vector<std::byte>> m_bytes;
    std::vector<core::TensorToWrite> m_tensors;
};

void addMatrix(Shard& shard, const std::string& name, std::int64_t rows, std::int64_t columns, std::uint64_t seed)
{
    shard.add(name, {rows, columns}, normal(rows * columns, 1.0 / std::sqrt(double(columns)), seed));
}

void addBlock(Shard& shard, const Shape& shape, int block)
{
    const auto name = [&](const char* part) {
        return "model.layers." + std::to_string(block) + "." + part + ".weight";
    };
    const auto seed = mixed(shape.seed + 1000 * std::uint64_t(block + 1));
    const auto keys = shape.kvHeads * shape.headDim();
    addMatrix(shard, name("self_attn.q_proj"), shape.hidden, shape.hidden, seed);
    addMatrix(shard, name("self_attn.k_proj"), keys, shape.hidden, seed + 1);
    addMatrix(shard, name("self_attn.v_proj"), keys, shape.hidden, seed + 2);
    addMatrix(shard, name("self_attn.o_proj"), shape.hidden, shape.hidden, seed + 3);
    addMatrix(shard, name("mlp.gate_proj"), shape.intermediate, shape.hidden, seed + 4);
    addMatrix(shard, name("mlp.up_proj"), shape.intermediate, shape.hidden, seed + 5);
    addMatrix(shard, name("mlp.down_proj"), shape.hidden, shape.intermediate, seed + 6);
    shard.add(name("input_layernorm"), {shape.hidden}, gains(shape, seed + 7));
    shard.add(name("post_attention_layernorm"), {shape.hidden}, gains(shape, seed + 8));
}

void writeConfig(const Shape& shape, const fs::path& folder)
{
    const core::Json config = {{"architectures", {"LlamaForCausalLM"}},
                               {"model_type", "llama"},
                               {"hidden_act", "silu"},
                               {"hidden_size", shape.hidden},
                               {"intermediate_size", shape.intermediate},
                               {"num_hidden_layers", shape.blocks},
                               {"num_attention_heads", shape.heads},
                               {"num_key_value_heads", shape.kvHeads},
                               {"head_dim", shape.headDim()},
                               {"vocab_size", shape.vocab},
                               {"max_position_embeddings", shape.context},
                               {"rms_norm_eps", 1e-5},
                               {"rope_theta", 500000.0},
                               {"tie_word_embeddings", false},
                               {"bos_token_id", 1},
                               {"eos_token_id", 2},
                               {"torch_dtype", "bfloat16"}};
    core::writeFileAtomically(folder / "config.json", config.dump(2) + "\n");
}

void writeCheckpoint(const Shape& shape, const fs::path& folder)
{
    writeConfig(shape, folder);
    core::Json index;
    for (int block = 0; block < shape.blocks; ++block) {
        Shard shard;
        addBlock(shard, shape, block);
        shard.write(folder, "model-block-" + std::to_string(block) + ".safetensors", index);
        std::printf("block %d of %d\n", block + 1, shape.blocks);
    }
    Shard rest;
    rest.add("model.embed_tokens.weight", {shape.vocab, shape.hidden},
             normal(shape.vocab * shape.hidden, 0.02, mixed(shape.seed)));
    addMatrix(rest, "lm_head.weight", shape.vocab, shape.hidden, mixed(shape.seed + 1));
    rest.add("model.norm.weight", {shape.hidden}, gains(shape, mixed(shape.seed + 2)));
    rest.write(folder, "model-rest.safetensors", index);
    core::writeFileAtomically(folder / "model.safetensors.index.json", index.dump() + "\n");
}

} // namespace

int main(int argc, char** argv)
try {
    Shape shape;
    fs::path out, tokenizer;
    CLI::App app("a LLaMA checkpoint of any size with random weights");
    app.add_option("--out", out)->required();
    app.add_option("--tokenizer", tokenizer, "a model's folder: its tokenizer is copied")->required();
    app.add_option("--hidden", shape.hidden);
    app.add_option("--intermediate", shape.intermediate);
    app.add_option("--blocks", shape.blocks);
    app.add_option("--heads", shape.heads);
    app.add_option("--kv-heads", shape.kvHeads);
    app.add_option("--vocab", shape.vocab);
    app.add_option("--context", shape.context);
    app.add_option("--outliers", shape.outliers);
    app.add_option("--outlier-gain", shape.outlierGain);
    app.add_option("--seed", shape.seed);
    CLI11_PARSE(app, argc, argv);
    fs::create_directories(out);
    for (const auto& entry : fs::directory_iterator(tokenizer))
        if (entry.path().filename().string().find("token") != std::string::npos)
            fs::copy_file(entry.path(), out / entry.path().filename(), fs::copy_options::overwrite_existing);
    writeCheckpoint(shape, out);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
