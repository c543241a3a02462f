// SPDX-License-Identifier: Apache-2.0
#include "core/select/overrides.h"

#include "core/base/error.h"

#include <algorithm>

namespace core {

Plan uniformPlan(TransformKind kind, int blocks, const QuantScheme& scheme)
{
    Plan plan;
    plan.method = "all-" + std::string(toString(kind));
    plan.scheme = scheme;
    for (int block = 0; block < blocks; ++block)
        for (const auto module : {ModuleKind::Attention, ModuleKind::Mlp})
            plan.modules.push_back({.module = {block, module},
                                    .kind = kind,
                                    .origin = Origin::Automatic,
                                    .reason = {"the plan asks for " + std::string(toString(kind)) + " everywhere", {}},
                                    .automaticKind = kind});
    return plan;
}

void applyOverrides(Plan& plan, const std::vector<std::pair<ModuleId, TransformKind>>& overrides)
{
    for (const auto& [module, kind] : overrides) {
        const auto found = std::find_if(plan.modules.begin(), plan.modules.end(),
                                        [&](const Choice& choice) { return choice.module == module; });
        if (found == plan.modules.end())
            throw Error(ErrorKind::InvalidArgument,
                        "the model has no module " + toString(module) + ": its blocks are 0 to "
                            + std::to_string(int(plan.modules.size()) / 2 - 1));
        found->kind = kind;
        found->rotationForm.reset();
        found->start = 0;
        found->origin = Origin::User;
        found->reason.text =
            "you: " + std::string(toString(kind)) + " (automatic: " + std::string(toString(found->automaticKind)) + ")";
    }
}

} // namespace core
