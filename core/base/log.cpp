// SPDX-License-Identifier: Apache-2.0
#include "core/base/log.h"

#include <spdlog/spdlog.h>

namespace core {

std::shared_ptr<spdlog::logger> logger()
{
    // spdlog's registry lives in its own shared library, so the engine and the program around it share this logger.
    static const auto instance = [] {
        if (auto existing = spdlog::get("planish"))
            return existing;
        auto created = std::make_shared<spdlog::logger>("planish");
        spdlog::register_logger(created);
        return created;
    }();
    return instance;
}

} // namespace core
