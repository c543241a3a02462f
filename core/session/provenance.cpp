// SPDX-License-Identifier: Apache-2.0
#include "core/session/provenance.h"

#include "core/base/version.h"
#include "core/io/json.h"
#include "core/select/plan_widths.h"

#include <torch/version.h>

#include <ctime>

namespace core {

namespace {

/** "W4A4K4V2"; groups as "W4g128A4K4V4", modules of several widths as "W4/8A4/8K4V4". */
std::string schemeName(const Plan& plan)
{
    const auto widths = [&](int QuantScheme::*width) { return joined(widthsOf(plan, width), "/"); };
    const auto group = plan.scheme.weightGroup;
    return "W" + widths(&QuantScheme::weightBits) + (group > 0 ? "g" + std::to_string(group) : "") + "A"
        + widths(&QuantScheme::activationBits) + "K" + widths(&QuantScheme::keyBits) + "V"
        + widths(&QuantScheme::valueBits);
}

} // namespace

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
            .scheme = schemeName(header.plan)};
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
