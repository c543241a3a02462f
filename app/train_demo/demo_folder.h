// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/train_demo/trainer.h"

namespace demo {

struct DemoOptions
{
    std::uint64_t seed = 1;
    int pieces = 1024;
    TrainingOptions training;
};

/** Writes everything that stands in resources/demo and prints the accuracies. */
void makeDemoFolder(const std::filesystem::path& out, const DemoOptions& options);

} // namespace demo
