// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/session/result_json.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace core;

class ResultJsonTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbersThatJsonLacksAreStrings()
    {
        const double infinity = std::numeric_limits<double>::infinity();
        PerplexityResult result;
        result.value = std::nan("");
        result.stderror = infinity;
        result.nllSum = -infinity;
        result.windowNllMean = {1.5, infinity};
        const auto json = toJson(result);
        QCOMPARE(json.at("value").get<std::string>(), std::string("nan"));
        QCOMPARE(json.at("stderr").get<std::string>(), std::string("inf"));
        QCOMPARE(json.at("nll_sum").get<std::string>(), std::string("-inf"));
        QCOMPARE(json.at("window_nll_mean").dump(), std::string("[1.5,\"inf\"]"));
    }

    void histogramsHaveOneEdgeMoreThanCounts()
    {
        Distribution distribution;
        distribution.histogram = {-1.0, 1.0, {1, 2, 3, 4}, 5, 6};
        const auto json = toJson(distribution).at("histogram");
        QCOMPARE(json.dump(),
                 std::string(R"({"edges":[-1.0,-0.5,0.0,0.5,1.0],"counts":[1,2,3,4],"below":5,"above":6})"));
        QCOMPARE(toJson(Distribution{}).at("histogram").at("edges").size(), 0u);
    }

    void percentilesAreNamedByTheirPercent()
    {
        DivergenceResult result;
        result.klPercentiles = {{0.1, 1.0}, {50.0, 2.0}, {99.9, 3.0}};
        QCOMPARE(toJson(result).at("kl_percentiles").dump(), std::string(R"({"0.1":1.0,"50":2.0,"99.9":3.0})"));
    }

    void whatWasNotMeasuredIsLeftOut()
    {
        EvaluationReport report;
        QCOMPARE(toJson(report).dump(), std::string("{}"));
        report.perplexity = PerplexityResult{};
        QVERIFY(toJson(report).contains("perplexity"));
        QVERIFY(!toJson(report).contains("divergence"));
        QVERIFY(!toJson(ChatResult{}).contains("divergence"));
        QVERIFY(!toJson(Profile{}).contains("activations"));
    }

    void modulesLayersAndSitesAreSpeltAsOnTheCommandLine()
    {
        Profile profile;
        profile.weights.push_back({.layer = {3, Role::Q}, .dtype = "BF16", .shape = {4, 8}, .weight = {}});
        profile.modules.push_back({.module = {3, ModuleKind::Mlp}, .kurtosis = 1.0});
        profile.activations.push_back({.site = {3, Site::KeyCache}, .tokens = 7, .activation = {}});
        profile.activations.back().activation.channelAbsmax = {1.0f, 2.0f};
        const auto json = toJson(profile);
        QCOMPARE(json.at("weights")[0].at("layer").get<std::string>(), std::string("3.q"));
        QCOMPARE(json.at("weights")[0].at("shape").dump(), std::string("[4,8]"));
        QCOMPARE(json.at("modules")[0].at("module").get<std::string>(), std::string("3.mlp"));
        QCOMPARE(json.at("modules")[0].at("robust_z").get<std::string>(), std::string("nan"));
        QCOMPARE(json.at("activations")[0].at("site").get<std::string>(), std::string("3.KeyCache"));
        QCOMPARE(json.at("activations")[0].at("channel_absmax").dump(), std::string("[1.0,2.0]"));
    }

    void errorsHaveKindWhatAndContext()
    {
        QCOMPARE(errorJson("corrupt", "too short", "a.safetensors").dump(),
                 std::string(R"({"error":{"kind":"corrupt","what":"too short","context":"a.safetensors"}})"));
    }
};

QTEST_GUILESS_MAIN(ResultJsonTest)
#include "tst_result_json.moc"
