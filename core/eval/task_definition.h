// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/task_template.h"

#include <optional>

namespace core {

/** One form in which a task's items are found, and how an item of it becomes requests. */
struct TaskForm
{
    struct Choices // a list of the item, or a template for each
    {
        std::string each;
        TextFilters filters;
        std::vector<TextTemplate> texts;
    };
    struct Gold
    {
        std::string key;
        std::string among; // a list of labels in which the key's value is looked up; empty: it is a number
        int first = 0;     // the number of the first choice
    };

    std::string name;
    std::string note;                   // what a reader of the figures must know
    std::vector<std::string> lines;     // keys of so many lines of plain text for an item; empty: it is JSON or a table
    std::vector<TextTemplate> contexts; // one for all choices, or one for each
    std::optional<TextTemplate> continuation; // where it is the same for all choices, or there are none
    std::optional<Choices> choices;
    std::optional<Gold> gold;
};

/** A zero-shot task as a data file, so that a new one needs no code:

    {"schema": 1, "task": NAME, "title", "source": where its items can be had,
     "files": names its items' file may have in the folder of tasks,
     "labels": {"suffix": "-labels.lst", "key": "label"}, where answers may stand in a file beside (x.jsonl, x-labels.lst),
     "id": path of an item's name, "delimiter": before each continuation (one space where it is left out),
     "metrics": of "acc", "acc_norm", "perplexity",
     "forms": [{"name", "note", "lines": [keys], "context": TEXT or "contexts": [TEXT...], "continuation": TEXT,
                "choices": [TEXT...] or {"each": PATH, "filters": [...]},
                "gold": {"key": PATH, "among": PATH of labels, "first": number of the first choice}}]}

    TEXT is a TextTemplate, PATH a path as valueAt() follows it. With choices, each is scored after the context, or each
    context before the one continuation; without, the one continuation is, and acc says whether all its tokens are the most
    probable ones. */
struct TaskDefinition
{
    static constexpr int kSchema = 1;

    std::string task;
    std::string title;
    std::string source;
    std::vector<std::string> files;
    std::string labelsSuffix;
    std::string labelsKey;
    std::string idPath;
    std::string delimiter = " ";
    bool hasNorm = false;
    bool hasPerplexity = false;
    std::vector<TaskForm> forms;
};

/** Strict: an unknown key, a wrong type, metrics that do not fit are Error(InvalidArgument) with `name` as context. */
TaskDefinition taskFromJson(const Json& json, const std::string& name);

/** A shipped task by its name, or a definition file (anything that ends in ".json"). Error(NotFound) lists the shipped. */
TaskDefinition findTask(const std::string& nameOrFile);
std::vector<std::string> shippedTasks();

/** Own items: {"query", "choices", "gold"} a line, scored by acc and acc_norm; `task` names them. */
TaskDefinition ownItemsTask(const std::string& task);

} // namespace core
