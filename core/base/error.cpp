// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"

namespace core {

std::string_view toString(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::InvalidArgument: return "invalid_argument";
    case ErrorKind::NotFound: return "not_found";
    case ErrorKind::Corrupt: return "corrupt";
    case ErrorKind::Unsupported: return "unsupported";
    case ErrorKind::OutOfMemory: return "out_of_memory";
    case ErrorKind::Io: return "io";
    case ErrorKind::Numeric: return "numeric";
    case ErrorKind::Internal: return "internal";
    }
    return "internal";
}

std::string describe(const Error& error)
{
    if (error.context().empty())
        return error.what();
    return std::string(error.what()) + " (" + error.context() + ")";
}

} // namespace core
