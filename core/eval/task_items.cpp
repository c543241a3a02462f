// SPDX-License-Identifier: Apache-2.0
#include "core/eval/task_items.h"

#include "core/base/error.h"

#include <algorithm>
#include <charconv>

namespace core {

namespace {

Error refusal(const std::string& what)
{
    return Error(ErrorKind::InvalidArgument, what);
}

std::string labelText(const Json& value, const std::string& path)
{
    if (value.is_string())
        return value.get<std::string>();
    if (value.is_number_integer())
        return std::to_string(value.get<std::int64_t>());
    throw refusal("key '" + path + "' is " + value.type_name() + ", not a label");
}

int goldOf(const TaskForm::Gold& gold, const Json& item, std::size_t choices)
{
    const auto label = labelText(valueAt(item, gold.key), gold.key);
    int number = -1;
    if (gold.among.empty()) {
        const auto [end, error] = std::from_chars(label.data(), label.data() + label.size(), number);
        number = error == std::errc() && end == label.data() + label.size() ? number - gold.first : -1;
    } else {
        const auto labels = valueAt(item, gold.among);
        for (std::size_t i = 0; labels.is_array() && i < labels.size() && number < 0; ++i)
            if (labelText(labels[i], gold.among) == label)
                number = static_cast<int>(i);
    }
    if (number < 0 || number >= static_cast<int>(choices))
        throw refusal("key '" + gold.key + "' is \"" + label + "\", which names none of the " + std::to_string(choices)
                      + " choices (a split without answers?)");
    return number;
}

std::vector<std::string> choicesOf(const TaskForm::Choices& rule, const Json& item)
{
    std::vector<std::string> choices;
    for (const auto& text : rule.texts)
        choices.push_back(text.render(item));
    if (rule.each.empty())
        return choices;
    const auto list = valueAt(item, rule.each);
    if (!list.is_array())
        throw refusal("key '" + rule.each + "' is " + list.type_name()
                      + ", not a list (a list that Python printed? JSON lines hold lists)");
    for (const auto& choice : list) {
        if (!choice.is_string())
            throw refusal("key '" + rule.each + "' holds " + choice.type_name() + ", not texts");
        choices.push_back(applyFilters(rule.filters, choice.get<std::string>()));
    }
    if (choices.empty())
        throw refusal("key '" + rule.each + "' is an empty list");
    return choices;
}

TaskItem makeItem(const TaskDefinition& definition, const TaskForm& form, const Json& json)
{
    TaskItem item;
    std::vector<std::string> contexts;
    for (const auto& context : form.contexts)
        contexts.push_back(context.render(json));
    std::vector<std::string> continuations;
    if (form.choices) {
        item.choices = choicesOf(*form.choices, json);
        item.gold = goldOf(*form.gold, json, item.choices.size());
        continuations = item.choices;
    } else {
        item.choices = {form.continuation->render(json)};
        continuations = item.choices;
    }
    if (form.choices && form.continuation) // a context for each choice
        continuations.assign(contexts.size(), form.continuation->render(json));
    if (continuations.size() != item.choices.size())
        throw refusal("there are " + std::to_string(contexts.size()) + " contexts and "
                      + std::to_string(item.choices.size()) + " choices");
    for (std::size_t i = 0; i < continuations.size(); ++i)
        item.requests.push_back({{}, contexts[contexts.size() > 1 ? i : 0], definition.delimiter + continuations[i]});
    item.question = contexts.size() == 1 ? contexts.front() : std::string();
    if (!definition.idPath.empty() && json.contains(definition.idPath)) {
        const auto& id = json.at(definition.idPath);
        item.id = id.is_string() ? id.get<std::string>() : id.dump();
    }
    return item;
}

/** Answers from the file beside, where the items carry none. */
void addLabels(const TaskDefinition& definition, const std::filesystem::path& path, TaskFile& file)
{
    const auto lacks = [&](const TaskRow& row) {
        return row.value.is_object() && !row.value.contains(definition.labelsKey);
    };
    if (definition.labelsKey.empty() || !lacks(file.rows.front()))
        return;
    const auto labelsFile = labelsBeside(path, definition.labelsSuffix);
    if (!std::filesystem::exists(labelsFile))
        throw Error(ErrorKind::NotFound,
                    "key '" + definition.labelsKey + "' is missing, and so is the file of answers beside",
                    path.string() + ", " + labelsFile.string());
    const auto labels = readLabels(labelsFile);
    if (labels.size() != file.rows.size())
        throw Error(ErrorKind::Corrupt,
                    "has " + std::to_string(labels.size()) + " answers for " + std::to_string(file.rows.size())
                        + " items of " + path.filename().string(),
                    labelsFile.string());
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (lacks(file.rows[i]))
            file.rows[i].value[definition.labelsKey] = labels[i];
}

/** So many plain lines become one item with the form's keys. */
std::vector<TaskRow> gatherLines(const TaskForm& form, const std::vector<TaskRow>& lines, const std::string& name)
{
    std::vector<TaskRow> rows;
    const auto count = form.lines.size();
    if (lines.size() % count != 0)
        throw Error(ErrorKind::Corrupt,
                    std::to_string(lines.size()) + " lines are not a multiple of the " + std::to_string(count)
                        + " of an item",
                    name);
    for (std::size_t i = 0; i < lines.size(); i += count) {
        auto item = Json::object();
        for (std::size_t k = 0; k < count; ++k)
            item[form.lines[k]] = lines[i + k].value;
        rows.push_back({std::move(item), lines[i].place});
    }
    return rows;
}

/** The first form that the first item has; plain lines are gathered into items. */
const TaskForm& chooseForm(const TaskDefinition& definition, TaskFile& file, const std::string& name)
{
    std::string reasons;
    for (const auto& form : definition.forms) {
        if (form.lines.empty() == file.plainLines)
            continue;
        if (file.plainLines) {
            file.rows = gatherLines(form, file.rows, name);
            return form;
        }
        try {
            makeItem(definition, form, file.rows.front().value);
            return form;
        } catch (const Error& error) {
            reasons += "; " + form.name + ": " + error.what();
        }
    }
    throw refusal("the first item is in no form of the task " + definition.task
                  + (reasons.empty() ? ": these are plain lines" : reasons));
}

} // namespace

TaskItems readTaskItems(const TaskDefinition& definition, const std::filesystem::path& path, std::int64_t limit)
{
    auto file = readTaskFile(path);
    addLabels(definition, path, file);
    TaskItems items{.task = definition.task,
                    .file = path.string(),
                    .fileHash = file.hash,
                    .form = {},
                    .note = {},
                    .hasNorm = definition.hasNorm,
                    .hasPerplexity = definition.hasPerplexity,
                    .items = {}};
    std::string place = file.rows.front().place;
    try {
        const auto& form = chooseForm(definition, file, path.string());
        items.form = form.name;
        items.note = form.note;
        const auto count = limit > 0 ? std::min(static_cast<std::size_t>(limit), file.rows.size()) : file.rows.size();
        for (std::size_t i = 0; i < count; ++i) {
            place = file.rows[i].place;
            items.items.push_back(makeItem(definition, form, file.rows[i].value));
        }
    } catch (const Error& error) {
        if (!error.context().empty())
            throw;
        throw Error(error.kind(), place + ": " + error.what(), path.string());
    }
    return items;
}

} // namespace core
