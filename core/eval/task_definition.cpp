// SPDX-License-Identifier: Apache-2.0
#include "core/eval/task_definition.h"

#include "core/base/error.h"
#include "core/eval/embedded_tasks.h"

#include <algorithm>
#include <set>

namespace core {

namespace {

Error refusal(const std::string& what)
{
    return Error(ErrorKind::InvalidArgument, what);
}

void refuseUnknownKeys(const Json& json, const std::set<std::string>& known, const std::string& where)
{
    if (!json.is_object())
        throw refusal(where + " must be a JSON object");
    for (const auto& [key, value] : json.items())
        if (!known.contains(key))
            throw refusal("'" + key + "' is not a key of " + where);
}

std::vector<TextTemplate> templates(const Json& list)
{
    std::vector<TextTemplate> result;
    for (const auto& text : list)
        result.push_back(TextTemplate::parse(text));
    return result;
}

TaskForm::Choices parseChoices(const Json& json)
{
    TaskForm::Choices choices;
    if (json.is_array()) {
        choices.texts = templates(json);
        return choices;
    }
    refuseUnknownKeys(json, {"each", "filters"}, "'choices'");
    choices.each = json.at("each").get<std::string>();
    for (const auto& filter : json.value("filters", Json::array()))
        choices.filters.push_back(TextFilter::parse(filter.get<std::string>()));
    return choices;
}

TaskForm parseForm(const Json& json)
{
    refuseUnknownKeys(json, {"name", "note", "lines", "context", "contexts", "continuation", "choices", "gold"},
                      "a form");
    TaskForm form;
    form.name = json.at("name").get<std::string>();
    form.note = json.value("note", "");
    form.lines = json.value("lines", std::vector<std::string>());
    if (json.contains("context") == json.contains("contexts"))
        throw refusal("form '" + form.name + "' needs either 'context' or 'contexts'");
    form.contexts = json.contains("context") ? std::vector{TextTemplate::parse(json.at("context"))}
                                             : templates(json.at("contexts"));
    if (json.contains("continuation"))
        form.continuation = TextTemplate::parse(json.at("continuation"));
    if (json.contains("choices"))
        form.choices = parseChoices(json.at("choices"));
    if (json.contains("gold")) {
        const auto& gold = json.at("gold");
        refuseUnknownKeys(gold, {"key", "among", "first"}, "'gold'");
        form.gold = {gold.at("key").get<std::string>(), gold.value("among", ""), gold.value("first", 0)};
    }
    if (form.choices.has_value() != form.gold.has_value())
        throw refusal("form '" + form.name + "' has only one of 'choices' and 'gold'");
    const bool right = json.contains("contexts") ? form.choices && form.continuation
                                                 : form.choices.has_value() != form.continuation.has_value();
    if (!right)
        throw refusal("form '" + form.name
                      + "' needs 'choices' or 'continuation' after one 'context', both with 'contexts'");
    return form;
}

void parseMetrics(const Json& json, TaskDefinition& definition)
{
    const auto metrics = json.get<std::vector<std::string>>();
    for (const auto& metric : metrics)
        if (metric != "acc" && metric != "acc_norm" && metric != "perplexity")
            throw refusal("'" + metric + "' is not a metric: acc, acc_norm or perplexity");
    const auto has = [&](const char* name) { return std::find(metrics.begin(), metrics.end(), name) != metrics.end(); };
    definition.hasNorm = has("acc_norm");
    definition.hasPerplexity = has("perplexity");
    for (const auto& form : definition.forms)
        if ((definition.hasNorm && !form.choices) || (definition.hasPerplexity && form.choices))
            throw refusal("form '" + form.name + "': acc_norm needs choices, perplexity none");
}

TaskDefinition parseDefinition(const Json& json)
{
    refuseUnknownKeys(json,
                      {"schema", "task", "title", "source", "files", "labels", "id", "delimiter", "metrics", "forms"},
                      "a task");
    if (json.value("schema", 0) != TaskDefinition::kSchema)
        throw Error(ErrorKind::Unsupported,
                    "a task of schema " + json.value("schema", Json(nullptr)).dump() + "; this program knows "
                        + std::to_string(TaskDefinition::kSchema));
    TaskDefinition definition;
    definition.task = json.at("task").get<std::string>();
    definition.title = json.value("title", definition.task);
    definition.source = json.value("source", "");
    definition.files = json.value("files", std::vector<std::string>());
    definition.idPath = json.value("id", "");
    definition.delimiter = json.value("delimiter", " ");
    if (json.contains("labels")) {
        refuseUnknownKeys(json.at("labels"), {"suffix", "key"}, "'labels'");
        definition.labelsSuffix = json.at("labels").at("suffix").get<std::string>();
        definition.labelsKey = json.at("labels").at("key").get<std::string>();
    }
    for (const auto& form : json.at("forms"))
        definition.forms.push_back(parseForm(form));
    if (definition.forms.empty())
        throw refusal("'forms' is empty");
    parseMetrics(json.at("metrics"), definition);
    return definition;
}

} // namespace

TaskDefinition taskFromJson(const Json& json, const std::string& name)
{
    try {
        return parseDefinition(json);
    } catch (const Error& error) {
        throw Error(error.kind(), std::string("a task's definition: ") + error.what(), name);
    } catch (const Json::exception& error) {
        throw Error(ErrorKind::InvalidArgument, std::string("a task's definition: ") + error.what(), name);
    }
}

TaskDefinition findTask(const std::string& nameOrFile)
{
    if (nameOrFile.ends_with(".json"))
        return taskFromJson(readJson(nameOrFile), nameOrFile);
    for (const auto& file : embeddedTasks())
        if (file.path == nameOrFile + ".json")
            return taskFromJson(parseJson(file.content, file.path), file.path);
    std::string known;
    for (const auto& task : shippedTasks())
        known += (known.empty() ? "" : ", ") + task;
    throw Error(ErrorKind::NotFound,
                "no task is called '" + nameOrFile + "': there are " + known + ", and definition files (.json)");
}

std::vector<std::string> shippedTasks()
{
    std::vector<std::string> names;
    for (const auto& file : embeddedTasks())
        if (file.path.ends_with(".json"))
            names.push_back(file.path.substr(0, file.path.size() - 5));
    return names;
}

TaskDefinition ownItemsTask(const std::string& task)
{
    return taskFromJson({{"schema", TaskDefinition::kSchema},
                         {"task", task},
                         {"id", "id"},
                         {"metrics", {"acc", "acc_norm"}},
                         {"forms",
                          Json::array({{{"name", "query, choices, gold"},
                                        {"context", "{query}"},
                                        {"choices", {{"each", "choices"}}},
                                        {"gold", {{"key", "gold"}}}}})}},
                        task);
}

} // namespace core
