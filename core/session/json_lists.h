// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/session/result_json.h"

#include <optional>

namespace core {

/** Numbers as the contract spells them, one after another. */
template <typename Values>
Json numbers(const Values& values)
{
    auto list = Json::array();
    for (const auto value : values)
        list.push_back(jsonNumber(value));
    return list;
}

template <typename Items>
Json list(const Items& items)
{
    auto result = Json::array();
    for (const auto& item : items)
        result.push_back(toJson(item));
    return result;
}

inline Json optionalNumber(const std::optional<double>& value)
{
    return value ? jsonNumber(*value) : Json(nullptr);
}

} // namespace core
