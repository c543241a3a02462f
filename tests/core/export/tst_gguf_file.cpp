// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/export/gguf_blocks.h"
#include "core/export/gguf_file.h"
#include "core/export/gguf_keys.h"
#include "core/io/gguf_reader.h"
#include "core/model/rope.h"
#include "tests/core/tokenizer/tokenizer_vectors.h"
#include "tests/support/calibrated_bundle.h"
#include "tests/support/refuses.h"
#include "tests/support/tensor_checks.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace core;
namespace fs = std::filesystem;

namespace {

/** 5 blocks, 128 hidden and 352 inner channels: whole blocks of 32 everywhere. */
fs::path model()
{
    return support::sharedFolder() / "data/models/babyllama-char105/hf";
}

/** An affine module, then identity ones. */
Plan mixedPlan(const ModelInfo& info, const QuantScheme& scheme)
{
    auto plan = uniformPlan(TransformKind::Identity, info.blocks, scheme);
    plan.modules.at(0).kind = TransformKind::Affine; // 0.attention: q, k, v, o
    return plan;
}

PackedTensor randomPacked(const QuantScheme& scheme)
{
    at::manual_seed(5);
    return packWeight(at::randn({6, 96}), scheme.weightBits, scheme.weightGroup, scheme.weightAsymmetric);
}

QuantScheme weights(int bits, int group, bool asymmetric)
{
    QuantScheme scheme;
    scheme.weightBits = bits;
    scheme.weightGroup = group;
    scheme.weightAsymmetric = asymmetric;
    return scheme;
}

} // namespace

class GgufFileTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_temporary;
    fs::path path(const std::string& name) const { return fs::path(m_temporary.path().toStdString()) / name; }

    void makeBundle() const
    {
        Progress progress;
        QuantScheme scheme = weights(4, 0, false);
        scheme.activationBits = scheme.keyBits = scheme.valueBits = 4;
        const auto contents = support::calibrated(model(), scheme, path("work"), 1, [&](CalibrationJob& job) {
            job.plan = mixedPlan(job.files->info(), scheme);
            job.windows = job.windows.remainder(100); // of 105 ids
        });
        core::writeBundle(path("bundle"), contents, path("work"), progress);
    }

    /** `tokenizer` as a GGUF file without tensors, read again. */
    std::shared_ptr<const Tokenizer> throughGguf(const Tokenizer& tokenizer) const
    {
        GgufStream file(path("vocabulary.gguf"), vocabularyKeys(tokenizer, tokenizer.vocabSize() + 3), {});
        file.verify();
        file.commit();
        return loadTokenizer(path("vocabulary.gguf"));
    }

