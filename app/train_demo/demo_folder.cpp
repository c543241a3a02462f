// SPDX-License-Identifier: Apache-2.0
#include "app/train_demo/demo_folder.h"

#include "app/train_demo/corpus.h"
#include "app/train_demo/outliers.h"
#include "app/train_demo/scoring.h"
#include "app/train_demo/task_items.h"
#include "app/train_demo/tokenizer_training.h"
#include "core/io/json.h"

#include <algorithm>
#include <cstdio>

namespace demo {

namespace {

using core::Json;

constexpr std::size_t kTokenizerDocuments = 20000;
constexpr std::size_t kTextCharacters = 200000;

// A message ends with EOS only where the model has written it; a system message stands in front as plain text.
const std::string kChatTemplate =
    "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}{{ 'User: ' + message['content'] + "
    "'\\n' }}"
    "{% elif message['role'] == 'assistant' %}{{ 'Assistant: ' + message['content'] + eos_token + '\\n' }}"
    "{% else %}{{ message['content'] + '\\n\\n' }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}";

void writeJson(const std::filesystem::path& path, const Json& json)
{
    core::writeFileAtomically(path, json.dump(2) + "\n");
}

void writeConfiguration(const std::filesystem::path& out, const core::ModelInfo& info)
{
    writeJson(out / "config.json",
              {{"architectures", {info.architecture}},
               {"model_type", "llama"},
               {"hidden_size", info.hidden},
               {"intermediate_size", info.intermediate},
               {"num_hidden_layers", info.blocks},
               {"num_attention_heads", info.heads},
               {"num_key_value_heads", info.kvHeads},
               {"head_dim", info.headDim},
               {"vocab_size", info.vocab},
               {"max_position_embeddings", info.context},
               {"rms_norm_eps", info.normEps},
               {"rope_theta", info.ropeTheta},
               {"rope_scaling", nullptr},
               {"hidden_act", "silu"},
               {"tie_word_embeddings", false},
               {"attention_bias", false},
               {"mlp_bias", false},
               {"bos_token_id", *info.bosId},
               {"eos_token_id", info.eosIds.front()},
               {"torch_dtype", "bfloat16"},
               {"use_cache", true},
               {"initializer_range", 0.02}});
    writeJson(out / "generation_config.json",
              {{"bos_token_id", *info.bosId}, {"eos_token_id", info.eosIds.front()}, {"do_sample", false}});
    writeJson(out / "tokenizer_config.json",
              {{"tokenizer_class", "LlamaTokenizer"},
               {"add_bos_token", true},
               {"add_eos_token", false},
               {"legacy", false},
               {"bos_token", "<s>"},
               {"eos_token", "</s>"},
               {"unk_token", "<unk>"},
               {"model_max_length", info.context},
               {"clean_up_tokenization_spaces", false},
               {"sp_model_kwargs", Json::object()},
               {"chat_template", kChatTemplate}});
}

/** Hashes of all files, and the scores of the model: what a test compares the folder with. */
void writeManifest(const std::filesystem::path& out, Json scores, const DemoOptions& options)
{
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(out)) {
        const auto path = entry.path().lexically_relative(out).generic_string();
        if (entry.is_regular_file() && path != "manifest.json")
            paths.push_back(path);
    }
    std::sort(paths.begin(), paths.end());
    Json files = Json::object();
    for (const auto& path : paths) {
        const std::string content = core::readFile(out / path);
        files[path] = {{"bytes", content.size()}, {"sha256", core::sha256(content)}};
    }
    writeJson(out / "manifest.json",
              {{"seed", options.seed},
               {"steps", options.training.steps},
               {"tokens", tokensNeeded(options.training)},
               {"scores", scores},
               {"files", files}});
}

Json score(const core::Model::Parts& parts, const core::Tokenizer& tokenizer, const std::filesystem::path& out,
           const Text& test)
{
    const core::Model model(castWeights(parts, at::kFloat));
    const auto result = textPerplexity(model, tokenizer, test.text);
    const double entropy = test.nats / double(tokenizer.encode(test.text, core::SpecialTokens::Omit).size());
    std::printf("test.txt: perplexity %.4f over %lld tokens; the grammar's choices allow %.4f\n", result.value,
                static_cast<long long>(result.tokens), std::exp(entropy));
    Json scores = {{"perplexity", result.value}, {"grammar_perplexity", std::exp(entropy)}};
    for (const auto& [task, accuracy] : taskAccuracies(model, tokenizer, out / "tasks")) {
        std::printf("%-16s %.3f\n", task.c_str(), accuracy);
        scores[task] = accuracy;
    }
    return scores;
}

} // namespace

void makeDemoFolder(const std::filesystem::path& out, const DemoOptions& options)
{
    const std::uint64_t seed = options.seed;
    std::filesystem::create_directories(out);
    const World world(seed);
    writeTaskItems(world, out / "tasks", seed);
    const Text test = plainText(world, seed ^ hashOf("test"), kTextCharacters, {});
    const Text calibration = plainText(world, seed ^ hashOf("calibration"), kTextCharacters, test.hashes);
    core::writeFileAtomically(out / "test.txt", test.text);
    core::writeFileAtomically(out / "calibration.txt", calibration.text);
    trainTokenizer(tokenizerLines(world, seed ^ hashOf("tokenizer"), kTokenizerDocuments), options.pieces,
                   out / "tokenizer.model");
    const core::ModelInfo info = demoInfo(options.pieces);
    writeConfiguration(out, info);
    const auto tokenizer = core::loadTokenizer(out);

    TrainingOptions training = options.training;
    training.seed = seed;
    const auto tokens =
        trainingTokens(world, *tokenizer, seed ^ hashOf("training"), tokensNeeded(training), test.hashes);
    std::printf("%zu tokens of text\n", tokens.size());
    std::fflush(stdout);
    auto parts = drawWeights(info, seed);
    train(parts, tokens, training);

    parts = castWeights(parts, at::kBFloat16);
    for (auto& named : namedTensors(parts))
        *named.tensor = named.tensor->detach();
    writeJson(out / "planted.json", plantOutliers(parts, seed));
    writeWeights(parts, out / "model.safetensors");
    writeManifest(out, score(parts, *tokenizer, out, test), options);
}

} // namespace demo
