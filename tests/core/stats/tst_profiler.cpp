// SPDX-License-Identifier: Apache-2.0
// Profiles of real models against numpy and scipy on the same files and activations of transformers
// (shared/reference/*/weights.json and activations.json, whose README names the programs).
#include "core/base/error.h"
#include "core/io/json.h"
#include "core/stats/accumulator.h"
#include "core/stats/profiler.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/support/shared_data.h"

#include <ATen/ATen.h>
#include <QTest>

#include <cmath>

using namespace core;

namespace {

bool near(double ours, double expected, double tolerance)
{
    return std::abs(ours - expected) <= tolerance;
}

/** Empty, or what differs. Weights are read as they are, so only the order of summation separates us from numpy. */
QString weightDifference(const Distribution& ours, const Json& expected)
{
    const double std = expected["std"].get<double>();
    const double kurtosis = expected["excess_kurtosis"].get<double>();
    if (ours.count != expected["count"].get<std::int64_t>())
        return QStringLiteral("count %1").arg(ours.count);
    if (!near(ours.mean, expected["mean"].get<double>(), 1e-9 * std) || !near(ours.std, std, 1e-9 * std))
        return QStringLiteral("mean %1, std %2").arg(ours.mean).arg(ours.std);
    if (ours.min != expected["min"].get<double>() || ours.max != expected["max"].get<double>()
        || ours.absmax != expected["absmax"].get<double>())
        return QStringLiteral("extremes %1, %2").arg(ours.min).arg(ours.max);
    if (!near(ours.kurtosis, kurtosis, 1e-6 * std::abs(kurtosis)))
        return QStringLiteral("kurtosis %1, expected %2").arg(ours.kurtosis, 0, 'g', 15).arg(kurtosis, 0, 'g', 15);
    std::uint64_t counted = 0;
    for (const auto count : ours.histogram.counts)
        counted += count;
    return counted == static_cast<std::uint64_t>(ours.count) ? QString()
                                                             : QStringLiteral("histogram of %1").arg(counted);
}

/** Two correct float32 programs differ in activations by up to a few 1e-6 of a site's typical value (the reference's own
    float64 run moves logits by 2e-5); `relative` bounds that, a fourth power has four times the relative error. */
QString activationDifference(const Distribution& ours, const Json& expected, double relative)
{
    const double std = expected["std"].get<double>();
    const double absmax = expected["absmax"].get<double>();
    const double kurtosis = expected["excess_kurtosis"].get<double>();
    if (ours.count != expected["count"].get<std::int64_t>())
        return QStringLiteral("count %1").arg(ours.count);
    if (!near(ours.mean, expected["mean"].get<double>(), relative * std) || !near(ours.std, std, relative * std))
        return QStringLiteral("mean %1, std %2, expected %3")
            .arg(ours.mean, 0, 'g', 9)
            .arg(ours.std, 0, 'g', 9)
            .arg(std, 0, 'g', 9);
    if (!near(ours.min, expected["min"].get<double>(), relative * absmax)
        || !near(ours.max, expected["max"].get<double>(), relative * absmax)
        || !near(ours.absmax, absmax, relative * absmax))
        return QStringLiteral("extremes %1, %2").arg(ours.min, 0, 'g', 9).arg(ours.max, 0, 'g', 9);
    if (!near(ours.kurtosis, kurtosis, 4 * relative * (kurtosis + 3)))
        return QStringLiteral("kurtosis %1, expected %2").arg(ours.kurtosis, 0, 'g', 9).arg(kurtosis, 0, 'g', 9);
    const auto channels = expected["channel_absmax"].get<std::vector<double>>();
    if (channels.size() != ours.channelAbsmax.size())
        return QStringLiteral("%1 channels").arg(ours.channelAbsmax.size());
    for (std::size_t i = 0; i < channels.size(); ++i)
        if (!near(ours.channelAbsmax[i], channels[i], relative * absmax))
            return QStringLiteral("channel %1: %2, expected %3").arg(i).arg(ours.channelAbsmax[i]).arg(channels[i]);
    return {};
}

/** Eight windows of BOS and the next 255 tokens of the text, as activations.json says. */
at::Tensor windowsOf(const std::filesystem::path& model, const std::filesystem::path& text, int bos)
{
    const auto tokens = loadTokenizer(model)->encode(readFile(text), SpecialTokens::Omit);
    constexpr int kWindows = 8;
    constexpr int kTokens = 255;
    auto ids = at::empty({kWindows, kTokens + 1}, at::kLong);
    for (int window = 0; window < kWindows; ++window) {
        ids[window][0] = bos;
        for (int i = 0; i < kTokens; ++i)
            ids[window][i + 1] = tokens.at(window * kTokens + i);
    }
    return ids;
}

std::string sha256OfIds(const at::Tensor& ids)
{
    const auto narrow = ids.to(at::kInt).contiguous();
    return sha256({static_cast<const char*>(narrow.const_data_ptr()), narrow.nbytes()});
}

} // namespace

