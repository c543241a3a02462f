// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/checkpoint.h"

#include "core/base/error.h"
#include "core/calibrate/calibration_json.h"
#include "core/io/json.h"
#include "core/io/safetensors_reader.h"
#include "core/io/safetensors_writer.h"
#include "core/select/plan_file.h"

#include <ATen/ATen.h>

namespace core {

namespace {

std::vector<at::Tensor> allParameters(const BlockParameters& parameters)
{
    auto all = transformParameters(parameters);
    for (const auto& clip : clipParameters(parameters))
        all.push_back(clip);
    return all;
}

std::string parameterName(std::size_t index)
{
    auto number = std::to_string(index);
    return "parameter." + std::string(3 - std::min<std::size_t>(3, number.size()), '0') + number;
}

void copyInto(const at::Tensor& parameter, const TensorView& view)
{
    if (view.dtype != DType::F32 || view.elementCount() != parameter.numel())
        throw Error(ErrorKind::Corrupt,
                    "checkpoint has " + std::to_string(view.elementCount()) + " numbers where "
                        + std::to_string(parameter.numel()) + " float32 are needed",
                    view.file + ": " + view.name);
    // Through a tensor: a parameter's own memory need not be row-major.
    const at::NoGradGuard noGrad;
    auto* data = const_cast<std::byte*>(view.bytes.data());
    parameter.copy_(at::from_blob(data, parameter.sizes(), at::kFloat));
}

} // namespace

std::string blockFingerprint(const CalibrationJob& job, int block)
{
    const auto& options = job.options;
    auto training = optionsToJson(options);
    training.erase("finish"); // rounding comes after what a checkpoint holds
    const auto windows = job.windows.contiguous();
    const std::string_view windowBytes(static_cast<const char*>(windows.const_data_ptr()), windows.nbytes());
    const auto kindOf = [&](ModuleKind kind) {
        const auto* choice = job.plan.find({block, kind});
        if (!choice)
            return std::string("none");
        const auto seed = choice->seed.value_or(options.seed);
        return toString(candidateOf(*choice, options)) + (seed == options.seed ? "" : " of " + std::to_string(seed));
    };
    const Json facts = {{"model", job.files->hash()},
                        {"windows", sha256(windowBytes)},
                        {"block", block},
                        {"attention", kindOf(ModuleKind::Attention)},
                        {"mlp", kindOf(ModuleKind::Mlp)},
                        {"attention_scheme", schemeToJson(job.plan.schemeOf({block, ModuleKind::Attention}))},
                        {"mlp_scheme", schemeToJson(job.plan.schemeOf({block, ModuleKind::Mlp}))},
                        {"kronecker", int(job.plan.kronecker)},
                        {"options", training},
                        {"device", job.device.str()}};
    return sha256(facts.dump());
}

std::filesystem::path checkpointPath(const std::filesystem::path& folder, int block)
{
    return folder / ("block-" + std::to_string(block) + ".safetensors");
}

void saveCheckpoint(const std::filesystem::path& path, const std::string& fingerprint, const CalibratedBlock& block)
{
    std::vector<at::Tensor> kept; // the writer reads their memory
    std::vector<TensorToWrite> tensors;
    for (const auto& parameter : allParameters(block.parameters)) {
        kept.push_back(parameter.detach().to(at::kCPU, at::kFloat).contiguous());
        const auto& tensor = kept.back();
        tensors.push_back({parameterName(tensors.size()),
                           DType::F32,
                           tensor.sizes().vec(),
                           {static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()}});
    }
    writeSafetensors(path, std::move(tensors),
                     {{"fingerprint", fingerprint}, {"report", blockReportToJson(block.report).dump()}});
}

std::optional<CalibratedBlock> loadCheckpoint(const std::filesystem::path& path, const std::string& fingerprint,
                                              BlockParameters start)
{
    if (path.empty() || !std::filesystem::exists(path))
        return std::nullopt;
    const auto file = readSafetensors(path);
    const auto& metadata = file->metadata();
    const auto found = metadata.find("fingerprint");
    if (found == metadata.end() || found->second != fingerprint)
        return std::nullopt;
    return readCheckpoint(path, std::move(start));
}

CalibratedBlock readCheckpoint(const std::filesystem::path& path, BlockParameters start)
{
    const auto file = readSafetensors(path);
    const auto report = file->metadata().find("report");
    if (report == file->metadata().end())
        throw Error(ErrorKind::Corrupt, "checkpoint has no report", path.string());
    const auto parameters = allParameters(start);
    for (std::size_t i = 0; i < parameters.size(); ++i)
        copyInto(parameters[i], file->at(parameterName(i)));
    return {std::move(start), blockReportFromJson(parseJson(report->second, path.string()), path.string())};
}

} // namespace core
