// SPDX-License-Identifier: Apache-2.0
#include "app/train_demo/scoring.h"

#include "core/io/json.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <sstream>

namespace demo {

namespace {

constexpr std::size_t kBatch = 32;

struct Request
{
    std::string context, continuation; // the continuation brings its own space
};

struct Item
{
    std::vector<Request> requests; // one for each choice
    std::size_t gold = 0;
    bool greedy = false; // right where the continuation is the most probable one
};

struct Answer
{
    double sum = 0.0;
    bool greedy = false;
};

std::vector<Answer> answer(const core::Model& model, const core::Tokenizer& tokenizer, const std::vector<Request>& requests)
{
    const torch::NoGradGuard noGradients;
    std::vector<Answer> answers;
    for (std::size_t begin = 0; begin < requests.size(); begin += kBatch) {
        const std::size_t count = std::min(kBatch, requests.size() - begin);
        std::vector<std::vector<int>> whole(count);
        std::vector<std::size_t> contextSize(count);
        std::size_t longest = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const auto& request = requests[begin + i];
            whole[i] = tokenizer.encode(request.context + request.continuation, core::SpecialTokens::Add);
            contextSize[i] = tokenizer.encode(request.context, core::SpecialTokens::Add).size();
            longest = std::max(longest, whole[i].size());
        }
        auto ids = torch::zeros({static_cast<std::int64_t>(count), static_cast<std::int64_t>(longest)}, torch::kInt64);
        for (std::size_t i = 0; i < count; ++i) {
            const auto row = torch::tensor(whole[i], torch::kInt64);
            ids[static_cast<std::int64_t>(i)].narrow(0, 0, row.size(0)).copy_(row);
        }
        const auto logProbabilities =
            model.logits(model.hiddenStates(ids)).to(torch::kFloat).log_softmax(-1).to(torch::kDouble);
        for (std::size_t i = 0; i < count; ++i) {
            Answer result{.greedy = true};
            for (std::size_t at = contextSize[i]; at < whole[i].size(); ++at) {
                const auto row = logProbabilities[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(at) - 1];
                result.sum += row[whole[i][at]].item<double>();
                result.greedy = result.greedy && row.argmax().item<int>() == whole[i][at];
            }
            answers.push_back(result);
        }
    }
    return answers;
}

std::vector<core::Json> readLines(const std::filesystem::path& path)
{
    std::istringstream text(core::readFile(path));
    std::vector<core::Json> items;
    for (std::string line; std::getline(text, line);)
        items.push_back(core::parseJson(line, path.string()));
    return items;
}

std::string text(const core::Json& item, const char* key)
{
    return item.at(key).get<std::string>();
}

std::string capitalizedLikePython(std::string word)
{
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
    if (!word.empty())
        word[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(word[0])));
    return word;
}

Item chosen(const std::string& context, const std::vector<std::string>& choices, std::size_t gold)
{
    Item item{.gold = gold};
    for (const auto& choice : choices)
        item.requests.push_back({context, " " + choice});
    return item;
}

Item arcItem(const core::Json& json)
{
    const auto labels = json.at("choices").at("label").get<std::vector<std::string>>();
    const auto gold = std::find(labels.begin(), labels.end(), text(json, "answerKey")) - labels.begin();
    return chosen("Question: " + text(json, "question") + "\nAnswer:",
                  json.at("choices").at("text").get<std::vector<std::string>>(), static_cast<std::size_t>(gold));
}

Item hellaswagItem(const core::Json& json)
{
    const std::string context =
        text(json, "activity_label") + ": " + text(json, "ctx_a") + " " + capitalizedLikePython(text(json, "ctx_b"));
    return chosen(context, json.at("endings").get<std::vector<std::string>>(), std::stoul(text(json, "label")));
}

Item lambadaItem(const core::Json& json)
{
    const std::string whole = text(json, "text");
    const auto space = whole.rfind(' ');
    return {.requests = {{whole.substr(0, space), whole.substr(space)}}, .greedy = true};
}

Item winograndeItem(const core::Json& json)
{
    const std::string sentence = text(json, "sentence");
    const auto blank = sentence.find('_');
    Item item{.gold = text(json, "answer") == "2" ? 1u : 0u};
    for (const char* option : {"option1", "option2"})
        item.requests.push_back({sentence.substr(0, blank) + text(json, option), sentence.substr(blank + 1)});
    return item;
}

std::vector<Item> piqaItems(const std::filesystem::path& folder)
{
    std::istringstream labels(core::readFile(folder / "valid-labels.lst"));
    std::vector<Item> items;
    for (const auto& json : readLines(folder / "valid.jsonl")) {
        std::size_t gold = 0;
        labels >> gold;
        items.push_back(chosen("Question: " + text(json, "goal") + "\nAnswer:", {text(json, "sol1"), text(json, "sol2")}, gold));
    }
    return items;
}

std::vector<Item> itemsOf(const std::filesystem::path& path, Item (*make)(const core::Json&))
{
    std::vector<Item> items;
    for (const auto& json : readLines(path))
        items.push_back(make(json));
    return items;
}

double accuracy(const core::Model& model, const core::Tokenizer& tokenizer, const std::vector<Item>& items)
{
    std::vector<Request> requests;
    for (const auto& item : items)
        requests.insert(requests.end(), item.requests.begin(), item.requests.end());
    const auto answers = answer(model, tokenizer, requests);
    std::size_t at = 0;
    std::size_t right = 0;
    for (const auto& item : items) {
        std::size_t best = 0;
        for (std::size_t i = 1; i < item.requests.size(); ++i) {
            if (answers[at + i].sum > answers[at + best].sum)
                best = i;
        }
        right += (item.greedy ? answers[at].greedy : best == item.gold) ? 1 : 0;
        at += item.requests.size();
    }
    return double(right) / double(items.size());
}

} // namespace

std::map<std::string, double> taskAccuracies(const core::Model& model, const core::Tokenizer& tokenizer,
                                             const std::filesystem::path& tasks)
{
    const auto of = [&](const std::vector<Item>& items) { return accuracy(model, tokenizer, items); };
    return {{"arc_easy", of(itemsOf(tasks / "arc_easy" / "test.jsonl", arcItem))},
            {"arc_challenge", of(itemsOf(tasks / "arc_challenge" / "test.jsonl", arcItem))},
            {"hellaswag", of(itemsOf(tasks / "hellaswag" / "validation.jsonl", hellaswagItem))},
            {"lambada_openai", of(itemsOf(tasks / "lambada_openai" / "test.jsonl", lambadaItem))},
            {"piqa", of(piqaItems(tasks / "piqa"))},
            {"winogrande", of(itemsOf(tasks / "winogrande" / "dev.jsonl", winograndeItem))}};
}

TextScore textPerplexity(const core::Model& model, const core::Tokenizer& tokenizer, const std::string& text,
                         std::int64_t window)
{
    const torch::NoGradGuard noGradients;
    const auto ids = torch::tensor(tokenizer.encode(text, core::SpecialTokens::Add), torch::kInt64);
    double sum = 0.0;
    TextScore score;
    for (std::int64_t begin = 0; begin + window <= ids.size(0); begin += window) {
        const auto row = ids.narrow(0, begin, window);
        const auto logits = model.logits(model.hiddenStates(row.narrow(0, 0, window - 1).unsqueeze(0)))[0];
        sum += torch::nn::functional::cross_entropy(logits.to(torch::kFloat), row.narrow(0, 1, window - 1)).item<double>()
            * double(window - 1);
        score.tokens += window - 1;
    }
    score.perplexity = std::exp(sum / double(score.tokens));
    return score;
}

} // namespace demo
