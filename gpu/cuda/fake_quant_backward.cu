// SPDX-License-Identifier: Apache-2.0
// The way back through the row quantizer: the rows and their gradients are read once, the result is written once. Packs that hold an
// extreme or a clamped value are few: they are flagged, looked at closely and read again, so that only gradients stay in registers.
#include "gpu/cuda/fake_quant_rows.h"

namespace gpu::cuda {

namespace {

/** Sums over a row without a clamp. */
struct PlainSums
{
    float toScale = 0.0f; // gradient * d out / d scale
    int isMax = 0;        // elements equal to the extremes of the range
    int isMin = 0;

    __device__ void add(const PlainSums& other)
    {
        toScale += other.toScale;
        isMax += other.isMax;
        isMin += other.isMin;
    }
    template <int kLanes>
    __device__ void overLanes(std::integral_constant<int, kLanes>)
    {
        toScale = sumOverLanes<kLanes>(toScale);
        isMax = sumOverLanes<kLanes>(isMax);
        isMin = sumOverLanes<kLanes>(isMin);
    }
};

/** With one: what lies beyond its bounds, and who attains the extremes before it. */
struct ClampSums : PlainSums
{
    float below = 0.0f;
    float above = 0.0f;
    int countBelow = 0;
    int countAbove = 0;
    int isRawMax = 0;
    int isRawMin = 0;

    __device__ void add(const ClampSums& other)
    {
        PlainSums::add(other);
        below += other.below;
        above += other.above;
        countBelow += other.countBelow;
        countAbove += other.countAbove;
        isRawMax += other.isRawMax;
        isRawMin += other.isRawMin;
    }
    template <int kLanes>
    __device__ void overLanes(std::integral_constant<int, kLanes> lanes)
    {
        PlainSums::overLanes(lanes);
        below = sumOverLanes<kLanes>(below);
        above = sumOverLanes<kLanes>(above);
        countBelow = sumOverLanes<kLanes>(countBelow);
        countAbove = sumOverLanes<kLanes>(countAbove);
        isRawMax = sumOverLanes<kLanes>(isRawMax);
        isRawMin = sumOverLanes<kLanes>(isRawMin);
    }
};

/** What is added to the gradients of extreme elements. */
struct Shares
{
    float max = 0.0f;
    float min = 0.0f;
    float rawMax = 0.0f; // with a clamp: the extremes before it
    float rawMin = 0.0f;
    float toMax = 0.0f; // gradients of the clip's bounds or the range's ends
    float toMin = 0.0f;
};

template <bool kClamps>
struct RowState
{
    using Sums = std::conditional_t<kClamps, ClampSums, PlainSums>;

    RowGrid grid;
    Extremes range;
    Divider divide;
    bool crossed;     // the clamp's bounds: all values lie above
    bool belowCounts; // as in at::clamp, not where the bounds are equal
    float upper;      // from here on a value may be extreme or clamped
    float lower;

    __device__ RowState(const RowGrid& row, Extremes ends)
        : grid(row)
        , range(ends)
        , divide(row.scale)
        , crossed(kClamps && row.clampHigh < row.clampLow)
        , belowCounts(row.clampLow < row.clampHigh)
        , upper(!kClamps      ? row.max
                    : crossed ? -Moments::kInfinity
                              : smaller(row.clampHigh, ends.max))
        , lower(!kClamps ? row.min : larger(row.clampLow, ends.min))
    {
    }

    __device__ bool isSpecial(float x) const { return x >= upper || x <= lower; }

    /** The part of the gradient that goes straight to c. */
    __device__ float pass(float x, float gradient, Sums& sums) const
    {
        const float ratio = divide(clamped<kClamps>(x, grid));
        const float code = roundHalfEven(ratio) + grid.zero;
        const float limited = minNaN(maxNaN(code, grid.low), grid.high);
        const bool inside = code == limited;
        sums.toScale += gradient * (limited - grid.zero - (inside ? ratio : 0.0f));
        return inside ? gradient : 0.0f;
    }

    __device__ bool isOwn(float x) const // not clamped
    {
        return !(x < grid.clampLow || x > grid.clampHigh);
    }

