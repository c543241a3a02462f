// SPDX-License-Identifier: Apache-2.0
#include "core/session/provenance.h"

#include "core/base/version.h"
#include "core/io/json.h"

#include <torch/version.h>

#include <ctime>

namespace core {

Provenance startProvenance(const EvaluateSpec& spec, const std::string& device)
{
    Provenance provenance;
    provenance.text = spec.text;
    provenance.seed = spec.seed;
    provenance.version = kVersion;
    provenance.libtorch = libtorchVersion();
    provenance.device = device;
    provenance.command = spec.command;
    provenance.time = timeNow();
    return provenance;
}

ModelProvenance modelProvenance(const std::string& path)
{
    if (!isBundle(path))
        return {.path = path, .kind = "model", .hash = ModelFiles::open(path)->hash(), .bundleHash = {}, .scheme = {}};
    const auto header = readBundleHeader(path);
    return {.path = path,
            .kind = "bundle",
            .hash = header.sourceHash,
            .bundleHash = sha256(readFile(std::filesystem::path(path) / "planish.json")),
            .scheme = schemeName(header.plan.scheme)};
}

std::string schemeName(const QuantScheme& scheme)
{
    auto name = "W" + std::to_string(scheme.weightBits);
    if (scheme.weightGroup > 0)
        name += "g" + std::to_string(scheme.weightGroup);
    return name + "A" + std::to_string(scheme.activationBits) + "K" + std::to_string(scheme.keyBits) + "V"
        + std::to_string(scheme.valueBits);
}

std::string libtorchVersion()
{
    return TORCH_VERSION;
}

std::string timeNow()
{
    const auto now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

} // namespace core
