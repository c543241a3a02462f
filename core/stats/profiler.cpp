// SPDX-License-Identifier: Apache-2.0
#include "core/stats/profiler.h"

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/stats/accumulator.h"
#include "core/stats/robust_z.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>

namespace core {

std::vector<LayerId> layersOf(const ModelInfo& info)
{
    std::vector<LayerId> layers;
    for (int block = 0; block < info.blocks; ++block)
        for (const auto role : kBlockRoles)
            layers.push_back({block, role});
    layers.push_back({-1, Role::Embedding});
    if (!info.tiedHead)
        layers.push_back({-1, Role::Head});
    return layers;
}

namespace {

/** The matrices of one module, as they come in. */
struct ModuleSum
{
    gpu::Moments pooled;
    double kurtosis = 0.0;
    int matrices = 0;
};

/** The rows of a profile as the layers come in. */
struct WeightRows
{
    explicit WeightRows(int blocks)
        : sums(2 * std::size_t(blocks))
    {
    }

    Profile profile;
    std::vector<ModuleSum> sums;

    const LayerProfile& add(const LayerId& layer, const std::string& dtype, const std::vector<std::int64_t>& shape,
                            const Accumulator& accumulator)
    {
        profile.weights.push_back(
            {.layer = layer, .dtype = dtype, .shape = shape, .weight = accumulator.distribution()});
        const auto& row = profile.weights.back();
        if (row.weight.nonFinite > 0)
            profile.warnings.push_back("layer " + toString(layer) + " holds " + std::to_string(row.weight.nonFinite)
                                       + " values that are not finite; they are left out of its statistics");
        if (layer.block >= 0) {
            auto& sum = sums[2 * layer.block + (moduleOf(layer.role) == ModuleKind::Mlp ? 1 : 0)];
            merge(sum.pooled, accumulator.moments());
            sum.kurtosis += row.weight.kurtosis;
            ++sum.matrices;
        }
        return row;
    }

    void finishModules()
    {
        for (std::size_t i = 0; i < sums.size(); ++i)
            profile.modules.push_back(
                {.module = {static_cast<int>(i / 2), i % 2 ? ModuleKind::Mlp : ModuleKind::Attention},
                 .kurtosis = sums[i].kurtosis / sums[i].matrices,
                 .pooledKurtosis = gpu::excessKurtosis(sums[i].pooled)});
        const auto warnings = assignRobustZ(profile.modules, KurtosisOf::MeanOfMatrices);
        profile.warnings.insert(profile.warnings.end(), warnings.begin(), warnings.end());
    }
};

} // namespace

Profile profileWeights(const ModelFiles& files, const LayerObserver& observer, Progress& progress)
{
    const auto layers = layersOf(files.info());
    std::uint64_t bytesTotal = 0;
    for (const auto& layer : layers)
        bytesTotal += files.matrix(layer).bytes.size();

    WeightRows rows(files.info().blocks);
    rows.profile.model = files.path().string();
    std::uint64_t bytesRead = 0;
    for (const auto& layer : layers) {
        progress.report(bytesTotal ? static_cast<double>(bytesRead) / static_cast<double>(bytesTotal) : 0.0,
                        "weights of layer " + toString(layer));
        const auto& tensor = files.matrix(layer);
        Accumulator accumulator(tensor.shape.empty() ? 1 : tensor.shape.back());
        accumulator.add(tensor, progress);
        const auto& row =
            rows.add(layer, tensor.typeName.empty() ? std::string(toString(tensor.dtype)) : tensor.typeName,
                     tensor.shape, accumulator);
        if (observer)
            observer(row);
        bytesRead += tensor.bytes.size();
    }
    rows.finishModules();
    progress.report(1.0, "weights read");
    logInfo("profiled " + std::to_string(layers.size()) + " layers, " + std::to_string(bytesTotal)
            + " bytes of weights");
    return std::move(rows.profile);
}

Profile profileWeights(const Model& model, const LayerObserver& observer, Progress& progress)
{
    const c10::NoGradGuard noGradients;
    const auto layers = layersOf(model.info());
    WeightRows rows(model.info().blocks);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto& layer = layers[i];
        progress.checkpoint();
        progress.report(double(i) / double(layers.size()), "weights of layer " + toString(layer));
        auto dtype = std::string(toString(DType::F32));
        at::Tensor values;
        if (layer.block >= 0) {
            const auto& weights = model.block(layer.block).weights;
            if (const auto& codes = weights.packed.at(static_cast<std::size_t>(layer.role)))
                dtype = "I" + std::to_string(codes->bits);
            values = weights.dense(layer.role);
        } else {
            values = layer.role == Role::Embedding ? model.parts().embedding : model.parts().head;
        }
        Accumulator accumulator(values.size(-1));
        accumulator.add(values.to(at::kCPU, at::kFloat).contiguous());
        const auto& row = rows.add(layer, dtype, values.sizes().vec(), accumulator);
        if (observer)
            observer(row);
    }
    rows.finishModules();
    progress.report(1.0, "weights read");
    return std::move(rows.profile);
}

