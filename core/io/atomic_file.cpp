// SPDX-License-Identifier: Apache-2.0
#include "core/io/atomic_file.h"

#include "core/base/error.h"
#include "core/io/json.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace core {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const char* action)
{
    const int reason = errno;
    throw Error(reason == ENOENT || reason == ENOTDIR ? ErrorKind::NotFound : ErrorKind::Io,
                std::string("cannot ") + action + ": " + std::strerror(reason), path.string());
}

std::filesystem::path followLink(const std::filesystem::path& path)
{
    std::error_code status;
    if (!std::filesystem::is_symlink(path, status))
        return path;
    const auto target = std::filesystem::weakly_canonical(path, status);
    return status ? path : target;
}

std::filesystem::path folderOf(const std::filesystem::path& path)
{
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

} // namespace

AtomicFile::AtomicFile(const std::filesystem::path& path)
    : m_target(followLink(path))
{
    if (m_target.filename().empty() || std::filesystem::is_directory(m_target))
        throw Error(ErrorKind::Io, "cannot write: is a folder where a file is needed", path.string());
    std::string pattern = (folderOf(m_target) / ("." + m_target.filename().string() + ".XXXXXX.part")).string();
    m_descriptor = ::mkostemps(pattern.data(), 5, O_CLOEXEC);
    if (m_descriptor < 0)
        fail(m_target, "create a file in its folder");
    m_aside = pattern;

    // mkostemps makes it private; give it the rights of the file it replaces, or those a new file would get.
    struct stat old = {};
    mode_t mode = 0666;
    if (::stat(m_target.c_str(), &old) == 0) {
        mode = old.st_mode & 07777;
    } else {
        const mode_t mask = ::umask(0);
        ::umask(mask);
        mode &= ~mask;
    }
    (void)::fchmod(m_descriptor, mode); // some file systems have no rights to set
}

AtomicFile::~AtomicFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    if (!m_aside.empty())
        ::unlink(m_aside.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes)
{
    constexpr std::size_t kChunk = 1u << 30; // one call writes at most 2 GB
    while (!bytes.empty()) {
        const auto written = ::write(m_descriptor, bytes.data(), std::min(bytes.size(), kChunk));
        if (written < 0) {
            if (errno == EINTR)
                continue;
            fail(m_target, "write");
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

void AtomicFile::write(std::string_view text)
{
    write(std::as_bytes(std::span(text)));
}

void AtomicFile::flush()
{
    if (::fsync(m_descriptor) != 0)
        fail(m_target, "flush to the disk");
}

void AtomicFile::commit()
{
    flush();
    const int descriptor = m_descriptor;
    m_descriptor = -1;
    if (::close(descriptor) != 0)
        fail(m_target, "close");
    if (::rename(m_aside.c_str(), m_target.c_str()) != 0)
        fail(m_target, "rename into place");
    m_aside.clear();
    // The rename itself must reach the disk; file systems that cannot flush a folder need no error.
    const int folder = ::open(folderOf(m_target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        (void)::fsync(folder);
        ::close(folder);
    }
}

void writeFileAtomically(const std::filesystem::path& path, std::string_view content)
{
    AtomicFile file(path);
    file.write(content);
    file.commit();
}

std::string readFile(const std::filesystem::path& path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        fail(path, "open");
    std::string content;
    struct stat status = {};
    if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
        content.reserve(static_cast<std::size_t>(status.st_size));
    char chunk[1 << 16];
    for (;;) {
        const auto count = ::read(descriptor, chunk, sizeof chunk);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0) {
            const int reason = count < 0 ? errno : 0;
            ::close(descriptor);
            errno = reason;
            if (reason != 0)
                fail(path, "read");
            return content;
        }
        content.append(chunk, static_cast<std::size_t>(count));
    }
}

} // namespace core
