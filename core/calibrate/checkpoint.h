// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/calibrator.h"

namespace core {

/** What a block's checkpoint was made from: model, windows, the block's two choices, scheme and options, as a hash. */
std::string blockFingerprint(const CalibrationJob& job, int block);

std::filesystem::path checkpointPath(const std::filesystem::path& folder, int block);

void saveCheckpoint(const std::filesystem::path& path, const std::string& fingerprint, const CalibratedBlock& block);

/** Fills `start` (made by makeBlockParameters for the same job) with the saved numbers. Nothing where there is no such file, or it
    was made from something else; throws Error(Corrupt) for a damaged one. */
std::optional<CalibratedBlock> loadCheckpoint(const std::filesystem::path& path, const std::string& fingerprint,
                                              BlockParameters start);

/** The same whatever it was made from. */
CalibratedBlock readCheckpoint(const std::filesystem::path& path, BlockParameters start);

} // namespace core
