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
    for (auto* reader : attention ? std::vector{&weights.q, &weights.k, &weights.v} : std::vector{&weights.gate, &weights.up})
        scale(*reader, 1, channel, 1.0 / factor);
}

void plantValueRow(core::BlockWeights& weights, const core::ModelInfo& info, std::int64_t head, std::int64_t channel, double factor)
{
    scale(weights.v, 0, head * info.headDim + channel, factor);
    const auto [first, last] = groupOf(info, head);
    for (auto query = first; query < last; ++query)
        scale(weights.o, 1, query * info.headDim + channel, 1.0 / factor);
}

void plantRopePair(core::BlockWeights& weights, const core::ModelInfo& info, std::int64_t head, std::int64_t channel, double factor)
{
    const auto [first, last] = groupOf(info, head);
    for (const auto row : {channel, channel + info.headDim / 2}) {
        scale(weights.k, 0, head * info.headDim + row, factor);
        for (auto query = first; query < last; ++query)
            scale(weights.q, 0, query * info.headDim + row, 1.0 / factor);
    }
}

} // namespace

core::Json plantOutliers(core::Model::Parts& parts, std::uint64_t seed)
{
    const at::NoGradGuard noGradients;
    Random random(seed ^ hashOf("outliers"));
    core::Json planted = core::Json::array();
    const auto& info = parts.info;
    const auto size = [](std::int64_t n) { return static_cast<std::size_t>(n); };
    for (const auto& plan : kPlan) {
        auto& weights = parts.blocks.at(static_cast<std::size_t>(plan.block)).weights;
        std::vector<std::int64_t> used;
        while (used.size() < static_cast<std::size_t>(plan.channels)) {
            const bool ofHead = plan.plant == Plant::ValueRow || plan.plant == Plant::RopePair;
            const std::int64_t width = plan.plant == Plant::UpRow ? info.intermediate
                : plan.plant == Plant::ValueRow                   ? info.headDim
                : plan.plant == Plant::RopePair                   ? info.headDim / 2
                                                                  : info.hidden;
            const auto channel = static_cast<std::int64_t>(random.below(size(width)));
            const auto head = ofHead ? static_cast<std::int64_t>(random.below(size(info.kvHeads))) : 0;
            if (std::find(used.begin(), used.end(), channel) != used.end())
                continue;
            used.push_back(channel);
            core::Json record = {{"block", plan.block}};
            switch (plan.plant) {
            case Plant::AttentionIn:
            case Plant::MlpIn:
                plantGain(weights, plan.plant, channel, plan.factor);
                record["kind"] = "norm_gain";
                record["site"] = plan.plant == Plant::AttentionIn ? "AttentionIn" : "MlpIn";
                break;
            case Plant::UpRow:
                scale(weights.up, 0, channel, plan.factor);
                scale(weights.down, 1, channel, 1.0 / plan.factor);
                record["kind"] = "up_row";
                record["site"] = "MlpOut";
                break;
            case Plant::ValueRow:
                plantValueRow(weights, info, head, channel, plan.factor);
                record["kind"] = "value_row";
                record["site"] = "ValueCache";
                break;
            case Plant::RopePair:
                plantRopePair(weights, info, head, channel, plan.factor);
                record["kind"] = "rope_pair";
                record["site"] = "KeyCache";
                break;
            }
            if (ofHead)
                record["head"] = head;
            record["channel"] = channel;
            record["factor"] = plan.factor;
            planted.push_back(record);
        }
    }
    return planted;
}

} // namespace demo
