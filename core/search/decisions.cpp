// SPDX-License-Identifier: Apache-2.0
#include "core/search/decisions.h"

#include "core/stats/running_mean.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>

namespace core {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double mean(const std::vector<double>& values)
{
    return std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

double finiteOrInfinity(double loss)
{
    return std::isfinite(loss) ? loss : kInfinity;
}

bool sameKind(const Candidate& a, const Candidate& b)
{
    return a.kind == b.kind && a.form == b.form;
}

/** How many candidates a module has in this block: all, or the first alone. */
std::size_t countOf(const BlockSearch& block, ModuleKind module)
{
    return module == ModuleKind::Attention ? block.heldOut.size() : block.heldOut.front().size();
}

/** Windows of one candidate of a module, the block's other module at candidate `other`. */
const std::vector<double>& windowsOf(const BlockSearch& block, ModuleKind module, std::size_t candidate,
                                     std::size_t other)
{
    return module == ModuleKind::Attention ? block.heldOut[candidate][other] : block.heldOut[other][candidate];
}

/** Mean of a - b over windows, relative to the mean of b, and its standard error. */
std::pair<double, double> relativeDifference(const std::vector<double>& a, const std::vector<double>& b)
{
    const double base = mean(b);
    RunningMean difference;
    for (std::size_t i = 0; i < a.size(); ++i)
        difference.add(a[i] - b[i]);
    return {difference.mean() / base, a.size() > 1 ? difference.standardError() / base : kNaN};
}

double restartSpread(const BlockSearch& block, ModuleKind module, const std::vector<Candidate>& candidates)
{
    RunningMean losses;
    for (std::size_t k = 0; k < countOf(block, module); ++k)
        if (sameKind(candidates[k], candidates[0]))
            losses.add(mean(windowsOf(block, module, k, 0)));
    return losses.count() < 2 ? kNaN : losses.standardError() * std::sqrt(double(losses.count())) / losses.mean();
}

double pooled(const std::vector<double>& spreads)
{
    double squares = 0.0;
    int count = 0;
    for (const double spread : spreads)
        if (std::isfinite(spread)) {
            squares += spread * spread;
            ++count;
        }
    return count > 0 ? std::sqrt(squares / count) : kNaN;
}

struct Margins
{
    double attention = SearchOptions::kTieMargin;
    double mlp = SearchOptions::kTieMargin;
};

Margins marginsOf(const std::vector<BlockSearch>& blocks, const std::vector<Candidate>& candidates,
                  const SearchOptions& options)
{
    const auto measured = [&](ModuleKind module) {
        if (options.margin)
            return *options.margin;
        std::vector<double> spreads;
        for (const auto& block : blocks)
            spreads.push_back(restartSpread(block, module, candidates));
        const double spread = pooled(spreads);
        return std::isfinite(spread) ? std::min(2.0 * spread, 0.5) : SearchOptions::kTieMargin;
    };
    return {measured(ModuleKind::Attention), measured(ModuleKind::Mlp)};
}

struct Pair
{
    std::size_t attention = 0;
    std::size_t mlp = 0;
};

Pair bestPair(const BlockSearch& block, const std::vector<Candidate>& candidates, const Margins& margins)
{
    const auto handicap = [&](std::size_t k, double margin) {
        return sameKind(candidates[k], candidates[0]) ? 1.0 : 1.0 - margin;
    };
    Pair best;
    double smallest = kInfinity;
    for (std::size_t i = 0; i < block.heldOut.size(); ++i)
        for (std::size_t j = 0; j < block.heldOut[i].size(); ++j) {
            const double loss =
                finiteOrInfinity(mean(block.heldOut[i][j])) / handicap(i, margins.attention) / handicap(j, margins.mlp);
            if (loss < smallest) {
                smallest = loss;
                best = {i, j};
            }
        }
    return best;
}

/** The largest gate of a module, -1 where there were none. */
int largestGate(const BlockSearch& block, ModuleKind module, std::vector<double>& probabilities)
{
    for (const auto& point : block.gates)
        if (point.module.kind == module)
            probabilities = point.probabilities; // the last one stays
    if (probabilities.empty())
        return -1;
    return int(std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin());
}

/** Index of the best candidate among those of the default kind (or those of others), -1 where there is none. */
int bestOf(const ModuleDecision& decision, bool ofDefaultKind)
{
    int best = -1;
    for (int k = 0; k < int(decision.candidates.size()); ++k) {
        const auto& result = decision.candidates[std::size_t(k)];
        const bool isDefault = sameKind(result.candidate, decision.candidates[0].candidate);
        if (isDefault == ofDefaultKind
            && (best < 0
                || finiteOrInfinity(result.loss) < finiteOrInfinity(decision.candidates[std::size_t(best)].loss)))
            best = k;
    }
    return best;
}

ModuleDecision decideModule(const BlockSearch& block, ModuleKind module, const std::vector<Candidate>& candidates,
                            const SearchOptions& options, const Margins& margins)
{
    const bool isMlp = module == ModuleKind::Mlp;
    const auto pair = bestPair(block, candidates, margins);
    const auto other = isMlp ? pair.attention : pair.mlp;
    ModuleDecision decision{.module = {block.block, module}, .candidates = {}};
    std::vector<double> probabilities;
    decision.byGate = largestGate(block, module, probabilities);
    decision.byLoss = int(isMlp ? pair.mlp : pair.attention);
    const auto& first = windowsOf(block, module, 0, other);
    for (std::size_t k = 0; k < candidates.size(); ++k) {
        const auto& windows = windowsOf(block, module, k, other);
        const auto [difference, error] = relativeDifference(windows, first);
        decision.candidates.push_back(
            {candidates[k], mean(windows), difference, error, probabilities.empty() ? kNaN : probabilities[k]});
    }
    decision.restartSpread = restartSpread(block, module, candidates);
    decision.margin = isMlp ? margins.mlp : margins.attention;
    decision.delta = decision.deltaStderror = kNaN;
    if (const int rival = bestOf(decision, false); rival >= 0)
        std::tie(decision.delta, decision.deltaStderror) =
            relativeDifference(windowsOf(block, module, std::size_t(rival), other),
                               windowsOf(block, module, std::size_t(bestOf(decision, true)), other));
    const bool byGate = options.decideBy == DecideBy::Gate && decision.byGate >= 0;
    decision.chosen = byGate ? decision.byGate : decision.byLoss;
    decision.disagree = decision.byGate >= 0
        && !sameKind(candidates[std::size_t(decision.byGate)], candidates[std::size_t(decision.byLoss)]);
    return decision;
}

std::string percent(double fraction)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.1f %%", 100.0 * fraction);
    return text;
}

std::string reasonText(const ModuleDecision& decision, const SearchOptions& options)
{
    const auto& chosen = decision.candidates[std::size_t(decision.chosen)];
    const auto& first = decision.candidates[0].candidate;
    const int rival = bestOf(decision, false);
    std::string text;
    if (rival < 0) {
        text = "the best of " + std::to_string(decision.candidates.size()) + " starts by held-out "
            + (options.measure == HeldOutMeasure::Divergence ? "divergence" : "error");
    } else {
        const auto name = toString(decision.candidates[std::size_t(rival)].candidate);
        text = std::string(options.measure == HeldOutMeasure::Divergence ? "held-out divergence with "
                                                                         : "held-out error of ")
            + name + " is " + percent(std::abs(decision.delta)) + (decision.delta < 0.0 ? " below" : " above")
            + " that of the best " + std::string(toString(first.kind)) + " (+-" + percent(decision.deltaStderror)
            + ", margin " + percent(decision.margin) + ")";
    }
    if (std::isfinite(decision.restartSpread))
        text += "; starts of " + std::string(toString(first.kind)) + " differ by " + percent(decision.restartSpread);
    if (decision.disagree)
        text += "; the gate says " + toString(decision.candidates[std::size_t(decision.byGate)].candidate);
    if (options.decideBy == DecideBy::Gate)
        text += "; decided by the gate: " + toString(chosen.candidate);
    return text;
}

Choice choiceOf(const ModuleDecision& decision, const SearchOptions& options)
{
    const auto& candidate = decision.candidates[std::size_t(decision.chosen)].candidate;
    Choice choice{.module = decision.module, .reason = {reasonText(decision, options), {}}};
    setCandidate(choice, candidate, options.training.seed);
    auto& numbers = choice.reason.numbers;
    for (const auto& result : decision.candidates) {
        numbers.emplace_back("held_out_" + toString(result.candidate), result.loss);
        if (decision.byGate >= 0)
            numbers.emplace_back("gate_" + toString(result.candidate), result.probability);
    }
    numbers.emplace_back("delta", decision.delta);
    numbers.emplace_back("delta_stderr", decision.deltaStderror);
    numbers.emplace_back("restart_spread", decision.restartSpread);
    numbers.emplace_back("margin", decision.margin);
    return choice;
}

} // namespace

