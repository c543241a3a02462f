// SPDX-License-Identifier: Apache-2.0
#include "core/select/plan_widths.h"

namespace core {

std::set<int> widthsOf(const Plan& plan, int QuantScheme::*width)
{
    const bool ofCache = width == &QuantScheme::keyBits || width == &QuantScheme::valueBits;
    std::set<int> widths;
    for (const auto& choice : plan.modules)
        if (!ofCache || choice.module.kind == ModuleKind::Attention)
            widths.insert(plan.schemeOf(choice.module).*width);
    return widths.empty() ? std::set{plan.scheme.*width} : widths;
}

std::string joined(const std::set<int>& widths, std::string_view between)
{
    std::string text;
    for (const int width : widths)
        text.append(text.empty() ? "" : between).append(std::to_string(width));
    return text;
}

} // namespace core
