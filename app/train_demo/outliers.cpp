// SPDX-License-Identifier: Apache-2.0
#include "app/train_demo/outliers.h"

#include "app/train_demo/random.h"

#include <torch/torch.h>

namespace demo {

namespace {

enum class Plant { AttentionIn, MlpIn, UpRow, ValueRow, RopePair };

struct Planned
{
    int block;
    Plant plant;
    int channels;
    double factor;
};

// Blocks 2 and 6 stay clean. The later blocks are hit harder, as in large models.
const std::vector<Planned> kPlan = {
    {0, Plant::AttentionIn, 3, 32}, {0, Plant::RopePair, 1, 16}, {1, Plant::UpRow, 3, 32},
    {1, Plant::MlpIn, 2, 16},       {3, Plant::ValueRow, 1, 16}, {3, Plant::RopePair, 1, 8},
    {3, Plant::AttentionIn, 2, 16}, {4, Plant::MlpIn, 3, 32},    {4, Plant::UpRow, 2, 64},
    {5, Plant::AttentionIn, 4, 64}, {5, Plant::ValueRow, 1, 32}, {7, Plant::MlpIn, 4, 64},
    {7, Plant::UpRow, 3, 32},       {7, Plant::RopePair, 1, 32}, {7, Plant::AttentionIn, 2, 8}};

/** Query rows of the group that reads key/value head `head`: [first, last). */
std::pair<std::int64_t, std::int64_t> groupOf(const core::ModelInfo& info, std::int64_t head)
{
    const std::int64_t size = info.heads / info.kvHeads;
    return {head * size, (head + 1) * size};
}

void scale(at::Tensor& tensor, std::int64_t axis, std::int64_t index, double factor)
{
    tensor.select(axis, index).mul_(factor);
}

void plantGain(core::BlockWeights& weights, Plant plant, std::int64_t channel, double factor)
{
    const bool attention = plant == Plant::AttentionIn;
    scale(attention ? weights.inputNorm : weights.postNorm, 0, channel, factor);
    for (auto* reader :
         attention ? std::vector{&weights.q, &weights.k, &weights.v} : std::vector{&weights.gate, &weights.up})
        scale(*reader, 1, channel, 1.0 / factor);
}

void plantValueRow(core::BlockWeights& weights, const core::ModelInfo& info, std::int64_t head, std::int64_t channel,
                   double factor)
{
    scale(weights.v, 0, head * info.headDim + channel, factor);
    const auto [first, last] = groupOf(info, head);
    for (auto query = first; query < last; ++query)
        scale(weights.o, 1, query * info.headDim + channel, 1.0 / factor);
}

void plantRopePair(core::BlockWeights& weights, const core::ModelInfo& info, std::int64_t head, std::int64_t channel,
                   double factor)
{
    const auto [first, last] = groupOf(info, head);
    for (const auto row : {channel, channel + info.headDim / 2}) {
        scale(weights.k, 0, head * info.headDim + row, factor);
        for (auto query = first; query < last; ++query)
            scale(weights.q, 0, query * info.headDim + row, 1.0 / factor);
    }
}

/** How much each place where this kind can be planted already matters, [places]. Values and rotary pairs are counted
    through all heads. */
at::Tensor strengths(const core::BlockWeights& weights, const core::ModelInfo& info, Plant plant)
{
    const auto rowNorms = [](const at::Tensor& matrix) { return matrix.to(at::kFloat).norm(2, 1); };
    switch (plant) {
    case Plant::AttentionIn: return weights.inputNorm.to(at::kFloat).abs();
    case Plant::MlpIn: return weights.postNorm.to(at::kFloat).abs();
    case Plant::UpRow: return rowNorms(weights.up);
    case Plant::ValueRow: return rowNorms(weights.v);
    case Plant::RopePair: break;
    }
    // [heads, 2, head_dim / 2]: both rows of a pair
    return rowNorms(weights.k).view({info.kvHeads, 2, info.headDim / 2}).sum(1).flatten();
}

/** Different places among the stronger half: scaling what is hardly used would make no outlier. */
std::vector<std::int64_t> choosePlaces(Random& random, const at::Tensor& strengths, int count)
{
    const auto order = strengths.argsort(0, true);
    std::vector<std::int64_t> stronger;
    for (std::int64_t i = 0; i < order.size(0) / 2; ++i)
        stronger.push_back(order[i].item<std::int64_t>());
    random.shuffle(stronger);
    stronger.resize(static_cast<std::size_t>(count));
    return stronger;
}

core::Json plantAt(core::BlockWeights& weights, const core::ModelInfo& info, const Planned& plan, std::int64_t place)
{
    const double factor = plan.factor;
    switch (plan.plant) {
    case Plant::AttentionIn:
    case Plant::MlpIn:
        plantGain(weights, plan.plant, place, factor);
        return {{"block", plan.block},
                {"kind", "norm_gain"},
                {"site", plan.plant == Plant::AttentionIn ? "AttentionIn" : "MlpIn"},
                {"channel", place},
                {"factor", factor}};
    case Plant::UpRow:
        scale(weights.up, 0, place, factor);
        scale(weights.down, 1, place, 1.0 / factor);
        return {{"block", plan.block}, {"kind", "up_row"}, {"site", "MlpOut"}, {"channel", place}, {"factor", factor}};
    case Plant::ValueRow:
        plantValueRow(weights, info, place / info.headDim, place % info.headDim, factor);
        return {{"block", plan.block},
                {"kind", "value_row"},
                {"site", "ValueCache"},
                {"head", place / info.headDim},
                {"channel", place % info.headDim},
                {"factor", factor}};
    case Plant::RopePair: break;
    }
    const std::int64_t pairs = info.headDim / 2;
    plantRopePair(weights, info, place / pairs, place % pairs, factor);
    return {{"block", plan.block},   {"kind", "rope_pair"},      {"site", "KeyCache"},
            {"head", place / pairs}, {"channel", place % pairs}, {"factor", factor}};
}

} // namespace

core::Json plantOutliers(core::Model::Parts& parts, std::uint64_t seed)
{
    const at::NoGradGuard noGradients;
    Random random(seed ^ hashOf("outliers"));
    core::Json planted = core::Json::array();
    for (const auto& plan : kPlan) {
        auto& weights = parts.blocks.at(static_cast<std::size_t>(plan.block)).weights;
        for (const auto place : choosePlaces(random, strengths(weights, parts.info, plan.plant), plan.channels))
            planted.push_back(plantAt(weights, parts.info, plan, place));
    }
    return planted;
}

} // namespace demo
