// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/descriptor.h"

#include <cstddef>
#include <cstdint>
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

    /** One that outlives what was stopped: it stands aside as ".NAME.part", stays there without commit(), and is found by the next
        one that asks for it. Throws Error(Io) also while another process writes there. */
    static AtomicFile resumable(const std::filesystem::path& path) { return AtomicFile(path, Stays{}); }

    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    /** Appends. Throws Error(Io) with path and reason (disk full among them). */
    void write(std::span<const std::byte> bytes);
    void write(std::string_view text);

    /** Writes at a place of its own; several threads may, each at another. */
    void writeAt(std::uint64_t offset, std::span<const std::byte> bytes);

    /** Makes the file as long as this, the new bytes zeros, or cuts it. */
    void resize(std::uint64_t size);

    /** Without commit() nothing stays, although it is resumable. */
    void forget() { m_stays = false; }

    /** Flushes to the disk; after it the file aside may be read back and checked. */
    void flush();

    /** Flushes, closes, renames into place and flushes the folder. */
    void commit();

    const std::filesystem::path& target() const { return m_target; }
    const std::filesystem::path& aside() const { return m_aside; }

private:
    struct Stays
    {
    };
    AtomicFile(const std::filesystem::path& path, Stays);
    void keepRights() const;

    std::filesystem::path m_target;
    std::filesystem::path m_aside;
    Descriptor m_descriptor;
    bool m_stays = false;
};

} // namespace core
