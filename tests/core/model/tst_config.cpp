// SPDX-License-Identifier: Apache-2.0
// What config.json says is followed, or refused by name: nothing in it is read as if it meant nothing.
#include "core/model/config.h"
#include "core/model/rope.h"
#include "tests/support/refuses.h"

#include <QtTest>
#include <torch/torch.h>

using namespace core;

namespace {

Json plain(const char* modelType = "llama")
{
    return {{"model_type", modelType},        {"hidden_size", 128},       {"intermediate_size", 256},
            {"num_hidden_layers", 3},         {"num_attention_heads", 4}, {"vocab_size", 100},
            {"max_position_embeddings", 4000}};
}

ModelInfo read(const Json& config)
{
    return infoFromConfig(config, "config.json");
}

} // namespace

class TestConfig : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatMakesNoSenseIsRefused_data()
    {
        QTest::addColumn<QString>("change"); // merged into the plain configuration
        QTest::addColumn<QString>("named");
        const auto row = [](const char* change, const char* named) { QTest::newRow(change) << change << named; };
        row(R"({"num_hidden_layers": 2147483648})", "num_hidden_layers");
        row(R"({"num_hidden_layers": 2147483647})", "blocks");
        row(R"({"num_hidden_layers": 0})", "num_hidden_layers");
        row(R"({"rms_norm_eps": -1})", "rms_norm_eps");
        row(R"({"rope_theta": 0})", "rope_theta");
        row(R"({"rope_scaling": {"rope_type": "linear", "factor": 0}})", "factor");
        row(R"({"rope_scaling": {"rope_type": "yarn", "factor": -2}})", "factor");
        row(R"({"rope_scaling": {"rope_type": "longrope", "factor": 2}})", "longrope");
        row(R"({"rope_scaling": {"rope_type": "llama3", "factor": 8, "low_freq_factor": 4, "high_freq_factor": 4}})",
            "high_freq_factor");
        row(R"({"partial_rotary_factor": 0.5})", "partial_rotary_factor");
        row(R"({"quantization_config": {"quant_method": "fp8"}})", "fp8");
        row(R"({"model_type": "qwen2", "use_sliding_window": true, "sliding_window": 8,
                "layer_types": ["full_attention"]})",
            "layer_types");
        row(R"({"model_type": "qwen2", "use_sliding_window": true, "sliding_window": 8,
                "layer_types": ["full_attention", "chunked_attention", "full_attention"]})",
            "chunked_attention");
    }

    void whatMakesNoSenseIsRefused()
    {
        QFETCH(QString, change);
        QFETCH(QString, named);
        auto config = plain();
        read(config);
        config.merge_patch(Json::parse(change.toStdString()));
        try {
            read(config);
            QFAIL("was accepted");
        } catch (const Error& error) {
            QVERIFY2(QString::fromUtf8(error.what()).contains(named), error.what());
            QCOMPARE(error.context(), std::string("config.json"));
        }
    }

    /** transformers 5.23: ROPE_INIT_FUNCTIONS["yarn"](LlamaConfig(hidden_size=128, num_attention_heads=4,
        max_position_embeddings=4000, rope_scaling={"rope_type": "yarn", "factor": 4.0,
        "original_max_position_embeddings": 1000, "truncate": ...}), "cpu"). */
    void yarnsRampIsRoundedUnlessItSaysOtherwise()
    {
        const auto frequencies = [](bool truncate) {
            auto config = plain();
            config["rope_scaling"] = {{"rope_type", "yarn"},
                                      {"factor", 4.0},
                                      {"original_max_position_embeddings", 1000},
                                      {"truncate", truncate}};
            const auto info = read(config);
            const auto again = read(configFromInfo(info)); // what an export says of it
            if (!torch::equal(ropeFrequencies(info), ropeFrequencies(again)))
                QTest::qFail("the written configuration is another", __FILE__, __LINE__);
            return ropeFrequencies(info).to(torch::kFloat).narrow(0, 3, 6);
        };
        const auto rounded =
            torch::tensor({0.15877494, 0.078571431, 0.038158871, 0.018070158, 0.0082562976, 0.0035714284});
        const auto exact =
            torch::tensor({0.17310241, 0.084885411, 0.040729351, 0.018964479, 0.0084492657, 0.0035056476});
        QVERIFY(torch::allclose(frequencies(true), rounded.to(torch::kFloat), 1e-5, 0.0));
        QVERIFY(torch::allclose(frequencies(false), exact.to(torch::kFloat), 1e-5, 0.0));
    }

    /** Qwen2Config: a list of layer types stands before max_window_layers, which makes the blocks from it on slide. */
    void windowsAreOfTheBlocksThatTheConfigurationNames()
    {
        auto config = plain("qwen2");
        config["sliding_window"] = 8;
        QCOMPARE(read(config).slidingWindow, 0); // use_sliding_window is false where it is missing
        config["use_sliding_window"] = true;
        config["max_window_layers"] = 2;
        QVERIFY(read(config).slides == std::vector<bool>({false, false, true}));
        config["layer_types"] = {"sliding_attention", "full_attention", "sliding_attention"};
        const auto info = read(config);
        QVERIFY(info.slides == std::vector<bool>({true, false, true}));
        QVERIFY(read(configFromInfo(info)).slides == info.slides);
        auto mistral = plain("mistral");
        mistral["sliding_window"] = 8;
        QCOMPARE(read(mistral).slidingWindow, 8);
        QVERIFY(read(mistral).slides.empty()); // every block's
    }

    void biasesAreTheFamilysOrTheKeys()
    {
        QVERIFY(!read(plain()).inputBiases);
        const auto qwen2 = read(plain("qwen2"));
        QVERIFY(qwen2.inputBiases && !qwen2.outputBias && !qwen2.mlpBiases);
        auto config = plain();
        config["attention_bias"] = true;
        config["mlp_bias"] = true;
        const auto info = read(config);
        QVERIFY(info.inputBiases && info.outputBias && info.mlpBiases);
        const auto again = read(configFromInfo(info));
        QVERIFY(again.inputBiases && again.outputBias && again.mlpBiases);
    }
};

QTEST_GUILESS_MAIN(TestConfig)
#include "tst_config.moc"
