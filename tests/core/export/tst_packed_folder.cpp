// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/export/packed_config.h"
#include "core/export/packed_folder.h"
#include "core/io/json.h"
#include "core/io/safetensors_reader.h"
#include "tests/support/calibrated_bundle.h"
#include "tests/support/refuses.h"
#include "tests/support/tensor_checks.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace core;
namespace fs = std::filesystem;

Q_DECLARE_METATYPE(core::PackedFormat)

namespace {

/** 5 blocks, 128 hidden and 352 inner channels: whole words for every width. */
fs::path model()
{
    return support::sharedFolder() / "data/models/babyllama-char105/hf";
}

Plan identityPlan(const ModelInfo& info, const QuantScheme& scheme)
{
    return uniformPlan(TransformKind::Identity, info.blocks, scheme);
}

constexpr QuantScheme kFourBits{.weightBits = 4, .activationBits = 16, .keyBits = 16, .valueBits = 16};

} // namespace

class PackedFolderTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_temporary;
    fs::path path(const std::string& name) const { return fs::path(m_temporary.path().toStdString()) / name; }

    void writeBundle(const QuantScheme& scheme, const std::string& name) const
    {
        Progress progress;
        const auto work = path(name + ".work");
        const auto contents = support::calibrated(model(), scheme, work, 1, [&](CalibrationJob& job) {
            job.plan = identityPlan(job.files->info(), scheme);
            job.windows = job.windows.remainder(100); // of 105 ids
        });
        core::writeBundle(path(name), contents, work, progress);
    }

private Q_SLOTS:
    void initTestCase()
    {
        PLANISH_NEEDS(model());
        writeBundle(kFourBits, "symmetric");
        auto grouped = kFourBits;
        grouped.weightGroup = 32;
        grouped.weightAsymmetric = true;
        writeBundle(grouped, "grouped");
    }

    void whatIsWrittenComputesWhatTheBundleComputes_data()
    {
        QTest::addColumn<QString>("bundle");
        QTest::addColumn<PackedFormat>("format");
        for (const auto* bundle : {"symmetric", "grouped"})
            for (const auto& [word, format] : kPackedFormats)
                QTest::addRow("%s, %s", bundle, word.data()) << QString(bundle) << format;
    }

    /** compressed-tensors keeps float32 scales here; float16 scales move a weight by 2^-11 of itself. */
    void whatIsWrittenComputesWhatTheBundleComputes()
    {
        QFETCH(QString, bundle);
        QFETCH(PackedFormat, format);
        Progress progress;
        const auto source = path(bundle.toStdString());
        const auto folder = path(bundle.toStdString() + "-" + std::string(wordFor(kPackedFormats, format)));
        fs::create_directories(folder);
        const auto contents = writePackedFolder(source, folder, format, {}, progress);
        const bool exact = format == PackedFormat::CompressedTensors;
        QCOMPARE(contents.dtype == DType::F16, !exact);
        QVERIFY(contents.lost.empty());
        PLANISH_AT_MOST(largestPackedDifference(source, folder, format, progress), exact ? 1e-6 : 2e-3);
        const at::NoGradGuard noGrad;
        const auto ids = at::arange(40, at::kLong).view({2, 20});
        const auto logits = [&](const Model& model) { return model.logits(model.hiddenStates(ids)); };
        const auto expected = logits(*loadBundle(source, at::kCPU, progress, BundleQuantizers::WeightsOnly));
        PLANISH_AT_MOST(
            support::largestDifference(logits(*loadPackedFolder(source, folder, format, at::kCPU, progress)), expected),
            exact ? 1e-4 : 0.05);
        // The quantized matrices are there as integers only.
        const auto written = readSafetensors(folder);
        for (const auto& tensor : written->tensors())
            QVERIFY2(!tensor.name.ends_with("_proj.weight"), tensor.name.c_str());
        QVERIFY(readJson(folder / "config.json").at("quantization_config").contains("quant_method"));
        QCOMPARE(fs::exists(folder / "quantize_config.json"), format == PackedFormat::Gptq);
    }

    void aGroupForEachWayOfRoundingIsNamed()
    {
        ModelInfo info = ModelFiles::open(model())->info();
        auto plan = identityPlan(info, kFourBits);
        auto eight = kFourBits, none = kFourBits;
        eight.weightBits = 8;
        none.weightBits = kFullPrecisionBits;
        plan.modules.at(1).scheme = eight; // 0.mlp
        plan.modules.at(2).scheme = none;  // 1.attention
        checkCarries(PackedFormat::CompressedTensors, info, plan);
        const auto config = quantizationConfig(PackedFormat::CompressedTensors, info, plan);
        QCOMPARE(config.at("config_groups").size(), std::size_t(2));
        const auto& second = config.at("config_groups").at("group_1");
        QCOMPARE(second.at("weights").at("num_bits").get<int>(), 8);
        QCOMPARE(second.at("targets"),
                 Json({"model.layers.0.mlp.gate_proj", "model.layers.0.mlp.up_proj", "model.layers.0.mlp.down_proj"}));
        QCOMPARE(config.at("ignore").size(), std::size_t(5)); // q, k, v, o of block 1, and the head
        PLANISH_REFUSES(checkCarries(PackedFormat::Gptq, info, plan), ErrorKind::Unsupported,
                        {"0.mlp", "one width", "compressed-tensors"});
        PLANISH_REFUSES(checkCarries(PackedFormat::Awq, info, plan), ErrorKind::Unsupported, {"0.mlp", "4 bits", "8"});
        plan.modules.at(1).scheme.reset();
        const auto awq = quantizationConfig(PackedFormat::Awq, info, plan);
        QCOMPARE(awq.at("modules_to_not_convert").size(), std::size_t(4));
    }

    void transformsWidthsAndSizesThatDoNotFitAreNamed()
    {
        const auto info = ModelFiles::open(model())->info();
        auto plan = identityPlan(info, kFourBits);
        plan.modules.at(3).kind = TransformKind::Affine;
        for (const auto& [word, format] : kPackedFormats)
            PLANISH_REFUSES(checkCarries(format, info, plan), ErrorKind::Unsupported,
                            {"1.mlp", std::string(word), "affine", "hf"});
        auto scheme = kFourBits;
        scheme.weightBits = 16;
        PLANISH_REFUSES(checkCarries(PackedFormat::Awq, info, identityPlan(info, scheme)), ErrorKind::Unsupported,
                        {"nothing to pack"});
        scheme.weightBits = 5;
        PLANISH_REFUSES(checkCarries(PackedFormat::Gptq, info, identityPlan(info, scheme)), ErrorKind::Unsupported,
                        {"0.attention", "2, 3, 4 or 8"});
        auto odd = info;
        odd.intermediate = 172;
        PLANISH_REFUSES(checkCarries(PackedFormat::Gptq, odd, identityPlan(odd, kFourBits)), ErrorKind::Unsupported,
                        {"0.gate", "172 x 128"});
        checkCarries(PackedFormat::CompressedTensors, odd, identityPlan(odd, kFourBits));
    }
};

QTEST_GUILESS_MAIN(PackedFolderTest)
#include "tst_packed_folder.moc"
