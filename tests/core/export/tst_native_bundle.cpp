// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/export/native_bundle.h"
#include "core/io/json.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/support/calibrated_bundle.h"

#include <ATen/ATen.h>
#include <QTemporaryDir>
#include <QtTest>

using namespace core;
using support::calibrated;
using support::logits;
using support::storiesFolder;
namespace fs = std::filesystem;

namespace {

/** The model as it is before it is written. */
std::shared_ptr<const Model> inMemory(const BundleContents& contents)
{
    Progress progress;
    auto parts = Model::load(contents.source, {}, progress)->parts();
    for (int block = 0; block < parts.info.blocks; ++block)
        parts.blocks[block] = runnableBlock(quantizeBlock(parts.info, parts.blocks[block].weights,
                                                          contents.blocks[block].parameters, contents.plan.scheme),
                                            contents.plan.scheme);
    return std::make_shared<const Model>(parts);
}

} // namespace

class TestNativeBundle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reloadsIntoTheSameNumbers_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("weightBits");
        QTest::addColumn<int>("otherBits");
        QTest::addColumn<int>("group");
        QTest::newRow("W4A4KV4") << "hf" << 4 << 4 << 0;
        QTest::newRow("W3A3KV2") << "hf" << 3 << 2 << 0;
        QTest::newRow("W2, groups of 4") << "hf" << 2 << 8 << 4;
        QTest::newRow("W8 only") << "hf" << 8 << 16 << 0;
        QTest::newRow("KV4 only") << "hf" << 16 << 4 << 0;
        QTest::newRow("from GGUF") << "tinyllm.gguf" << 4 << 4 << 0;
    }

    void reloadsIntoTheSameNumbers()
    {
        QFETCH(QString, model);
        QFETCH(int, weightBits);
        QFETCH(int, otherBits);
        QFETCH(int, group);
        const auto source = storiesFolder() / model.toStdString();
        PLANISH_NEEDS(source);
        QTemporaryDir temporary;
        const auto folder = fs::path(temporary.path().toStdString()) / "bundle";
        const auto work = fs::path(temporary.path().toStdString()) / "bundle.work";
        const auto contents = calibrated(source, {weightBits, otherBits, otherBits, otherBits, group}, work);
        Progress progress;
        writeBundle(folder, contents, work, progress);
        QVERIFY(isBundle(folder) && !fs::exists(work) && !fs::exists(folder.string() + ".partial"));
        const auto loaded = loadBundle(folder, at::kCPU, progress);
        QVERIFY(at::equal(logits(*loaded), logits(*inMemory(contents))));
        const auto header = readBundleHeader(folder);
        QCOMPARE(header.plan.modules.size(), contents.plan.modules.size());
        QVERIFY(header.plan.scheme == contents.plan.scheme);
        QCOMPARE(header.report.blocks.size(), std::size_t(5));
        QCOMPARE(loadTokenizer(folder)->vocabSize(), 512);
        const auto parameters = loadBundleParameters(folder, 0);
        QVERIFY(
            at::equal(transformParameters(parameters).at(0), transformParameters(contents.blocks[0].parameters).at(0)));
    }

    /** With 8-bit weights and everything else unquantized, the transforms must not change the function: what is left is rounding to
        8 bits, a relative error of about 2^-8 a weight and less after sums. */
    void eightBitWeightsKeepTheFunction()
    {
        PLANISH_NEEDS(storiesFolder());
        QTemporaryDir temporary;
        const auto contents = calibrated(storiesFolder() / "hf", {8, 16, 16, 16, 0}, temporary.path().toStdString(), 0);
        Progress progress;
        const auto plain = logits(*Model::load(contents.source, {}, progress));
        const auto quantized = logits(*inMemory(contents));
        const auto error = ((plain - quantized).norm() / plain.norm()).item<double>();
        QVERIFY2(error < 0.05 && error > 0.0, qPrintable(QString::number(error)));
    }

    void aFolderThatIsNoBundleIsLeftAlone()
    {
        QTemporaryDir temporary;
        const fs::path folder = temporary.path().toStdString();
        writeFileAtomically(folder / "thesis.txt", "years of work");
        QVERIFY_EXCEPTION_THROWN(checkBundleTarget(folder), Error);
        QCOMPARE(readFile(folder / "thesis.txt"), std::string("years of work"));
        checkBundleTarget(folder / "new"); // does not exist: fine
    }

    void damageIsNamed_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("tensors cut short") << "model.safetensors";
        QTest::newRow("plan changed") << "plan.json";
        QTest::newRow("report cut short") << "report.json";
        QTest::newRow("description cut short") << "planish.json";
    }

    void damageIsNamed()
    {
        QFETCH(QString, file);
        PLANISH_NEEDS(storiesFolder());
        QTemporaryDir temporary;
        const auto folder = fs::path(temporary.path().toStdString()) / "bundle";
        Progress progress;
        writeBundle(folder, calibrated(storiesFolder() / "hf", {4, 4, 4, 4, 0}, folder.string() + ".work", 0),
                    folder.string() + ".work", progress);
        const auto path = folder / file.toStdString();
        if (file == "plan.json") {
            auto plan = readJson(path);
            plan["modules"][0]["kind"] = "hadamard"; // the bundle was made with affine there
            writeFileAtomically(path, plan.dump());
        } else {
            fs::resize_file(path, fs::file_size(path) - 5);
        }
        try {
            loadBundle(folder, at::kCPU, progress);
            QFAIL("loaded");
        } catch (const Error& error) {
            const auto text = QString::fromStdString(describe(error));
            QVERIFY2(text.contains(file) || text.contains("plan.json"), qPrintable(text));
        }
    }
};

QTEST_GUILESS_MAIN(TestNativeBundle)
#include "tst_native_bundle.moc"
