// SPDX-License-Identifier: Apache-2.0
#include "core/session/bundle_profile.h"

#include "core/base/error.h"
#include "core/session/transform_comparison.h"
#include "core/stats/accumulator.h"
#include "core/stats/profiler.h"

#include <ATen/ATen.h>

#include <array>
#include <cmath>

namespace core {

namespace {

constexpr std::int64_t kTokensAtOnce = 2048;

double squares(const at::Tensor& values)
{
    return values.square().sum(at::kDouble).item<double>();
}

Distribution distributionOf(const at::Tensor& values)
{
    Accumulator accumulator(values.size(-1));
    accumulator.add(values.contiguous());
    return accumulator.distribution();
}

/** One block of both models while the original's text runs through it. */
struct BlockComparison
{
    const Model& bundle;
    int block;
    BlockScheme scheme;
    EvaluatedBlock transforms; // float32, with channel scales
    BlockWeights folded;       // float32, what the bundle's codes round
    BlockClips clips;
    std::array<double, kBlockRoles.size()> errors{};
    std::array<double, kBlockRoles.size()> powers{};
    std::vector<Accumulator> sites;

    BlockComparison(const Model& quantized, const Model& reference, int index, const BlockParameters& parameters,
                    const BlockScheme& bits)
        : bundle(quantized)
        , block(index)
        , scheme(bits)
        , clips(parameters.clips)
    {
        const auto exact = finalize(parameters.transforms);
        auto weights = foldWeights(reference.info(), reference.block(block).weights.to(at::kDouble), exact, {});
        mergeInnerScale(weights, exact);
        folded = weights.to(at::kFloat);
        for (const auto site : kSites)
            transforms.at(site) = exact.at(site).to(at::kFloat);
        const auto& info = reference.info();
        for (const auto size : {info.hidden, info.heads * info.headDim, info.kvHeads * info.headDim,
                                info.kvHeads * info.headDim, info.hidden, info.intermediate})
            sites.emplace_back(size); // in the order of kSites
    }

    at::Tensor dequantized(Role role) const { return bundle.block(block).weights.dense(role); }

    void see(Site site, const at::Tensor& x)
    {
        auto moved = inputTransform(transforms, site).apply(x);
        const bool perHead = site == Site::KeyCache || site == Site::ValueCache;
        sites[static_cast<std::size_t>(site)].add((perHead ? moved.transpose(1, 2).flatten(2) : moved).contiguous());
        for (const auto role : kBlockRoles) {
            if (perHead || inputSite(role) != site)
                continue;
            const auto place = static_cast<std::size_t>(role);
            const auto& own = scheme.of(role);
            const auto rounded =
                quantizeActivation(moved, own.activationBits, clips.activation[place], own.activationAsymmetric);
            const auto exact = at::matmul(moved, folded.matrix(role).mT());
            errors[place] += squares(exact - at::matmul(rounded, dequantized(role).mT()));
            powers[place] += squares(exact);
        }
    }
};

LayerError errorOf(const BlockComparison& comparison, Role role)
{
    const auto& folded = comparison.folded.matrix(role);
    const auto power = squares(folded);
    const auto noise = squares(folded - comparison.dequantized(role));
    const auto place = static_cast<std::size_t>(role);
    LayerError error{.layer = {comparison.block, role}, .weightSqnr = 10.0 * std::log10(power / noise)};
    if (comparison.powers[place] > 0.0)
        error.outputError = comparison.errors[place] / comparison.powers[place];
    return error;
}

/** What profileWeights says of modules, of the matrices `weights` of `blocks` blocks. */
std::vector<ModuleProfile> modulesOf(const std::vector<LayerProfile>& weights, int blocks)
{
    std::vector<ModuleProfile> modules;
    for (int block = 0; block < blocks; ++block)
        for (const auto kind : {ModuleKind::Attention, ModuleKind::Mlp}) {
            ModuleProfile module{.module = {block, kind}};
            int matrices = 0;
            for (const auto& row : weights)
                if (row.layer.block == block && moduleOf(row.layer.role) == kind) {
                    module.kurtosis += row.weight.kurtosis;
                    ++matrices;
                }
            module.kurtosis /= matrices;
            modules.push_back(module);
        }
    assignRobustZ(modules, KurtosisOf::MeanOfMatrices); // what makes it doubtful the model's own profile says
    return modules;
}

} // namespace

BundleProfile profileBundleLayers(const Model& bundle, const Model& reference, const BundleHeader& header,
                                  const std::string& folder, const at::Tensor& windows,
                                  const BundleProfileObserver& observer, Progress& progress)
{
    const at::NoGradGuard noGradients;
    const auto& info = reference.info();
    if (reference.parts().files && reference.parts().files->hash() != header.sourceHash)
        throw Error(ErrorKind::InvalidArgument, "the bundle was made from another model", folder);
    BundleProfile profile;
    profile.bundle = folder;
    const auto batches = windows.defined() ? windows.split(std::max<std::int64_t>(1, kTokensAtOnce / windows.size(1)))
                                           : std::vector<at::Tensor>{};
    std::vector<at::Tensor> hidden;
    for (const auto& batch : batches)
        hidden.push_back(reference.embed(batch.to(reference.device())));
    for (int block = 0; block < info.blocks; ++block) {
        progress.checkpoint();
        progress.report(static_cast<double>(block) / info.blocks, "comparing block " + std::to_string(block));
        BlockComparison comparison(bundle, reference, block,
                                   onDevice(loadBundleParameters(folder, block), reference.device()),
                                   header.plan.schemeOf(block));
        const Tap tap = [&](const SiteId& id, const at::Tensor& x) { comparison.see(id.site, x); };
        for (auto& batch : hidden) {
            progress.checkpoint();
            batch = reference.forward(block, batch, 0, nullptr, &tap);
        }
        for (const auto role : kBlockRoles) {
            progress.checkpoint();
            const auto& weight = comparison.dequantized(role);
            profile.weights.push_back({.layer = {block, role},
                                       .dtype = "W" + std::to_string(comparison.scheme.of(role).weightBits),
                                       .shape = weight.sizes().vec(),
                                       .weight = distributionOf(weight)});
            profile.errors.push_back(errorOf(comparison, role));
            if (observer.onLayer)
                observer.onLayer(profile.weights.back());
            if (observer.onError)
                observer.onError(profile.errors.back());
        }
        for (const auto site : kSites) {
            if (hidden.empty())
                break;
            profile.activations.push_back(
                {.site = {block, site},
                 .tokens = windows.numel(),
                 .activation = comparison.sites[static_cast<std::size_t>(site)].distribution()});
            if (observer.onSite)
                observer.onSite(profile.activations.back());
        }
    }
    profile.modules = modulesOf(profile.weights, info.blocks);
    progress.report(1.0, "compared");
    return profile;
}

} // namespace core
