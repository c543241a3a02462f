// SPDX-License-Identifier: Apache-2.0
// A bundle's way into another program, through the facade.
#include "core/base/error.h"
#include "core/io/json.h"
#include "core/session/session.h"
#include "tests/support/calibrated_bundle.h"
#include "tests/support/refuses.h"
#include "tests/support/tensor_checks.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace core;
namespace fs = std::filesystem;
using support::storiesFolder;

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
        if (fs::exists(storiesFolder()))
            support::writeCalibratedBundle(storiesFolder() / "hf", {4, 4, 4, 4, 0}, path("bundle"));
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

    void ggufIsOneFileWhereItIsAskedFor()
    {
        PLANISH_NEEDS(storiesFolder());
        auto request = spec("bundle", "stories.gguf");
        request.format = "gguf";
        request.verify = true;
        request.tokens = 1024;
        Progress progress;
        const auto result = m_session->exportModel(request, progress);
        QCOMPARE(result.path, path("stories.gguf").string());
        QCOMPARE(result.bytes, std::uint64_t(fs::file_size(path("stories.gguf"))));
        const double ratio = result.verified->perplexityAfter / result.verified->perplexityBefore;
        QVERIFY2(std::abs(ratio - 1.0) < 1e-3, qPrintable(QString::number(ratio, 'g', 10))); // float16 weights
        m_session->exportModel(request, progress);                                           // replaces its own
        request.out = path("place").string();
        QCOMPARE(m_session->exportModel(request, progress).path, (path("place") / "model.gguf").string());
        writeFileAtomically(path("precious.gguf"), "mine");
        request.out = path("precious.gguf").string();
        PLANISH_REFUSES(m_session->exportModel(request, progress), ErrorKind::InvalidArgument, {"left alone"});
        QCOMPARE(readFile(path("precious.gguf")), std::string("mine"));
    }

    void theOutlookIsWhatBecomesOfIt_data()
    {
        QTest::addColumn<QString>("format");
        QTest::newRow("hf") << "hf";
        QTest::newRow("gguf") << "gguf";
    }

    void theOutlookIsWhatBecomesOfIt()
    {
        QFETCH(QString, format);
        PLANISH_NEEDS(storiesFolder());
        auto request = spec("bundle", "outlook");
        request.format = format.toStdString();
        const auto outlook = m_session->exportOutlook(request);
        Progress progress;
        const auto result = m_session->exportModel(request, progress);
        QVERIFY(outlook.obstacle.empty() && outlook.lost == result.lost && !result.lost.empty());
        // norms, tokenizer and configuration are not counted
        const double ratio = double(outlook.bytes) / double(result.bytes);
        QVERIFY2(ratio > 0.9 && ratio <= 1.0, qPrintable(QString::number(ratio)));
        fs::remove_all(path("outlook"));
    }

    void whatAFormatCannotCarryIsItsObstacle()
    {
        PLANISH_NEEDS(storiesFolder());
        auto request = spec("bundle", "never");
        request.format = "gptq";
        const auto outlook = m_session->exportOutlook(request);
        Progress progress;
        PLANISH_REFUSES(m_session->exportModel(request, progress), ErrorKind::Unsupported, {outlook.obstacle});
        QVERIFY(outlook.obstacle.starts_with("0.attention"));
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
        request.format = "exl3";
        PLANISH_REFUSES(m_session->exportModel(request, progress), ErrorKind::InvalidArgument,
                        {"'exl3'", "hf", "gguf"});
        request.format = "hf";
        request.bundle = (storiesFolder() / "hf").string();
        PLANISH_REFUSES(m_session->exportModel(request, progress), ErrorKind::InvalidArgument, {"only a bundle"});
        QVERIFY(!fs::exists(path("new")) && !fs::exists(path("new.partial")));
    }
};

QTEST_GUILESS_MAIN(ExportTest)
#include "tst_export.moc"