class TestProfiler : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void weightsEqualScipy_data() { addModels(); }
    void weightsEqualScipy();
    void modulesAreMeansAndPools_data() { addModels(); }
    void modulesAreMeansAndPools();
    void activationsEqualTransformers_data() { addModels(); }
    void activationsEqualTransformers();
    void ggufGivesTheSameWeights();
    void layersArePublishedInOrderAsTheyAreRead();
    void robustZIsTakenForAttentionAndMlpApart();
    void smallGroupsAndMissingKurtosisAreWarnedOf();
    void idsOutsideTheVocabularyAreRefused();

private:
    void addModels();
};

void TestProfiler::addModels()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("folder");
    QTest::newRow("stories260k") << "stories260k"
                                 << "stories260k/hf";
    QTest::newRow("babyllama-char105") << "babyllama-char105"
                                       << "babyllama-char105/hf";
    QTest::newRow("novels-8m") << "novels-8m"
                               << "novels-8m";
}

#define NEEDS_MODEL()                                                                                                  \
    QFETCH(QString, name);                                                                                             \
    QFETCH(QString, folder);                                                                                           \
    const auto shared = support::sharedFolder();                                                                       \
    const auto path = shared / "data/models" / folder.toStdString();                                                   \
    const auto reference = shared / "reference" / name.toStdString();                                                  \
    PLANISH_NEEDS(path);                                                                                               \
    PLANISH_NEEDS(reference)

void TestProfiler::weightsEqualScipy()
{
    NEEDS_MODEL();
    Progress progress;
    const auto profile = profileWeights(*ModelFiles::open(path), {}, progress);
    const auto expected = readJson(reference / "weights.json");
    QCOMPARE(profile.weights.size(),
             expected["layers"].size() * kBlockRoles.size()
                 + (expected["config"]["tie_word_embeddings"].get<bool>() ? 1 : 2));
    for (const auto& row : profile.weights) {
        const auto& values = row.layer.role == Role::Embedding ? expected["embed_tokens"]
            : row.layer.role == Role::Head                     ? expected["lm_head"]
                                                               : expected["layers"]
                                                 .at(row.layer.block)
                                                 .at(std::string(toString(moduleOf(row.layer.role))))
                                                 .at(std::string(toString(row.layer.role)) + "_proj");
        QVERIFY2(weightDifference(row.weight, values).isEmpty(),
                 qPrintable(QString::fromStdString(toString(row.layer)) + ": " + weightDifference(row.weight, values)));
    }
}

void TestProfiler::modulesAreMeansAndPools()
{
    NEEDS_MODEL();
    Progress progress;
    const auto profile = profileWeights(*ModelFiles::open(path), {}, progress);
    const auto layers = readJson(reference / "weights.json")["layers"];
    QCOMPARE(profile.modules.size(), 2 * layers.size());
    for (const auto& row : profile.modules) {
        const auto& group = layers.at(row.module.block).at(std::string(toString(row.module.kind)));
        double sum = 0.0;
        for (const auto& [matrix, values] : group.items())
            if (matrix != "pooled")
                sum += values["excess_kurtosis"].get<double>();
        const double mean = sum / static_cast<double>(group.size() - 1);
        const double pooled = group["pooled"]["excess_kurtosis"].get<double>();
        QVERIFY(near(row.kurtosis, mean, 1e-6 * std::abs(mean)));
        QVERIFY(near(row.pooledKurtosis, pooled, 1e-6 * std::abs(pooled)));
        QVERIFY(std::isfinite(row.robustZ));
    }
}

void TestProfiler::activationsEqualTransformers()
{
    NEEDS_MODEL();
    const auto text = shared / "data/text/tinystories-sample/tiny.utf8";
    PLANISH_NEEDS(text);
    const auto files = ModelFiles::open(path);
    const auto expected = readJson(reference / "activations.json");
    const auto ids = windowsOf(path, text, files->info().bosId.value_or(1));
    QCOMPARE(sha256OfIds(ids), expected["ids_int32_sha256"].get<std::string>());

    Progress progress;
    const auto model = Model::load(files, {}, progress);
    std::vector<SiteId> published;
    const auto sites = profileActivations(
        *model, ids, [&](const SiteProfile& row) { published.push_back(row.site); }, progress);
    QCOMPARE(sites.size(), expected["layers"].size() * kSites.size());
    QCOMPARE(published.size(), sites.size());
    for (const auto& row : sites) {
        QCOMPARE(row.tokens, std::int64_t{2048});
        const auto& values = expected["layers"].at(row.site.block).at(std::string(toString(row.site.site)));
        const auto difference = activationDifference(row.activation, values, 2e-5);
        QVERIFY2(difference.isEmpty(), qPrintable(QString::fromStdString(toString(row.site)) + ": " + difference));
    }
}

