// SPDX-License-Identifier: Apache-2.0
#include "core/select/overrides.h"

#include "core/base/error.h"
#include "core/quant/quantizer.h"

#include <algorithm>
#include <array>
#include <charconv>

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
        found->seed.reset();
        found->origin = Origin::User;
        found->reason.text =
            "you: " + std::string(toString(kind)) + " (automatic: " + std::string(toString(found->automaticKind)) + ")";
    }
}

ModuleBits parseModuleBits(std::string_view text)
{
    std::array<int, 4> widths;
    widths.fill(kFullPrecisionBits);
    std::size_t count = 0;
    const char* at = text.data();
    const char* const end = text.data() + text.size();
    bool valid = !text.empty();
    while (valid && count < widths.size()) {
        const auto [next, error] = std::from_chars(at, end, widths[count]);
        const int width = widths[count++];
        valid = error == std::errc() && ((width >= 2 && width <= 8) || width == kFullPrecisionBits)
            && (next == end || (*next == '/' && next + 1 != end));
        if (next == end)
            break;
        at = next + 1;
        valid = valid && count < widths.size();
    }
    if (!valid || count % 2 != 0)
        throw Error(ErrorKind::InvalidArgument,
                    "'" + std::string(text)
                        + "' are no bits such as 8/8 or 8/8/4/4 (weights, activations, keys, values; 2 to "
                          "8, or 16 for none)");
    return {widths[0], widths[1], widths[2], widths[3]};
}

void setModuleBits(Plan& plan, const std::vector<std::pair<ModuleId, ModuleBits>>& modules)
{
    for (const auto& [module, bits] : modules) {
        const auto found = std::find_if(plan.modules.begin(), plan.modules.end(),
                                        [&](const Choice& choice) { return choice.module == module; });
        if (found == plan.modules.end())
            throw Error(ErrorKind::InvalidArgument,
                        "the model has no module " + toString(module) + " to set the bits of");
        auto scheme = plan.scheme;
        scheme.weightBits = bits.weight;
        scheme.activationBits = bits.activation;
        scheme.keyBits = bits.key;
        scheme.valueBits = bits.value;
        checkScheme(scheme);
        found->scheme = scheme;
    }
}

void keepEnds(Plan& plan, int first, int last, int bits)
{
    if (first < 0 || last < 0)
        throw Error(ErrorKind::InvalidArgument,
                    "cannot keep " + std::to_string(first) + " first and " + std::to_string(last) + " last blocks");
    const int blocks = int(plan.modules.size()) / 2;
    if ((first > 0 || last > 0) && bits != kFullPrecisionBits && (bits < 2 || bits > 8))
        throw Error(ErrorKind::InvalidArgument,
                    "cannot keep blocks at " + std::to_string(bits) + " bits: 2 to 8, or 16 for none");
    for (auto& choice : plan.modules) {
        if (choice.module.block >= first && choice.module.block < blocks - last)
            continue;
        auto scheme = plan.scheme;
        for (auto* width : {&scheme.weightBits, &scheme.activationBits, &scheme.keyBits, &scheme.valueBits})
            *width = std::max(*width, bits);
        checkScheme(scheme);
        choice.scheme = scheme;
    }
}

} // namespace core