void setCandidate(Choice& choice, const Candidate& candidate, std::uint64_t seed)
{
    choice.kind = choice.automaticKind = candidate.kind;
    choice.start = candidate.start;
    choice.seed = seed;
    choice.rotationForm.reset();
    if (candidate.kind == TransformKind::Rotation)
        choice.rotationForm = candidate.form;
}

std::vector<ModuleDecision> decide(const std::vector<BlockSearch>& blocks, const std::vector<Candidate>& candidates,
                                   const SearchOptions& options)
{
    const auto margins = marginsOf(blocks, candidates, options);
    std::vector<ModuleDecision> decisions;
    for (const auto& block : blocks)
        for (const auto module : {ModuleKind::Attention, ModuleKind::Mlp})
            if (options.searches({block.block, module}))
                decisions.push_back(decideModule(block, module, candidates, options, margins));
    return decisions;
}

Plan planOf(const std::vector<ModuleDecision>& decisions, const SearchOptions& options)
{
    Plan plan;
    plan.method = options.mode == SearchMode::Oracle ? "oracle" : "search";
    int disagreements = 0;
    for (const auto& decision : decisions) {
        plan.modules.push_back(choiceOf(decision, options));
        disagreements += decision.disagree ? 1 : 0;
    }
    if (disagreements > 0)
        plan.warnings.push_back("gates and held-out losses name different kinds in " + std::to_string(disagreements)
                                + " of " + std::to_string(decisions.size()) + " modules: the "
                                + (options.decideBy == DecideBy::Gate ? "gates" : "held-out losses") + " decide");
    return plan;
}