// The GGUF file holds the same float32 numbers; rows of q and k stand in another order, which no statistic sees.
void TestProfiler::ggufGivesTheSameWeights()
{
    const auto shared = support::sharedFolder();
    const auto gguf = shared / "data/models/stories260k/tinyllm.gguf";
    const auto reference = shared / "reference/stories260k/weights.json";
    PLANISH_NEEDS(gguf);
    PLANISH_NEEDS(reference);
    Progress progress;
    const auto profile = profileWeights(*ModelFiles::open(gguf), {}, progress);
    const auto layers = readJson(reference)["layers"];
    for (const auto& row : profile.weights) {
        if (row.layer.block < 0)
            continue;
        const auto& values = layers.at(row.layer.block)
                                 .at(std::string(toString(moduleOf(row.layer.role))))
                                 .at(std::string(toString(row.layer.role)) + "_proj");
        QCOMPARE(weightDifference(row.weight, values), QString());
    }
}

void TestProfiler::layersArePublishedInOrderAsTheyAreRead()
{
    const auto path = support::sharedFolder() / "data/models/stories260k/hf";
    PLANISH_NEEDS(path);
    struct Watch : Progress
    {
        double last = -1.0;
        bool falls = false;
        void report(double fraction, std::string_view) override
        {
            falls = falls || fraction < last || fraction > 1.0;
            last = fraction;
        }
    } watch;
    std::vector<LayerId> seen;
    const auto profile = profileWeights(
        *ModelFiles::open(path), [&](const LayerProfile& row) { seen.push_back(row.layer); }, watch);
    QCOMPARE(seen.size(), profile.weights.size());
    QCOMPARE(toString(seen.front()), std::string("0.q"));
    QCOMPARE(toString(seen.at(7)), std::string("1.q"));
    QCOMPARE(toString(seen.back()), std::string("embedding"));
    QVERIFY(!watch.falls);
    QCOMPARE(watch.last, 1.0);
}

namespace {

std::vector<ModuleProfile> modulesWith(const std::vector<double>& attention, const std::vector<double>& mlp)
{
    std::vector<ModuleProfile> modules;
    for (std::size_t block = 0; block < attention.size(); ++block) {
        modules.push_back({.module = {static_cast<int>(block), ModuleKind::Attention}, .kurtosis = attention[block]});
        modules.push_back({.module = {static_cast<int>(block), ModuleKind::Mlp},
                           .kurtosis = mlp[block],
                           .pooledKurtosis = attention[block]});
    }
    return modules;
}

} // namespace

// Attention as in tst_robust_z's first row; mlp shifted by 50 and scaled by 2, so its z is the same.
void TestProfiler::robustZIsTakenForAttentionAndMlpApart()
{
    auto modules = modulesWith({1, 2, 3, 4, 100}, {52, 54, 56, 58, 250});
    assignRobustZ(modules, KurtosisOf::MeanOfMatrices);
    for (std::size_t block = 0; block < 5; ++block)
        QVERIFY(near(modules[2 * block].robustZ, modules[2 * block + 1].robustZ, 1e-12));
    QVERIFY(near(modules[8].robustZ, 0.6745 * 97, 1e-12));
    assignRobustZ(modules, KurtosisOf::AllEntries);
    QVERIFY(std::isnan(modules[8].robustZ)); // no pooled kurtosis there
    QVERIFY(near(modules[9].robustZ, 0.6745 * 97, 1e-12));
}

void TestProfiler::smallGroupsAndMissingKurtosisAreWarnedOf()
{
    auto few = modulesWith({1, 2, 3}, {1, std::nan(""), 3});
    const auto warnings = assignRobustZ(few, KurtosisOf::MeanOfMatrices);
    QCOMPARE(warnings.size(), std::size_t{3});
    QVERIFY(warnings[0].find("attention rests on 3 blocks") != std::string::npos);
    QVERIFY(warnings[1].find("1.mlp has no kurtosis") != std::string::npos);
    QVERIFY(std::isnan(few[3].robustZ));
    QVERIFY(near(few[1].robustZ, -0.6745, 1e-12));
    auto enough = modulesWith({1, 2, 3, 4, 5, 6, 7, 8}, {1, 2, 3, 4, 5, 6, 7, 8});
    QVERIFY(assignRobustZ(enough, KurtosisOf::MeanOfMatrices).empty());
}

void TestProfiler::idsOutsideTheVocabularyAreRefused()
{
    const auto path = support::sharedFolder() / "data/models/stories260k/hf";
    PLANISH_NEEDS(path);
    Progress progress;
    const auto model = Model::load(ModelFiles::open(path), {}, progress);
    for (const auto& ids : {at::full({1, 4}, 512, at::kLong), at::full({1, 4}, -1, at::kLong),
                            at::zeros({4}, at::kLong), at::zeros({0, 4}, at::kLong), at::zeros({1, 4}, at::kInt)})
        QVERIFY_THROWS_EXCEPTION(Error, profileActivations(*model, ids, {}, progress));
}

QTEST_GUILESS_MAIN(TestProfiler)
#include "tst_profiler.moc"
