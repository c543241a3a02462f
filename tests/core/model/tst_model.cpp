// SPDX-License-Identifier: Apache-2.0
// Logits against transformers' (LlamaForCausalLM, eager attention, float32; shared/reference/*/logits.json, written by
// make_reference.py). A float64 run of the same program moves single logits by about 2e-5.
#include "core/io/json.h"
#include "core/model/last_block.h"
#include "core/model/model.h"
#include "tests/support/shared_data.h"

#include <QtTest>
#include <torch/torch.h>

using namespace core;

namespace {

std::shared_ptr<const Model> loadModel(const std::filesystem::path& path, at::ScalarType dtype = at::kFloat)
{
    Progress progress;
    return Model::load(ModelFiles::open(path), {.dtype = dtype}, progress);
}

at::Tensor logitsOf(const Model& model, const std::vector<int>& ids)
{
    const at::NoGradGuard noGrad;
    const auto input = torch::tensor(std::vector<std::int64_t>(ids.begin(), ids.end())).unsqueeze(0);
    return model.logits(model.hiddenStates(input)).squeeze(0);
}

double relative(const at::Tensor& a, const at::Tensor& b)
{
    return (a - b).norm().item<double>() / b.norm().item<double>();
}

} // namespace

class TestModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void logitsEqualTransformers_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("reference");
        QTest::newRow("stories260k") << "stories260k/hf"
                                     << "stories260k";
        QTest::newRow("stories260k gguf") << "stories260k/tinyllm.gguf"
                                          << "stories260k";
        QTest::newRow("babyllama") << "babyllama-char105/hf"
                                   << "babyllama-char105";
        QTest::newRow("novels-8m") << "novels-8m"
                                   << "novels-8m";
        QTest::newRow("novels-8m-outliers") << "novels-8m-outliers"
                                            << "novels-8m"; // the same function
    }

    void logitsEqualTransformers()
    {
        QFETCH(QString, model);
        QFETCH(QString, reference);
        const auto folder = support::sharedFolder();
        const auto path = folder / "data/models" / model.toStdString();
        PLANISH_NEEDS(path);
        const auto loaded = loadModel(path);
        const auto expected = readJson(folder / "reference" / reference.toStdString() / "logits.json");
        for (const auto& prompt : expected["prompts"]) {
            const auto ids = prompt["ids"].get<std::vector<int>>();
            if (std::int64_t(ids.size()) > loaded->info().context)
                continue; // the GGUF file claims a shorter context
            const auto logits = logitsOf(*loaded, ids);
            const auto last = torch::tensor(prompt["last_position"].get<std::vector<float>>());
            QVERIFY2(relative(logits[-1], last) < 1e-4, qPrintable(QString::number(relative(logits[-1], last))));
            const auto norms = torch::tensor(prompt["l2_norm_per_position"].get<std::vector<double>>());
            QVERIFY(relative(logits.norm(2, 1).to(torch::kDouble), norms) < 1e-4);
            const auto argmax = torch::tensor(prompt["argmax_per_position"].get<std::vector<std::int64_t>>());
            QVERIFY(torch::equal(logits.argmax(1), argmax));
        }
    }

    void decodingWithACacheEqualsOnePass()
    {
        const auto path = support::sharedFolder() / "data/models/stories260k/hf";
        PLANISH_NEEDS(path);
        const auto model = loadModel(path);
        const at::NoGradGuard noGrad;
        const auto ids = torch::randint(3, 500, {2, 40}, torch::kLong);
        const auto whole = model->logits(model->hiddenStates(ids));
        KvCache cache(model->info(), 64);
        std::vector<at::Tensor> parts;
        for (const auto& [begin, end] : {std::pair{0, 17}, {17, 30}, {30, 31}, {31, 40}})
            parts.push_back(model->logits(model->hiddenStates(ids.slice(1, begin, end), &cache)));
        QCOMPARE(cache.length(), 40);
        // Another order of the same float32 sums.
        QVERIFY(torch::allclose(torch::cat(parts, 1), whole, 1e-4, 1e-4));
    }

    void everyPromptIsCausal()
    {
        const auto path = support::sharedFolder() / "data/models/stories260k/hf";
        PLANISH_NEEDS(path);
        const auto model = loadModel(path);
        const at::NoGradGuard noGrad;
        auto ids = torch::randint(3, 500, {1, 20}, torch::kLong);
        const auto before = model->hiddenStates(ids).clone();
        ids.slice(1, 12).fill_(7);
        const auto after = model->hiddenStates(ids);
        QVERIFY(torch::allclose(before.slice(1, 0, 12), after.slice(1, 0, 12), 1e-5, 1e-5));
        QVERIFY(!torch::allclose(before.slice(1, 12), after.slice(1, 12), 1e-3, 1e-3));
    }

    void slidingWindowHidesOlderKeys()
    {
        // One block of attention with a window of 4: changing token 0 must not reach position 4 or later in one block.
        const auto path = support::sharedFolder() / "data/models/stories260k/hf";
        PLANISH_NEEDS(path);
        auto parts = loadModel(path)->parts();
        parts.info.slidingWindow = 4;
        const Model model(parts);
        const at::NoGradGuard noGrad;
        const auto x = torch::randn({1, 10, parts.info.hidden});
        auto changed = x.clone();
        changed[0][0] += 1.0;
        const auto difference = (model.forward(0, x) - model.forward(0, changed)).abs().amax({0, 2});
        QVERIFY(difference[3].item<float>() > 1e-4f);
        QVERIFY(difference.slice(0, 4).max().item<float>() < 1e-6f);
    }

    void aBlockAskedForSomeTokensGivesWhatTheWholeBlockGives_data()
    {
        QTest::addColumn<bool>("slides");
        QTest::addColumn<bool>("hasLayout");
        QTest::newRow("causal") << false << false;
        QTest::newRow("sliding window") << true << false;
        QTest::newRow("layout") << false << true;
    }

    void aBlockAskedForSomeTokensGivesWhatTheWholeBlockGives()
    {
        QFETCH(bool, slides);
        QFETCH(bool, hasLayout);
        const auto path = support::sharedFolder() / "data/models/stories260k/hf";
        PLANISH_NEEDS(path);
        auto parts = loadModel(path)->parts();
        parts.info.slidingWindow = slides ? 4 : 0;
        const Model model(parts);
        const at::NoGradGuard noGrad;
        const auto x = torch::randn({2, 10, parts.info.hidden});
        const auto wanted = torch::tensor({9, 3, 0, 5, 8, 1}, torch::kLong).view({2, 3});
        // Two branches of one beginning: tokens 4 to 6 and 7 to 9 follow token 3.
        const auto branch = torch::tensor({0, 0, 0, 0, 1, 1, 1, 2, 2, 2}, torch::kLong);
        const auto sees = branch.eq(0).unsqueeze(0) | branch.unsqueeze(0).eq(branch.unsqueeze(1));
        const TokenLayout layout{torch::tensor({0, 1, 2, 3, 4, 5, 6, 4, 5, 6}, torch::kLong).expand({2, 10}),
                                 sees.logical_and(torch::ones({10, 10}, torch::kBool).tril()).expand({2, 1, 10, 10})};
        const auto* given = hasLayout ? &layout : nullptr;
        const auto expected = model.forward(1, x, 0, nullptr, nullptr, given).take_along_dim(wanted.unsqueeze(-1), 1);
        const auto part = forwardBlockAt({.info = model.info(), .rope = model.rope(), .block = 1, .layout = given},
                                         model.block(1).weights, x, wanted);
        // Another order of the same float32 sums.
        QVERIFY(torch::allclose(part, expected, 1e-4, 1e-5));
    }

    void withoutGradientsABlockGivesTheSameResult()
    {
        // Then its elementwise operations write over their operands.
        const auto path = support::sharedFolder() / "data/models/stories260k/hf";
        PLANISH_NEEDS(path);
        const auto model = loadModel(path);
        const auto x = torch::randn({2, 10, model->info().hidden});
        const auto kept = x.clone();
        const auto expected = model->forward(1, x);
        const at::NoGradGuard noGrad;
        QVERIFY(torch::allclose(model->forward(1, x), expected, 1e-5, 1e-6));
        QVERIFY(torch::equal(x, kept));
    }

    void passesGradientsToEveryWeight()
    {
        const auto path = support::sharedFolder() / "data/models/stories260k/hf";
        PLANISH_NEEDS(path);
        auto parts = loadModel(path)->parts();
        std::vector<at::Tensor> leaves;
        for (const auto role : kBlockRoles) {
            auto& matrix = parts.blocks[0].weights.matrix(role);
            matrix = matrix.clone().set_requires_grad(true);
            leaves.push_back(matrix);
        }
        const Model model(parts);
        model.forward(0, torch::randn({1, 5, parts.info.hidden})).square().sum().backward();
        for (const auto& leaf : leaves)
            QVERIFY(leaf.grad().defined() && leaf.grad().abs().sum().item<float>() > 0.f);
    }

    void hashTellsModelsApart()
    {
        const auto models = support::sharedFolder() / "data/models";
        PLANISH_NEEDS(models / "novels-8m");
        const auto plain = ModelFiles::open(models / "novels-8m")->hash();
        QCOMPARE(plain, ModelFiles::open(models / "novels-8m")->hash());
        QVERIFY(plain != ModelFiles::open(models / "novels-8m-outliers")->hash()); // same shapes, other weights
    }
};

QTEST_GUILESS_MAIN(TestModel)
#include "tst_model.moc"
