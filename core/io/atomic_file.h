// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/descriptor.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace core {

/** A file written aside and renamed into place: readers see the old file or the whole new one, never a part. Without
    commit() nothing changes: the destructor removes what was written. The file aside stands in the same folder, named
    ".NAME.PROCESS-NUMBER.part"; a program killed while writing leaves it behind and the old file whole. */
class AtomicFile
{
public:
    /** Opens the file aside. A symbolic link is followed: its target is replaced. Throws Error(Io | NotFound) naming
        path and reason. */
    explicit AtomicFile(const std::filesystem::path& path);
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /** Appends. Throws Error(Io) with path and reason (disk full among them). */
    void write(std::span<const std::byte> bytes);
    void write(std::string_view text);

    /** Flushes to the disk; after it the file aside may be read back and checked. */
    void flush();

    /** Flushes, closes, renames into place and flushes the folder. */
    void commit();

    const std::filesystem::path& target() const { return m_target; }
    const std::filesystem::path& aside() const { return m_aside; }

private:
    std::filesystem::path m_target;
    std::filesystem::path m_aside;
    Descriptor m_descriptor;
};

} // namespace core
