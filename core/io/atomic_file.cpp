// SPDX-License-Identifier: Apache-2.0
#include "core/io/atomic_file.h"

#include "core/base/error.h"
#include "core/io/json.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <stdexcept>

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

/** Calls `write` until all is written. */
template <typename Write>
void writeAll(const std::filesystem::path& path, std::span<const std::byte> bytes, const Write& write)
{
    constexpr std::size_t kChunk = 1u << 30; // one call writes at most 2 GB
    while (!bytes.empty()) {
        const auto written = write(bytes.data(), std::min(bytes.size(), kChunk));
        if (written < 0) {
            if (errno == EINTR)
                continue;
            fail(path, "write");
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

/** Devices and pipes too: the file that takes a target's place would not be one. */
void refuseWhatIsNoFile(const std::filesystem::path& target, const std::filesystem::path& path)
{
    std::error_code unknown; // what cannot be looked at cannot be written either, and says so later
    if (target.filename().empty() || std::filesystem::is_directory(target, unknown))
        throw Error(ErrorKind::Io, "cannot write: is a folder where a file is needed", path.string());
    if (std::filesystem::exists(target, unknown) && !std::filesystem::is_regular_file(target, unknown))
        throw Error(ErrorKind::Io, "cannot write: is a device or a pipe where a file is needed", path.string());
}

} // namespace

AtomicFile::AtomicFile(const std::filesystem::path& path)
    : m_target(followLink(path))
    , m_descriptor(-1)
{
    refuseWhatIsNoFile(m_target, path);
    std::string start = ".";
    start += m_target.filename().string() + "." + std::to_string(::getpid()) + "-";
    constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    int descriptor = -1;
    for (int number = 0; descriptor < 0; ++number) { // a killed process with our number may have left one
        m_aside = folderOf(m_target) / (start + std::to_string(number) + ".part");
        descriptor = ::open(m_aside.c_str(), kFlags, 0666);
        if (descriptor < 0 && errno != EEXIST) {
            m_aside.clear();
            fail(m_target, "create a file in its folder");
        }
    }
    m_descriptor.reset(descriptor);
    keepRights();
}

AtomicFile::AtomicFile(const std::filesystem::path& path, Stays)
    : m_target(followLink(path))
    , m_descriptor(-1)
    , m_stays(true)
{
    refuseWhatIsNoFile(m_target, path);
    m_aside = folderOf(m_target) / ("." + m_target.filename().string() + ".part");
    m_descriptor.reset(::open(m_aside.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (m_descriptor.get() < 0)
        fail(m_target, "create a file in its folder");
    if (::flock(m_descriptor.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        throw Error(ErrorKind::Io, "another process is writing it", m_target.string());
    keepRights();
}

void AtomicFile::keepRights() const
{
    struct stat old = {};
    if (::stat(m_target.c_str(), &old) == 0)
        (void)::fchmod(m_descriptor.get(), old.st_mode & 07777); // some file systems have no rights to set
}

AtomicFile::~AtomicFile()
{
    if (!m_aside.empty() && !m_stays)
        ::unlink(m_aside.c_str());
}

void AtomicFile::writeAt(std::uint64_t offset, std::span<const std::byte> bytes)
{
    writeAll(m_target, bytes, [&](const void* data, std::size_t size) {
        const auto written = ::pwrite(m_descriptor.get(), data, size, static_cast<off_t>(offset));
        offset += static_cast<std::uint64_t>(std::max<ssize_t>(written, 0));
        return written;
    });
}

void AtomicFile::resize(std::uint64_t size)
{
    if (::ftruncate(m_descriptor.get(), static_cast<off_t>(size)) != 0)
        fail(m_target, "make room");
}

void AtomicFile::write(std::span<const std::byte> bytes)
{
    writeAll(m_target, bytes,
             [&](const void* data, std::size_t size) { return ::write(m_descriptor.get(), data, size); });
}

void AtomicFile::write(std::string_view text)
{
    write(std::as_bytes(std::span(text)));
}

void AtomicFile::flush()
{
    if (::fsync(m_descriptor.get()) != 0)
        fail(m_target, "flush to the disk");
}

void AtomicFile::commit()
{
    flush();
    if (::close(m_descriptor.release()) != 0)
        fail(m_target, "close");
    if (::rename(m_aside.c_str(), m_target.c_str()) != 0)
        fail(m_target, "rename into place");
    m_aside.clear();
    // The rename itself must reach the disk; file systems that cannot flush a folder need no error.
    const Descriptor folder(::open(folderOf(m_target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.get() >= 0)
        (void)::fsync(folder.get());
}

void writeFileAtomically(const std::filesystem::path& path, std::string_view content)
{
    AtomicFile file(path);
    file.write(content);
    file.commit();
}

std::string readFile(const std::filesystem::path& path)
try {
    const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor.get() < 0)
        fail(path, "open");
    std::string content;
    struct stat status = {};
    if (::fstat(descriptor.get(), &status) == 0 && S_ISREG(status.st_mode))
        content.reserve(static_cast<std::size_t>(status.st_size));
    char chunk[1 << 16];
    for (;;) {
        const auto count = ::read(descriptor.get(), chunk, sizeof chunk);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            fail(path, "read");
        if (count == 0)
            return content;
        content.append(chunk, static_cast<std::size_t>(count));
    }
} catch (const std::bad_alloc&) {
    throw Error(ErrorKind::OutOfMemory, "is too large to be read into memory", path.string());
} catch (const std::length_error&) {
    throw Error(ErrorKind::OutOfMemory, "is too large to be read into memory", path.string());
}

} // namespace core
