// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/json.h"

#include <initializer_list>

namespace core {

/** A key that nothing reads is a typing error, or a decision of a newer program: executing the rest would be another thing.
    Throws Error(Corrupt) naming key, `where` and the file; also where `json` is no object. */
void requireKnownKeys(const Json& json, std::initializer_list<std::string_view> known, const char* where,
                      const std::string& name);

/** The same for a whole file: the keys around every --json output of the command line (command, version, seconds, device)
    are known too. */
void requireKnownFileKeys(const Json& json, std::initializer_list<std::string_view> known, const char* where,
                          const std::string& name);

/** A whole number in the range of int; get<int>() alone would read 4.5 as 4 and true as 1. */
int integerFromJson(const Json& value, const char* key, const std::string& name);

} // namespace core
