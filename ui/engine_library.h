// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

namespace core {
class Session;
}

namespace ui {

/** Makes the engine when the compute lane first needs it; called there, may take long, may throw. */
using SessionFactory = std::function<std::unique_ptr<core::Session>()>;

/** The engine library beside this program: lib/ of the build tree, lib/planish or lib of an installation, or the file named
    by the environment variable PLANISH_ENGINE. Throws core::Error(NotFound) that lists where it looked. */
std::unique_ptr<core::Session> loadEngineSession();

} // namespace ui
