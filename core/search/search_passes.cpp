// SPDX-License-Identifier: Apache-2.0
#include "core/search/search_passes.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

namespace core {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

void scaleGradients(const BlockParameters& parameters, double factor)
{
    const at::NoGradGuard noGrad;
    for (const auto& all : {transformParameters(parameters), clipParameters(parameters)})
        for (auto tensor : all)
            if (tensor.grad().defined())
                tensor.mutable_grad().mul_(factor);
}

/** Gradients of the loss's logarithm: nothing to do where it is 0, which no step can lower. */
void normalize(const BlockParameters& parameters, double loss)
{
    if (loss > 0.0)
        scaleGradients(parameters, 1.0 / loss);
}

/** Adds the gradient of weight * loss; the loss's value, NaN and no gradient where it is not finite. */
double addGradient(const at::Tensor& loss, double weight, int& notFinite)
{
    const double value = loss.item<double>();
    if (!std::isfinite(value)) {
        ++notFinite;
        return kNaN;
    }
    if (loss.requires_grad())
        loss.backward(at::full_like(loss, weight));
    return value;
}

double expectedPass(SearchState& state, const SearchBatch& batch, Progress& progress)
{
    // Weights of a candidate's own sum, which normalize() takes away again: not so small that float32 loses them.
    constexpr double kSmallest = 1e-3;
    const auto p = state.gates.attention.values(state.temperature);
    const auto q = state.gates.mlp.values(state.temperature);
    auto mlps = makeHalves(state.problem, ModuleKind::Mlp, state.candidates.mlp);
    for (auto& mlp : mlps)
        mlp.cut();
    std::vector<double> attentionLoss(p.size()), mlpLoss(q.size());
    double total = kNaN;
    for (std::size_t i = 0; i < p.size(); ++i) {
        const CandidateHalf attention(state.problem, ModuleKind::Attention, state.candidates.attention[i]);
        const auto after = attention.forward(batch.inputs);
        const auto leaf = after.detach().requires_grad_();
        for (std::size_t j = 0; j < q.size(); ++j) {
            progress.checkpoint();
            const double weight = std::max(p[i], kSmallest) * std::max(q[j], kSmallest);
            const double loss =
                addGradient(at::mse_loss(mlps[j].forward(leaf), batch.targets), weight, state.notFinite);
            if (std::isnan(loss))
                continue;
            attentionLoss[i] += weight * loss;
            mlpLoss[j] += weight * loss;
            total = (std::isnan(total) ? 0.0 : total) + p[i] * q[j] * loss;
        }
        if (after.requires_grad() && leaf.grad().defined())
            after.backward(leaf.grad());
    }
    for (auto& mlp : mlps)
        mlp.finishBackward();
    for (std::size_t k = 0; k < p.size(); ++k)
        normalize(state.candidates.attention[k], attentionLoss[k]);
    for (std::size_t k = 0; k < q.size(); ++k)
        normalize(state.candidates.mlp[k], mlpLoss[k]);
    return total;
}

/** The block's state between its halves, in full precision. */
at::Tensor fullAttention(const BlockProblem& problem, const at::Tensor& inputs)
{
    const at::NoGradGuard noGrad;
    const BlockContext context{.info = problem.info, .rope = problem.rope, .block = problem.block};
    return forwardAttention(context, problem.weights, inputs);
}

double decoupledPass(SearchState& state, const SearchBatch& batch, Progress& progress)
{
    const auto between = fullAttention(state.problem, batch.inputs);
    double total = kNaN;
    for (const auto module : {ModuleKind::Attention, ModuleKind::Mlp}) {
        const bool isMlp = module == ModuleKind::Mlp;
        const auto p = (isMlp ? state.gates.mlp : state.gates.attention).values(state.temperature);
        for (std::size_t k = 0; k < p.size(); ++k) {
            progress.checkpoint();
            const auto& parameters = state.candidates.of(module)[k];
            const CandidateHalf half(state.problem, module, parameters);
            const auto output = half.forward(isMlp ? between : batch.inputs);
            const double loss =
                addGradient(at::mse_loss(output, isMlp ? batch.targets : between), 1.0, state.notFinite);
            if (std::isnan(loss))
                continue;
            normalize(parameters, loss);
            total = (std::isnan(total) ? 0.0 : total) + p[k] * loss;
        }
    }
    return total;
}

double gumbelPass(SearchState& state, const SearchBatch& batch, Progress& progress)
{
    const auto drawn = [&](const Gates& gates) {
        const at::NoGradGuard noGrad;
        return gates.draw(state.temperature, state.random).argmax().item<std::int64_t>();
    };
    const auto& attention = state.candidates.attention[std::size_t(drawn(state.gates.attention))];
    const auto& mlp = state.candidates.mlp[std::size_t(drawn(state.gates.mlp))];
    progress.checkpoint();
    const auto after = CandidateHalf(state.problem, ModuleKind::Attention, attention).forward(batch.inputs);
    const auto output = CandidateHalf(state.problem, ModuleKind::Mlp, mlp).forward(after);
    const double loss = addGradient(at::mse_loss(output, batch.targets), 1.0, state.notFinite);
    normalize(attention, loss);
    normalize(mlp, loss);
    return loss;
}

/** sum_k p_k f_k(x); `p` [K] float64, differentiable. */
at::Tensor mixture(const std::vector<CandidateHalf>& halves, const at::Tensor& p, const at::Tensor& x,
                   Progress& progress)
{
    const auto weights = p.to(x.options());
    at::Tensor mixed;
    for (std::size_t k = 0; k < halves.size(); ++k) {
        progress.checkpoint();
        const auto part = weights[std::int64_t(k)] * halves[k].forward(x);
        mixed = mixed.defined() ? mixed + part : part;
    }
    return mixed;
}

at::Tensor mixedLoss(const SearchState& state, const at::Tensor& p, const at::Tensor& q, const SearchBatch& batch,
                     Progress& progress)
{
    const auto attention = makeHalves(state.problem, ModuleKind::Attention, state.candidates.attention);
    const auto mlp = makeHalves(state.problem, ModuleKind::Mlp, state.candidates.mlp);
    const auto after = mixture(attention, p, batch.inputs, progress);
    return at::mse_loss(mixture(mlp, q, after, progress), batch.targets);
}

double softMixPass(SearchState& state, const SearchBatch& batch, Progress& progress)
{
    const auto p = state.gates.attention.probabilities(state.temperature).detach();
    const auto q = state.gates.mlp.probabilities(state.temperature).detach();
    const double loss = addGradient(mixedLoss(state, p, q, batch, progress), 1.0, state.notFinite);
    for (const auto module : {ModuleKind::Attention, ModuleKind::Mlp})
        for (const auto& candidate : state.candidates.of(module))
            normalize(candidate, loss);
    return loss;
}

/** What is not finite counts as ten times the largest loss that is; undefined where none is. */
at::Tensor comparable(const at::Tensor& losses, int& notFinite)
{
    const auto finite = at::isfinite(losses);
    const auto missing = losses.numel() - finite.sum().item<std::int64_t>();
    notFinite += int(missing);
    if (missing == 0)
        return losses;
    if (missing == losses.numel())
        return {};
    return at::where(finite, losses, at::full_like(losses, 10.0 * losses.masked_select(finite).max().item<double>()));
}

at::Tensor relative(const at::Tensor& objective)
{
    const double value = objective.item<double>();
    return value > 0.0 ? objective / value : objective;
}

at::Tensor expectedObjective(SearchState& state, const SearchBatch& batch, Progress& progress)
{
    at::Tensor losses;
    {
        const at::NoGradGuard noGrad;
        const auto attention = makeHalves(state.problem, ModuleKind::Attention, state.candidates.attention);
        const auto mlp = makeHalves(state.problem, ModuleKind::Mlp, state.candidates.mlp);
        losses = comparable(pairLosses(attention, mlp, batch.inputs, batch.targets, progress), state.notFinite);
    }
    if (!losses.defined())
        return {};
    return relative(expectedLoss(state.gates.attention.probabilities(state.temperature),
                                 state.gates.mlp.probabilities(state.temperature), losses));
}

at::Tensor decoupledObjective(SearchState& state, const SearchBatch& batch, Progress& progress)
{
    const auto between = fullAttention(state.problem, batch.inputs);
    const auto part = [&](ModuleKind module, const Gates& gates, const at::Tensor& inputs, const at::Tensor& targets) {
        const auto& candidates = state.candidates.of(module);
        auto losses = at::empty({std::ssize(candidates)}, at::kDouble);
        {
            const at::NoGradGuard noGrad;
            for (std::size_t k = 0; k < candidates.size(); ++k) {
                progress.checkpoint();
                const CandidateHalf half(state.problem, module, candidates[k]);
                losses[std::int64_t(k)] = at::mse_loss(half.forward(inputs), targets).item<double>();
            }
        }
        losses = comparable(losses, state.notFinite);
        return losses.defined() ? relative(at::dot(gates.probabilities(state.temperature), losses)) : at::Tensor();
    };
    const auto attention = part(ModuleKind::Attention, state.gates.attention, batch.inputs, between);
    const auto mlp = part(ModuleKind::Mlp, state.gates.mlp, between, batch.targets);
    return attention.defined() && mlp.defined() ? attention + mlp : at::Tensor();
}

/** The loss of a drawn pair, with a gradient to every gate through what each of the others would have cost in its place. */
at::Tensor gumbelObjective(SearchState& state, const SearchBatch& batch, Progress& progress)
{
    const auto z = state.gates.attention.draw(state.temperature, state.random);
    const auto w = state.gates.mlp.draw(state.temperature, state.random);
    const auto i = z.argmax().item<std::int64_t>();
    const auto j = w.argmax().item<std::int64_t>();
    const auto rows = std::ssize(state.candidates.attention);
    const auto columns = std::ssize(state.candidates.mlp);
    auto losses = at::zeros({rows, columns}, at::kDouble);
    {
        const at::NoGradGuard noGrad;
        const auto measure = [&](std::int64_t row, std::int64_t column, const at::Tensor& after) {
            progress.checkpoint();
            const CandidateHalf mlp(state.problem, ModuleKind::Mlp, state.candidates.mlp[std::size_t(column)]);
            losses[row][column] = at::mse_loss(mlp.forward(after), batch.targets).item<double>();
        };
        for (std::int64_t row = 0; row < rows; ++row) {
            const auto after =
                CandidateHalf(state.problem, ModuleKind::Attention, state.candidates.attention[std::size_t(row)])
                    .forward(batch.inputs);
            for (std::int64_t column = 0; column < columns; ++column)
                if (row == i || column == j)
                    measure(row, column, after);
        }
    }
    losses = comparable(losses, state.notFinite);
    return losses.defined() ? relative(expectedLoss(z, w, losses)) : at::Tensor();
}

at::Tensor softMixObjective(SearchState& state, const SearchBatch& batch, Progress& progress)
{
    const auto loss = mixedLoss(state, state.gates.attention.probabilities(state.temperature),
                                state.gates.mlp.probabilities(state.temperature), batch, progress);
    if (!std::isfinite(loss.item<double>())) {
        ++state.notFinite;
        return {};
    }
    return relative(loss.to(at::kCPU, at::kDouble));
}

} // namespace

double trainingPass(SearchMode mode, SearchState& state, const SearchBatch& batch, Progress& progress)
{
    switch (mode) {
    case SearchMode::Decoupled: return decoupledPass(state, batch, progress);
    case SearchMode::GumbelSt: return gumbelPass(state, batch, progress);
    case SearchMode::SoftMix: return softMixPass(state, batch, progress);
    default: return expectedPass(state, batch, progress);
    }
}

at::Tensor gateObjective(SearchMode mode, SearchState& state, const SearchBatch& batch, Progress& progress)
{
    switch (mode) {
    case SearchMode::Decoupled: return decoupledObjective(state, batch, progress);
    case SearchMode::GumbelSt: return gumbelObjective(state, batch, progress);
    case SearchMode::SoftMix: return softMixObjective(state, batch, progress);
    default: return expectedObjective(state, batch, progress);
    }
}

} // namespace core
