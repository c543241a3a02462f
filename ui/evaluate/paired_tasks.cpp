// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evaluate/paired_tasks.h"

#include "ui/convert.h"
#include "ui/model/document.h"

#include <algorithm>

namespace ui {

bool PairedTask::usesNorm() const
{
    const auto* result = reference ? reference : quantized;
    return result && result->accNorm.has_value();
}

double accuracyOf(const core::TaskResult& result)
{
    return result.accNorm.value_or(result.acc);
}

double accuracyStderrOf(const core::TaskResult& result)
{
    return result.accNormStderr.value_or(result.accStderr);
}

bool isCorrect(const core::TaskItemResult& item, bool norm)
{
    return norm ? item.correctNorm : item.correct;
}

std::vector<PairedTask> pairedTasks(const Document& document)
{
    std::vector<PairedTask> tasks;
    for (const auto& run : document.evaluations()) {
        const bool isBundle = !document.bundle().isEmpty() && run.model == document.bundle();
        if (!isBundle && run.model != document.modelPath())
            continue;
        for (const auto& result : run.report.tasks) {
            const auto name = toQString(result.task);
            auto found = std::find_if(tasks.begin(), tasks.end(), [&](const auto& task) { return task.name == name; });
            if (found == tasks.end())
                found = tasks.insert(tasks.end(), PairedTask{.name = name});
            (isBundle ? found->quantized : found->reference) = &result;
        }
    }
    return tasks;
}

} // namespace ui
