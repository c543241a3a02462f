// SPDX-License-Identifier: Apache-2.0
#include "core/base/launch.h"

#include "core/base/error.h"

#include <charconv>
#include <cstdlib>
#include <string_view>

namespace core {

namespace {

std::string read(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

/** A whole number from `least` to `most`. */
int number(const char* name, int least, int most)
{
    const auto text = read(name);
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || value < least || value > most)
        throw Error(ErrorKind::InvalidArgument,
                    std::string(name) + " is '" + text + "': with WORLD_SIZE=" + read("WORLD_SIZE") + " a number from "
                        + std::to_string(least) + " to " + std::to_string(most) + " is needed",
                    "environment");
    return value;
}

} // namespace

std::optional<Launch> launchFromEnvironment()
{
    if (read("WORLD_SIZE").empty() || read("WORLD_SIZE") == "1")
        return std::nullopt;
    constexpr int kMost = 1 << 20;
    Launch launch;
    launch.size = number("WORLD_SIZE", 1, kMost);
    launch.rank = number("RANK", 0, launch.size - 1);
    if (!read("LOCAL_WORLD_SIZE").empty())
        launch.localSize = number("LOCAL_WORLD_SIZE", 1, launch.size);
    if (!read("LOCAL_RANK").empty())
        launch.localRank = number("LOCAL_RANK", 0, launch.size - 1);
    launch.port = number("MASTER_PORT", 1, 65535);
    launch.address = read("MASTER_ADDR");
    if (launch.address.empty())
        throw Error(ErrorKind::InvalidArgument, "MASTER_ADDR is not set, but WORLD_SIZE is", "environment");
    launch.agentServes = read("TORCHELASTIC_USE_AGENT_STORE") == "True";
    launch.attempt = read("TORCHELASTIC_RUN_ID") + "/" + read("TORCHELASTIC_RESTART_COUNT");
    return launch;
}

} // namespace core
