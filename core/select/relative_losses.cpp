// SPDX-License-Identifier: Apache-2.0
#include "core/select/relative_losses.h"

#include "core/base/error.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace core {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/** The signs of a fixed matrix move its loss far more than a start from which something is learned. */
bool isLearned(TransformKind kind)
{
    return kind == TransformKind::Affine || kind == TransformKind::Rotation;
}

double meanOf(const std::vector<double>& values)
{
    return values.empty() ? kNaN : std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

std::vector<double> finiteLosses(const ModuleLosses& module, TransformKind kind, std::optional<RotationForm> form)
{
    std::vector<double> losses;
    for (const auto& candidate : module.candidates)
        if (candidate.kind == kind && (!form || candidate.form == *form) && std::isfinite(candidate.loss))
            losses.push_back(candidate.loss);
    return losses;
}

double affineLoss(const ModuleLosses& module)
{
    const double loss = meanOf(finiteLosses(module, TransformKind::Affine, std::nullopt));
    if (!(loss > 0.0))
        throw Error(ErrorKind::InvalidArgument,
                    "module " + toString(module.module)
                        + " has no affine candidate with a loss above 0: nothing to compare with");
    return loss;
}

/** One form for the whole file, since a calibration uses one: the one with the lower mean relative loss over the modules that
    have it. */
RotationForm betterForm(const HeldOutLosses& file)
{
    auto best = RotationForm::TwoFactor;
    double bestMean = std::numeric_limits<double>::infinity();
    for (const auto form : kRotationForms) {
        std::vector<double> relative;
        for (const auto& module : file.modules)
            if (const auto losses = finiteLosses(module, TransformKind::Rotation, form); !losses.empty())
                relative.push_back(meanOf(losses) / affineLoss(module));
        if (const double mean = meanOf(relative); mean < bestMean) {
            best = form;
            bestMean = mean;
        }
    }
    return best;
}

} // namespace

std::map<ModuleId, KindLosses> relativeLosses(const std::vector<const HeldOutLosses*>& files)
{
    std::map<ModuleId, std::array<std::vector<double>, kTransformKinds.size()>> gathered;
    for (const auto* file : files) {
        const auto form = betterForm(*file);
        for (const auto& module : file->modules) {
            const double affine = affineLoss(module);
            for (const auto kind : kTransformKinds) {
                const auto losses =
                    finiteLosses(module, kind, kind == TransformKind::Rotation ? std::optional(form) : std::nullopt);
                if (!losses.empty())
                    gathered[module.module][static_cast<std::size_t>(kind)].push_back(meanOf(losses) / affine);
            }
        }
    }
    std::map<ModuleId, KindLosses> result;
    for (const auto& [module, kinds] : gathered)
        for (std::size_t kind = 0; kind < kinds.size(); ++kind)
            result[module][kind] = meanOf(kinds[kind]);
    return result;
}

double restartSpread(const std::vector<const HeldOutLosses*>& files, ModuleKind kind)
{
    std::vector<double> variances; // relative
    for (const auto* file : files)
        for (const auto& module : file->modules) {
            if (module.module.kind != kind)
                continue;
            std::map<std::pair<TransformKind, RotationForm>, std::vector<double>> starts;
            for (const auto& candidate : module.candidates)
                if (isLearned(candidate.kind) && std::isfinite(candidate.loss))
                    starts[{candidate.kind, candidate.form}].push_back(candidate.loss);
            for (const auto& [candidate, losses] : starts) {
                const double mean = meanOf(losses);
                if (losses.size() < 2 || mean <= 0.0)
                    continue;
                double squares = 0.0;
                for (const double loss : losses)
                    squares += (loss / mean - 1.0) * (loss / mean - 1.0);
                variances.push_back(squares / double(losses.size() - 1));
            }
        }
    return std::sqrt(meanOf(variances));
}

} // namespace core
