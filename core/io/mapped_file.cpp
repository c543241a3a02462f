// SPDX-License-Identifier: Apache-2.0
#include "core/io/mapped_file.h"

#include "core/base/error.h"
#include "core/io/descriptor.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace core {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const char* action)
{
    const int reason = errno;
    const bool absent = reason == ENOENT || reason == ENOTDIR;
    throw Error(absent ? ErrorKind::NotFound : ErrorKind::Io,
                std::string("cannot ") + action + ": " + std::strerror(reason), path.string());
}

} // namespace

std::shared_ptr<const MappedFile> MappedFile::open(const std::filesystem::path& path)
{
    // O_NONBLOCK: opening a named pipe must fail below instead of waiting for its writer.
    const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (descriptor.get() < 0)
        fail(path, "open");
    struct stat status = {};
    if (::fstat(descriptor.get(), &status) != 0)
        fail(path, "read the size");
    if (S_ISDIR(status.st_mode))
        throw Error(ErrorKind::Io, "is a folder where a file is needed", path.string());
    if (!S_ISREG(status.st_mode))
        throw Error(ErrorKind::Io, "is not a regular file (a pipe or device cannot be mapped)", path.string());

    std::span<const std::byte> bytes;
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size > 0) {
        void* address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor.get(), 0);
        if (address == MAP_FAILED)
            fail(path, "map");
        bytes = {static_cast<const std::byte*>(address), size};
    }
    return std::shared_ptr<const MappedFile>(new MappedFile(path, bytes));
}

MappedFile::MappedFile(std::filesystem::path path, std::span<const std::byte> bytes)
    : m_path(std::move(path))
    , m_bytes(bytes)
{
}

MappedFile::~MappedFile()
{
    if (!m_bytes.empty())
        ::munmap(const_cast<std::byte*>(m_bytes.data()), m_bytes.size());
}

} // namespace core
