// SPDX-License-Identifier: Apache-2.0
#include "core/stats/rank_correlation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <random>

namespace core {

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kLargestExact = 9; // 9! = 362880 pairings
constexpr int kDraws = 20000;

void center(std::vector<double>& values)
{
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
    for (double& value : values)
        value -= mean;
}

double dot(const std::vector<double>& a, const std::vector<double>& b)
{
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/** Share of all pairings whose |a . b| reaches `limit`. */
double exactShare(const std::vector<double>& a, std::vector<double> b, double limit)
{
    std::vector<std::size_t> order(a.size());
    std::iota(order.begin(), order.end(), 0);
    std::uint64_t hits = 0;
    std::uint64_t all = 0;
    do {
        double sum = 0.0;
        for (std::size_t i = 0; i < a.size(); ++i)
            sum += a[i] * b[order[i]];
        hits += std::abs(sum) >= limit;
        ++all;
    } while (std::next_permutation(order.begin(), order.end()));
    return double(hits) / double(all);
}

double drawnShare(const std::vector<double>& a, std::vector<double> b, std::span<const int> strata, double limit,
                  std::uint64_t seed)
{
    std::map<int, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < strata.size(); ++i)
        groups[strata[i]].push_back(i);
    std::mt19937_64 random(seed);
    int hits = 0;
    for (int draw = 0; draw < kDraws; ++draw) {
        for (const auto& [stratum, places] : groups)
            for (std::size_t i = places.size(); i > 1; --i)
                std::swap(b[places[i - 1]], b[places[random() % i]]);
        hits += std::abs(dot(a, b)) >= limit;
    }
    return double(1 + hits) / double(1 + kDraws);
}

} // namespace

std::vector<double> ranksOf(std::span<const double> values)
{
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> ranks(values.size());
    for (std::size_t begin = 0; begin < order.size();) {
        auto end = begin + 1;
        while (end < order.size() && values[order[end]] == values[order[begin]])
            ++end;
        for (auto i = begin; i < end; ++i)
            ranks[order[i]] = double(begin + 1 + end) / 2.0;
        begin = end;
    }
    return ranks;
}

RankCorrelation spearman(std::span<const double> a, std::span<const double> b, std::span<const int> strata,
                         std::uint64_t seed)
{
    auto left = ranksOf(a);
    auto right = ranksOf(b);
    if (left.size() < 3)
        return {kNaN, 1.0, false};
    center(left);
    center(right);
    const double scale = std::sqrt(dot(left, left) * dot(right, right));
    if (scale == 0.0)
        return {kNaN, 1.0, false};
    RankCorrelation result{.rho = dot(left, right) / scale};
    const double limit = (std::abs(result.rho) - 1e-9) * scale;
    const bool oneStratum = std::adjacent_find(strata.begin(), strata.end(), std::not_equal_to<>()) == strata.end();
    result.exact = oneStratum && left.size() <= kLargestExact;
    result.pValue = result.exact ? exactShare(left, right, limit) : drawnShare(left, right, strata, limit, seed);
    return result;
}

} // namespace core
