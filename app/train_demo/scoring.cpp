// SPDX-License-Identifier: Apache-2.0
#include "app/train_demo/scoring.h"

#include "core/eval/perplexity.h"
#include "core/eval/scoring.h"
#include "core/io/json.h"

#include <torch/torch.h>

#include <algorithm>
#include <sstream>

namespace demo {

namespace {

struct Item
{
    std::vector<core::ScoreRequest> requests; // one for each choice
    std::size_t gold = 0;
    bool greedy = false; // right where the continuation is the most probable one
};

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

/** The continuation brings its own space. */
core::ScoreRequest request(const std::string& context, const std::string& continuation)
{
    return {.ids = {}, .context = context, .continuation = continuation};
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
    Item item{.requests = {}, .gold = gold};
    for (const auto& choice : choices)
        item.requests.push_back(request(context, " " + choice));
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
    return {.requests = {request(whole.substr(0, space), whole.substr(space))}, .gold = 0, .greedy = true};
}

Item winograndeItem(const core::Json& json)
{
    const std::string sentence = text(json, "sentence");
    const auto blank = sentence.find('_');
    Item item{.requests = {}, .gold = text(json, "answer") == "2" ? 1u : 0u};
    for (const char* option : {"option1", "option2"})
        item.requests.push_back(request(sentence.substr(0, blank) + text(json, option), sentence.substr(blank + 1)));
    return item;
}

std::vector<Item> piqaItems(const std::filesystem::path& folder)
{
    std::istringstream labels(core::readFile(folder / "valid-labels.lst"));
    std::vector<Item> items;
    for (const auto& json : readLines(folder / "valid.jsonl")) {
        std::size_t gold = 0;
        labels >> gold;
        items.push_back(
            chosen("Question: " + text(json, "goal") + "\nAnswer:", {text(json, "sol1"), text(json, "sol2")}, gold));
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
    std::vector<core::ScoreRequest> requests;
    for (const auto& item : items)
        requests.insert(requests.end(), item.requests.begin(), item.requests.end());
    core::Progress silent;
    const torch::NoGradGuard noGradients;
    const auto answers = core::scoreRequests(model, &tokenizer, requests, {}, silent);
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

core::PerplexityResult textPerplexity(const core::Model& model, const core::Tokenizer& tokenizer,
                                      const std::string& text)
{
    core::Progress silent;
    return core::measurePerplexity(model, tokenizer.encode(text, core::SpecialTokens::Add), {}, silent);
}

} // namespace demo
