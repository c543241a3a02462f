// SPDX-License-Identifier: Apache-2.0
// The GPTQ finish on real models: what it gains over rounding to nearest, layer by layer and at the end.
#include "core/calibrate/block_finisher.h"
#include "core/select/overrides.h"
#include "tests/support/refuses.h"
#include "tests/support/shared_data.h"
#include "tests/support/story_texts.h"
#include "tests/support/tensor_checks.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace core;
using namespace support;

namespace {

struct Finished
{
    at::Tensor logits;
    std::vector<RoundingReport> rounding;
};

class TestModel
{
public:
    TestModel(const std::filesystem::path& path, const std::vector<int>& ids, const QuantScheme& scheme)
        : m_files(ModelFiles::open(path))
        , m_plan(uniformPlan(TransformKind::Hadamard, m_files->info().blocks, scheme))
        , m_windows(sampleWindows(ids, 16, 128, 1))
        , m_test(sampleWindows(ids, 8, 128, 2))
    {
    }

    Finished finish(Finish finish) const
    {
        Progress progress;
        auto parts = Model::load(m_files, {}, progress)->parts();
        BlockFinisher finisher(m_files, m_plan, finish, m_windows, at::kCPU, 4);
        for (int block = 0; block < parts.info.blocks; ++block) {
            const auto parameters = makeBlockParameters(parts.info, m_plan, block, {});
            parts.blocks[block] = runnableBlock(finisher.next(parameters, progress), m_plan.schemeOf(block));
        }
        return {logits(Model(parts)), finisher.rounding()};
    }

    at::Tensor fullPrecision() const
    {
        Progress progress;
        return logits(*Model::load(m_files, {}, progress));
    }

    Plan& plan() { return m_plan; }

private:
    at::Tensor logits(const Model& model) const
    {
        const at::NoGradGuard noGrad;
        return model.logits(model.hiddenStates(m_test)).log_softmax(-1);
    }

    std::shared_ptr<const ModelFiles> m_files;
    Plan m_plan;
    at::Tensor m_windows;
    at::Tensor m_test;
};

double divergence(const at::Tensor& reference, const at::Tensor& other)
{
    return (reference.exp() * (reference - other)).sum(-1).mean().item<double>();
}

TestModel stories(const QuantScheme& scheme)
{
    const auto path = sharedFolder() / "data/models/stories260k/hf";
    return {path, readStoryHalves(sharedFolder(), *loadTokenizer(path)).calibration, scheme};
}

} // namespace

class TestBlockFinisher : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void gainsOnStories_data()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("group");
        QTest::newRow("3 bits") << 3 << 0;
        QTest::newRow("2 bits in groups of 4") << 2 << 4;
    }

    void gainsOnStories()
    {
        QFETCH(int, bits);
        QFETCH(int, group);
        PLANISH_NEEDS(sharedFolder() / "data/models/stories260k/hf");
        check(stories({bits, 8, 16, 16, group}), 5 * 7);
    }

    void gainsOnNovels()
    {
        const auto path = sharedFolder() / "data/models/novels-8m";
        const auto text = sharedFolder() / "data/text/wikitext2-raw-test/wiki.test.raw";
        PLANISH_NEEDS(path);
        PLANISH_NEEDS(text);
        const auto ids = loadTokenizer(path)->encode(readFile(text).substr(0, 200000), SpecialTokens::Add);
        check(TestModel(path, ids, {3, 8, 16, 16}), 8 * 7);
    }

    void whatStaysUnquantizedIsLeftAlone()
    {
        PLANISH_NEEDS(sharedFolder() / "data/models/stories260k/hf");
        auto model = stories({3, 8, 4, 4});
        setModuleBits(model.plan(), {{{1, ModuleKind::Mlp}, {16, 8}}});
        const auto finished = model.finish(Finish::Gptq);
        QCOMPARE(finished.rounding.size(), std::size_t(5 * 7 - 3));
        for (const auto& entry : finished.rounding)
            QVERIFY(entry.block != 1 || entry.role == "q" || entry.role == "k" || entry.role == "v"
                    || entry.role == "o");
    }

    void needsWindows()
    {
        const auto path = sharedFolder() / "data/models/stories260k/hf";
        PLANISH_NEEDS(path);
        const auto plan = uniformPlan(TransformKind::Identity, 5, {});
        PLANISH_REFUSES(BlockFinisher(ModelFiles::open(path), plan, Finish::Gptq, {}, at::kCPU, 4),
                        ErrorKind::InvalidArgument, {"windows"});
    }

private:
    static void check(const TestModel& model, int matrices)
    {
        const auto gptq = model.finish(Finish::Gptq);
        const auto nearest = model.finish(Finish::RoundToNearest);
        QVERIFY(nearest.rounding.empty());
        QCOMPARE(int(gptq.rounding.size()), matrices);
        double gain = 0.0;
        for (const auto& entry : gptq.rounding) {
            QVERIFY2(entry.gptq < entry.nearest,
                     qPrintable(QString("%1.%2: %3 against %4")
                                    .arg(entry.block)
                                    .arg(QString::fromStdString(entry.role))
                                    .arg(entry.gptq)
                                    .arg(entry.nearest)));
            gain += std::log(entry.nearest / entry.gptq);
        }
        const auto reference = model.fullPrecision();
        const double ours = divergence(reference, gptq.logits);
        const double theirs = divergence(reference, nearest.logits);
        qInfo("output errors divided by %.2f on average, divergence %.4f against %.4f", std::exp(gain / matrices), ours,
              theirs);
        QVERIFY(ours < theirs);
    }
};

QTEST_GUILESS_MAIN(TestBlockFinisher)
#include "tst_block_finisher.moc"
