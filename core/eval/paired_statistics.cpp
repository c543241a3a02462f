// SPDX-License-Identifier: Apache-2.0
#include "core/eval/paired_statistics.h"

#include "core/stats/running_mean.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace core {

namespace {

/** The continued fraction of the incomplete beta function by Lentz's method (Numerical Recipes 6.4, DLMF 8.17.22). */
double betaFraction(double a, double b, double x)
{
    constexpr double kTiny = 1e-300;
    const auto guarded = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
    double c = 1.0;
    double d = 1.0 / guarded(1.0 - (a + b) * x / (a + 1.0));
    double result = d;
    for (int m = 1; m < 10000; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1.0 / guarded(1.0 + even * d);
        c = guarded(1.0 + even / c);
        result *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1.0 / guarded(1.0 + odd * d);
        c = guarded(1.0 + odd / c);
        result *= d * c;
        if (std::abs(d * c - 1.0) < 1e-15)
            break;
    }
    return result;
}

/** I_x(a, b). */
double incompleteBeta(double a, double b, double x)
{
    if (x <= 0.0 || x >= 1.0)
        return x <= 0.0 ? 0.0 : 1.0;
    const double front =
        std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x));
    if (x < (a + 1.0) / (a + b + 2.0))
        return front * betaFraction(a, b, x) / a;
    return 1.0 - front * betaFraction(b, a, 1.0 - x) / b;
}

/** splitmix64: the same numbers on every machine. */
class Random
{
public:
    explicit Random(std::uint64_t seed)
        : m_state(seed)
    {
    }

    std::size_t below(std::size_t bound)
    {
        // The high word of a 64 x 64 bit product: uneven by less than bound / 2^64.
        return static_cast<std::size_t>((static_cast<unsigned __int128>(next()) * bound) >> 64);
    }

private:
    std::uint64_t next()
    {
        std::uint64_t z = m_state += 0x9E3779B97F4A7C15ull;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        return z ^ (z >> 31);
    }

    std::uint64_t m_state;
};

double quantile(const std::vector<double>& sorted, double share)
{
    const double position = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const auto above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], position - static_cast<double>(below));
}

} // namespace

double mcnemarExact(std::int64_t gained, std::int64_t lost)
{
    const auto n = static_cast<double>(gained + lost);
    const auto fewer = std::min(gained, lost);
    double sum = 0.0;
    for (std::int64_t k = 0; k <= fewer; ++k)
        sum += std::exp(std::lgamma(n + 1.0) - std::lgamma(double(k) + 1.0) - std::lgamma(n - double(k) + 1.0)
                        - n * std::log(2.0));
    return std::min(1.0, 2.0 * sum);
}

double studentTwoSided(double t, double degrees)
{
    if (std::isnan(t))
        return t;
    return incompleteBeta(degrees / 2.0, 0.5, degrees / (degrees + t * t));
}

double studentCritical(double probability, double degrees)
{
    double low = 0.0;
    double high = 2.0;
    while (studentTwoSided(high, degrees) > probability)
        high *= 2.0;
    for (int step = 0; step < 200 && high - low > 1e-14 * high; ++step) {
        const double middle = 0.5 * (low + high);
        (studentTwoSided(middle, degrees) > probability ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

PairedMean pairedMean(std::span<const double> differences)
{
    RunningMean running;
    for (const double difference : differences)
        running.add(difference);
    PairedMean result{
        .mean = running.mean(), .stderror = running.standardError(), .interval = {running.mean(), running.mean()}};
    if (running.count() < 2)
        return result;
    if (result.stderror == 0.0) {
        result.pValue = result.mean == 0.0 ? 1.0 : 0.0;
        return result;
    }
    const auto degrees = static_cast<double>(running.count() - 1);
    result.pValue = studentTwoSided(result.mean / result.stderror, degrees);
    const double reach = studentCritical(0.05, degrees) * result.stderror;
    result.interval = {result.mean - reach, result.mean + reach};
    return result;
}

Interval bootstrapMean(std::span<const double> differences, int draws, std::uint64_t seed)
{
    if (differences.empty() || draws < 1)
        return {};
    Random random(seed);
    std::vector<double> means(static_cast<std::size_t>(draws));
    for (auto& mean : means) {
        double sum = 0.0;
        for (std::size_t i = 0; i < differences.size(); ++i)
            sum += differences[random.below(differences.size())];
        mean = sum / static_cast<double>(differences.size());
    }
    if (std::any_of(means.begin(), means.end(), [](double mean) { return std::isnan(mean); }))
        return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
    std::sort(means.begin(), means.end());
    return {quantile(means, 0.025), quantile(means, 0.975)};
}

} // namespace core
