// SPDX-License-Identifier: Apache-2.0
// The steps of gpu/cpu/statistics_block.h in vectors of kLanes values. Included once per instruction set by
// statistics_block.cpp, which says how many lanes it has. Vector types are GCC's and Clang's, not an instruction set's. No
// inline function of a header is called here: the linker might keep its copy for one instruction set and use it for all.

using FloatLanes [[gnu::vector_size(kLanes * sizeof(float))]] = float;
using DoubleLanes [[gnu::vector_size(kLanes * sizeof(double))]] = double;
using IntLanes [[gnu::vector_size(kLanes * sizeof(std::int32_t))]] = std::int32_t;

inline FloatLanes loadLanes(const float* at)
{
    FloatLanes lanes;
    std::memcpy(&lanes, at, sizeof lanes);
    return lanes;
}

template <typename Lanes>
double sumOfLanes(const Lanes& lanes)
{
    double sum = 0.0;
    for (int i = 0; i < kLanes; ++i)
        sum += lanes[i];
    return sum;
}

template <typename Stored, typename Convert>
void decodeAll(const void* data, std::int64_t n, float* out, Convert convert)
{
    const auto* bytes = static_cast<const unsigned char*>(data);
    for (std::int64_t i = 0; i < n; ++i) {
        Stored stored;
        std::memcpy(&stored, bytes + i * sizeof(Stored), sizeof stored);
        out[i] = convert(stored);
    }
}

using UIntLanes [[gnu::vector_size(kLanes * sizeof(std::uint32_t))]] = std::uint32_t;
using HalfLanes [[gnu::vector_size(kLanes * sizeof(std::uint16_t))]] = std::uint16_t;

inline FloatLanes toFloat(HalfLanes halves)
{
    const auto x = __builtin_convertvector(halves, UIntLanes);
    const UIntLanes sign = (x & 0x8000u) << 16;
    const UIntLanes exponent = x & 0x7c00u;
    const UIntLanes mantissa = x & 0x03ffu;
    // Subnormal halves are whole multiples of 2^-24; an integer converts without a subnormal float in between.
    const FloatLanes small = __builtin_convertvector((IntLanes)mantissa, FloatLanes) * 0x1p-24f;
    const UIntLanes normal = ((exponent + (112u << 10)) | mantissa) << 13;
    const UIntLanes special = 0x7f800000u | (mantissa << 13);
    const UIntLanes finite = exponent == 0 ? (UIntLanes)small : normal;
    return (FloatLanes)(sign | (exponent == 0x7c00u ? special : finite));
}

void decodeHalves(const void* data, std::int64_t n, float* out)
{
    const auto* bytes = static_cast<const unsigned char*>(data);
    for (std::int64_t i = 0; i < n; i += kLanes) {
        const std::int64_t held = n - i < kLanes ? n - i : kLanes;
        HalfLanes halves = {};
        FloatLanes floats;
        if (held == kLanes) {
            std::memcpy(&halves, bytes + i * sizeof(std::uint16_t), sizeof halves);
            floats = toFloat(halves);
            std::memcpy(out + i, &floats, sizeof floats);
        } else {
            std::memcpy(&halves, bytes + i * sizeof(std::uint16_t), held * sizeof(std::uint16_t));
            floats = toFloat(halves);
            std::memcpy(out + i, &floats, held * sizeof(float));
        }
    }
}

void decode(const void* data, ElementType type, std::int64_t n, float* out)
{
    switch (type) {
    case ElementType::Float32: std::memcpy(out, data, n * sizeof(float)); return;
    case ElementType::Float64:
        return decodeAll<double>(data, n, out, [](double x) { return static_cast<float>(x); });
    case ElementType::BFloat16:
        return decodeAll<std::uint16_t>(data, n, out, [](std::uint16_t x) {
            return __builtin_bit_cast(float, static_cast<std::uint32_t>(x) << 16);
        });
    case ElementType::Float16: return decodeHalves(data, n, out);
    }
}

