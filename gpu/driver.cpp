// SPDX-License-Identifier: Apache-2.0
#include "gpu/driver.h"

#include <dlfcn.h>

#include <fstream>

namespace gpu {

namespace {

// The part of cuda.h that is used: the driver's ABI, fixed since CUDA 3.2.
using Result = int;
constexpr Result kSuccess = 0;
constexpr Result kNoDevice = 100;
constexpr int kComputeCapabilityMajor = 75;
constexpr int kComputeCapabilityMinor = 76;

template <typename Function>
Function* symbol(void* library, const char* name)
{
    return reinterpret_cast<Function*>(dlsym(library, name));
}

struct Entries
{
    Result (*init)(unsigned flags);
    Result (*driverGetVersion)(int* version);
    Result (*deviceGetCount)(int* count);
    Result (*deviceGet)(int* device, int ordinal);
    Result (*deviceGetName)(char* name, int length, int device);
    Result (*deviceTotalMem)(std::size_t* bytes, int device);
    Result (*deviceGetAttribute)(int* value, int attribute, int device);
    Result (*getErrorString)(Result error, const char** text);

    explicit Entries(void* library)
        : init(symbol<Result(unsigned)>(library, "cuInit"))
        , driverGetVersion(symbol<Result(int*)>(library, "cuDriverGetVersion"))
        , deviceGetCount(symbol<Result(int*)>(library, "cuDeviceGetCount"))
        , deviceGet(symbol<Result(int*, int)>(library, "cuDeviceGet"))
        , deviceGetName(symbol<Result(char*, int, int)>(library, "cuDeviceGetName"))
        , deviceTotalMem(symbol<Result(std::size_t*, int)>(library, "cuDeviceTotalMem_v2"))
        , deviceGetAttribute(symbol<Result(int*, int, int)>(library, "cuDeviceGetAttribute"))
        , getErrorString(symbol<Result(Result, const char**)>(library, "cuGetErrorString"))
    {
    }

    bool complete() const
    {
        return init && driverGetVersion && deviceGetCount && deviceGet && deviceGetName && deviceTotalMem
            && deviceGetAttribute && getErrorString;
    }

    std::string message(Result error) const
    {
        const char* text = nullptr;
        getErrorString(error, &text);
        return std::to_string(error) + (text ? std::string(", ") + text : std::string());
    }
};

std::string driverRelease()
{
    std::ifstream file("/sys/module/nvidia/version");
    std::string release;
    std::getline(file, release);
    return release;
}

Device describeDevice(const Entries& driver, int ordinal, const std::string& driverText)
{
    Device device{.name = "cuda:" + std::to_string(ordinal), .driver = driverText};
    int handle = 0;
    if (driver.deviceGet(&handle, ordinal) != kSuccess)
        return device;
    char name[256] = {};
    if (driver.deviceGetName(name, sizeof name - 1, handle) == kSuccess)
        device.description = name;
    std::size_t bytes = 0;
    if (driver.deviceTotalMem(&bytes, handle) == kSuccess)
        device.memoryBytes = bytes;
    int major = 0;
    int minor = 0;
    if (driver.deviceGetAttribute(&major, kComputeCapabilityMajor, handle) == kSuccess
        && driver.deviceGetAttribute(&minor, kComputeCapabilityMinor, handle) == kSuccess)
        device.computeCapability = std::to_string(major) + "." + std::to_string(minor);
    return device;
}

} // namespace

std::string cudaVersionText(int version)
{
    return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

Driver askDriver(const char* library)
{
    Driver result;
    void* const handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        result.whyNot = "no NVIDIA driver is installed (" + std::string(library) + " cannot be loaded)";
        return result;
    }
    const Entries driver(handle);
    if (!driver.complete()) {
        result.whyNot = std::string(library) + " is not a usable NVIDIA driver: it lacks functions of CUDA 3.2";
        return result;
    }
    if (const auto status = driver.init(0); status != kSuccess) {
        result.whyNot = status == kNoDevice ? "the NVIDIA driver finds no GPU"
                                            : "the NVIDIA driver does not start: error " + driver.message(status);
        return result;
    }
    driver.driverGetVersion(&result.cudaVersion);
    int count = 0;
    if (const auto status = driver.deviceGetCount(&count); status != kSuccess) {
        result.whyNot = "the NVIDIA driver does not count its GPUs: error " + driver.message(status);
        return result;
    }
    const auto release = driverRelease();
    const auto text = (release.empty() ? "" : release + " ") + "(CUDA " + cudaVersionText(result.cudaVersion) + ")";
    for (int ordinal = 0; ordinal < count; ++ordinal)
        result.devices.push_back(describeDevice(driver, ordinal, text));
    if (count == 0)
        result.whyNot = "the NVIDIA driver finds no GPU";
    return result;
}

} // namespace gpu
