// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/ids.h"
#include "core/calibrate/calibration_options.h"
#include "core/select/candidate.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace core {

/** How candidates compete within a block. K candidates a module, so K * K pairs. */
enum class SearchMode {
    Expected,  // the expected loss of discrete choices: K attention and K * K MLP passes a step
    Decoupled, // each module alone against its full-precision output: 2 K passes
    GumbelSt,  // one pair drawn for each step, Gumbel noise, straight-through gates: 2 passes
    SoftMix,   // outputs mixed by the gates; its optimum lies between the candidates
    Oracle,    // no gates: every candidate is trained in full, in both modules
};
inline constexpr Words<SearchMode, 5> kSearchModes{{{"expected", SearchMode::Expected},
                                                    {"decoupled", SearchMode::Decoupled},
                                                    {"gumbel-st", SearchMode::GumbelSt},
                                                    {"soft-mix", SearchMode::SoftMix},
                                                    {"oracle", SearchMode::Oracle}}};

enum class DecideBy {
    HeldOut, // the losses of discrete pairs on windows that nothing was trained on
    Gate,    // the largest gate
};
inline constexpr Words<DecideBy, 2> kDecideBys{{{"val", DecideBy::HeldOut}, {"gate", DecideBy::Gate}}};

/** What held-out windows measure of a candidate. */
enum class HeldOutMeasure {
    BlockError, // mean squared error of the block's output
    Divergence, // KL of the whole model's predictions, every other block in full precision: what follows tells which errors count
};
inline constexpr Words<HeldOutMeasure, 2> kHeldOutMeasures{
    {{"error", HeldOutMeasure::BlockError}, {"kl", HeldOutMeasure::Divergence}}};

/** Which windows move the gates. */
enum class GateWindows {
    HeldOut, // those the transforms do not see
    Training // the transforms' own ("joint")
};
inline constexpr Words<GateWindows, 2> kGateWindows{{{"val", GateWindows::HeldOut}, {"train", GateWindows::Training}}};

/** Calibration's recipe, but for five epochs. */
inline CalibrationOptions searchTraining()
{
    CalibrationOptions options;
    options.epochs = 5;
    return options;
}

struct SearchOptions
{
    SearchMode mode = SearchMode::Expected;
    std::vector<Candidate> candidates = {{TransformKind::Affine},
                                         {TransformKind::Rotation}}; // the first is the default
    int starts = 1;                                                  // of each candidate
    std::vector<ModuleId> modules = {}; // search only these, the others keep the first candidate; empty: all
    CalibrationOptions training =
        searchTraining();          // `samples` counts both kinds of windows; also rates, batch, seed, blocks
    double heldOutFraction = 0.25; // of the windows and of the text: its end
    GateWindows gateWindows = GateWindows::HeldOut;
    double gateLearningRate = 0.1;
    double temperatureStart = 1.0; // falls by a cosine over the gate steps
    double temperatureEnd = 0.1;
    double entropy = 0.01; // weight of the gates' entropy at the end; rises from 0 over the last third
    DecideBy decideBy = DecideBy::HeldOut;
    HeldOutMeasure measure = HeldOutMeasure::BlockError;
    std::optional<double>
        margin; // how much better than the default kind another must be, relative; nothing: twice the spread of
                // one start where the default has several, else kTieMargin

    bool searches(const ModuleId& module) const
    {
        return modules.empty() || std::find(modules.begin(), modules.end(), module) != modules.end();
    }

    static constexpr double kTieMargin = 0.03;
};

/** The gates of one module after one of their steps, live. */
struct GatePoint
{
    ModuleId module;
    int step = 0; // from 0
    int steps = 0;
    double temperature = 1.0;
    std::vector<double> probabilities; // by candidate
};

/** Told on the working thread; either may be empty. */
struct SearchObserver
{
    std::function<void(const GatePoint&)> onGate;
    LossObserver onLoss; // the objective over a training batch
};

} // namespace core
