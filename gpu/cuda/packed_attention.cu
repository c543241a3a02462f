// SPDX-License-Identifier: Apache-2.0
// Attention of a few queries to packed keys and values, each read once. A group of lanes holds one key at a time, 16 channels a lane,
// and keeps running maximum, sum and weighted values of its own keys; they are merged over the block's groups, then over blocks.
#include "gpu/cuda/launch.h"
#include "gpu/cuda/packed_kernels.h"

#include <algorithm>
#include <cmath>

namespace gpu::cuda {

namespace {

constexpr int kChannels = 16; // of a head, a lane
constexpr int kThreads = 128;
constexpr int kKeysOfBlock = 256; // at least, before keys are split among blocks
constexpr float kMinusInfinity = -INFINITY;

struct Task
{
    const float* q;
    PackedSide keys, values;
    AttentionShape shape;
    int rows;   // queries of one key head: its query heads times tokens
    int splits; // blocks that share the keys
    float* partial; // [batch * key head][row][split]: width weighted values, then maximum and sum
    float* out;
};

/** The codes of `kSlot` bits in words of memory, minus zero; `magic` = 2^23 + zero. */
template <int kSlot>
__device__ inline void codesOf(const unsigned (&words)[kSlot / 2], float magic, float (&codes)[kChannels])
{
    constexpr int kPlanes = 8 / kSlot;
    constexpr unsigned kMask = kSlot == 8 ? 0xffffffffu : kSlot == 4 ? 0x0f0f0f0fu : 0x03030303u;
#pragma unroll
    for (int word = 0; word < kSlot / 2; ++word)
#pragma unroll
        for (int plane = 0; plane < kPlanes; ++plane) {
            const unsigned bytes = (words[word] >> (kSlot * plane)) & kMask;
#pragma unroll
            for (int byte = 0; byte < 4; ++byte) // a byte behind the exponent of 2^23 is the float 2^23 + byte
                codes[(word * 4 + byte) * kPlanes + plane] =
                    __uint_as_float(__byte_perm(bytes, 0x4b000000u, 0x7440u + byte)) - magic;
        }
}

/** 16 channels of a token: codes minus zero, and their scale. */
__device__ inline float loadRow(const PackedSide& side, std::int64_t batch, std::int64_t head, std::int64_t token,
                                int channel, int width, float (&codes)[kChannels])
{
    const auto grid = batch * side.gridStrides[0] + head * side.gridStrides[1] + token * side.gridStrides[2]
        + channel / (width / static_cast<int>(side.groups));
    const auto* at = side.data + batch * side.dataStrides[0] + head * side.dataStrides[1]
        + token * side.dataStrides[2] + channel * side.slot / 8;
    const float magic = 8388608.0f + static_cast<float>(side.zeros[grid]);
    if (side.slot == 4) {
        const auto two = *reinterpret_cast<const uint2*>(at);
        codesOf<4>({two.x, two.y}, magic, codes);
    } else if (side.slot == 8) {
        const auto four = *reinterpret_cast<const uint4*>(at);
        codesOf<8>({four.x, four.y, four.z, four.w}, magic, codes);
    } else {
        codesOf<2>({*reinterpret_cast<const unsigned*>(at)}, magic, codes);
    }
    return side.scales[grid];
}

/** What a group of lanes knows of one query: softmax over its keys so far. */
struct Running
{
    float maximum = kMinusInfinity;
    float sum = 0.0f;
};

/** `values` of two parts brought to one maximum. */
__device__ inline float factorTo(float maximum, float common)
{
    return maximum == kMinusInfinity ? 0.0f : __expf(maximum - common);
}

template <int kLanes, int kRows>
__global__ void __launch_bounds__(kThreads) attendSplit(const Task task)
{
    constexpr int kGroups = kThreads / kLanes;
    const auto& s = task.shape;
    const int width = static_cast<int>(s.width);
    const int group = threadIdx.x / kLanes;
    const int channel = threadIdx.x % kLanes * kChannels;
    const auto batch = blockIdx.y / s.keyHeads;
    const auto head = blockIdx.y % s.keyHeads;
    const int firstRow = blockIdx.z * kRows;
    const auto* queries = task.q + blockIdx.y * std::int64_t(task.rows) * width;
    float q[kRows][kChannels];
    std::int64_t first[kRows], end[kRows];
    std::int64_t begin = s.keys, last = 0;
#pragma unroll
    for (int r = 0; r < kRows; ++r) {
        const int row = min(firstRow + r, task.rows - 1);
        end[r] = s.keys - s.tokens + row % s.tokens + 1;
        first[r] = s.window > 0 ? max(std::int64_t(0), end[r] - s.window) : 0;
        begin = min(begin, first[r]);
        last = max(last, end[r]);
#pragma unroll
        for (int i = 0; i < kChannels; ++i)
            q[r][i] = queries[std::int64_t(row) * width + channel + i] * s.scale;
    }
    const auto span = (last - begin + task.splits - 1) / task.splits;
    const auto from = begin + blockIdx.x * span;
    const auto to = min(last, from + span);
    Running running[kRows];
    float mixed[kRows][kChannels] = {};
    // All lanes of a warp take the same number of turns: the sums over lanes below need every one of them.
    const auto turns = to > from ? (to - from + kGroups - 1) / kGroups : 0;
    for (std::int64_t turn = 0; turn < turns; ++turn) {
        const auto wanted = from + turn * kGroups + group;
        const auto key = min(wanted, to - 1);
        float codes[kChannels];
        const float keyScale = loadRow(task.keys, batch, head, key, channel, width, codes);
        float scores[kRows];
#pragma unroll
        for (int r = 0; r < kRows; ++r) {
            float sum = 0.0f;
#pragma unroll
            for (int i = 0; i < kChannels; ++i)
                sum += q[r][i] * codes[i];
            scores[r] = sumOverLanes<kLanes>(sum * keyScale);
        }
        const float valueScale = loadRow(task.values, batch, head, key, channel, width, codes);
#pragma unroll
        for (int r = 0; r < kRows; ++r) {
            if (wanted >= to || key < first[r] || key >= end[r])
                continue;
            auto& now = running[r];
            if (!(scores[r] <= now.maximum)) { // NaN too
                const float factor = factorTo(now.maximum, scores[r]);
                now.maximum = scores[r];
                now.sum *= factor;
#pragma unroll
                for (int i = 0; i < kChannels; ++i)
                    mixed[r][i] *= factor;
            }
            const float weight = __expf(scores[r] - now.maximum);
            now.sum += weight;
            const float scaled = weight * valueScale;
#pragma unroll
            for (int i = 0; i < kChannels; ++i)
                mixed[r][i] += scaled * codes[i];
        }
    }
    // The block's groups become one.
    __shared__ float maxima[kGroups], sums[kGroups];
    __shared__ float total[kThreads * kChannels];
#pragma unroll
    for (int r = 0; r < kRows; ++r) {
        if (threadIdx.x % kLanes == 0) {
            maxima[group] = running[r].maximum;
            sums[group] = running[r].sum;
        }
#pragma unroll
        for (int i = 0; i < kChannels; ++i)
            total[group * width + channel + i] = mixed[r][i];
        __syncthreads();
        float common = kMinusInfinity;
        bool nan = false;
        for (int g = 0; g < kGroups; ++g) {
            common = max(common, maxima[g]);
            nan = nan || isnan(maxima[g]) || isnan(sums[g]);
        }
        float sum = 0.0f;
        for (int g = 0; g < kGroups; ++g)
            sum += sums[g] * factorTo(maxima[g], common);
        if (nan)
            sum = NAN;
        const int row = firstRow + r;
        if (row < task.rows) {
            auto* target = task.splits == 1
                ? task.out + (blockIdx.y * std::int64_t(task.rows) + row) * width
                : task.partial + ((blockIdx.y * std::int64_t(task.rows) + row) * task.splits + blockIdx.x) * (width + 2);
            for (int i = threadIdx.x; i < width; i += kThreads) {
                float value = 0.0f;
                for (int g = 0; g < kGroups; ++g)
                    value += total[g * width + i] * factorTo(maxima[g], common);
                target[i] = task.splits == 1 ? value / sum : value;
            }
            if (task.splits > 1 && threadIdx.x == 0) {
                target[width] = common;
                target[width + 1] = sum;
            }
        }
        __syncthreads();
    }
}

/** One block for each query: what the splits found, merged. */
__global__ void mergeSplits(const float* partial, int width, int splits, float* out)
{
    const auto* parts = partial + std::int64_t(blockIdx.x) * splits * (width + 2);
    float common = kMinusInfinity;
    for (int split = 0; split < splits; ++split)
        common = max(common, parts[split * (width + 2) + width]);
    float sum = 0.0f;
    for (int split = 0; split < splits; ++split)
        sum += parts[split * (width + 2) + width + 1] * factorTo(parts[split * (width + 2) + width], common);
    for (int i = threadIdx.x; i < width; i += blockDim.x) {
        float value = 0.0f;
        for (int split = 0; split < splits; ++split)
            value += parts[split * (width + 2) + i] * factorTo(parts[split * (width + 2) + width], common);
        out[std::int64_t(blockIdx.x) * width + i] = value / sum;
    }
}

int splitsFor(const AttentionShape& shape)
{
    const auto heads = shape.batches * shape.keyHeads;
    const auto wanted = (4 * std::int64_t(multiprocessors()) + heads - 1) / heads;
    return static_cast<int>(std::max<std::int64_t>(1, std::min(wanted, shape.keys / kKeysOfBlock)));
}

bool fits(const PackedSide& side, std::int64_t width)
{
    const auto bytes = kChannels * side.slot / 8; // that a lane loads at once
    return width / side.groups % kChannels == 0 && reinterpret_cast<std::uintptr_t>(side.data) % bytes == 0
        && side.dataStrides[0] % bytes == 0 && side.dataStrides[1] % bytes == 0 && side.dataStrides[2] % bytes == 0;
}

template <int kLanes, int kRows>
void start(const Task& task, cudaStream_t stream)
{
    const dim3 grid(task.splits, static_cast<unsigned>(task.shape.batches * task.shape.keyHeads),
                    (task.rows + kRows - 1) / kRows);
    attendSplit<kLanes, kRows><<<grid, kThreads, 0, stream>>>(task);
    checkLaunch("start the attention to packed keys");
    if (task.splits == 1)
        return;
    mergeSplits<<<static_cast<unsigned>(task.shape.batches * task.shape.keyHeads * task.rows), 128, 0, stream>>>(
        task.partial, static_cast<int>(task.shape.width), task.splits, task.out);
    checkLaunch("start the merge of packed attention");
}

template <int kLanes>
void startForRows(const Task& task, cudaStream_t stream)
{
    if (task.rows == 1)
        start<kLanes, 1>(task, stream);
    else
        start<kLanes, 4>(task, stream);
}

} // namespace

std::int64_t attentionScratch(const AttentionShape& shape, const PackedSide& keys, const PackedSide& values)
{
    const bool width = shape.width == 16 || shape.width == 32 || shape.width == 64 || shape.width == 128
        || shape.width == 256;
    if (!width || !fits(keys, shape.width) || !fits(values, shape.width)
        || shape.batches * shape.keyHeads > 65535)
        return 0;
    return shape.batches * shape.heads * shape.tokens * splitsFor(shape) * (shape.width + 2);
}

void attendPacked(const float* q, const PackedSide& keys, const PackedSide& values, const AttentionShape& shape,
                  float* scratch, float* out, void* stream)
{
    const Task task{q,       keys,
                    values,  shape,
                    static_cast<int>(shape.heads / shape.keyHeads * shape.tokens), splitsFor(shape),
                    scratch, out};
    switch (shape.width) {
    case 16: return startForRows<1>(task, asStream(stream));
    case 32: return startForRows<2>(task, asStream(stream));
    case 64: return startForRows<4>(task, asStream(stream));
    case 128: return startForRows<8>(task, asStream(stream));
    default: return startForRows<16>(task, asStream(stream));
    }
}

} // namespace gpu::cuda
