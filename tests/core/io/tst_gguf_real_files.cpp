// SPDX-License-Identifier: Apache-2.0
#include "core/io/gguf_reader.h"
#include "core/io/safetensors_reader.h"
#include "tests/support/refuses.h"
#include "tests/support/shared_data.h"

#include <QtTest>

#include <algorithm>
#include <cmath>

using namespace core;

namespace {

bool equalBytes(std::span<const std::byte> a, std::span<const std::byte> b)
{
    return std::ranges::equal(a, b);
}

/** The weights of a llama2.c version-0 file, one after the other. */
class Llama2c
{
public:
    explicit Llama2c(const std::filesystem::path& path)
        : m_file(MappedFile::open(path))
        , m_rest(m_file->bytes().subspan(7 * 4))
    {
    }

    std::span<const std::byte> next(std::size_t floats)
    {
        const auto part = m_rest.first(floats * 4);
        m_rest = m_rest.subspan(floats * 4);
        return part;
    }

private:
    std::shared_ptr<const MappedFile> m_file;
    std::span<const std::byte> m_rest;
};

} // namespace

/** The GGUF reader on files that other programs wrote; tst_gguf_reader.cpp has those made by hand. */
class TestGgufRealFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Found by another project's fuzzer: none may crash, hang or take much memory.
    void fuzzerCorpusIsRefusedOrRead()
    {
        const auto folder = support::sharedFolder() / "data/vectors/gguf-fuzz-corpus";
        PLANISH_NEEDS(folder);
        int files = 0;
        int refused = 0;
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.path().filename().string().size() != 40)
                continue; // names are SHA-1; the rest is documentation
            ++files;
            try {
                readGguf(entry.path(), GgufBody::MayBeMissing);
            } catch (const Error& error) {
                ++refused;
                QVERIFY(describe(error).find(entry.path().filename().string()) != std::string::npos);
            }
        }
        QCOMPARE(files, 225);
        QVERIFY(refused > 0);
    }

    void headerOfACutSevenBillionModelIsDescribed()
    {
        const auto path = support::sharedFolder() / "data/vectors/gguf-truncated-7b/gguf.hexpat.gguf";
        PLANISH_NEEDS(path);
        const auto file = readGguf(path, GgufBody::MayBeMissing);
        // Its README: 23 keys, 291 tensors: 225 Q4_0, 65 F32, 1 Q6_K.
        QVERIFY(!file.complete);
        QCOMPARE(file.metadata.size(), std::size_t{23});
        std::map<std::string, int> types;
        for (const auto& tensor : file.tensors->tensors())
            ++types[tensor.typeName.empty() ? std::string(toString(tensor.dtype)) : tensor.typeName];
        QCOMPARE(types, (std::map<std::string, int>{{"Q4_0", 225}, {"F32", 65}, {"Q6_K", 1}}));
        QCOMPARE(*file.text("general.architecture"), std::string("llama"));
        QCOMPARE(*file.integer("general.quantization_version"), std::int64_t{2});
        QCOMPARE(std::get<std::vector<std::string>>(file.metadata.at("tokenizer.ggml.tokens")).size(),
                 std::size_t{32000});
        QCOMPARE(file.tensors->at("token_embd.weight").shape, (std::vector<std::int64_t>{32000, 4096}));
        // data start 1715200 + last offset 3825049600 + its 4096 F32 values
        PLANISH_REFUSES(readGguf(path, GgufBody::Required), ErrorKind::Corrupt, {"1715488", "3826781184", "cut short"});
    }

    void vocabularyFilesAreRead_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("tokens"); // the published vocabulary sizes
        QTest::newRow("gpt-2") << "gpt-2"
                               << "gpt2" << 50257;
        QTest::newRow("llama-spm") << "llama-spm"
                                   << "llama" << 32000;
        QTest::newRow("phi-3") << "phi-3"
                               << "llama" << 32064;
        QTest::newRow("deepseek-coder") << "deepseek-coder"
                                        << "gpt2" << 32256;
    }
    void vocabularyFilesAreRead()
    {
        QFETCH(QString, name);
        QFETCH(QString, model);
        QFETCH(int, tokens);
        const auto path =
            support::sharedFolder() / "data/tokenizers/ggml-vectors" / ("ggml-vocab-" + name + ".gguf").toStdString();
        PLANISH_NEEDS(path);
        const auto file = readGguf(path, GgufBody::MayBeMissing);
        QVERIFY(file.tensors->tensors().empty());
        QCOMPARE(QString::fromStdString(*file.text("tokenizer.ggml.model")), model);
        QCOMPARE(static_cast<int>(std::get<std::vector<std::string>>(file.metadata.at("tokenizer.ggml.tokens")).size()),
                 tokens);
    }

    // The same weights by three programs: llama2.c's file, GGUF and Hugging Face's folder hold the same bits.
    void weightsEqualThoseOfTheOriginal()
    {
        const auto folder = support::sharedFolder() / "data/models/stories260k";
        PLANISH_NEEDS(folder);
        const auto file = readGguf(folder / "tinyllm.gguf", GgufBody::Required);
        const auto& set = *file.tensors;
        QCOMPARE(set.tensors().size(), std::size_t{48});
        QCOMPARE(*file.integer("llama.block_count"), std::int64_t{5});
        Llama2c original(folder / "stories260K.bin");
        const auto block = [&](int i, const char* name) {
            return set.at("blk." + std::to_string(i) + "." + name + ".weight").bytes;
        };
        const auto perBlock = [&](const char* name, std::size_t count) {
            for (int i = 0; i < 5; ++i)
                QVERIFY2(equalBytes(block(i, name), original.next(count)), name);
        };
        const auto embedding = original.next(512 * 64);
        QVERIFY(equalBytes(set.at("token_embd.weight").bytes, embedding));
        QVERIFY(equalBytes(set.at("output.weight").bytes, embedding)); // tied in the original
        perBlock("attn_norm", 64);
        perBlock("attn_q", 64 * 64);
        perBlock("attn_k", 32 * 64);
        perBlock("attn_v", 32 * 64);
        perBlock("attn_output", 64 * 64);
        perBlock("ffn_norm", 64);
        perBlock("ffn_gate", 172 * 64);
        perBlock("ffn_down", 64 * 172);
        perBlock("ffn_up", 172 * 64);
        QVERIFY(equalBytes(set.at("output_norm.weight").bytes, original.next(64)));

        const auto hf = readSafetensors(folder / "hf");
        QVERIFY(equalBytes(hf->at("model.embed_tokens.weight").bytes, embedding));
        const std::pair<const char*, const char*> names[] = {
            {"self_attn.v_proj", "attn_v"},          {"self_attn.o_proj", "attn_output"},
            {"mlp.gate_proj", "ffn_gate"},           {"mlp.up_proj", "ffn_up"},
            {"mlp.down_proj", "ffn_down"},           {"input_layernorm", "attn_norm"},
            {"post_attention_layernorm", "ffn_norm"}};
        for (int i = 0; i < 5; ++i) {
            for (const auto& [theirs, ours] : names) {
                const auto& tensor = hf->at("model.layers." + std::to_string(i) + "." + theirs + ".weight");
                QVERIFY2(equalBytes(tensor.bytes, block(i, ours)), ours);
            }
        }
        // Rows of Q and K: within each head of 8 the even rows come first in the Hugging Face folder.
        const std::size_t row = 64 * 4;
        const auto& q = hf->at("model.layers.0.self_attn.q_proj.weight").bytes;
        for (std::size_t r = 0; r < 64; ++r) {
            const auto within = r % 8;
            const auto source = r / 8 * 8 + (within < 4 ? 2 * within : 2 * (within - 4) + 1);
            QVERIFY(equalBytes(q.subspan(r * row, row), block(0, "attn_q").subspan(source * row, row)));
        }
    }

    void halfPrecisionModelIsRead()
    {
        const auto path = support::sharedFolder() / "data/models/tiny-random-llama-gguf/llama-2-tiny-random.gguf";
        PLANISH_NEEDS(path);
        const auto file = readGguf(path, GgufBody::Required);
        QCOMPARE(file.tensors->tensors().size(), std::size_t{12}); // its README
        QCOMPARE(*file.integer("llama.embedding_length"), std::int64_t{8});
        const auto& tensor = file.tensors->at("blk.0.ffn_gate.weight");
        QVERIFY(tensor.dtype == DType::F16);
        QCOMPARE(tensor.shape, (std::vector<std::int64_t>{32, 8}));
        std::vector<float> values(32 * 8);
        readAsFloat(tensor, values);
        QVERIFY(
            std::ranges::all_of(values, [](float x) { return std::abs(x) < 1; })); // random weights: finite and small
    }
};

QTEST_GUILESS_MAIN(TestGgufRealFiles)
#include "tst_gguf_real_files.moc"
