// SPDX-License-Identifier: Apache-2.0
// The same work on the CPU and on a GPU, through the facade; skipped where there is no GPU. Bounds: what one float32 operation more
// or less in a sum does. Training amplifies it (a code on a rounding tie changes the next step), so that only its result, the
// bundle's perplexity, is compared, within 0.5 % after a calibration long enough to settle.
#include "core/io/atomic_file.h"
#include "core/session/session.h"
#include "gpu/device.h"
#include "tests/support/shared_data.h"
#include "tests/support/story_texts.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace core;
namespace fs = std::filesystem;

namespace {

std::string storiesModel()
{
    return (support::sharedFolder() / "data/models/stories260k/hf").string();
}

bool near(double a, double b, double bound)
{
    return std::abs(a - b) <= bound * std::max(std::abs(a), std::abs(b));
}

} // namespace

class TestDevices : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        PLANISH_NEEDS(fs::path(storiesModel()));
        if (const auto& whyNot = gpu::loadCuda(); !whyNot.empty())
            QSKIP(("no GPU: " + whyNot).c_str());
        const auto texts = support::readStoryTexts(support::sharedFolder());
        writeFileAtomically(path("calibration"), texts.calibration);
        writeFileAtomically(path("evaluation"), texts.evaluation);
        m_cpu = createSession();
        m_cpu->setDevice("cpu");
        m_gpu = createSession();
        m_gpu->setDevice("cuda");
    }

    void statisticsAgree()
    {
        const ProfileSpec spec{.model = storiesModel(), .text = path("calibration"), .tokens = 2048};
        const auto a = m_cpu->profile(spec, {}, m_progress);
        const auto b = m_gpu->profile(spec, {}, m_progress);
        QCOMPARE(a.weights.size(), b.weights.size());
        for (std::size_t i = 0; i < a.weights.size(); ++i) {
            QVERIFY(near(a.weights[i].weight.kurtosis, b.weights[i].weight.kurtosis, 1e-6)
                    || std::abs(a.weights[i].weight.kurtosis - b.weights[i].weight.kurtosis) < 1e-6);
            QCOMPARE(a.weights[i].weight.max, b.weights[i].weight.max);
        }
        for (std::size_t i = 0; i < a.activations.size(); ++i)
            QVERIFY(near(a.activations[i].activation.kurtosis, b.activations[i].activation.kurtosis, 1e-4));
    }

    void perplexityAgrees()
    {
        const auto a = perplexity(*m_cpu, storiesModel());
        const auto b = perplexity(*m_gpu, storiesModel());
        QVERIFY2(near(a, b, 1e-6), qPrintable(QString("%1 and %2").arg(a, 0, 'g', 10).arg(b, 0, 'g', 10)));
    }

    void aBundleMeansTheSameOnBoth()
    {
        calibrate(*m_cpu, "bundle-cpu", 1);
        const auto a = perplexity(*m_cpu, path("bundle-cpu"));
        const auto b = perplexity(*m_gpu, path("bundle-cpu"));
        // Activations at rounding ties go up on one and down on the other.
        QVERIFY2(near(a, b, 5e-3), qPrintable(QString("%1 and %2").arg(a).arg(b)));
    }

    void calibrationAgrees()
    {
        const auto a = calibrate(*m_cpu, "long-cpu", 8);
        const auto b = calibrate(*m_gpu, "long-gpu", 8);
        for (std::size_t i = 0; i < a.blocks.size(); ++i) {
            QVERIFY(near(a.blocks[i].errorStart, b.blocks[i].errorStart, 1e-3));
            QVERIFY2(
                near(a.blocks[i].errorEnd, b.blocks[i].errorEnd, 0.07),
                qPrintable(QString("block %1: %2 and %3").arg(i).arg(a.blocks[i].errorEnd).arg(b.blocks[i].errorEnd)));
        }
    }

    void chatSaysTheSame()
    {
        ChatSpec spec{.model = storiesModel(), .compare = {}, .messages = {{"user", "Once upon a time"}}};
        spec.rawPrompt = true;
        spec.options.maxTokens = 32;
        QCOMPARE(m_cpu->chat(spec, {}, m_progress).text, m_gpu->chat(spec, {}, m_progress).text);
    }

    void searchRuns()
    {
        for (const auto mode :
             {SearchMode::Expected, SearchMode::Decoupled, SearchMode::GumbelSt, SearchMode::SoftMix}) {
            SelectSpec spec{.model = storiesModel(), .method = SelectMethod::Search, .text = path("calibration")};
            spec.search.mode = mode;
            spec.search.training.samples = 8;
            spec.search.training.seqlen = 64;
            spec.search.training.epochs = 2;
            const auto result = m_gpu->search(spec, {}, m_progress);
            QCOMPARE(result.plan.modules.size(), std::size_t(10));
            for (const auto& module : result.modules)
                for (const auto& candidate : module.candidates)
                    QVERIFY(std::isfinite(candidate.loss));
        }
    }

private:
    std::string path(const char* name) const { return (fs::path(m_folder.path().toStdString()) / name).string(); }

    double perplexity(Session& session, const std::string& model)
    {
        const EvaluateSpec spec{.model = model, .text = path("evaluation"), .seqlen = 512, .limitTokens = 16384};
        return session.evaluate(spec, m_progress).perplexity->value;
    }

    CalibrationReport calibrate(Session& session, const char* name, int epochs)
    {
        SelectSpec select{.model = storiesModel(), .method = SelectMethod::AllAffine};
        CalibrateSpec spec{.model = storiesModel(),
                           .plan = m_cpu->select(select, m_progress),
                           .text = path("calibration"),
                           .out = path(name)};
        spec.options.samples = 32;
        spec.options.seqlen = 256;
        spec.options.epochs = epochs;
        return session.calibrate(spec, {}, m_progress);
    }

    QTemporaryDir m_folder;
    Progress m_progress;
    std::unique_ptr<Session> m_cpu, m_gpu;
};

QTEST_GUILESS_MAIN(TestDevices)
#include "tst_devices.moc"
