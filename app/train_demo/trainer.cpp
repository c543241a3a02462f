// SPDX-License-Identifier: Apache-2.0
#include "app/train_demo/trainer.h"

#include "app/train_demo/random.h"
#include "core/base/error.h"

#include <torch/torch.h>

#include <chrono>
#include <cstdio>
#include <future>
#include <numbers>
#include <numeric>
#include <thread>

namespace demo {

namespace {

constexpr int kReportedSteps = 25;

using Clock = std::chrono::steady_clock;

bool multipliesBFloat16()
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bf16") != 0;
#else
    return false;
#endif
}

/** Linear up, then half a cosine down to a fiftieth. */
double scheduleAt(int step, const TrainingOptions& options)
{
    const double warm = std::max(1.0, options.warmup * options.steps);
    if (step < warm)
        return (step + 1) / warm;
    const double gone = (step - warm) / (options.steps - warm);
    return 0.02 + 0.98 * 0.5 * (1.0 + std::cos(std::numbers::pi * gone));
}

/** The rows of the token stream, [rows, window + 1] (the last token of a row is the first of the next), in a random
    order. */
class Batches
{
public:
    Batches(const std::vector<int>& tokens, const TrainingOptions& options)
        : m_window(options.window)
        , m_batch(options.batch)
        , m_tokens(torch::tensor(tokens, torch::kInt64))
    {
        m_order.resize((tokens.size() - 1) / static_cast<std::size_t>(options.window));
        std::iota(m_order.begin(), m_order.end(), 0);
        Random random(options.seed ^ hashOf("order"));
        random.shuffle(m_order);
    }

    torch::Tensor at(int step) const
    {
        std::vector<torch::Tensor> rows;
        for (std::int64_t i = 0; i < m_batch; ++i) {
            const auto row = static_cast<std::size_t>(step * m_batch + i) % m_order.size();
            rows.push_back(m_tokens.narrow(0, m_order[row] * m_window, m_window + 1));
        }
        return torch::stack(rows);
    }

private:
    std::int64_t m_window;
    std::int64_t m_batch;
    torch::Tensor m_tokens;
    std::vector<std::int64_t> m_order;
};

int resume(Optimizer& optimizer, const TrainingOptions& options)
{
    if (options.checkpoint.empty() || !std::filesystem::exists(options.checkpoint))
        return 0;
    std::vector<torch::Tensor> state;
    torch::load(state, options.checkpoint.string());
    const int step = state.back().item<int>();
    state.pop_back();
    optimizer.restore(state, step);
    std::printf("going on at step %d of %d\n", step, options.steps);
    return step;
}

void save(const Optimizer& optimizer, int step, const TrainingOptions& options)
{
    if (options.checkpoint.empty())
        return;
    auto state = optimizer.state();
    state.push_back(torch::tensor(step));
    const auto aside = options.checkpoint.string() + ".part";
    torch::save(state, aside);
    std::filesystem::rename(aside, options.checkpoint);
}

struct Gradients
{
    double loss = 0.0;
    torch::autograd::variable_list tensors; // in the order of the leaves
};

Gradients gradientsOf(const core::Model::Parts& parts, const std::vector<torch::Tensor>& leaves,
                      const torch::Tensor& batch, at::ScalarType dtype)
{
    const core::Model model(castWeights(parts, dtype));
    const auto inputs = batch.narrow(1, 0, batch.size(1) - 1);
    const auto targets = batch.narrow(1, 1, batch.size(1) - 1);
    const auto logits = model.logits(model.hiddenStates(inputs)).to(torch::kFloat);
    const auto loss = torch::nn::functional::cross_entropy(logits.flatten(0, 1), targets.flatten());
    return {loss.item<double>(), torch::autograd::grad({loss}, leaves)};
}

/** The mean loss of a batch; its gradients are left in the leaves. The batch is cut into one part for each worker,
    which meet once a step: on small matrices that is far better than sharing every product. The sum is taken in a
    fixed order. */
double lossAndGradients(core::Model::Parts& parts, const torch::Tensor& batch, int workers, at::ScalarType dtype)
{
    std::vector<torch::Tensor> leaves;
    for (const auto& named : namedTensors(parts))
        leaves.push_back(*named.tensor);
    const auto rows = torch::chunk(batch, workers);
    std::vector<std::future<Gradients>> running;
    for (std::size_t i = 1; i < rows.size(); ++i)
        running.push_back(std::async(std::launch::async, gradientsOf, parts, leaves, rows[i], dtype));
    auto total = gradientsOf(parts, leaves, rows[0], dtype);
    for (auto& future : running) {
        const auto part = future.get();
        total.loss += part.loss;
        for (std::size_t i = 0; i < leaves.size(); ++i)
            total.tensors[i].add_(part.tensors[i]);
    }
    for (std::size_t i = 0; i < leaves.size(); ++i)
        leaves[i].mutable_grad() = total.tensors[i].div_(double(rows.size()));
    return total.loss / double(rows.size());
}

} // namespace

std::size_t tokensNeeded(const TrainingOptions& options)
{
    return static_cast<std::size_t>(options.steps * options.batch * options.window + 1);
}

void train(core::Model::Parts& parts, const std::vector<int>& tokens, const TrainingOptions& options)
{
    const auto dtype = multipliesBFloat16() ? at::kBFloat16 : at::kFloat;
    const int workers = options.workers > 0 ? options.workers : static_cast<int>(std::thread::hardware_concurrency());
    at::set_num_threads(1); // of each worker
    const Batches batches(tokens, options);
    Optimizer optimizer(parts, options.optimizer);
    const auto start = Clock::now();
    const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - start).count(); };
    const int first = resume(optimizer, options);
    double saved = 0.0;
    double sum = 0.0;
    int counted = 0;
    for (int step = first; step < options.steps; ++step) {
        const double loss = lossAndGradients(parts, batches.at(step), workers, dtype);
        if (!std::isfinite(loss))
            throw core::Error(core::ErrorKind::Numeric, "the loss is not finite at step " + std::to_string(step));
        const double norm = optimizer.step(scheduleAt(step, options));
        sum += loss;
        ++counted;
        if (counted == kReportedSteps || step + 1 == options.steps) {
            std::printf("step %5d of %d  loss %.4f  gradient %.3f  %.1f s\n", step + 1, options.steps, sum / counted,
                        norm, seconds());
            std::fflush(stdout);
            sum = 0.0;
            counted = 0;
        }
        if (seconds() - saved > 60.0 || step + 1 == options.steps) {
            save(optimizer, step + 1, options);
            saved = seconds();
        }
    }
}

} // namespace demo
