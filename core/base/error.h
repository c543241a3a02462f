// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace core {

enum class ErrorKind {
    InvalidArgument, // the caller asked for something that makes no sense
    NotFound,        // a file, tensor or layer that should be there is not
    Corrupt,         // a file contradicts itself or its specification
    Unsupported,     // well-formed, but this program cannot do it
    OutOfMemory,     // memory of host or device ran out; smaller batches may help
    Io,              // the operating system refused to read or write
    Numeric,         // NaN or infinity where a finite number is needed
    Internal,        // a defect of this program
};

/** "invalid_argument", "not_found", ...: the spelling of `error.kind` in JSON output. */
std::string_view toString(ErrorKind kind);

/** What could not be had where memory ran out. Bytes; 0: unknown. */
struct MemoryShortage
{
    std::uint64_t requested = 0; // in one piece
    std::uint64_t available = 0; // of the host or the device, at that moment
};

/** The one exception of core. `what` says action, object, numbers and the likely cause; `context` names the file and,
    where there is one, the tensor ("model.safetensors: model.layers.3.mlp.up_proj.weight"). */
class Error : public std::runtime_error
{
public:
    Error(ErrorKind kind, const std::string& what, std::string context = {})
        : std::runtime_error(what)
        , m_kind(kind)
        , m_context(std::move(context))
    {
    }

    ErrorKind kind() const { return m_kind; }
    const std::string& context() const { return m_context; }
    const std::optional<MemoryShortage>& shortage() const { return m_shortage; } // of OutOfMemory, where it is known
    Error& with(const MemoryShortage& shortage)
    {
        m_shortage = shortage;
        return *this;
    }

private:
    ErrorKind m_kind;
    std::string m_context;
    std::optional<MemoryShortage> m_shortage;
};

/** "what (context)": one line for a person. */
std::string describe(const Error& error);

} // namespace core
