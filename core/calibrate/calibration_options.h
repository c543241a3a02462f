// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/preflight_report.h"
#include "core/calibrate/refinement.h"
#include "core/transforms/transform_kind.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace core {

enum class Precision { Float32, BFloat16 };
inline constexpr Words<Precision, 2> kPrecisions{{{"fp32", Precision::Float32}, {"bf16", Precision::BFloat16}}};

enum class Finish { RoundToNearest, Gptq };
inline constexpr Words<Finish, 2> kFinishes{{{"rtn", Finish::RoundToNearest}, {"gptq", Finish::Gptq}}};

enum class Clipping {
    Learned, // clip logits for weights, activations and caches
    None,    // plain rounding of the whole range
};
inline constexpr Words<Clipping, 2> kClippings{{{"learned", Clipping::Learned}, {"none", Clipping::None}}};

enum class ClipSharing {
    PerLayer, // q, k, v and up, gate each own an activation clip, as FlatQuant trains them
    PerInput, // one quantized tensor per shared input: cheaper to run
};
inline constexpr Words<ClipSharing, 2> kClipSharings{
    {{"per-layer", ClipSharing::PerLayer}, {"per-input", ClipSharing::PerInput}}};

enum class ScaleStart {
    Smooth, // wmax^(1-alpha) / xmax^alpha, FlatQuant's sq_style
    One,
};
inline constexpr Words<ScaleStart, 2> kScaleStarts{{{"sq_style", ScaleStart::Smooth}, {"one", ScaleStart::One}}};

/** FlatQuant's recipe where nothing is said. */
struct CalibrationOptions
{
    int samples = 128;
    int seqlen = 2048;
    int epochs = 15;
    int batch = 4;
    int microBatch =
        0; // windows of a batch that go through the block at once, to save memory; 0: all that the memory holds
    std::uint64_t seed = 0;
    double learningRate = 5e-3;     // matrices and channel scales
    double clipLearningRate = 5e-2; // weight and activation clips
    double weightDecay = 0.01;
    double scaleAlpha = 0.3; // start of the channel scale: wmax^(1-alpha) / xmax^alpha
    Precision precision = Precision::Float32;
    Finish finish = Finish::RoundToNearest;
    Clipping clipping = Clipping::Learned;
    ClipSharing clipSharing = ClipSharing::PerLayer;
    RotationForm rotationForm = RotationForm::TwoFactor;
    AffineForm affineForm = AffineForm::Svd;
    ScaleStart scaleStart = ScaleStart::Smooth;
    std::optional<std::pair<int, int>> blocks =
        {};              // [begin, end): calibrate only these, for resuming and for several machines
    bool resume = false; // keep finished blocks found in the output folder
};

/** One training step, live. */
struct LossPoint
{
    int block = 0;
    int step = 0; // from 0
    int steps = 0;
    double loss = 0.0;             // mean squared error of the block output over the batch
    double seconds = 0.0;          // since the training of the block began
    std::uint64_t memoryBytes = 0; // resident set of the process; on a GPU the most that tensors held there so far
};

struct BlockReport
{
    int block = 0;
    double errorStart = 0.0;            // mean squared error over the calibration windows with the start parameters
    double errorEnd = 0.0;              // and with the trained ones; no step in between
    std::vector<double> lossTrace = {}; // mean over each epoch's batches
    double seconds = 0.0;
    std::uint64_t peakHostBytes = 0;   // largest resident set of the process at its steps; 0: unknown
    std::uint64_t peakDeviceBytes = 0; // most that tensors held of the GPU's memory while it was trained; 0 on the CPU
    std::vector<std::string> warnings = {}; // divergence, roll-back
};

/** What rounding one matrix costs its output: |X (W - Q)^T|^2 / |X W^T|^2 over the calibration windows, X as the layer reads it. */
struct RoundingReport
{
    int block = 0;
    std::string role;     // "q"
    double nearest = 0.0; // rounded to nearest
    double gptq = 0.0;    // as the bundle holds it
};

struct CalibrationReport
{
    std::vector<BlockReport> blocks;
    std::vector<RoundingReport> rounding;            // of the GPTQ finish
    std::vector<std::string> warnings;               // of the whole
    std::uint64_t peakMemoryBytes = 0;               // of the process, measured
    std::string bundle;                              // the folder written, empty where some blocks are still missing
    std::optional<PreflightReport> preflight;        // nothing where every block had been finished before
    std::optional<RefinementReport> refinement = {}; // where the plan was refined
};

using LossObserver = std::function<void(const LossPoint&)>;

} // namespace core
