// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace core {

/** A whole file mapped read-only: opening costs microseconds at any size, pages are read when first touched.
    The system's limit: a file that another program shortens while it is mapped ends this one (SIGBUS) where the missing
    part is touched. Files replaced by renaming, as all of ours are, do no harm. */
class MappedFile
{
public:
    /** Throws Error(NotFound | Io), naming the path and the system's reason. An empty file gives empty bytes. */
    static std::shared_ptr<const MappedFile> open(const std::filesystem::path& path);

    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    std::span<const std::byte> bytes() const { return m_bytes; }

private:
    MappedFile(std::filesystem::path path, std::span<const std::byte> bytes);

    std::filesystem::path m_path;
    std::span<const std::byte> m_bytes;
};

} // namespace core
