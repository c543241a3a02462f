// SPDX-License-Identifier: GPL-3.0-or-later
// The tasks of the full-precision and of the quantized model, side by side.
#pragma once

#include "core/eval/evaluation_report.h"

#include <QString>

#include <vector>

namespace ui {

class Document;

/** One task as both models answered it; either side may be missing. */
struct PairedTask
{
    QString name;
    const core::TaskResult* reference = nullptr;
    const core::TaskResult* quantized = nullptr;

    bool usesNorm() const; // acc_norm where the task has it, as papers report it
};

/** What the document's runs hold of tasks: those of its model alone against those of its bundle. The pointers live until the
    evaluations change. */
std::vector<PairedTask> pairedTasks(const Document& document);

double accuracyOf(const core::TaskResult& result);
double accuracyStderrOf(const core::TaskResult& result);
bool isCorrect(const core::TaskItemResult& item, bool norm);

} // namespace ui
