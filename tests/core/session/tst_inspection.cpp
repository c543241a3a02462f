// SPDX-License-Identifier: Apache-2.0
// Maps, quantiles and bundle profiles of the demo model against the same computed directly from its tensors.
#include "core/base/error.h"
#include "core/calibrate/quantized_block.h"
#include "core/export/native_bundle.h"
#include "core/io/text_reader.h"
#include "core/model/model.h"
#include "core/session/session.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/support/refuses.h"
#include "tests/support/sparse_model.h"

#include <ATen/ATen.h>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace core;

namespace {

/** The demo model on disk, opened by hand and through the facade. */
struct Demo
{
    QTemporaryDir scratch;
    std::string folder = scratch.filePath(QStringLiteral("demo")).toStdString();
    std::string text = folder + "/test.txt";
    std::unique_ptr<Session> session = createSession();
    Progress progress;

    Demo() { session->writeDemo(folder); }

    std::shared_ptr<const Model> model() { return Model::load(ModelFiles::open(folder), {}, progress); }
    at::Tensor ids(std::int64_t count) const
    {
        auto all = loadTokenizer(folder)->encode(readText(text), SpecialTokens::Add);
        all.resize(static_cast<std::size_t>(count));
        return at::tensor(all, at::kLong).view({1, count});
    }
    /** [tokens, channels] at a site of the original. */
    at::Tensor activations(const SiteId& site, std::int64_t count)
    {
        at::Tensor found;
        const Tap tap = [&](const SiteId& id, const at::Tensor& x) {
            if (id == site)
                found = (x.dim() == 4 ? x.transpose(1, 2).flatten(2) : x).squeeze(0).contiguous();
        };
        const at::NoGradGuard noGradients;
        model()->hiddenStates(ids(count), nullptr, &tap);
        return found;
    }
};

/** Largest magnitude of each cell, by definition: element by element. */
std::vector<float> pooled(const at::Tensor& tensor, int rows, int columns)
{
    const auto values = tensor.contiguous();
    const auto* value = values.const_data_ptr<float>();
    std::vector<float> cells(static_cast<std::size_t>(rows * columns), 0.0f);
    for (std::int64_t i = 0; i < values.size(0); ++i)
        for (std::int64_t j = 0; j < values.size(1); ++j) {
            const auto place = i * rows / values.size(0) * columns + j * columns / values.size(1);
            auto& cell = cells[static_cast<std::size_t>(place)];
            cell = std::max(cell, std::abs(*value++));
        }
    return cells;
}

} // namespace