    /** Counts a special element and takes the gradient of a clamped one away. */
    __device__ float look(float x, float passed, PlainSums& sums) const
    {
        sums.isMax += x == grid.max ? 1 : 0;
        sums.isMin += x == grid.min ? 1 : 0;
        return passed;
    }

    __device__ float look(float x, float passed, ClampSums& sums) const
    {
        if (x < grid.clampLow && belowCounts) {
            sums.below += passed;
            ++sums.countBelow;
        }
        if (x > grid.clampHigh || crossed) {
            sums.above += passed;
            ++sums.countAbove;
        }
        const bool own = isOwn(x);
        sums.isMax += own && !crossed && x == grid.max ? 1 : 0;
        sums.isMin += own && !crossed && x == grid.min ? 1 : 0;
        sums.isRawMax += x == range.max ? 1 : 0;
        sums.isRawMin += x == range.min ? 1 : 0;
        return own ? passed : 0.0f;
    }

    __device__ float withShares(float x, float passed, const Shares& shares) const
    {
        if (!kClamps || (isOwn(x) && !crossed))
            passed += (x == grid.max ? shares.max : 0.0f) + (x == grid.min ? shares.min : 0.0f);
        if (kClamps)
            passed += (x == range.max ? shares.rawMax : 0.0f) + (x == range.min ? shares.rawMin : 0.0f);
        return passed;
    }

    __device__ Shares sharesOf(const PlainSums& sums, const RowFactors& factors) const
    {
        const float toMax = sums.toScale * grid.maxWeight;
        const float toMin = -sums.toScale * grid.minWeight;
        return {.max = sums.isMax > 0 ? __fdividef(toMax * factors.max, float(sums.isMax)) : 0.0f,
                .min = sums.isMin > 0 ? __fdividef(toMin * factors.min, float(sums.isMin)) : 0.0f,
                .toMax = toMax,
                .toMin = toMin};
    }

