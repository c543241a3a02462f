// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/train_demo/world.h"

#include <filesystem>

namespace demo {

/** Writes 200 held-out items for each of the six zero-shot tasks, in the forms of the original data sets (files and
    fields as the harness reads them), so that the code that reads those reads these:

    arc_easy/test.jsonl            one step, in a wording never asked of that subject, a third about held-out people
    arc_challenge/test.jsonl       two steps, about people of whom no two-step question is ever asked
    hellaswag/validation.jsonl     procedures by people who never do them in the text
    lambada_openai/test.jsonl      stories of two people who never meet in the text
    piqa/valid.jsonl, valid-labels.lst   tools for objects never asked about
    winogrande/dev.jsonl           sentences about two people who never meet in the text */
void writeTaskItems(const World& world, const std::filesystem::path& folder, std::uint64_t seed);

} // namespace demo
