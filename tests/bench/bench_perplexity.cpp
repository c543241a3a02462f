// SPDX-License-Identifier: Apache-2.0
// Tokens a second of a whole evaluation, beside the matrix products alone that it cannot do without: the ratio says how much
// time goes elsewhere (attention, softmax, norms, losses).
//
//     bench_perplexity MODEL TEXT [WINDOWS [BATCH...]]
#include "core/eval/perplexity.h"
#include "core/io/text_reader.h"
#include "core/tokenizer/tokenizer.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

double secondsOf(const std::function<void()>& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/** Every matrix of the model once, on as many rows as the evaluation has tokens. */
double productsAlone(const core::Model& model, std::int64_t tokens, std::int64_t rows)
{
    const at::NoGradGuard withoutGradients;
    std::vector<at::Tensor> matrices{model.parts().head};
    for (const auto& block : model.parts().blocks)
        for (const auto role : core::kBlockRoles)
            matrices.push_back(block.weights.matrix(role));
    std::vector<at::Tensor> inputs;
    for (const auto& matrix : matrices)
        inputs.push_back(at::randn({rows, matrix.size(1)}));
    return secondsOf([&] {
        for (std::int64_t done = 0; done < tokens; done += rows)
            for (std::size_t i = 0; i < matrices.size(); ++i)
                at::linear(inputs[i], matrices[i]);
    });
}

} // namespace

int main(int count, char** arguments)
{
    if (count < 3) {
        std::fprintf(stderr, "bench_perplexity MODEL TEXT [WINDOWS [BATCH...]]\n");
        return 2;
    }
    core::Progress progress;
    const auto model = core::Model::load(core::ModelFiles::open(arguments[1]), {}, progress);
    const auto ids = core::loadTokenizer(arguments[1])->encode(core::readText(arguments[2]), core::SpecialTokens::Add);
    const auto window = std::min<std::int64_t>(2048, model->info().context);
    const auto windows = count > 3 ? std::atoll(arguments[3]) : 32;
    std::vector<std::int64_t> batches;
    for (int i = 4; i < count; ++i)
        batches.push_back(std::atoll(arguments[i]));
    if (batches.empty())
        batches = {0};
    std::printf("device cpu, dtype float32, threads %d, window %lld\n", at::get_num_threads(),
                static_cast<long long>(window));
    for (const auto batch : batches) {
        core::PerplexityResult result;
        const core::PerplexityOptions options{.limitTokens = windows * window, .batch = batch};
        const auto seconds = secondsOf([&] { result = core::measurePerplexity(*model, ids, options, progress); });
        const auto tokens = result.windows * window;
        const auto products = productsAlone(*model, tokens, batch > 0 ? batch * window : 4096);
        std::printf("batch %lld: %lld windows, perplexity %.5f, %.2f s, %.0f tokens/s, matrix products alone %.2f s, "
                    "ratio %.2f\n",
                    static_cast<long long>(batch), static_cast<long long>(result.windows), result.value, seconds,
                    static_cast<double>(tokens) / seconds, products, seconds / products);
    }
}