    __device__ Shares sharesOf(const ClampSums& sums, const RowFactors& factors) const
    {
        const int atMax = sums.isMax + (grid.clampLow == grid.max ? sums.countBelow : 0)
            + (grid.clampHigh == grid.max ? sums.countAbove : 0);
        const int atMin = sums.isMin + (grid.clampLow == grid.min ? sums.countBelow : 0)
            + (grid.clampHigh == grid.min ? sums.countAbove : 0);
        Shares shares;
        shares.max = atMax > 0 ? __fdividef(sums.toScale * grid.maxWeight, float(atMax)) : 0.0f;
        shares.min = atMin > 0 ? __fdividef(-sums.toScale * grid.minWeight, float(atMin)) : 0.0f;
        const auto perElement = [&](float bound) {
            return (bound == grid.max ? shares.max : 0.0f) + (bound == grid.min ? shares.min : 0.0f);
        };
        if (sums.countAbove > 0)
            shares.toMax = sums.above + float(sums.countAbove) * perElement(grid.clampHigh);
        if (sums.countBelow > 0)
            shares.toMin = sums.below + float(sums.countBelow) * perElement(grid.clampLow);
        shares.rawMax = sums.isRawMax > 0 ? __fdividef(shares.toMax * factors.max, float(sums.isRawMax)) : 0.0f;
        shares.rawMin = sums.isRawMin > 0 ? __fdividef(shares.toMin * factors.min, float(sums.isRawMin)) : 0.0f;
        return shares;
    }
};

/** d loss / d logit of d loss / d sigmoid(logit). */
__device__ double throughSigmoid(double gradient, float factor)
{
    return gradient * double(factor) * (1.0 - double(factor));
}

/** The block's sum over its rows, in a fixed order; thread 0 has it. */
template <int kThreads>
__device__ double blockSum(double value)
{
    __shared__ double warps[kThreads / 32];
    value = sumOverLanes(value);
    __syncthreads();
    if (threadIdx.x % 32 == 0)
        warps[threadIdx.x / 32] = value;
    __syncthreads();
    double sum = 0.0;
    if (threadIdx.x == 0)
        for (const double warp : warps)
            sum += warp;
    return sum;
}

struct Outputs
{
    const float2* extremes;
    const void* gradient;
    void* gradientX;
    float* maxLogit; // only with a clamp
    float* minLogit;
    double2* scratch; // only without: one pair a block, null where nobody asks
};

/** Blocks a multiprocessor shall hold: 64 registers a thread, 80 with a clamp or 32 elements, 128 for rows of eight packs. */
template <int kPack, int kHeld, int kGroup, bool kClamps>
constexpr int kResident =
    kHeld == 8 ? 1 : std::max(1, (kClamps || kPack * kHeld >= 32 ? 768 : 1024) / kBlock<kGroup>);

template <typename T, int kPack, int kHeld, int kGroup, bool kClamps>
__global__ void __launch_bounds__(kBlock<kGroup>, kResident<kPack, kHeld, kGroup, kClamps>)
    passBack(RowsTask task, Outputs outputs)
{
    using State = RowState<kClamps>;
    using Sums = typename State::Sums;
    using Total = GroupTotal<kGroup, Sums>;
    __shared__ alignas(16) unsigned char storage[sizeof(typename Total::Shared)];
    auto& shared = *reinterpret_cast<typename Total::Shared*>(storage);
    int turn = 0;
    constexpr int kRows = kBlock<kGroup> / kGroup;
    const int lane = threadIdx.x % kGroup;
    const int n = static_cast<int>(task.n);
    const RowFactors sharedFactors(task, 0);
    double toMaxFactor = 0.0;
    double toMinFactor = 0.0;
    for (std::int64_t first = std::int64_t{blockIdx.x} * kRows; first < task.rows;
         first += std::int64_t{gridDim.x} * kRows) {
        const std::int64_t index = first + threadIdx.x / kGroup;
        const int mine = index < task.rows ? n : 0;
        const T* const row = static_cast<const T*>(task.x) + index * task.n;
        const T* const incoming = static_cast<const T*>(outputs.gradient) + index * task.n;
        RowTile<T, kPack, kHeld, kGroup> values;
        RowTile<T, kPack, kHeld, kGroup> gradients;
        values.load(row, mine, lane);
        gradients.load(incoming, mine, lane);
        const auto ends = mine > 0 ? outputs.extremes[index] : make_float2(0.0f, 0.0f);
        const auto factors = kClamps && mine > 0 ? RowFactors(task, index) : sharedFactors;
        const State state(gridOf<kClamps>(task, {ends.x, ends.y}, factors), {ends.x, ends.y});
        Sums sums;
        // The gradients that pass, and whether the pack holds something special.
        const auto visit = [&](const Pack<T, kPack>& pack, Pack<T, kPack>& passed, Sums& into) {
            bool special = false;
#pragma unroll
            for (int i = 0; i < kPack; ++i) {
                const float x = toFloat(pack.values[i]);
                special |= state.isSpecial(x);
                passed.values[i] = fromFloat<T>(state.pass(x, toFloat(passed.values[i]), into));
            }
            if (special) {
#pragma unroll
                for (int i = 0; i < kPack; ++i)
                    passed.values[i] =
                        fromFloat<T>(state.look(toFloat(pack.values[i]), toFloat(passed.values[i]), into));
            }
            return special;
        };
        unsigned special = 0; // one bit a pack
        forPacks<kPack, kHeld, kGroup>(mine, lane, [&](int k, int at) {
            if constexpr (kHeld > 0) {
                special |= visit(values.packs[k], gradients.packs[k], sums) ? 1u << k : 0u;
            } else {
                auto passed = loadPack<T, kPack>(incoming + at);
                visit(loadPack<T, kPack>(row + at), passed, sums);
            }
        });
        sums = Total()(shared, turn, sums);
        const auto shares = state.sharesOf(sums, factors);
        T* const out = static_cast<T*>(outputs.gradientX) + index * task.n;
        forPacks<kPack, kHeld, kGroup>(mine, lane, [&](int k, int at) {
            auto passed = gradients.get(k, incoming, at);
            Sums again;
            const bool isSpecial =
                kHeld > 0 ? (special >> k & 1u) != 0 : visit(loadPack<T, kPack>(row + at), passed, again);
            if (isSpecial) {
                const auto pack = loadPack<T, kPack>(row + at);
#pragma unroll
                for (int i = 0; i < kPack; ++i)
                    passed.values[i] =
                        fromFloat<T>(state.withShares(toFloat(pack.values[i]), toFloat(passed.values[i]), shares));
            }
            storePack(out + at, passed);
        });
        if (lane != 0 || mine == 0)
            continue;
        // Where nothing is clamped its bound may be infinite.
        const double toMax = shares.toMax == 0.0f ? 0.0 : double(shares.toMax) * (kClamps ? ends.y : state.grid.max);
        const double toMin = shares.toMin == 0.0f ? 0.0 : double(shares.toMin) * (kClamps ? ends.x : state.grid.min);
        if constexpr (kClamps) {
            if (outputs.maxLogit)
                outputs.maxLogit[index] = static_cast<float>(throughSigmoid(toMax, factors.max));
            if (outputs.minLogit)
                outputs.minLogit[index] = static_cast<float>(throughSigmoid(toMin, factors.min));
        } else {
            toMaxFactor += toMax;
            toMinFactor += toMin;
        }
    }
    if (kClamps || !outputs.scratch)
        return;
    const double toMax = blockSum<kBlock<kGroup>>(toMaxFactor);
    const double toMin = blockSum<kBlock<kGroup>>(toMinFactor);
    if (threadIdx.x == 0)
        outputs.scratch[blockIdx.x] = make_double2(toMax, toMin);
}

constexpr int kSumThreads = 256;

__global__ void sumOfBlocks(RowsTask task, const double2* scratch, int blocks, float* maxLogit, float* minLogit)
{
    double2 mine = make_double2(0.0, 0.0);
    for (int block = threadIdx.x; block < blocks; block += kSumThreads) {
        mine.x += scratch[block].x;
        mine.y += scratch[block].y;
    }
    mine.x = blockSum<kSumThreads>(mine.x);
    mine.y = blockSum<kSumThreads>(mine.y);
    if (threadIdx.x != 0)
        return;
    const RowFactors factors(task, 0);
    if (maxLogit)
        *maxLogit = static_cast<float>(throughSigmoid(mine.x, factors.max));
    if (minLogit)
        *minLogit = static_cast<float>(throughSigmoid(mine.y, factors.min));
}

template <typename T>
void launch(const RowsTask& task, const Outputs& outputs, float* maxLogit, float* minLogit)
{
    const bool aligned = isAligned16(task.x) && isAligned16(outputs.gradient) && isAligned16(outputs.gradientX);
    int blocks = 0;
    forRowLength<T>(task.n, aligned, [&]<int kPack, int kHeld, int kGroup>() {
        blocks = blocksFor<kGroup>(task.rows);
        if (task.clampsValues)
            passBack<T, kPack, kHeld, kGroup, true>
                <<<blocks, kBlock<kGroup>, 0, asStream(task.stream)>>>(task, outputs);
        else
            passBack<T, kPack, kHeld, kGroup, false>
                <<<blocks, kBlock<kGroup>, 0, asStream(task.stream)>>>(task, outputs);
    });
    checkLaunch("start the way back through rounded rows");
    if (!outputs.scratch)
        return;
    sumOfBlocks<<<1, kSumThreads, 0, asStream(task.stream)>>>(task, outputs.scratch, blocks, maxLogit, minLogit);
    checkLaunch("sum the gradients of a clip");
}

} // namespace

void quantizeRowsBackward(const RowsTask& task, const float* extremes, const void* gradient, void* gradientX,
                          float* gradientMaxLogit, float* gradientMinLogit, double* scratch)
{
    const bool sums = !task.clampsValues && (gradientMaxLogit || gradientMinLogit);
    const Outputs outputs{.extremes = reinterpret_cast<const float2*>(extremes),
                          .gradient = gradient,
                          .gradientX = gradientX,
                          .maxLogit = gradientMaxLogit,
                          .minLogit = gradientMinLogit,
                          .scratch = sums ? reinterpret_cast<double2*>(scratch) : nullptr};
    if (task.bfloat16)
        launch<__nv_bfloat16>(task, outputs, gradientMaxLogit, gradientMinLogit);
    else
        launch<float>(task, outputs, gradientMaxLogit, gradientMinLogit);
}

} // namespace gpu::cuda
