// SPDX-License-Identifier: Apache-2.0
#include "core/session/memory_shortage.h"

#include "core/calibrate/process_memory.h"

#include <cstdlib>
#include <string_view>

namespace core {

namespace {

/** The number with its unit right after `key`, in bytes; 0 where there is none. */
std::uint64_t bytesAfter(const std::string& text, const std::string& key)
{
    const auto at = text.find(key);
    if (at == std::string::npos)
        return 0;
    const char* begin = text.c_str() + at + key.size();
    char* end = nullptr;
    const double number = std::strtod(begin, &end);
    if (end == begin || !(number > 0.0))
        return 0;
    const std::string_view unit(end); // " GiB. GPU 0 has"
    double factor = 1.0;
    if (unit.starts_with(" GiB"))
        factor = 1024.0 * 1024.0 * 1024.0;
    else if (unit.starts_with(" MiB"))
        factor = 1024.0 * 1024.0;
    else if (unit.starts_with(" KiB"))
        factor = 1024.0;
    return static_cast<std::uint64_t>(number * factor);
}

} // namespace

MemoryShortage memoryShortage(const std::string& text)
{
    if (const auto requested = bytesAfter(text, "Tried to allocate"); requested > 0)
        return {.requested = requested, .available = bytesAfter(text, "of which")};
    return {.requested = bytesAfter(text, "you tried to allocate"), .available = availableMemoryBytes()};
}

Error outOfMemory(const std::string& text)
{
    Error error(ErrorKind::OutOfMemory, "memory ran out: a smaller batch or shorter windows need less");
    return error.with(memoryShortage(text));
}

} // namespace core
