// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace core {

/** A folder written aside (NAME.partial beside its place) and renamed when it is whole: readers see the old folder or the new
    one. Without commit() nothing changes: the destructor removes what was written. A program killed while writing leaves the
    folder aside behind; the next one begins it anew. */
class FolderAside
{
public:
    /** Makes the empty folder aside, and those above it. Throws Error(Io) with path and reason. */
    explicit FolderAside(const std::filesystem::path& folder);
    ~FolderAside();
    FolderAside(const FolderAside&) = delete;
    FolderAside& operator=(const FolderAside&) = delete;

    const std::filesystem::path& path() const { return m_aside; } // write here
    const std::filesystem::path& target() const { return m_target; }

    /** Puts it in its place; what stood there is removed afterwards. Throws Error(Io). */
    void commit();

private:
    std::filesystem::path m_target;
    std::filesystem::path m_aside;
};

} // namespace core