std::vector<ModuleLosses> moduleLosses(const std::vector<BlockSearch>& blocks, const std::vector<Candidate>& candidates,
                                       const SearchOptions& options)
{
    std::vector<ModuleLosses> modules;
    for (const auto& block : blocks)
        for (const auto module : {ModuleKind::Attention, ModuleKind::Mlp}) {
            if (!options.searches({block.block, module}))
                continue;
            ModuleLosses losses{.module = {block.block, module}, .candidates = {}};
            for (std::size_t k = 0; k < countOf(block, module); ++k) {
                const auto& windows = windowsOf(block, module, k, 0);
                RunningMean loss;
                for (const double window : windows)
                    loss.add(window);
                losses.candidates.push_back({.kind = candidates[k].kind,
                                             .form = candidates[k].form,
                                             .start = candidates[k].start,
                                             .loss = loss.mean(),
                                             .stderror = windows.size() > 1 ? loss.standardError() : kNaN});
            }
            modules.push_back(std::move(losses));
        }
    return modules;
}

SearchAgreement agreementWith(const HeldOutLosses& reference, const std::vector<ModuleDecision>& decisions)
{
    SearchAgreement agreement;
    for (const auto& decision : decisions) {
        const auto& first = decision.candidates[0].candidate;
        const auto& chosen = decision.candidates[std::size_t(decision.chosen)].candidate;
        const auto known = std::find_if(reference.modules.begin(), reference.modules.end(),
                                        [&](const auto& module) { return module.module == decision.module; });
        if (known == reference.modules.end())
            continue;
        double smallest = kInfinity;
        double handicapped = kInfinity;
        double ours = kInfinity;
        Candidate theirs;
        for (const auto& loss : known->candidates) {
            const Candidate candidate{loss.kind, loss.form, loss.start};
            const double value = finiteOrInfinity(loss.loss);
            const double compared = value / (sameKind(candidate, first) ? 1.0 : 1.0 - decision.margin);
            smallest = std::min(smallest, value);
            if (compared < handicapped) {
                handicapped = compared;
                theirs = candidate;
            }
            if (candidate == chosen)
                ours = value;
        }
        if (!std::isfinite(ours) || !std::isfinite(smallest))
            continue;
        ++agreement.modules;
        agreement.equalKinds += sameKind(theirs, chosen) ? 1 : 0;
        agreement.regret += ours / smallest - 1.0;
    }
    if (agreement.modules > 0)
        agreement.regret /= agreement.modules;
    return agreement;
}

} // namespace core
