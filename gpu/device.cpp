// SPDX-License-Identifier: Apache-2.0
#include "gpu/device.h"

#include "gpu/driver.h"

#include <ATen/Context.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace gpu {

namespace {

const Driver& driver()
{
    static const Driver answer = askDriver();
    return answer;
}

/** The CUDA half stands beside the library that holds at::globalContext(). */
std::filesystem::path torchLibrary(const char* name)
{
    Dl_info info{};
    if (dladdr(reinterpret_cast<const void*>(&at::globalContext), &info) == 0 || !info.dli_fname)
        return name;
    return std::filesystem::path(info.dli_fname).parent_path() / name;
}

/** The CUDA that LibTorch is linked to; 0 where it is a build for CPUs. */
int torchCudaVersion()
{
    using GetVersion = int(int*);
    auto* const getVersion = reinterpret_cast<GetVersion*>(dlsym(RTLD_DEFAULT, "cudaRuntimeGetVersion"));
    int version = 0;
    return getVersion && getVersion(&version) == 0 ? version : 0;
}

std::string tryLoadCuda()
{
    if (!driver().whyNot.empty())
        return driver().whyNot;
    const int needed = torchCudaVersion();
    if (driver().cudaVersion < needed / 1000 * 1000)
        return "the NVIDIA driver serves CUDA " + cudaVersionText(driver().cudaVersion) + ", this LibTorch needs "
            + cudaVersionText(needed / 1000 * 1000) + ": update the driver";
    const auto path = torchLibrary("libtorch_cuda.so");
    if (!std::filesystem::exists(path))
        return "this LibTorch is built for CPUs: there is no " + path.string();
    // No question to at::hasCUDA() before this line: the first answer is kept.
    if (!dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL)) {
        const char* error = dlerror();
        return "LibTorch's CUDA libraries cannot be loaded (" + std::string(error ? error : path.c_str())
            + "): packaging/setup.sh --cuda installs what is missing";
    }
    if (!at::hasCUDA() || at::detail::getCUDAHooks().deviceCount() == 0)
        return "LibTorch finds no GPU that it can use, although the driver shows "
            + std::to_string(driver().devices.size());
    return {};
}

std::string cpuModel()
{
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("model name"))
            continue;
        const auto start = line.find_first_not_of(" \t", line.find(':') + 1);
        return start == std::string::npos ? "CPU" : line.substr(start);
    }
    return "CPU";
}

/** What the machine has, or the smaller share that a container was given. */
std::uint64_t hostMemoryBytes()
{
    auto bytes =
        static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGE_SIZE));
    std::ifstream file("/sys/fs/cgroup/memory.max"); // "max" where there is no limit
    if (std::uint64_t limit = 0; file >> limit)
        bytes = std::min(bytes, limit);
    return bytes;
}

Device describeCpu()
{
    const auto threads = std::thread::hardware_concurrency();
    return {.name = "cpu",
            .description = cpuModel() + ", " + std::to_string(threads) + (threads == 1 ? " thread" : " threads"),
            .memoryBytes = hostMemoryBytes()};
}

[[noreturn]] void refuse(std::string_view name, const std::string& why)
{
    throw std::invalid_argument("device '" + std::string(name) + "' cannot be used: " + why);
}

} // namespace

const std::string& loadCuda()
{
    static const std::string whyNot = tryLoadCuda();
    return whyNot;
}

std::vector<Device> listDevices()
{
    std::vector<Device> devices{describeCpu()};
    devices.insert(devices.end(), driver().devices.begin(), driver().devices.end());
    return devices;
}

c10::Device chooseDevice(std::string_view name)
{
    if (name == "cpu")
        return c10::kCPU;
    if (name == "auto")
        return loadCuda().empty() ? c10::Device(c10::kCUDA, 0) : c10::Device(c10::kCPU);
    int index = 0;
    if (name != "cuda") {
        constexpr std::string_view kPrefix = "cuda:";
        const auto number = name.starts_with(kPrefix) ? name.substr(kPrefix.size()) : std::string_view();
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), index);
        if (number.empty() || error != std::errc() || end != number.data() + number.size() || index < 0)
            refuse(name, "the names are auto, cpu, cuda and cuda:N");
    }
    if (!loadCuda().empty())
        refuse(name, loadCuda());
    const auto count = at::detail::getCUDAHooks().deviceCount();
    if (index >= count)
        refuse(name, "there are " + std::to_string(count) + " GPUs, the first is cuda:0");
    return c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(index));
}

} // namespace gpu
