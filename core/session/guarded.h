// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"
#include "core/session/memory_shortage.h"

#include <c10/util/Exception.h>

#include <filesystem>
#include <new>
#include <stdexcept>
#include <string>

namespace core {

/** LibTorch's exceptions end here: what leaves the session is core::Error or Cancelled. */
template <typename Work>
auto guarded(const Work& work)
{
    try {
        return work();
    } catch (const c10::OutOfMemoryError& error) {
        throw outOfMemory(error.what_without_backtrace());
    } catch (const c10::Error& error) {
        const std::string text = error.what_without_backtrace();
        if (text.find("allocate memory") != std::string::npos)
            throw outOfMemory(text);
        throw Error(ErrorKind::Internal, text);
    } catch (const std::bad_alloc&) {
        throw outOfMemory({});
    } catch (const std::filesystem::filesystem_error& error) {
        throw Error(ErrorKind::Io, error.code().message(), error.path1().string());
    } catch (const std::invalid_argument& error) {
        throw Error(ErrorKind::InvalidArgument, error.what());
    }
}

} // namespace core