BlockExtent measure(const float* values, std::int64_t n)
{
    constexpr int kChains = 4; // independent sums: an addition takes four cycles, two may start in each
    DoubleLanes sum[kChains] = {};
    FloatLanes low = FloatLanes{} + Moments::kInfinity;
    FloatLanes high = -low;
    const auto add = [&](std::int64_t at, int chain) {
        const FloatLanes x = loadLanes(values + at);
        sum[chain] += __builtin_convertvector(x, DoubleLanes);
        low = x < low ? x : low;
        high = x > high ? x : high;
    };
    std::int64_t i = 0;
    for (; i + kChains * kLanes <= n; i += kChains * kLanes)
        for (int chain = 0; chain < kChains; ++chain)
            add(i + chain * kLanes, chain);
    for (; i + kLanes <= n; i += kLanes)
        add(i, 0);
    BlockExtent extent{.sum = sumOfLanes((sum[0] + sum[1]) + (sum[2] + sum[3]))};
    for (int lane = 0; lane < kLanes; ++lane) {
        extent.min = low[lane] < extent.min ? low[lane] : extent.min;
        extent.max = high[lane] > extent.max ? high[lane] : extent.max;
    }
    for (; i < n; ++i) {
        extent.sum += values[i];
        extent.min = values[i] < extent.min ? values[i] : extent.min;
        extent.max = values[i] > extent.max ? values[i] : extent.max;
    }
    return extent;
}

BlockPowers sumPowers(const float* values, std::int64_t n, double mean)
{
    constexpr int kChains = 2;
    DoubleLanes m2[kChains] = {};
    DoubleLanes m3[kChains] = {};
    DoubleLanes m4[kChains] = {};
    const auto add = [&](std::int64_t at, int chain) {
        const DoubleLanes d = __builtin_convertvector(loadLanes(values + at), DoubleLanes) - mean;
        const DoubleLanes square = d * d;
        m2[chain] += square;
        m3[chain] += square * d;
        m4[chain] += square * square;
    };
    std::int64_t i = 0;
    for (; i + kChains * kLanes <= n; i += kChains * kLanes)
        for (int chain = 0; chain < kChains; ++chain)
            add(i + chain * kLanes, chain);
    for (; i + kLanes <= n; i += kLanes)
        add(i, 0);
    BlockPowers powers{sumOfLanes(m2[0] + m2[1]), sumOfLanes(m3[0] + m3[1]), sumOfLanes(m4[0] + m4[1])};
    for (; i < n; ++i) {
        const double d = values[i] - mean;
        powers.m2 += d * d;
        powers.m3 += d * d * d;
        powers.m4 += d * d * d * d;
    }
    return powers;
}

void countBins(const float* values, std::int64_t n, float inverseWidth, std::uint32_t* counts, int tables)
{
    constexpr int kHalf = DyadicHistogram::kHalf;
    std::int32_t bins[kBlock];
    std::int64_t i = 0;
    for (; i + kLanes <= n; i += kLanes) {
        const FloatLanes scaled = loadLanes(values + i) * inverseWidth; // exact: a power of two
        IntLanes bin = __builtin_convertvector(scaled, IntLanes);       // toward zero
        bin += __builtin_convertvector(bin, FloatLanes) > scaled;       // true is -1: now down
        bin += kHalf;
        std::memcpy(bins + i, &bin, sizeof bin);
    }
    for (; i < n; ++i) {
        const float scaled = values[i] * inverseWidth;
        const auto bin = static_cast<std::int32_t>(scaled);
        bins[i] = bin - (static_cast<float>(bin) > scaled ? 1 : 0) + kHalf;
    }
    const std::int64_t stride = tables == 1 ? 0 : DyadicHistogram::kBins;
    for (i = 0; i + kBinTables <= n; i += kBinTables)
        for (int table = 0; table < kBinTables; ++table)
            ++counts[table * stride + bins[i + table]];
    for (; i < n; ++i)
        ++counts[bins[i]];
}

void raiseAbsmax(const float* values, std::int64_t n, float* absmax)
{
    std::int64_t i = 0;
    for (; i + kLanes <= n; i += kLanes) {
        FloatLanes x = loadLanes(values + i);
        x = x < 0.0f ? -x : x;
        const FloatLanes old = loadLanes(absmax + i);
        const FloatLanes raised = x > old ? x : old;
        std::memcpy(absmax + i, &raised, sizeof raised);
    }
    for (; i < n; ++i) {
        const float x = values[i] < 0.0f ? -values[i] : values[i];
        absmax[i] = x > absmax[i] ? x : absmax[i];
    }
}
