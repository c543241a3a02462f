// SPDX-License-Identifier: GPL-3.0-or-later
// What the fake engine says of kinds that compete and of what a calibration needs.
#include "tests/ui/support/fake_session.h"

#include <cmath>

using core::TransformKind;

namespace {

constexpr int kGateSteps = 30; // a module

/** Rotation wins where robust z is large. */
bool rotates(const core::ModuleId& module)
{
    return fake::zOf(module) > 2.0;
}

core::ModuleDecision decisionOf(const core::ModuleId& module, const std::vector<core::Candidate>& candidates)
{
    core::ModuleDecision decision{.module = module, .candidates = {}, .margin = 0.03};
    for (const auto& candidate : candidates) {
        const bool wins = (candidate.kind == TransformKind::Rotation) == rotates(module);
        decision.candidates.push_back({.candidate = candidate,
                                       .loss = wins ? 0.010 : 0.012,
                                       .difference = wins ? 0.0 : 0.2,
                                       .stderror = 0.01,
                                       .probability = wins ? 0.8 : 0.2 / double(candidates.size() - 1)});
        if (wins && candidate.start == 0)
            decision.chosen = int(decision.candidates.size()) - 1;
    }
    decision.byLoss = decision.chosen;
    decision.byGate = module.block == 4 ? 0 : decision.chosen;
    decision.disagree = decision.byGate != decision.chosen;
    decision.delta = rotates(module) ? -0.2 : 0.2;
    decision.deltaStderror = 0.01;
    return decision;
}

} // namespace

/** Errors in the order Hadamard < rotation < affine < identity where tails are heavy, affine first elsewhere. */
core::WhatIf FakeSession::whatIf(const core::WhatIfSpec& spec, core::Progress& progress)
{
    core::WhatIf result{.module = spec.module,
                        .scheme = spec.scheme,
                        .trainedWindows = spec.windows * 3 / 4,
                        .heldOutWindows = spec.windows / 4,
                        .steps = 24,
                        .kinds = {}};
    const bool heavy = rotates(spec.module);
    const double errors[] = {0.08, heavy ? 0.02 : 0.01, heavy ? 0.012 : 0.015, heavy ? 0.011 : 0.02};
    for (const auto kind : core::kTransformKinds) {
        const int index = static_cast<int>(kind);
        waitFor(m_behaviour->kindsAllowed, index, progress);
        const bool online = kind != TransformKind::Identity;
        result.kinds.push_back({.kind = kind,
                                .errorStart = errors[index] * 1.6,
                                .error = errors[index],
                                .errorStderr = errors[index] * 0.04,
                                .sqnr = -10.0 * std::log10(errors[index]),
                                .onlineMacs = online ? 1024.0 * index : 0.0,
                                .onlineShare = online ? 0.02 * index : 0.0,
                                .addedBytes = online ? 8192ull * static_cast<unsigned>(index) : 0,
                                .seconds = 0.4});
        progress.report((index + 1) / 4.0, std::string(core::toString(kind)));
    }
    return result;
}

core::SearchResult FakeSession::search(const core::SelectSpec& spec, const core::SearchObserver& observer,
                                       core::Progress& progress)
{
    ++m_behaviour->searches;
    core::SearchResult result;
    result.options = spec.search;
    result.candidates = spec.search.candidates;
    const auto count = result.candidates.size();
    int done = 0;
    for (int block = 0; block < m_behaviour->blocks; ++block) {
        core::BlockSearch& found = result.blocks.emplace_back();
        found.block = block;
        for (int step = 0; step < kGateSteps; ++step) {
            waitFor(m_behaviour->gateStepsAllowed, done, progress);
            for (const auto kind : {core::ModuleKind::Attention, core::ModuleKind::Mlp}) {
                const core::ModuleId module{block, kind};
                const double share = 1.0 / (1.0 + std::exp(-0.2 * (rotates(module) ? step : -step)));
                core::GatePoint point{module, step, kGateSteps, 1.0 - 0.03 * step, {}};
                for (const auto& candidate : result.candidates)
                    point.probabilities.push_back(
                        candidate.kind == TransformKind::Rotation ? share : (1.0 - share) / double(count - 1));
                found.gates.push_back(point);
                if (observer.onGate)
                    observer.onGate(point);
            }
            m_behaviour->gateStepsDone.store(++done);
            progress.report(double(done) / (m_behaviour->blocks * kGateSteps), "block " + std::to_string(block));
        }
        for (const auto kind : {core::ModuleKind::Attention, core::ModuleKind::Mlp}) {
            result.modules.push_back(decisionOf({block, kind}, result.candidates));
            const auto& decision = result.modules.back();
            core::Choice choice;
            choice.module = decision.module;
            choice.kind = decision.candidates[std::size_t(decision.chosen)].candidate.kind;
            choice.automaticKind = choice.kind;
            choice.reason.text = "held-out error 20 % smaller";
            result.plan.modules.push_back(choice);
        }
    }
    result.plan.method = "search";
    result.plan.scheme = spec.scheme;
    result.seconds = 12.0;
    return result;
}

core::PreflightReport FakeSession::preflight(const core::CalibrateSpec& spec, core::Progress& progress)
{
    progress.checkpoint();
    ++m_behaviour->preflights;
    core::PreflightReport report;
    report.memory = m_behaviour->memoryNeeded;
    report.memoryAvailable = 8ull << 30;
    report.disk = 90ull << 20;
    report.diskAvailable = 40ull << 30;
    report.stepSeconds = 0.01;
    report.seconds = 0.01 * spec.options.epochs * spec.options.samples / spec.options.batch * m_behaviour->blocks;
    if (report.memory > report.memoryAvailable)
        report.warnings.push_back("needs 16.0 GiB of memory, there are 8.0 GiB: a smaller --micro-batch helps");
    return report;
}
