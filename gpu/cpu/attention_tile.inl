// SPDX-License-Identifier: Apache-2.0
// gpu/cpu/attention_tile.h for vectors of kLanes floats: included once for each instruction set. A tile's queries lie side by side in
// two vectors, so that each key and value is read as one number for all of them.

typedef float Vector __attribute__((vector_size(kLanes * sizeof(float))));
typedef std::int32_t Integers __attribute__((vector_size(kLanes * sizeof(std::int32_t))));

constexpr int kQueries = 2 * kLanes;
constexpr std::int64_t kKeys = AttentionSteps::kBlockKeys;
constexpr float kHidden = -1e30f; // a score that no real one comes near; finite, so that differences are
constexpr int kTogether = 4;      // keys or channels whose sums are in registers at once

inline Vector load(const float* from)
{
    Vector value;
    __builtin_memcpy(&value, from, sizeof value);
    return value;
}

inline void store(float* to, Vector value)
{
    __builtin_memcpy(to, &value, sizeof value);
}

inline Vector all(float value)
{
    return value - Vector{};
}

/** 2^x for x <= 0 to 2e-7, relative; 0 below -126. 2^x = 2^n 2^r with |r| <= 1/2, Taylor's polynomial of degree 7 for 2^r (the next term
    is below 2^-8 ln(2)^8 / 8! = 5e-9). NaN stays. */
inline Vector powerOfTwo(Vector x)
{
    constexpr float kRounding = 12582912.0f; // 1.5 * 2^23: adding it leaves the nearest whole number in the low bits
    const Vector shifted = x + kRounding;
    const Vector r = x - (shifted - kRounding);
    Vector p = all(1.5252734e-5f); // ln(2)^7 / 7!
    p = p * r + 1.5403530e-4f;     // ln(2)^6 / 6!
    p = p * r + 1.3333558e-3f;
    p = p * r + 9.6181291e-3f;
    p = p * r + 5.5504109e-2f;
    p = p * r + 2.4022651e-1f;
    p = p * r + 6.9314718e-1f;
    p = p * r + 1.0f;
    Integers bits;
    __builtin_memcpy(&bits, &shifted, sizeof bits);
    Integers result;
    __builtin_memcpy(&result, &p, sizeof result);
    result += bits << 23;
    Vector value;
    __builtin_memcpy(&value, &result, sizeof value);
    return x < -126.0f ? Vector{} : value;
}

/** `scores` [kCount keys][kQueries]: the products of the keys with the queries [width][kQueries]. */
template <int kCount>
inline void scoreKeys(const float* queries, const float* key, std::int64_t stride, std::int64_t width, float* scores)
{
    Vector low[kCount] = {};
    Vector high[kCount] = {};
    for (std::int64_t d = 0; d < width; ++d) {
        const Vector first = load(queries + d * kQueries);
        const Vector second = load(queries + d * kQueries + kLanes);
        for (int i = 0; i < kCount; ++i) {
            low[i] += key[i * stride + d] * first;
            high[i] += key[i * stride + d] * second;
        }
    }
    for (int i = 0; i < kCount; ++i) {
        store(scores + i * kQueries, low[i]);
        store(scores + i * kQueries + kLanes, high[i]);
    }
}

/** `sums` [kCount channels][kQueries] = factor * sums + weights^T values, over `keys` keys. */
template <int kCount>
inline void addValues(const float* weights, const float* value, std::int64_t stride, std::int64_t keys,
                      Vector lowFactor, Vector highFactor, float* sums)
{
    Vector low[kCount];
    Vector high[kCount];
    for (int i = 0; i < kCount; ++i) {
        low[i] = load(sums + i * kQueries) * lowFactor;
        high[i] = load(sums + i * kQueries + kLanes) * highFactor;
    }
    for (std::int64_t key = 0; key < keys; ++key) {
        const Vector first = load(weights + key * kQueries);
        const Vector second = load(weights + key * kQueries + kLanes);
        for (int i = 0; i < kCount; ++i) {
            low[i] += value[key * stride + i] * first;
            high[i] += value[key * stride + i] * second;
        }
    }
    for (int i = 0; i < kCount; ++i) {
        store(sums + i * kQueries, low[i]);
        store(sums + i * kQueries + kLanes, high[i]);
    }
}

/** True in the lanes of the half whose first query is `query` that see `key`. */
inline Integers seen(const AttentionTile& tile, std::int64_t query, std::int64_t key, Integers lanes)
{
    if (tile.visible) {
        typedef std::uint8_t Bytes __attribute__((vector_size(kLanes)));
        Bytes bytes;
        __builtin_memcpy(&bytes, tile.visible + key * tile.visibleStride + query, sizeof bytes);
        return __builtin_convertvector(bytes, Integers) != 0;
    }
    const auto distance = std::int32_t(tile.keys - tile.queries + query - key); // of the first lane; key 0 is farthest
    const Integers behind = lanes + distance;
    const auto window = tile.window > 0 ? std::int32_t(tile.window) : INT32_MAX;
    return (behind >= 0) & (behind < window);
}

