// SPDX-License-Identifier: Apache-2.0
#include "app/train_demo/scoring.h"

#include "core/eval/perplexity.h"
#include "core/eval/task_evaluation.h"

namespace demo {

std::map<std::string, double> taskAccuracies(const core::Model& model, const core::Tokenizer& tokenizer,
                                             const std::filesystem::path& tasks)
{
    core::Progress silent;
    std::map<std::string, double> accuracies;
    for (const auto& name : core::shippedTasks()) {
        const auto task = core::findTask(name);
        const auto items = core::readTaskItems(task, core::findTaskFile(task, tasks), 0);
        accuracies[name] = core::evaluateTask(model, tokenizer, items, {}, silent).acc;
    }
    return accuracies;
}

core::PerplexityResult textPerplexity(const core::Model& model, const core::Tokenizer& tokenizer,
                                      const std::string& text)
{
    core::Progress silent;
    return core::measurePerplexity(model, tokenizer.encode(text, core::SpecialTokens::Add), {}, silent);
}

} // namespace demo