class TstInspection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mapOfAMatrixHoldsEveryValueOnce()
    {
        Demo demo;
        const LayerId layer{1, Role::Down};
        const auto map = demo.session->magnitudeMap(
            {.source = {.model = demo.folder, .layer = layer}, .maxRows = 7, .maxColumns = 50}, demo.progress);
        const auto weight = demo.model()->block(1).weights.matrix(Role::Down);
        QCOMPARE(map.rows, weight.size(0));
        QCOMPARE(map.columns, weight.size(1));
        QCOMPARE(map.cells, pooled(weight, 7, 50));
        QCOMPARE(map.nonFinite, 0);
        QVERIFY(map.tokens.empty());
        // The largest of all comes first, with its sign and place.
        const auto place = weight.abs().argmax().item<std::int64_t>();
        QCOMPARE(map.peaks.front().row, place / weight.size(1));
        QCOMPARE(map.peaks.front().column, place % weight.size(1));
        QCOMPARE(map.peaks.front().value, weight.flatten()[place].item<float>());
        QCOMPARE(map.peaks.size(), std::size_t{200});
        const auto top = std::get<0>(weight.abs().flatten().topk(200));
        QCOMPARE(std::abs(map.peaks.back().value), top[199].item<float>());
    }

    void rectangleOfActivationsIsThatOfTheWhole()
    {
        Demo demo;
        const SiteId site{2, Site::MlpOut};
        MapSpec spec{.source = {.model = demo.folder, .layer = {}, .site = site, .text = demo.text, .tokens = 40}};
        spec.rowBegin = 3;
        spec.rowEnd = 30;
        spec.columnBegin = 16;
        spec.columnEnd = 80;
        spec.maxRows = 9;
        spec.maxColumns = 20;
        const auto map = demo.session->magnitudeMap(spec, demo.progress);
        const auto values = demo.activations(site, 40);
        QCOMPARE(map.rows, 40);
        QCOMPARE(map.columns, values.size(1));
        QCOMPARE(map.cells, pooled(values.slice(0, 3, 30).slice(1, 16, 80), 9, 20));
        QCOMPARE(map.tokens.size(), std::size_t{40});
        const auto tokenizer = loadTokenizer(demo.folder);
        QCOMPARE(map.tokens[7], tokenizer->piece(demo.ids(40)[0][7].item<int>()));
    }

    void cacheSitesHaveAChannelForEachHeadAndDimension()
    {
        Demo demo;
        const SiteId site{0, Site::KeyCache};
        const auto map = demo.session->magnitudeMap(
            {.source = {.model = demo.folder, .layer = {}, .site = site, .text = demo.text, .tokens = 16}},
            demo.progress);
        const auto values = demo.activations(site, 16);
        QCOMPARE(map.cells, pooled(values, 16, static_cast<int>(values.size(1))));
    }

    void mapRefusesWhatIsNotThere()
    {
        Demo demo;
        MapSpec spec{.source = {.model = demo.folder, .layer = {0, Role::Q}}};
        spec.rowBegin = 5;
        spec.rowEnd = 5;
        PLANISH_REFUSES(demo.session->magnitudeMap(spec, demo.progress), ErrorKind::InvalidArgument, {"rows 5 to 5"});
        spec = {.source = {.model = demo.folder, .layer = {99, Role::Q}}};
        PLANISH_REFUSES(demo.session->magnitudeMap(spec, demo.progress), ErrorKind::InvalidArgument, {"block 99"});
    }

    /** Ranks as documented: of n values the i-th stands for (i + 1/2) / n. */
    void quantilesAreThoseOfASort()
    {
        Demo demo;
        const LayerId layer{0, Role::Gate};
        const auto plot =
            demo.session->quantiles({.source = {.model = demo.folder, .layer = layer}, .points = 301}, demo.progress);
        const auto weight = demo.model()->block(0).weights.matrix(Role::Gate).flatten();
        const auto sorted = std::get<0>(weight.sort()).to(at::kDouble);
        const auto n = sorted.numel();
        QCOMPARE(plot.count, n);
        QCOMPARE(plot.value.size(), std::size_t{301});
        QVERIFY(std::abs(plot.std - weight.to(at::kDouble).std(false).item<double>()) < 1e-9);
        for (std::size_t i = 0; i < plot.value.size(); ++i) {
            const double share = 0.5 * std::erfc(-plot.normal[i] / std::sqrt(2.0));
            const auto rank = std::clamp<std::int64_t>(std::llround(share * static_cast<double>(n) - 0.5), 0, n - 1);
            const double exact = sorted[rank].item<double>();
            QVERIFY(std::abs(plot.value[i] - exact) <= std::abs(exact) / 512.0);
        }
        QCOMPARE(plot.value.front(), sorted[0].item<double>());
        QCOMPARE(plot.value.back(), sorted[n - 1].item<double>());
    }

    /** Of a few values every one is shown. */
    void fewValuesAreAllShown()
    {
        Demo demo;
        const auto plot = demo.session->quantiles({.source = {.model = demo.folder,
                                                              .layer = {},
                                                              .site = SiteId{0, Site::AttentionIn},
                                                              .text = demo.text,
                                                              .tokens = 1},
                                                   .points = 2000},
                                                  demo.progress);
        QCOMPARE(plot.value.size(), static_cast<std::size_t>(plot.count));
        QVERIFY(std::is_sorted(plot.value.begin(), plot.value.end()));
        QVERIFY(std::abs(plot.normal.front() + plot.normal.back()) < 1e-9);
    }

    void headerNamesEveryMatrix()
    {
        Demo demo;
        const auto description = demo.session->describe(demo.folder);
        const auto profile = demo.session->profile({.model = demo.folder}, {}, demo.progress);
        QCOMPARE(description.layers.size(), profile.weights.size());
        for (std::size_t i = 0; i < profile.weights.size(); ++i) {
            QVERIFY(description.layers[i].layer == profile.weights[i].layer);
            QCOMPARE(description.layers[i].shape, profile.weights[i].shape);
            QCOMPARE(description.layers[i].dtype, profile.weights[i].dtype);
        }
    }

    /** 4-bit rounding without transforms: the errors are those of rounding the tensors themselves. */
    /** Also where the module is quantized otherwise than the rest. */
    void bundleErrorsAreThoseOfItsTensors()
    {
        Demo demo;
        const auto bundlePath = demo.scratch.filePath(QStringLiteral("q")).toStdString();
        SelectSpec select{
            .model = demo.folder, .method = SelectMethod::AllIdentity, .ruleFile = {}, .overrides = {}, .scheme = {}};
        select.scheme.activationAsymmetric = true;
        select.moduleBits = {{{0, ModuleKind::Attention}, {6, 5, 4, 4}}};
        CalibrateSpec calibrate{.model = demo.folder,
                                .plan = demo.session->select(select, demo.progress),
                                .text = demo.text,
                                .out = bundlePath,
                                .options = {}};
        calibrate.options.samples = 4;
        calibrate.options.seqlen = 64;
        calibrate.options.epochs = 0;
        calibrate.options.clipping = Clipping::None;
        demo.session->calibrate(calibrate, {}, demo.progress);
        const auto profile = demo.session->profileBundle(
            {.bundle = bundlePath, .reference = demo.folder, .text = demo.text, .tokens = 128, .seqlen = 64}, {},
            demo.progress);
        PLANISH_REFUSES((demo.session->profileBundle({.bundle = bundlePath, .reference = bundlePath, .text = {}}, {},
                                                     demo.progress)),
                        ErrorKind::InvalidArgument, {"weights are codes"});
        const auto model = demo.model();
        QCOMPARE(profile.errors.size(), static_cast<std::size_t>(7 * model->info().blocks));
        const at::NoGradGuard noGradients;
        const auto weight = model->block(0).weights.q;
        const auto rounded = quantizeWeight(weight, 6, 0);
        const double sqnr = 10.0
            * std::log10(weight.square().sum(at::kDouble).item<double>()
                         / (weight - rounded).square().sum(at::kDouble).item<double>());
        QVERIFY(std::abs(profile.errors[0].weightSqnr - sqnr) < 1e-3);
        at::Tensor x;
        const Tap tap = [&](const SiteId& id, const at::Tensor& value) {
            if (id == SiteId{0, Site::AttentionIn})
                x = value;
        };
        model->forward(0, model->embed(demo.ids(128).view({2, 64})), 0, nullptr, &tap);
        const auto exact = at::matmul(x, weight.mT());
        const auto quantized = at::matmul(quantizeActivation(x, 5, {}, true), rounded.mT());
        const double error = (exact - quantized).square().sum(at::kDouble).item<double>()
            / exact.square().sum(at::kDouble).item<double>();
        // An activation at the edge between two of its 32 codes may be rounded either way by float32 sums in another order.
        QVERIFY2(std::abs(profile.errors[0].outputError - error) < 2e-3 * error,
                 qPrintable(QStringLiteral("%1 %2").arg(profile.errors[0].outputError).arg(error)));
        QCOMPARE(profile.activations.size(), static_cast<std::size_t>(6 * model->info().blocks));
        QCOMPARE(profile.weights[0].weight.count, weight.numel());
        QCOMPARE(profile.weights[0].dtype, std::string("W6"));
        QCOMPARE(profile.weights[4].dtype, std::string("W4"));
        QCOMPARE(profile.modules.size(), static_cast<std::size_t>(2 * model->info().blocks));
        double kurtosis = 0.0; // of q, k, v and o: the first four of a block
        for (int i = 0; i < 4; ++i)
            kurtosis += profile.weights[i].weight.kurtosis / 4.0;
        QVERIFY(std::abs(profile.modules[0].kurtosis - kurtosis) < 1e-9);
        QVERIFY(std::isfinite(profile.modules[0].robustZ));
        // The map of a bundle shows the dequantized weights.
        const auto map =
            demo.session->magnitudeMap({.source = {.model = bundlePath, .layer = {0, Role::Q}}}, demo.progress);
        QVERIFY(std::abs(map.peaks.front().value - rounded.flatten()[rounded.abs().argmax()].item<float>()) < 1e-6f);
    }

    /** 138 GB that are not there: only the headers are read. */
    void aModelOf70BillionIsDescribedByItsHeaders()
    {
        QTemporaryDir folder;
        const support::SparseModel model(folder.filePath(QStringLiteral("sparse")).toStdString(), {});
        const auto description = createSession()->describe(model.folder().string());
        QCOMPARE(description.info.blocks, 80);
        QCOMPARE(description.layers.size(), std::size_t{80 * 7 + 2});
        QCOMPARE(description.layers[6].shape, (std::vector<std::int64_t>{8192, 28672}));
        QCOMPARE(description.info.parameters, std::int64_t{68'976'648'192}); // Llama 2 70B, as published
    }

    void bundleOfAnotherModelIsRefused()
    {
        Demo demo;
        PLANISH_REFUSES((demo.session->profileBundle({.bundle = demo.folder, .reference = demo.folder, .text = {}}, {},
                                                     demo.progress)),
                        ErrorKind::InvalidArgument, {"not a bundle"});
    }
};

QTEST_GUILESS_MAIN(TstInspection)
#include "tst_inspection.moc"