/** False where no query of the tile sees any of the keys: texts that share a row do not see each other. */
inline bool anySeen(const AttentionTile& tile, std::int64_t begin, std::int64_t end)
{
    if (!tile.visible)
        return true;
    typedef std::uint8_t Bytes __attribute__((vector_size(kQueries)));
    Bytes any = {};
    for (auto key = begin; key < end; ++key) {
        Bytes bytes;
        __builtin_memcpy(&bytes, tile.visible + key * tile.visibleStride + tile.begin, sizeof bytes);
        any |= bytes;
    }
    for (int lane = 0; lane < kQueries; ++lane)
        if (any[lane])
            return true;
    return false;
}

/** Keys [begin, end) that some query of the tile may see, where nothing but the order of tokens says so. */
inline void keyRange(const AttentionTile& tile, std::int64_t& begin, std::int64_t& end)
{
    begin = 0;
    end = tile.keys;
    if (tile.visible)
        return;
    const auto first = tile.keys - tile.queries + tile.begin; // the key at the first query
    end = first + (tile.end - tile.begin);
    if (tile.window > 0 && first - tile.window + 1 > 0)
        begin = first - tile.window + 1;
}

void attend(const AttentionTile& tile, float* scratch)
{
    float* queries = scratch;                      // [width][kQueries]
    float* sums = queries + tile.width * kQueries; // [width][kQueries]
    float* scores = sums + tile.width * kQueries;  // [kKeys][kQueries]
    const auto count = tile.end - tile.begin;
    const float scale = tile.scale * 1.44269504f; // softmax by powers of two
    for (std::int64_t d = 0; d < tile.width; ++d)
        for (std::int64_t lane = 0; lane < kQueries; ++lane) {
            queries[d * kQueries + lane] = lane < count ? scale * tile.q[(tile.begin + lane) * tile.qStride + d] : 0.0f;
            sums[d * kQueries + lane] = 0.0f;
        }
    Integers lanes;
    for (int lane = 0; lane < kLanes; ++lane)
        lanes[lane] = lane;
    Vector lowMost = all(kHidden), highMost = all(kHidden), lowTotal = {}, highTotal = {};
    std::int64_t begin = 0, end = 0;
    keyRange(tile, begin, end);
    for (std::int64_t block = begin; block < end; block += kKeys) {
        const auto keys = end - block < kKeys ? end - block : kKeys;
        if (!anySeen(tile, block, block + keys))
            continue;
        std::int64_t key = 0;
        for (; key + kTogether <= keys; key += kTogether)
            scoreKeys<kTogether>(queries, tile.k + (block + key) * tile.kStride, tile.kStride, tile.width,
                                 scores + key * kQueries);
        for (; key < keys; ++key)
            scoreKeys<1>(queries, tile.k + (block + key) * tile.kStride, tile.kStride, tile.width,
                         scores + key * kQueries);
        const bool everyoneSees =
            !tile.visible && tile.window == 0 && block + keys - 1 <= tile.keys - tile.queries + tile.begin;
        Vector low = lowMost, high = highMost;
        for (key = 0; key < keys; ++key) {
            Vector first = load(scores + key * kQueries);
            Vector second = load(scores + key * kQueries + kLanes);
            if (!everyoneSees) {
                first = seen(tile, tile.begin, block + key, lanes) ? first : all(2.0f * kHidden);
                second = seen(tile, tile.begin + kLanes, block + key, lanes) ? second : all(2.0f * kHidden);
                store(scores + key * kQueries, first);
                store(scores + key * kQueries + kLanes, second);
            }
            low = first > low ? first : low;
            high = second > high ? second : high;
        }
        const Vector lowFactor = powerOfTwo(lowMost - low), highFactor = powerOfTwo(highMost - high);
        lowMost = low;
        highMost = high;
        lowTotal *= lowFactor;
        highTotal *= highFactor;
        for (key = 0; key < keys; ++key) {
            const Vector first = powerOfTwo(load(scores + key * kQueries) - low);
            const Vector second = powerOfTwo(load(scores + key * kQueries + kLanes) - high);
            store(scores + key * kQueries, first);
            store(scores + key * kQueries + kLanes, second);
            lowTotal += first;
            highTotal += second;
        }
        const auto* values = tile.v + block * tile.vStride;
        std::int64_t d = 0;
        for (; d + kTogether <= tile.width; d += kTogether)
            addValues<kTogether>(scores, values + d, tile.vStride, keys, lowFactor, highFactor, sums + d * kQueries);
        for (; d < tile.width; ++d)
            addValues<1>(scores, values + d, tile.vStride, keys, lowFactor, highFactor, sums + d * kQueries);
    }
    float totals[kQueries];
    store(totals, lowTotal);
    store(totals + kLanes, highTotal);
    for (std::int64_t lane = 0; lane < count; ++lane) {
        const float factor = totals[lane] == 0.0f ? 0.0f : 1.0f / totals[lane];
        for (std::int64_t d = 0; d < tile.width; ++d)
            tile.out[(tile.begin + lane) * tile.outStride + d] = factor * sums[d * kQueries + lane];
    }
}
