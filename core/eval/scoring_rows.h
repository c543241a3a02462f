// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/eval/scoring.h"

namespace core {

/** Rows whose first `prefix` inputs are the same, read as one line of `tokens`: these inputs once, then what each row adds. */
struct RowGroup
{
    std::vector<std::size_t> rows;
    std::int64_t prefix = 0;
    std::int64_t tokens = 0;
};

/** Neighbouring rows in groups: a row joins the one before where at least a quarter of its inputs is shared and the group
    computes fewer tokens for it. Items ask about one context several times, one after the other. `longest`: no line is longer;
    0: no sharing at all. */
std::vector<RowGroup> groupRows(std::span<const ScoringRow> rows, std::int64_t longest);

/** Lines of one forward pass, padded behind, where causal attention never looks. */
struct PackedLines
{
    at::Tensor ids;                    // [lines, tokens] int64
    TokenLayout layout;                // undefined tensors where no line holds more than one row
    std::vector<std::int64_t> hidden;  // positions in [lines * tokens] after which something is predicted, each once
    std::vector<std::int64_t> from;    // for each target, row after row: which of `hidden` predicts it
    std::vector<std::int64_t> targets; // ids
};

PackedLines packLines(std::span<const RowGroup> groups, std::span<const ScoringRow> rows);

} // namespace core
