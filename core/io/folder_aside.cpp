// SPDX-License-Identifier: Apache-2.0
#include "core/io/folder_aside.h"

#include "core/base/error.h"

namespace core {

namespace {

namespace fs = std::filesystem;

/** Absolute and without a slash at the end, which would leave no name. */
fs::path named(const fs::path& folder)
{
    const auto normal = fs::absolute(folder).lexically_normal();
    return normal.has_filename() ? normal : normal.parent_path();
}

fs::path beside(fs::path folder, const char* suffix)
{
    folder += suffix;
    return folder;
}

[[noreturn]] void fail(const fs::path& folder, const fs::filesystem_error& error)
{
    throw Error(ErrorKind::Io, "cannot write the folder: " + error.code().message(), folder.string());
}

} // namespace

FolderAside::FolderAside(const fs::path& folder)
    : m_target(named(folder))
    , m_aside(beside(m_target, ".partial"))
{
    try {
        fs::remove_all(m_aside);
        fs::create_directories(m_aside);
    } catch (const fs::filesystem_error& error) {
        fail(m_target, error);
    }
}

FolderAside::~FolderAside()
{
    std::error_code ignored;
    if (!m_aside.empty())
        fs::remove_all(m_aside, ignored);
}

void FolderAside::commit()
{
    const auto old = beside(m_target, ".replaced");
    try {
        fs::remove_all(old);
        if (fs::exists(m_target))
            fs::rename(m_target, old);
        fs::rename(m_aside, m_target);
        m_aside.clear();
        fs::remove_all(old);
    } catch (const fs::filesystem_error& error) {
        fail(m_target, error);
    }
}

} // namespace core
