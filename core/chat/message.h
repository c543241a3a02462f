// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace core {

/** One turn of a conversation: role "system", "user" or "assistant". */
struct Message
{
    std::string role;
    std::string content;
};

} // namespace core
