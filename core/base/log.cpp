// SPDX-License-Identifier: Apache-2.0
#include "core/base/log.h"

#include "core/base/error.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>

#include <filesystem>

namespace core {

namespace {

spdlog::logger& logger()
{
    static spdlog::logger instance("planish");
    return instance;
}

} // namespace

void logInfo(std::string_view line)
{
    logger().info(line);
}

void logWarning(std::string_view line)
{
    logger().warn(line);
}

void openLogFile(const std::string& path)
{
    const auto folder = std::filesystem::absolute(path).parent_path();
    if (!std::filesystem::is_directory(folder)) // which the sink would make
        throw Error(ErrorKind::NotFound, "there is no folder for the log", path);
    try {
        logger().sinks() = {std::make_shared<spdlog::sinks::basic_file_sink_mt>(path)};
        logger().flush_on(spdlog::level::info);
    } catch (const spdlog::spdlog_ex& error) {
        throw Error(ErrorKind::Io, error.what(), path);
    }
}

} // namespace core
