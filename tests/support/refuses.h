// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

#include <initializer_list>
#include <string>
#include <string_view>

namespace support {

/** Empty where `action` throws core::Error of this kind whose one-line description holds all fragments; else what
    happened instead. */
template <typename Action>
std::string whyNotRefused(Action&& action, core::ErrorKind kind, std::initializer_list<std::string_view> fragments)
{
    try {
        action();
    } catch (const core::Error& error) {
        const auto said = std::string(core::toString(error.kind())) + ": " + core::describe(error);
        if (error.kind() != kind)
            return "expected " + std::string(core::toString(kind)) + ", got " + said;
        for (const auto fragment : fragments) {
            if (said.find(fragment) == std::string::npos)
                return "'" + std::string(fragment) + "' is not in: " + said;
        }
        return {};
    }
    return "nothing was refused";
}

} // namespace support

/** `PLANISH_REFUSES(readJson(path), core::ErrorKind::Corrupt, {"byte 3", "a.json"})` */
#define PLANISH_REFUSES(expression, kind, ...)                                                                         \
    do {                                                                                                               \
        const auto why = support::whyNotRefused([&] { static_cast<void>(expression); }, kind, __VA_ARGS__);            \
        QVERIFY2(why.empty(), why.c_str());                                                                            \
    } while (false)
