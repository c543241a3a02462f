// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace support {

/** The shape of a model; the numbers to begin with are those of a model of 70 billion parameters. */
struct SparseShape
{
    int blocks = 80;
    std::int64_t hidden = 8192;
    std::int64_t intermediate = 28672;
    std::int64_t heads = 64;
    std::int64_t kvHeads = 8;
    std::int64_t vocab = 32000;
    int blocksAFile = 8;
};

/** Writes a Hugging Face folder of that shape in bfloat16 whose weights are holes: real headers and sizes, all values zero, a
    few kilobytes on disk. For what depends on the size of a model alone. */
class SparseModel
{
public:
    SparseModel(std::filesystem::path folder, const SparseShape& shape)
        : m_folder(std::move(folder))
        , m_shape(shape)
    {
        std::filesystem::create_directories(m_folder);
        writeConfiguration();
        int file = 0;
        const int files = (shape.blocks + shape.blocksAFile - 1) / shape.blocksAFile + 1;
        for (int first = 0; first < shape.blocks; first += shape.blocksAFile) {
            for (int block = first; block < std::min(first + shape.blocksAFile, shape.blocks); ++block)
                addBlock(block);
            writeFile(++file, files);
        }
        add("model.embed_tokens.weight", {shape.vocab, shape.hidden});
        add("model.norm.weight", {shape.hidden});
        add("lm_head.weight", {shape.vocab, shape.hidden});
        writeFile(++file, files);
        std::ofstream(m_folder / "model.safetensors.index.json")
            << "{\"metadata\": {\"total_size\": " << m_total << "}, \"weight_map\": {" << m_index.str() << "}}";
    }

    const std::filesystem::path& folder() const { return m_folder; }
    std::uint64_t bytes() const { return m_total; }

private:
    void writeConfiguration() const
    {
        std::ofstream(m_folder / "config.json")
            << "{\"architectures\": [\"LlamaForCausalLM\"], \"model_type\": \"llama\", \"hidden_act\": \"silu\", "
            << "\"hidden_size\": " << m_shape.hidden << ", \"intermediate_size\": " << m_shape.intermediate
            << ", \"num_hidden_layers\": " << m_shape.blocks << ", \"num_attention_heads\": " << m_shape.heads
            << ", \"num_key_value_heads\": " << m_shape.kvHeads << ", \"vocab_size\": " << m_shape.vocab
            << ", \"max_position_embeddings\": 4096, \"rms_norm_eps\": 1e-5, \"rope_theta\": 10000.0, "
            << "\"tie_word_embeddings\": false, \"torch_dtype\": \"bfloat16\", \"bos_token_id\": 1, \"eos_token_id\": "
               "2}";
    }

    void addBlock(int block)
    {
        const auto name = [&](const char* tensor) { return "model.layers." + std::to_string(block) + "." + tensor; };
        const auto keys = m_shape.hidden / m_shape.heads * m_shape.kvHeads;
        add(name("input_layernorm.weight"), {m_shape.hidden});
        add(name("self_attn.q_proj.weight"), {m_shape.hidden, m_shape.hidden});
        add(name("self_attn.k_proj.weight"), {keys, m_shape.hidden});
        add(name("self_attn.v_proj.weight"), {keys, m_shape.hidden});
        add(name("self_attn.o_proj.weight"), {m_shape.hidden, m_shape.hidden});
        add(name("post_attention_layernorm.weight"), {m_shape.hidden});
        add(name("mlp.gate_proj.weight"), {m_shape.intermediate, m_shape.hidden});
        add(name("mlp.up_proj.weight"), {m_shape.intermediate, m_shape.hidden});
        add(name("mlp.down_proj.weight"), {m_shape.hidden, m_shape.intermediate});
    }

    void add(const std::string& name, const std::vector<std::int64_t>& shape)
    {
        std::uint64_t bytes = 2;
        std::string sizes;
        for (const auto size : shape) {
            bytes *= static_cast<std::uint64_t>(size);
            sizes += (sizes.empty() ? "" : ", ") + std::to_string(size);
        }
        m_header << (m_offset == 0 ? "" : ", ") << "\"" << name << "\": {\"dtype\": \"BF16\", \"shape\": [" << sizes
                 << "], \"data_offsets\": [" << m_offset << ", " << m_offset + bytes << "]}";
        m_offset += bytes;
        m_names.push_back(name);
    }

    void writeFile(int number, int files)
    {
        std::ostringstream fileName;
        fileName << "model-" << number << "-of-" << files << ".safetensors";
        auto header = "{" + m_header.str() + "}";
        header.resize((header.size() + 7) / 8 * 8, ' ');
        const auto path = m_folder / fileName.str();
        {
            std::ofstream out(path, std::ios::binary);
            std::uint64_t length = header.size();
            for (int byte = 0; byte < 8; ++byte)
                out.put(static_cast<char>(length >> (8 * byte) & 0xffu));
            out << header;
        }
        std::filesystem::resize_file(path, 8 + header.size() + m_offset); // a hole
        for (const auto& name : m_names)
            m_index << (m_total == 0 && &name == &m_names.front() ? "" : ", ") << "\"" << name << "\": \""
                    << fileName.str() << "\"";
        m_total += m_offset;
        m_names.clear();
        m_header.str({});
        m_offset = 0;
    }

    std::filesystem::path m_folder;
    SparseShape m_shape;
    std::ostringstream m_header; // of the file being gathered
    std::ostringstream m_index;
    std::vector<std::string> m_names;
    std::uint64_t m_offset = 0;
    std::uint64_t m_total = 0;
};

} // namespace support
