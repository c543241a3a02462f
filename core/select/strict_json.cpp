// SPDX-License-Identifier: Apache-2.0
#include "core/select/strict_json.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <limits>

namespace core {

namespace {

constexpr std::array<std::string_view, 4> kEnvelope{"command", "version", "seconds", "device"};

template <typename Known>
void requireKeys(const Json& json, const Known& known, const char* where, const std::string& name)
{
    if (!json.is_object())
        throw Error(ErrorKind::Corrupt, std::string(where) + " is not a JSON object", name);
    for (const auto& [key, value] : json.items())
        if (!known(key))
            throw Error(ErrorKind::Corrupt, "unknown key '" + key + "' in " + where, name);
}

template <typename Keys>
bool contains(const Keys& keys, std::string_view key)
{
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

} // namespace

void requireKnownKeys(const Json& json, std::initializer_list<std::string_view> known, const char* where,
                      const std::string& name)
{
    requireKeys(
        json, [&](std::string_view key) { return contains(known, key); }, where, name);
}

void requireKnownFileKeys(const Json& json, std::initializer_list<std::string_view> known, const char* where,
                          const std::string& name)
{
    requireKeys(
        json, [&](std::string_view key) { return contains(known, key) || contains(kEnvelope, key); }, where, name);
}

int integerFromJson(const Json& value, const char* key, const std::string& name)
{
    if (!value.is_number_integer() || value < std::numeric_limits<int>::min()
        || value > std::numeric_limits<int>::max())
        throw Error(ErrorKind::Corrupt, std::string(key) + " is not a whole number", name);
    return value.get<int>();
}

} // namespace core