std::vector<std::string> assignRobustZ(std::vector<ModuleProfile>& modules, KurtosisOf kurtosis)
{
    std::vector<std::string> warnings;
    for (const auto kind : {ModuleKind::Attention, ModuleKind::Mlp}) {
        std::vector<ModuleProfile*> group;
        std::vector<double> values;
        for (auto& module : modules)
            if (module.module.kind == kind) {
                group.push_back(&module);
                values.push_back(kurtosis == KurtosisOf::AllEntries ? module.pooledKurtosis : module.kurtosis);
            }
        const auto z = robustZ(values);
        for (std::size_t i = 0; i < group.size(); ++i) {
            group[i]->robustZ = z[i];
            if (!std::isfinite(values[i]))
                warnings.push_back(
                    "module " + toString(group[i]->module)
                    + " has no kurtosis: the entries of one of its matrices are all equal, or none is finite");
        }
        if (!group.empty() && group.size() < kSmallGroup)
            warnings.push_back("robust z of " + std::string(toString(kind)) + " rests on "
                               + std::to_string(group.size()) + " blocks; below " + std::to_string(kSmallGroup)
                               + " it says little");
    }
    return warnings;
}

namespace {

std::int64_t channelsAt(const ModelInfo& info, Site site)
{
    switch (site) {
    case Site::AttentionIn:
    case Site::MlpIn: return info.hidden;
    case Site::AttentionOut: return info.heads * info.headDim;
    case Site::KeyCache:
    case Site::ValueCache: return info.kvHeads * info.headDim;
    case Site::MlpOut: return info.intermediate;
    }
    throw Error(ErrorKind::Internal, "not a site");
}

void requireIds(const at::Tensor& ids, const ModelInfo& info)
{
    if (ids.dim() != 2 || ids.scalar_type() != at::kLong || ids.numel() == 0)
        throw Error(ErrorKind::InvalidArgument,
                    "activations are profiled over ids [windows, seqlen] of int64, at least one");
    const auto lowest = ids.min().item<std::int64_t>();
    const auto highest = ids.max().item<std::int64_t>();
    if (lowest < 0 || highest >= info.vocab)
        throw Error(ErrorKind::InvalidArgument,
                    "token " + std::to_string(lowest < 0 ? lowest : highest) + " is not in the vocabulary of "
                        + std::to_string(info.vocab) + " (tokenizer of another model?)");
}

/** [batch, kv_heads, tokens, head_dim] -> [batch, tokens, kv_heads * head_dim]; other sites are that way already. */
at::Tensor channelsLast(Site site, const at::Tensor& x)
{
    return site == Site::KeyCache || site == Site::ValueCache ? x.transpose(1, 2).flatten(2) : x;
}

} // namespace

std::vector<SiteProfile> profileActivations(const Model& model, const at::Tensor& ids, const SiteObserver& observer,
                                            Progress& progress)
{
    const auto& info = model.info();
    requireIds(ids, info);
    std::vector<Accumulator> accumulators;
    for (int block = 0; block < info.blocks; ++block)
        for (const auto site : kSites)
            accumulators.emplace_back(channelsAt(info, site));
    const Tap tap = [&](const SiteId& id, const at::Tensor& x) {
        const auto place = std::find(kSites.begin(), kSites.end(), id.site) - kSites.begin();
        accumulators[id.block * kSites.size() + place].add(channelsLast(id.site, x));
    };

    const c10::NoGradGuard noGradients;
    constexpr std::int64_t kTokensAtOnce = 2048;
    const auto windowsAtOnce = std::max<std::int64_t>(1, kTokensAtOnce / ids.size(1));
    const auto batches = ids.split(windowsAtOnce);
    for (std::size_t batch = 0; batch < batches.size(); ++batch) {
        auto hidden = model.embed(batches[batch].to(model.device()));
        for (int block = 0; block < info.blocks; ++block) {
            progress.checkpoint();
            const double done = static_cast<double>(batch * info.blocks + block);
            progress.report(done / static_cast<double>(batches.size() * info.blocks),
                            "activations of block " + std::to_string(block));
            hidden = model.forward(block, hidden, 0, nullptr, &tap);
        }
    }

    std::vector<SiteProfile> profiles;
    for (int block = 0; block < info.blocks; ++block)
        for (std::size_t place = 0; place < kSites.size(); ++place) {
            profiles.push_back({.site = {block, kSites[place]},
                                .tokens = ids.numel(),
                                .activation = accumulators[block * kSites.size() + place].distribution()});
            if (observer)
                observer(profiles.back());
        }
    progress.report(1.0, "activations read");
    return profiles;
}

} // namespace core
