// SPDX-License-Identifier: Apache-2.0
#include "core/chat/sampler.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>

namespace core {

namespace {

int findBest(std::span<const float> logits)
{
    int best = -1;
    for (std::size_t id = 0; id < logits.size(); ++id) {
        const float value = logits[id];
        if (std::isnan(value) || value == INFINITY)
            throw Error(ErrorKind::Numeric,
                        "the model's logit of token " + std::to_string(id) + " is "
                            + (std::isnan(value) ? "NaN" : "infinite")
                            + "; its weights or the quantized activations are probably damaged");
        if (std::isfinite(value) && (best < 0 || value > logits[static_cast<std::size_t>(best)]))
            best = static_cast<int>(id);
    }
    if (best < 0)
        throw Error(ErrorKind::Numeric, "none of the model's " + std::to_string(logits.size()) + " logits is finite");
    return best;
}

/** Uniform in [0, 1) with 53 bits; std::uniform_real_distribution may differ between standard libraries. */
double uniform(std::mt19937_64& random)
{
    return static_cast<double>(random() >> 11) * 0x1.0p-53;
}

constexpr auto kMoreProbable = [](const auto& a, const auto& b) {
    return a.weight != b.weight ? a.weight > b.weight : a.id < b.id;
};

} // namespace

Sampler::Sampler(const GenerationOptions& options)
    : m_options(options)
    , m_random(options.seed)
{
    if (!std::isfinite(options.temperature) || options.temperature < 0.0)
        throw Error(ErrorKind::InvalidArgument,
                    "a temperature of " + std::to_string(options.temperature) + " is not a number of at least 0");
    if (options.topK < 0)
        throw Error(ErrorKind::InvalidArgument, "top-k of " + std::to_string(options.topK) + " is below 0");
    if (!(options.topP > 0.0 && options.topP <= 1.0))
        throw Error(ErrorKind::InvalidArgument, "top-p of " + std::to_string(options.topP) + " is not in (0, 1]");
}

Sampler::Choice Sampler::choose(std::span<const float> logits)
{
    const int best = findBest(logits);
    const float highest = logits[static_cast<std::size_t>(best)];
    const int id = m_options.temperature == 0.0 ? best : draw(logits, highest);
    double sum = 0.0;
    for (const float logit : logits)
        sum += std::exp(static_cast<double>(logit) - highest);
    return {id, static_cast<double>(logits[static_cast<std::size_t>(id)]) - highest - std::log(sum)};
}

int Sampler::draw(std::span<const float> logits, float best)
{
    std::vector<Candidate> candidates;
    candidates.reserve(logits.size());
    for (std::size_t id = 0; id < logits.size(); ++id) {
        const double weight = std::exp((static_cast<double>(logits[id]) - best) / m_options.temperature);
        if (weight > 0.0)
            candidates.push_back({static_cast<int>(id), weight});
    }
    keepTopK(candidates);
    keepTopP(candidates);
    double total = 0.0;
    for (const auto& candidate : candidates)
        total += candidate.weight;
    double rest = uniform(m_random) * total;
    for (const auto& candidate : candidates) {
        rest -= candidate.weight;
        if (rest < 0.0)
            return candidate.id;
    }
    return candidates.back().id; // rounding left a little over
}

void Sampler::keepTopK(std::vector<Candidate>& candidates) const
{
    const auto keep = static_cast<std::size_t>(m_options.topK);
    if (keep == 0 || keep >= candidates.size())
        return;
    std::nth_element(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(keep), candidates.end(),
                     kMoreProbable);
    candidates.resize(keep);
    std::sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
}

void Sampler::keepTopP(std::vector<Candidate>& candidates) const
{
    if (m_options.topP >= 1.0)
        return;
    double total = 0.0;
    for (const auto& candidate : candidates)
        total += candidate.weight;
    // All tokens below this bound together are less than 1 - topP: the nucleus is full before them, and they need no sorting.
    const double bound = (1.0 - m_options.topP) * total / static_cast<double>(candidates.size());
    std::erase_if(candidates, [bound](const auto& candidate) { return candidate.weight < bound; });
    std::sort(candidates.begin(), candidates.end(), kMoreProbable);
    double reached = 0.0;
    std::size_t kept = 0;
    while (kept < candidates.size() && reached < m_options.topP * total)
        reached += candidates[kept++].weight;
    candidates.resize(kept);
}

} // namespace core
