// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/quantize_model.h"
#include "core/eval/divergence.h"
#include "core/eval/error_budget.h"
#include "core/select/overrides.h"
#include "tests/support/refuses.h"
#include "tests/support/stories.h"

#include <QtTest>
#include <torch/torch.h>

#include <cmath>

using namespace core;

namespace {

/** What a quantized hook does in one half of its block only. */
class HalfHook : public BlockHook
{
public:
    HalfHook(std::shared_ptr<const BlockHook> whole, ModuleKind half)
        : m_whole(std::move(whole))
        , m_half(half)
    {
    }
    at::Tensor atSite(Site site, const at::Tensor& x) const override
    {
        return moduleOf(site) == m_half ? m_whole->atSite(site, x) : x;
    }
    LayerInput intoLayer(Role role, const at::Tensor& x) const override
    {
        return moduleOf(role) == m_half ? m_whole->intoLayer(role, x) : LayerInput{x};
    }
    at::Tensor atQuery(const at::Tensor& q) const override
    {
        return m_half == ModuleKind::Attention ? m_whole->atQuery(q) : q;
    }

private:
    std::shared_ptr<const BlockHook> m_whole;
    ModuleKind m_half;
};

struct Models
{
    std::shared_ptr<const Model> reference;
    std::shared_ptr<const Model> quantized; // hadamard everywhere, 4 bits
    std::vector<int> ids;

    Models()
    {
        Progress progress;
        const auto files = ModelFiles::open(support::storiesModel());
        reference = Model::load(files, {}, progress);
        const auto& info = files->info();
        const QuantScheme scheme{4, 4, 4, 4, 0};
        const auto plan = uniformPlan(TransformKind::Hadamard, info.blocks, scheme);
        auto parts = reference->parts();
        for (int block = 0; block < info.blocks; ++block)
            parts.blocks[std::size_t(block)] =
                runnableBlock(quantizeBlock(info, parts.blocks[std::size_t(block)].weights,
                                            makeBlockParameters(info, plan, block, {}), scheme),
                              scheme);
        quantized = std::make_shared<const Model>(std::move(parts));
        torch::manual_seed(4);
        const auto random = torch::randint(3, 500, {400}, torch::kLong);
        ids.assign(random.const_data_ptr<std::int64_t>(), random.const_data_ptr<std::int64_t>() + random.numel());
    }

    /** The reference with one half of one block as the quantized model has it. */
    Model withOnly(const ModuleId& module) const
    {
        auto parts = reference->parts();
        auto& block = parts.blocks[std::size_t(module.block)];
        const auto& rounded = quantized->block(module.block);
        for (const auto role : kBlockRoles)
            if (moduleOf(role) == module.kind)
                block.weights.matrix(role) = rounded.weights.matrix(role);
        if (module.kind == ModuleKind::Attention)
            block.weights.inputNorm = rounded.weights.inputNorm;
        else
            block.weights.postNorm = rounded.weights.postNorm;
        block.hook = std::make_shared<const HalfHook>(rounded.hook, module.kind);
        return Model(std::move(parts));
    }
};

} // namespace

class TestErrorBudget : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { PLANISH_NEEDS(support::storiesModel()); }

    /** The other way to the same figures: a model for each module, the whole forward pass, the divergence's own measurement. */
    void everyModuleCostsWhatAModelWithItAloneCosts()
    {
        const Models models;
        Progress progress;
        const PerplexityOptions options{.seqlen = 50, .batch = 3};
        const auto report = measureBudget(*models.quantized, *models.reference, models.ids, options, progress);
        QCOMPARE(report.modules.size(), std::size_t(10));
        QCOMPARE(report.tokens, std::int64_t(8 * 49));
        const auto check = [&](const Model& model, const QuantizationCost& cost) {
            const auto expected = measureDivergence(model, *models.reference, models.ids, options, {}, progress);
            // Both are float64 means over logits of float32, whose products may be summed in another order.
            const auto near = [](double a, double b) { return std::abs(a - b) < 1e-5 + 1e-4 * std::abs(b); };
            QVERIFY2(near(cost.kl, expected.divergence.klMean), qPrintable(QString::number(cost.kl)));
            QVERIFY(near(cost.klStderr, expected.divergence.klStderr));
            QVERIFY(near(cost.lossIncrease, expected.divergence.lnPerplexityDifference));
            QVERIFY(near(cost.lossIncreaseStderr, expected.divergence.lnPerplexityDifferenceStderr));
            QVERIFY(cost.kl > 1e-3);
        };
        for (const int i : {0, 3, 9}) // first and last of the model, one in the middle
            check(models.withOnly(report.modules[std::size_t(i)].module), report.modules[std::size_t(i)].cost);
        check(*models.quantized, report.whole);
    }

    void outputErrorIsThatOfTheBlock()
    {
        const Models models;
        Progress progress;
        const auto report = measureBudget(*models.quantized, *models.reference, models.ids, {.seqlen = 50}, progress);
        const at::NoGradGuard noGrad;
        const auto ids = torch::tensor(models.ids, torch::kLong).view({8, 50}).narrow(1, 0, 49);
        auto input = models.reference->embed(ids);
        for (int block = 0; block < 2; ++block)
            input = models.reference->forward(block, input);
        const auto expected =
            (models.withOnly({2, ModuleKind::Mlp}).forward(2, input) - models.reference->forward(2, input))
                .square()
                .mean()
                .item<double>();
        QCOMPARE(toString(report.modules[5].module), std::string("2.mlp"));
        QVERIFY(std::abs(report.modules[5].outputMse - expected) < 1e-4 * expected);
    }

    void whatIsNotQuantizedCostsNothing()
    {
        const Models models;
        Progress progress;
        const auto report = measureBudget(*models.reference, *models.reference, models.ids, {.seqlen = 50}, progress);
        for (const auto& module : report.modules)
            QVERIFY(module.cost.kl == 0.0 && module.cost.lossIncrease == 0.0 && module.outputMse == 0.0);
    }

    void anotherModelIsRefused()
    {
        const Models models;
        auto parts = models.reference->parts();
        parts.blocks.pop_back();
        parts.info.blocks = 4;
        const Model shorter(std::move(parts));
        Progress progress;
        PLANISH_REFUSES(measureBudget(shorter, *models.reference, models.ids, {.seqlen = 50}, progress),
                        ErrorKind::InvalidArgument, {"4 blocks", "5"});
    }
};

QTEST_GUILESS_MAIN(TestErrorBudget)
#include "tst_error_budget.moc"
