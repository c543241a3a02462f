// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/cheaper_runs.h"

#include "ui/studio.h"

#include <QCoreApplication>

namespace ui {

namespace {

struct Cheaper
{
    Q_DECLARE_TR_FUNCTIONS(ui::Cheaper)
};

constexpr std::int64_t kLeastTokens = 256; // of a pass

/** Where it ran on a GPU. */
void addProcessor(std::vector<JobChoice>& choices, Studio& studio, const std::function<void()>& again)
{
    if (studio.deviceName().startsWith(QLatin1String("cuda")))
        choices.push_back(
            {Cheaper::tr("On the CPU"), Cheaper::tr("Slower, in the memory of the machine"), [&studio, again] {
                 studio.setDevice(QStringLiteral("cpu"));
                 again();
             }});
}

} // namespace

std::vector<JobChoice> cheaperCalibrations(Studio& studio, const core::CalibrateSpec& spec)
{
    std::vector<JobChoice> choices;
    if (spec.options.batch > 1) {
        auto smaller = spec;
        smaller.options.batch = spec.options.batch / 2;
        smaller.options.microBatch = std::min(smaller.options.microBatch, smaller.options.batch);
        choices.push_back({Cheaper::tr("Batch of %1").arg(smaller.options.batch),
                           Cheaper::tr("Fewer windows at once, and more steps; it was %1").arg(spec.options.batch),
                           [&studio, smaller] { studio.calibrate(smaller); }});
    }
    addProcessor(choices, studio, [&studio, spec] { studio.calibrate(spec); });
    if (spec.options.precision == core::Precision::Float32) {
        auto half = spec;
        half.options.precision = core::Precision::BFloat16;
        choices.push_back({Cheaper::tr("In bf16"),
                           Cheaper::tr("Numbers of half the size while the transforms are learned"),
                           [&studio, half] { studio.calibrate(half); }});
    }
    return choices;
}

std::vector<JobChoice> cheaperEvaluations(Studio& studio, const core::EvaluateSpec& spec, const QString& name)
{
    std::vector<JobChoice> choices;
    if (spec.tokensInPass > kLeastTokens) {
        auto smaller = spec;
        smaller.tokensInPass = spec.tokensInPass / 2;
        choices.push_back({Cheaper::tr("Passes of %1 tokens").arg(smaller.tokensInPass),
                           Cheaper::tr("Fewer tokens at once; it was %1").arg(spec.tokensInPass),
                           [&studio, smaller, name] { studio.evaluate(smaller, name); }});
    }
    addProcessor(choices, studio, [&studio, spec, name] { studio.evaluate(spec, name); });
    return choices;
}

} // namespace ui
