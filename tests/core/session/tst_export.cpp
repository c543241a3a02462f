// SPDX-License-Identifier: Apache-2.0
// A bundle's way into another program, through the facade.
#include "core/base/error.h"
#include "core/io/json.h"
#include "core/session/session.h"
#include "tests/support/calibrated_bundle.h"
#include "tests/support/loaded_model.h"
#include "tests/support/refuses.h"
#include "tests/support/tensor_checks.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace core;
namespace fs = std::filesystem;
using support::storiesFolder;

namespace {

/** Ids and logits of the last position as transformers computes them, in float32. */
const char* kReferenceProgram = "import json, sys, torch\n"
                                "from transformers import AutoModelForCausalLM, AutoTokenizer\n"
                                "model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)\n"
                                "ids = AutoTokenizer.from_pretrained(sys.argv[1])(sys.argv[2])['input_ids']\n"
                                "with torch.no_grad():\n"
                                "    logits = model(torch.tensor([ids])).logits[0, -1].double().tolist()\n"
                                "print(json.dumps({'ids': ids, 'logits': logits}))\n";

} // namespace

class ExportTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_temporary;
    std::unique_ptr<Session> m_session = createSession();
    fs::path path(const char* name) const { return fs::path(m_temporary.path().toStdString()) / name; }

    ExportSpec spec(const char* bundle, const char* out) const
    {
        ExportSpec spec;
        spec.bundle = path(bundle).string();
        spec.out = path(out).string();
        return spec;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!fs::exists(storiesFolder()))
            return;
        support::writeCalibratedBundle(storiesFolder() / "hf", {4, 4, 4, 4, 0}, path("bundle"));
        support::writeCalibratedBundle(storiesFolder() / "tinyllm.gguf", {4, 4, 16, 16, 0}, path("fromGguf"));
    }

    void theExportIsVerifiedAndDescribed()
    {
        PLANISH_NEEDS(storiesFolder());
        auto request = spec("bundle", "folder");
        request.verify = true;
        request.tokens = 1024;
        Progress progress;
        const auto result = m_session->exportModel(request, progress);
        QVERIFY(result.verified);
        PLANISH_AT_MOST(result.verified->maxAbsWeightDifference, 1e-6);
        const double ratio = result.verified->perplexityAfter / result.verified->perplexityBefore;
        QVERIFY2(std::abs(ratio - 1.0) < 1e-4, qPrintable(QString::number(ratio, 'g', 10)));
        QVERIFY(result.verified->perplexityBefore < 512.0); // a vocabulary of 512: noise would give that
        const auto json = readJson(path("folder") / "planish_export.json");
        QCOMPARE(json.at("verified").at("perplexity_after").get<double>(), result.verified->perplexityAfter);
        QCOMPARE(json.at("lost").size(), result.lost.size());
        QVERIFY(readFile(path("folder") / "README.md").find("activations were quantized to 4 bits")
                != std::string::npos);
        std::uint64_t bytes = 0;
        for (const auto& entry : fs::directory_iterator(path("folder")))
            bytes += entry.file_size();
        QCOMPARE(result.bytes, bytes);
        m_session->exportModel(request, progress); // and again: an export may be replaced
        QVERIFY(!fs::exists(path("folder.partial")));
    }

    void whatIsNoBundleOrNoPlaceIsRefused()
    {
        PLANISH_NEEDS(storiesFolder());
        Progress progress;
        auto request = spec("bundle", "mine");
        fs::create_directories(path("mine"));
        writeFileAtomically(path("mine") / "precious.txt", "mine");
        PLANISH_REFUSES(m_session->exportModel(request, progress), ErrorKind::InvalidArgument, {"left alone"});
        QCOMPARE(readFile(path("mine") / "precious.txt"), std::string("mine"));
        request.out = path("new").string();
        request.format = "gguf";
        PLANISH_REFUSES(m_session->exportModel(request, progress), ErrorKind::InvalidArgument, {"'gguf'", "hf"});
        request.format = "hf";
        request.bundle = (storiesFolder() / "hf").string();
        PLANISH_REFUSES(m_session->exportModel(request, progress), ErrorKind::InvalidArgument, {"only a bundle"});
        QVERIFY(!fs::exists(path("new")) && !fs::exists(path("new.partial")));
    }

    void transformersGivesTheSameLogits_data()
    {
        QTest::addColumn<QString>("bundle");
        QTest::newRow("from a Hugging Face folder") << "bundle";
        QTest::newRow("from GGUF") << "fromGguf";
    }

    /** float32 in two orders of summation: about 1e-5; 1e-3 is what is promised. */
    void transformersGivesTheSameLogits()
    {
        QFETCH(QString, bundle);
        PLANISH_NEEDS(storiesFolder());
        const auto python = qEnvironmentVariable("PLANISH_REFERENCE_PYTHON");
        if (python.isEmpty())
            QSKIP("PLANISH_REFERENCE_PYTHON names no Python with torch and transformers");
        Progress progress;
        const auto folder = path("checked");
        m_session->exportModel(spec(bundle.toUtf8().constData(), "checked"), progress);
        const std::string text = "Once upon a time, there was a little girl named Lily. She";
        QProcess process;
        process.start(python,
                      {"-c", QString::fromUtf8(kReferenceProgram), QString::fromStdString(folder.string()),
                       QString::fromStdString(text)});
        QVERIFY(process.waitForFinished(300000));
        const auto said = QJsonDocument::fromJson(process.readAllStandardOutput().trimmed()).object();
        QVERIFY2(said.contains("logits"), process.readAllStandardError().right(2000).constData());
        const auto loaded = support::loadModel(folder);
        const auto ids = loaded.tokenizer->encode(text, SpecialTokens::Add);
        QJsonArray ours;
        for (const int id : ids)
            ours.append(id);
        QCOMPARE(said.value("ids").toArray(), ours);
        const at::NoGradGuard noGrad;
        const auto input = at::tensor(at::ArrayRef<int>(ids), at::kLong).unsqueeze(0);
        const auto logits =
            loaded.model->logits(loaded.model->hiddenStates(input)).select(1, input.size(1) - 1).squeeze(0);
        std::vector<double> expected;
        for (const auto& value : said.value("logits").toArray())
            expected.push_back(value.toDouble());
        PLANISH_AT_MOST(support::largestDifference(logits, at::tensor(expected, at::kDouble)), 1e-3);
    }
};

QTEST_GUILESS_MAIN(ExportTest)
#include "tst_export.moc"
