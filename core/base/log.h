// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <spdlog/logger.h>

#include <memory>

namespace core {

/** The logger of core and gpu. Core never prints: what a person must know is in a result, what helps to find a fault is
    here, one line a step with its numbers. Silent until a program gives it sinks. */
std::shared_ptr<spdlog::logger> logger();

} // namespace core
