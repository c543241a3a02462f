// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/export/folder_config.h"
#include "core/export/hugging_face_folder.h"
#include "core/io/json.h"
#include "core/io/safetensors_reader.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/support/calibrated_bundle.h"
#include "tests/support/refuses.h"
#include "tests/support/tensor_checks.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace core;
namespace fs = std::filesystem;
using support::logits;
using support::storiesFolder;

namespace {

std::shared_ptr<const Model> load(const fs::path& folder)
{
    Progress progress;
    return Model::load(ModelFiles::open(folder), {}, progress);
}

} // namespace

class HuggingFaceFolderTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_temporary;
    fs::path path(const char* name) const { return fs::path(m_temporary.path().toStdString()) / name; }

    FolderContents write(const fs::path& bundle, const fs::path& folder, const FolderOptions& options = {})
    {
        Progress progress;
        fs::remove_all(folder);
        fs::create_directories(folder);
        return writeHuggingFaceFolder(bundle, folder, options, progress);
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (fs::exists(storiesFolder()))
            support::writeCalibratedBundle(storiesFolder() / "hf", {4, 4, 4, 2, 0}, path("bundle"));
    }

    /** The bundle without quantizers of activations and caches and the plain folder are one function: what differs is the rounding of
        float32 in another order, about 1e-6 of the logits. */
    void aPlainFolderComputesWhatTheBundleComputes()
    {
        PLANISH_NEEDS(storiesFolder());
        const auto contents = write(path("bundle"), path("plain"));
        QVERIFY(contents.dtype == DType::F32);
        QVERIFY(std::count(contents.files.begin(), contents.files.end(), "tokenizer.model") == 1);
        Progress progress;
        const auto expected = logits(*loadBundle(path("bundle"), at::kCPU, progress, BundleQuantizers::WeightsOnly));
        PLANISH_AT_MOST(support::largestDifference(logits(*load(path("plain"))), expected), 1e-4);
        // With its quantizers the bundle says something else: the comparison above would notice them.
        QVERIFY(support::largestDifference(logits(*loadBundle(path("bundle"), at::kCPU, progress)), expected) > 0.1);
        PLANISH_AT_MOST(largestWeightDifference(path("bundle"), path("plain"), progress), 1e-6);
    }

    void normsAndUnquantizedTensorsAreTheSources()
    {
        PLANISH_NEEDS(storiesFolder());
        write(path("bundle"), path("plain"));
        const auto source = readSafetensors(storiesFolder() / "hf");
        const auto written = readSafetensors(path("plain"));
        QCOMPARE(written->tensors().size(), source->tensors().size());
        for (const auto& tensor : source->tensors()) {
            const auto& other = written->at(tensor.name);
            const auto difference = support::relativeError(copyTensorOf(other), copyTensorOf(tensor));
            const bool quantized = tensor.name.ends_with("_proj.weight");
            // 4-bit rounding of trained rows moves a weight by some tenths of its size and leaves it recognisable.
            const bool fits = quantized ? difference > 0.01 && difference < 0.6 : difference < 1e-6;
            QVERIFY2(fits, qPrintable(QString("%1: %2").arg(tensor.name.c_str()).arg(difference)));
        }
        QCOMPARE(written->metadata().at("format"), std::string("pt"));
        QVERIFY(written->metadata().at("lost").find("cached values were quantized to 2 bits") != std::string::npos);
    }

    void withoutTheTrainedParametersTheFunctionIsKept()
    {
        PLANISH_NEEDS(storiesFolder());
        fs::copy(path("bundle"), path("stripped"), fs::copy_options::recursive);
        fs::remove_all(path("stripped") / "calibration");
        write(path("stripped"), path("plain"));
        Progress progress;
        const auto expected = logits(*loadBundle(path("bundle"), at::kCPU, progress, BundleQuantizers::WeightsOnly));
        PLANISH_AT_MOST(support::largestDifference(logits(*load(path("plain"))), expected), 1e-4);
    }

    void aLargeModelIsSplitIntoShards()
    {
        PLANISH_NEEDS(storiesFolder());
        write(path("bundle"), path("whole"));
        write(path("bundle"), path("shards"), {.dtype = std::nullopt, .shardBytes = 100'000});
        QVERIFY(!fs::exists(path("shards") / "model.safetensors"));
        const auto index = readJson(path("shards") / "model.safetensors.index.json");
        std::uint64_t total = 0;
        std::size_t shards = 0;
        for (const auto& entry : fs::directory_iterator(path("shards")))
            if (entry.path().extension() == ".safetensors") {
                ++shards;
                QVERIFY(entry.path().filename().string().find("-of-0") != std::string::npos);
                std::uint64_t inside = 0;
                const auto shard = readSafetensors(entry.path());
                for (const auto& tensor : shard->tensors())
                    inside += tensor.bytes.size();
                QVERIFY(inside <= 131072); // the embedding alone is larger than the limit
                total += inside;
            }
        QVERIFY(shards > 5);
        QCOMPARE(index.at("metadata").at("total_size").get<std::uint64_t>(), total);
        QVERIFY(at::equal(logits(*load(path("shards"))), logits(*load(path("whole")))));
    }

    void typesAreChosenAndTold()
    {
        PLANISH_NEEDS(storiesFolder());
        Progress progress;
        const auto exact = write(path("bundle"), path("exact"), {.dtype = DType::F32});
        const auto half = write(path("bundle"), path("half"), {.dtype = DType::BF16});
        QCOMPARE(readJson(path("half") / "config.json").at("torch_dtype").get<std::string>(), std::string("bfloat16"));
        QVERIFY(half.bytes < exact.bytes * 6 / 10);
        const auto worst = largestWeightDifference(path("bundle"), path("half"), progress);
        // bfloat16 keeps 8 bits: a number of size up to 8 moves by at most 2^-9 * 8.
        QVERIFY2(worst > 1e-4 && worst < 0.016, qPrintable(QString::number(worst)));
        PLANISH_AT_MOST(support::relativeError(logits(*load(path("half"))), logits(*load(path("exact")))), 0.05);
    }

    void aGgufSourceGivesAFolderWithItsTokenizer()
    {
        PLANISH_NEEDS(storiesFolder());
        support::writeCalibratedBundle(storiesFolder() / "tinyllm.gguf", {4, 16, 16, 16, 0}, path("fromGguf"));
        const auto contents = write(path("fromGguf"), path("plain"));
        Progress progress;
        PLANISH_AT_MOST(support::largestDifference(logits(*load(path("plain"))),
                                                   logits(*loadBundle(path("fromGguf"), at::kCPU, progress))),
                        1e-4);
        const auto config = readJson(path("plain") / "config.json");
        QCOMPARE(config.at("architectures")[0].get<std::string>(), std::string("LlamaForCausalLM"));
        const std::string text = "Once upon a time, there was a \xC3\xA9t\xC3\xA9.  Two spaces\n";
        QVERIFY(loadTokenizer(path("plain") / "tokenizer.model")->encode(text, SpecialTokens::Add)
                == loadTokenizer(storiesFolder() / "tinyllm.gguf")->encode(text, SpecialTokens::Add));
    }

    void ropeFactorsAreLlama3s()
    {
        // Llama 3.1's rule by hand for theta 500000, head size 8, factor 8, low 1, high 4, original 8192: wavelengths
        // 2 pi 500000^(i/4) = 6.28, 167, 4443, 118142. The first two are shorter than 8192 / 4, the last longer than 8192; of the
        // third 8192 / 4443 = 1.8438, blend (1.8438 - 1) / 3 = 0.28127, factor 1 / (0.71873 / 8 + 0.28127) = 2.6944.
        const std::vector<double> factors{1.0, 1.0, 2.6944, 8.0};
        const auto scaling = llama3ScalingOf(factors, 500000.0, 8192.0);
        QVERIFY(scaling);
        QCOMPARE(scaling->factor, 8.0);
        QVERIFY(!llama3ScalingOf({1.0, 1.5, 2.6944, 8.0}, 500000.0, 8192.0));
        ModelInfo info;
        info.ropeTheta = 500000.0;
        info.ropeScaling = {.kind = RopeScaling::Kind::Factors, .factors = {1.0, 3.0, 2.0, 8.0}};
        PLANISH_REFUSES(folderConfig({{"model_type", "llama"}}, info, DType::F32, "a/config.json"),
                        ErrorKind::Unsupported, {"rope factors", "a/config.json"});
    }

private:
    static at::Tensor copyTensorOf(const TensorView& view)
    {
        auto values = at::empty(view.shape, at::kFloat);
        readAsFloat(view, {values.data_ptr<float>(), static_cast<std::size_t>(values.numel())});
        return values;
    }
};

QTEST_GUILESS_MAIN(HuggingFaceFolderTest)
#include "tst_hugging_face_folder.moc"
