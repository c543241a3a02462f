// SPDX-License-Identifier: Apache-2.0
#include "core/chat/block_errors.h"

#include "core/base/error.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace core {

namespace {

void checkText(const Model& reference, const Model& model, const std::vector<int>& ids, std::int64_t position)
{
    const auto& a = reference.info();
    const auto& b = model.info();
    if (a.blocks != b.blocks || a.hidden != b.hidden || a.vocab != b.vocab)
        throw Error(ErrorKind::InvalidArgument, "the models differ in shape: they cannot be compared block by block");
    if (position < 1 || position >= std::int64_t(ids.size()))
        throw Error(ErrorKind::InvalidArgument,
                    "position " + std::to_string(position) + " is no token with others before it in a text of "
                        + std::to_string(ids.size()));
    if (std::int64_t(ids.size()) > a.context)
        throw Error(ErrorKind::InvalidArgument,
                    "the text has " + std::to_string(ids.size()) + " tokens, the model's context holds "
                        + std::to_string(a.context));
    for (const int id : ids)
        if (id < 0 || id >= a.vocab)
            throw Error(ErrorKind::InvalidArgument,
                        "id " + std::to_string(id) + " is outside the model's vocabulary of "
                            + std::to_string(a.vocab));
}

} // namespace

std::vector<BlockError> blockErrorsAt(const Model& reference, const Model& model, const std::vector<int>& ids,
                                      std::int64_t position, Progress& progress)
{
    checkText(reference, model, ids, position);
    const at::NoGradGuard withoutGradients;
    // What follows the position cannot reach it.
    const auto text = at::tensor(ids, at::kLong).unsqueeze(0).narrow(1, 0, position);
    auto hidden = reference.embed(text);
    std::vector<BlockError> errors;
    for (int block = 0; block < reference.info().blocks; ++block) {
        progress.checkpoint();
        progress.report(double(block) / reference.info().blocks, "block " + std::to_string(block + 1));
        const auto right = reference.forward(block, hidden).to(at::kDouble);
        const auto wrong = model.forward(block, hidden.to(model.dtype())).to(at::kDouble);
        const auto error = (wrong - right).square().sum(-1);
        const auto update = (right - hidden.to(at::kDouble)).square().sum(-1).clamp_min(1e-30);
        const auto relative = (error / update).squeeze(0); // [tokens]
        errors.push_back({.block = block,
                          .atToken = relative[position - 1].item<double>(),
                          .typical = relative.median().item<double>()});
        hidden = right.to(reference.dtype());
    }
    return errors;
}

} // namespace core