private Q_SLOTS:
    void codesKeepTheirValues_data()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("group");
        QTest::addColumn<bool>("asymmetric");
        QTest::addColumn<QString>("type");
        QTest::newRow("2 bits") << 2 << 0 << false << "Q4_0";
        QTest::newRow("3 bits in groups of 32") << 3 << 32 << false << "Q4_0";
        QTest::newRow("4 bits") << 4 << 0 << false << "Q4_0";
        QTest::newRow("5 bits") << 5 << 0 << false << "Q8_0";
        QTest::newRow("8 bits in groups of 96") << 8 << 96 << false << "Q8_0";
        QTest::newRow("4 bits with zeros") << 4 << 32 << true << "Q4_1";
        QTest::newRow("3 bits with zeros") << 3 << 0 << true << "Q4_1";
    }

    /** The reader decodes with ggml's formulas. float16 moves a scale by at most 2^-11 of itself; the offset of Q4_1, code 0's value, too. */
    void codesKeepTheirValues()
    {
        QFETCH(int, bits);
        QFETCH(int, group);
        QFETCH(bool, asymmetric);
        QFETCH(QString, type);
        const auto scheme = weights(bits, group, asymmetric);
        const auto packed = randomPacked(scheme);
        const auto dtype = ggufBlockType(scheme, packed.columns);
        QVERIFY(dtype && toString(*dtype) == type.toStdString());
        const auto blocks = ggufBlocks(unsignedCodes(packed), *dtype);
        const TensorView view{.name = "w",
                              .dtype = *dtype,
                              .shape = {packed.rows, packed.columns},
                              .bytes = {static_cast<const std::byte*>(blocks.const_data_ptr()), blocks.nbytes()},
                              .file = "memory"};
        auto read = at::empty({packed.rows, packed.columns});
        readAsFloat(view, {read.mutable_data_ptr<float>(), std::size_t(read.numel())});
        const auto exact = dequantize(packed);
        const auto bound = exact.abs().max().item<double>() * (asymmetric ? 3.0 : 1.0) / 2048.0;
        PLANISH_AT_MOST(support::largestDifference(read, exact), bound);
    }

    void whatNoBlockHoldsIsFloats()
    {
        QVERIFY(!ggufBlockType(weights(16, 0, false), 128));
        QVERIFY(!ggufBlockType(weights(5, 0, true), 128));
        QVERIFY(!ggufBlockType(weights(4, 16, false), 128));
        QVERIFY(!ggufBlockType(weights(4, 0, false), 172));
    }

    void theFileComputesWhatTheBundleComputes()
    {
        PLANISH_NEEDS(model());
        makeBundle();
        Progress progress;
        const auto bundle = path("bundle");
        auto written = writeGguf(bundle, path("model.gguf"), *loadTokenizer(bundle), {}, progress);
        written.file->verify();
        written.file->commit();
        QVERIFY(isGgufExport(path("model.gguf")) && !isGgufExport(model() / "config.json"));
        // 5 blocks of 7, four of them behind the affine transform
        QCOMPARE(written.contents.lost.size(), std::size_t(4));
        QVERIFY(written.contents.lost.back().starts_with("4 matrices are stored as F16"));
        QVERIFY(written.contents.dtype == DType::Q4_0);
        PLANISH_AT_MOST(largestGgufDifference(bundle, path("model.gguf"), progress), 2e-3);
        const auto files = ModelFiles::open(path("model.gguf"));
        QVERIFY(files->matrix({0, Role::Q}).dtype == DType::F16 && files->matrix({1, Role::Q}).dtype == DType::Q4_0);
        const at::NoGradGuard noGrad;
        const auto ids = at::arange(40, at::kLong).view({2, 20});
        const auto logits = [&](const Model& model) { return model.logits(model.hiddenStates(ids)); };
        PLANISH_AT_MOST(
            support::largestDifference(logits(*Model::load(files, {}, progress)),
                                       logits(*loadBundle(bundle, at::kCPU, progress, BundleQuantizers::WeightsOnly))),
            0.05);
    }

    void vocabulariesSurvive_data()
    {
        QTest::addColumn<QString>("files");
        QTest::addColumn<QString>("vectors");
        QTest::newRow("SentencePiece") << "llama2/tokenizer.model"
                                       << "llama-spm";
        QTest::newRow("tiktoken ranks") << "llama3/tokenizer.model"
                                        << "llama-bpe";
        QTest::newRow("vocab.json and merges.txt") << "gpt2/vocab.json"
                                                   << "gpt-2";
        QTest::newRow("several splits") << "ggml-vectors/ggml-vocab-deepseek-coder.gguf"
                                        << "deepseek-coder";
    }

    /** Against the vectors that llama.cpp's authors publish, not against the tokenizer that was written. */
    void vocabulariesSurvive()
    {
        QFETCH(QString, files);
        QFETCH(QString, vectors);
        const auto folder = support::sharedFolder() / "data/tokenizers";
        PLANISH_NEEDS(folder / files.toStdString());
        const auto original = loadTokenizer(folder / files.toStdString());
        const auto read = throughGguf(*original);
        QCOMPARE(read->vocabSize(), original->vocabSize() + 3); // padded to the rows of the embedding
        QVERIFY(read->bosId() == original->bosId() && read->eosId() == original->eosId());
        QVERIFY(read->encode("a b", SpecialTokens::Add) == original->encode("a b", SpecialTokens::Add));
        support::compareWithVectors(*read, folder / "ggml-vectors" / ("ggml-vocab-" + vectors.toStdString() + ".gguf"));
    }

    void tokenizersWithoutANameAreRefused()
    {
        const auto neox = support::sharedFolder() / "data/tokenizers/gpt-neox-dolma";
        PLANISH_NEEDS(neox);
        const auto tokenizer = loadTokenizer(neox);
        PLANISH_REFUSES(vocabularyKeys(*tokenizer, 100), ErrorKind::Unsupported, {"100 rows"});
    }

    /** llama3 scaling divides frequencies: whole below the long wavelengths by 1, above them by `factor` (transformers, _compute_llama3_parameters). */
    void scaledFrequenciesBecomeFactors()
    {
        ModelInfo info;
        info.headDim = 128;
        info.context = 131072;
        info.ropeTheta = 500000.0;
        QVERIFY(ropeFactors(info).empty());
        info.ropeScaling = {.kind = RopeScaling::Kind::Llama3,
                            .factor = 8.0,
                            .lowFrequencyFactor = 1.0,
                            .highFrequencyFactor = 4.0,
                            .originalContext = 8192.0};
        const auto factors = ropeFactors(info);
        QCOMPARE(factors.size(), std::size_t(64));
        QCOMPARE(factors.front(), 1.0f);
        QCOMPARE(factors.back(), 8.0f);
        auto read = info;
        read.ropeScaling = {.kind = RopeScaling::Kind::Factors, .factors = {factors.begin(), factors.end()}};
        PLANISH_AT_MOST(support::largestDifference(ropeFrequencies(read), ropeFrequencies(info)), 1e-6);
    }

    void otherYarnThanLlamaCppComputesIsRefused()
    {
        ModelInfo info;
        info.ropeScaling = {.kind = RopeScaling::Kind::Yarn, .factor = 4.0, .originalContext = 4096.0};
        info.ropeScaling.attentionFactor = 0.1 * std::log(4.0) + 1.0;
        QVERIFY(modelKeys(info, "qwen2").size() > 12);
        info.ropeScaling.attentionFactor = 1.0;
        PLANISH_REFUSES(modelKeys(info, "qwen2"), ErrorKind::Unsupported, {"yarn", "1.0"});
        PLANISH_REFUSES(ggufArchitecture("gemma"), ErrorKind::Unsupported, {"gemma"});
    }
};

QTEST_GUILESS_MAIN(GgufFileTest)
#include "tst_gguf_file.moc"
