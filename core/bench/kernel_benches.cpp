// SPDX-License-Identifier: Apache-2.0
#include "core/bench/bench_context.h"
#include "core/quant/quantizer.h"
#include "gpu/attention.h"
#include "gpu/dispatch.h"
#include "gpu/kv_attention.h"

#include <ATen/ATen.h>

#include <cmath>

namespace core {

namespace {

std::string sizesOf(const Shape& shape)
{
    std::string text;
    for (const auto size : shape)
        text += (text.empty() ? "" : " x ") + std::to_string(size);
    return text;
}

std::string onto(const BenchContext& context)
{
    return context.device.is_cpu() ? " of LibTorch" : " of LibTorch on CUDA";
}

/** A weight of random codes, one scale a row. */
gpu::PackedMatrix randomCodes(const BenchContext& context, std::int64_t rows, std::int64_t columns, int bits)
{
    const auto options = at::TensorOptions().device(context.device);
    return {bits, rows, columns,
            at::randint(0, 256, {rows, gpu::packedRowBytes(columns, bits)}, options.dtype(at::kByte)),
            at::rand({rows, 1}, options) * 0.01 + 0.01};
}

/** Enough copies of a matrix to go round among. */
std::vector<gpu::PackedMatrix> copiesOf(const BenchContext& context, const gpu::PackedMatrix& matrix)
{
    std::vector<gpu::PackedMatrix> result;
    for (const auto& data : context.copies(matrix.data)) {
        result.push_back(matrix);
        result.back().data = data;
    }
    return result;
}

double linearSeconds(const BenchContext& context, std::int64_t tokens, std::int64_t in, std::int64_t out,
                     at::ScalarType type)
{
    const auto options = at::TensorOptions().device(context.device).dtype(type);
    const auto x = at::randn({tokens, in}, options);
    const auto weights = context.copies(at::randn({out, in}, options));
    return context.seconds([&](int i) { at::linear(x, weights[static_cast<std::size_t>(i) % weights.size()]); });
}

} // namespace

void benchStatistics(const BenchContext& context, const Shape& shape)
{
    const auto options = at::TensorOptions().device(context.device).dtype(at::kBFloat16);
    const auto weights = context.copies(at::randn({shape[0], shape[1]}, options) * 0.02);
    const auto at = [&](int i) -> const at::Tensor& { return weights[static_cast<std::size_t>(i) % weights.size()]; };
    const double ours = context.seconds([&](int i) {
        gpu::Statistics statistics(shape[1]);
        gpu::accumulateStatistics(statistics, at(i));
    });
    const double theirs = context.seconds([&](int i) {
        const auto x = at(i).to(at::kFloat);
        const auto d = x - x.mean();
        const auto square = d * d;
        const auto low = x.min().item();
        const auto high = x.max().item();
        at::stack({square.mean(), (square * d).mean(), (square * square).mean()}).cpu();
        at::histc(x, 512, low, high).cpu();
        x.abs().amax(0).cpu();
    });
    const double least = static_cast<double>(weights[0].nbytes()) / context.report.readBandwidth;
    context.add({.name = "statistics, bf16",
                 .shape = sizesOf(shape),
                 .reference = "the operators" + onto(context),
                 .ours = ours,
                 .theirs = theirs,
                 .limit = "read bandwidth",
                 .limitFraction = least / ours});
}

void benchRounding(const BenchContext& context, const Shape& shape)
{
    const auto options = at::TensorOptions().device(context.device);
    const auto rows = context.copies(at::randn({shape[0], shape[1]}, options));
    const ClipLogits clip{at::full({}, 4.0, options), at::full({}, 4.0, options)};
    const auto at = [&](int i) -> const at::Tensor& { return rows[static_cast<std::size_t>(i) % rows.size()]; };
    const double composed = context.seconds([&](int i) { quantizeActivationComposed(at(i), 4, clip); });
    const auto bytes = static_cast<double>(rows[0].nbytes());
    const auto add = [&](const char* name, double seconds, double least) {
        context.add({.name = name,
                     .shape = sizesOf(shape),
                     .reference = "composed operators" + onto(context),
                     .ours = seconds,
                     .theirs = composed,
                     .limit = "copy bandwidth",
                     .limitFraction = least / context.report.copyBandwidth / seconds});
    };
    add("round to 4 bits and back", context.seconds([&](int i) { quantizeActivation(at(i), 4, clip); }), 2.0 * bytes);
    add("round to 4-bit codes", context.seconds([&](int i) {
        gpu::quantizeToCodes(at(i), 4, {0.98f, 0.98f});
    }),
        1.25 * bytes);
}

void benchIntegerProduct(const BenchContext& context, const Shape& shape, int bits)
{
    const auto tokens = shape[0], in = shape[1], out = shape[2];
    const auto options = at::TensorOptions().device(context.device);
    const int top = 1 << (bits - 1);
    const gpu::RowCodes x{at::randint(-top, top, {tokens, in}, options.dtype(at::kChar)), at::rand({tokens}, options)};
    const auto weights = copiesOf(context, randomCodes(context, out, in, bits));
    const double ours = context.seconds(
        [&](int i) { gpu::packedLinear(x, weights[static_cast<std::size_t>(i) % weights.size()], {}); });
    const double operations = 2.0 * double(tokens) * double(in) * double(out);
    const auto add = [&](const char* reference, double theirs) {
        context.add({.name = "w" + std::to_string(bits) + "a" + std::to_string(bits) + " product",
                     .shape = sizesOf(shape),
                     .reference = reference + onto(context),
                     .ours = ours,
                     .theirs = theirs,
                     .limit = context.device.is_cpu() ? "float32 matrix rate" : "8-bit matrix rate",
                     .limitFraction = operations / context.report.matrixRate / ours});
    };
    add("float32 product", linearSeconds(context, tokens, in, out, at::kFloat));
    add("bfloat16 product", linearSeconds(context, tokens, in, out, at::kBFloat16));
}

void benchPackedWeights(const BenchContext& context, const Shape& shape)
{
    const auto tokens = shape[0], in = shape[1], out = shape[2];
    const auto x = at::randn({tokens, in}, at::TensorOptions().device(context.device));
    const double wide = linearSeconds(context, tokens, in, out, at::kFloat);
    const double half = linearSeconds(context, tokens, in, out, at::kBFloat16);
    for (const int bits : {2, 4, 8}) {
        const auto weights = copiesOf(context, randomCodes(context, out, in, bits));
        const double ours = context.seconds(
            [&](int i) { gpu::packedLinear(x, weights[static_cast<std::size_t>(i) % weights.size()], {}); });
        const double least = double(weights[0].bytes()) / context.report.readBandwidth;
        for (const auto& [reference, theirs] : {std::pair{"float32 product", wide}, {"bfloat16 product", half}})
            context.add({.name = "w" + std::to_string(bits) + "a16 product",
                         .shape = sizesOf(shape),
                         .reference = reference + onto(context),
                         .ours = ours,
                         .theirs = theirs,
                         .limit = "read bandwidth",
                         .limitFraction = least / ours});
    }
}

void benchPackedAttention(const BenchContext& context, const Shape& shape)
{
    const auto keyHeads = shape[0], perHead = shape[1], keys = shape[2], width = shape[3];
    const auto options = at::TensorOptions().device(context.device);
    const auto q = at::randn({1, keyHeads * perHead, 1, width}, options);
    const auto k = at::randn({1, keyHeads, keys, width}, options);
    const auto v = at::randn({1, keyHeads, keys, width}, options);
    const double scale = 1.0 / std::sqrt(double(width));
    const auto packedK = gpu::packRows(k, 4, {});
    const auto packedV = gpu::packRows(v, 4, {});
    const double ours = context.seconds([&](int) { gpu::attendPacked(q, packedK, packedV, scale); });
    const auto wideK = k.repeat_interleave(perHead, 1);
    const auto wideV = v.repeat_interleave(perHead, 1);
    const double theirs = context.seconds(
        [&](int) { at::scaled_dot_product_attention(q, wideK, wideV, std::nullopt, 0.0, false, scale); });
    const double bytes = 2.0 * double(keyHeads * keys) * (double(width) / 2.0 + 5.0);
    context.add({.name = "attention to 4-bit keys and values",
                 .shape = sizesOf(shape),
                 .reference = "float32 attention" + onto(context),
                 .ours = ours,
                 .theirs = theirs,
                 .limit = "read bandwidth",
                 .limitFraction = bytes / context.report.readBandwidth / ours});
}

void benchAttention(const BenchContext& context, const Shape& shape)
{
    if (!context.device.is_cpu())
        return; // there LibTorch's own computes
    const auto keyHeads = shape[0], perHead = shape[1], tokens = shape[2], width = shape[3];
    const auto q = at::randn({1, keyHeads * perHead, tokens, width});
    const auto k = at::randn({1, keyHeads, tokens, width});
    const auto v = at::randn({1, keyHeads, tokens, width});
    const double scale = 1.0 / std::sqrt(double(width));
    const double ours = context.seconds([&](int) { gpu::attend(q, k, v, scale); });
    const auto wideK = k.repeat_interleave(perHead, 1);
    const auto wideV = v.repeat_interleave(perHead, 1);
    const double theirs = context.seconds(
        [&](int) { at::scaled_dot_product_attention(q, wideK, wideV, std::nullopt, 0.0, true, scale); });
    const double pairs = double(keyHeads * perHead) * double(tokens) * double(tokens + 1) / 2.0;
    context.add({.name = "attention of whole texts",
                 .shape = sizesOf(shape),
                 .reference = "scaled_dot_product_attention" + onto(context),
                 .ours = ours,
                 .theirs = theirs,
                 .limit = "float32 matrix rate",
                 .limitFraction = 4.0 * pairs * double(width) / context.report.matrixRate / ours});
}

} // namespace core
