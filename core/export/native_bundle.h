// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/block_finisher.h"
#include "core/export/bundle_origin.h"

namespace core {

/** Everything a bundle is made from. */
struct BundleContents
{
    std::shared_ptr<const ModelFiles> source;
    Plan plan;
    CalibrationOptions options;
    std::vector<CalibratedBlock> blocks; // all of them
    std::string textHash;                // SHA-256 of the calibration text, empty without one
    CalibrationReport report;
    BundleOrigin origin = {}; // text, libtorch, device, command and time; the rest is known from the above
    at::Tensor windows = {};  // what was calibrated on; the GPTQ finish runs them through the blocks
    at::Device device = at::kCPU;
};

/** Writes a bundle folder: `planish.json` (schema, hashes, scheme, options, provenance), `plan.json`, `report.json` (blocks, provenance), `config.json`,
    the source's tokenizer files, `model.safetensors` (packed codes, scales, transforms, clips) and `calibration/` (the blocks'
    checkpoints, moved from `checkpoints`). It is written beside `folder`, read back and compared bit by bit, then renamed;
    a bundle that stood there is replaced, any other folder that is not empty is refused with Error(InvalidArgument). Throws
    Error(Io) where the disk is full. The result is the report as the bundle holds it. */
CalibrationReport writeBundle(const std::filesystem::path& folder, const BundleContents& contents,
                              const std::filesystem::path& checkpoints, Progress& progress);

bool isBundle(const std::filesystem::path& folder);

/** Throws Error(InvalidArgument) where a bundle cannot be written to `folder`, before any work is spent. */
void checkBundleTarget(const std::filesystem::path& folder);

/** The small files of a bundle; milliseconds at any size. */
struct BundleHeader
{
    ModelInfo info;
    Plan plan;
    CalibrationReport report;
    std::string sourceHash;
    BundleOrigin origin;
    std::shared_ptr<const TensorSet> tensors;
};

BundleHeader readBundleHeader(const std::filesystem::path& folder);

enum class BundleQuantizers {
    AsCalibrated,
    WeightsOnly, // activations, keys and values pass through their transforms without being rounded
};

/** A bundle as a model that evaluation and chat run: on the CPU weights stay packed and are computed with as they are (core/calibrate/packed_block.h), on a GPU they are dequantized;
    activations, keys and values are quantized exactly as calibrated. Every name, shape and count is checked against plan and configuration; Error(Corrupt) names
    what does not fit. */
std::shared_ptr<const Model> loadBundle(const std::filesystem::path& folder, at::Device device, Progress& progress,
                                        BundleQuantizers quantizers = BundleQuantizers::AsCalibrated);

/** The trained parameters of one block, from the bundle's checkpoints. Throws Error(NotFound) where they were removed. */
BlockParameters loadBundleParameters(const std::filesystem::path& folder, int block);

} // namespace core
