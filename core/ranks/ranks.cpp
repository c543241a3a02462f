// SPDX-License-Identifier: Apache-2.0
#include "core/ranks/ranks.h"

#include "core/base/error.h"
#include "core/base/log.h"

#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <cstdlib>
#include <limits>
#include <thread>

namespace core {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kBeatEvery = std::chrono::seconds(1);
constexpr auto kPollEvery = std::chrono::milliseconds(50);

std::chrono::milliseconds patienceFromEnvironment()
{
    const char* text = std::getenv("PLANISH_RANK_PATIENCE");
    const double seconds = text ? std::atof(text) : 60.0;
    if (!(seconds > 0.0))
        throw Error(ErrorKind::InvalidArgument,
                    std::string("PLANISH_RANK_PATIENCE is '") + text + "': a number of seconds above 0 is needed",
                    "environment");
    return std::chrono::milliseconds(std::int64_t(seconds * 1000.0));
}

} // namespace

/** The store, and whether it still answers. */
struct Ranks::Store
{
    c10::intrusive_ptr<c10d::TCPStore> tcp;
    bool lost = false;

    /** `otherwise` once the store does not answer any more. */
    template <typename Value, typename Ask>
    Value ask(Value otherwise, const Ask& ask)
    {
        if (lost)
            return otherwise;
        try {
            return ask(*tcp);
        } catch (const c10::Error& error) {
            lost = true;
            logWarning(std::string("the store of the ranks does not answer any more: ")
                       + error.what_without_backtrace());
            return otherwise;
        }
    }
};

Ranks::Ranks(const Launch& launch)
    : m_launch(launch)
    , m_patience(patienceFromEnvironment())
    , m_store(std::make_unique<Store>())
    , m_lastBeat(Clock::now() - kBeatEvery)
{
    c10d::TCPStoreOptions options;
    options.port = static_cast<std::uint16_t>(launch.port);
    options.isServer = launch.rank == 0 && !launch.agentServes;
    options.numWorkers = std::size_t(launch.size);
    options.waitWorkers = false; // rank 0 may begin; the others come when they come
    options.timeout = m_patience;
    options.useLibUV = false; // not in every build of LibTorch
    try {
        m_store->tcp = c10::make_intrusive<c10d::TCPStore>(launch.address, options);
    } catch (const std::exception& error) {
        throw Error(ErrorKind::Io,
                    "rank " + std::to_string(launch.rank) + " of " + std::to_string(launch.size)
                        + " cannot join the others: " + error.what(),
                    launch.address + ":" + std::to_string(launch.port));
    }
    beat();
}

Ranks::~Ranks() = default;

std::shared_ptr<Ranks> Ranks::fromEnvironment()
{
    const auto launch = launchFromEnvironment();
    return launch ? std::make_shared<Ranks>(*launch) : nullptr;
}

void Ranks::enter(const std::string& phase)
{
    m_phase = std::to_string(m_phases++) + "." + phase;
}

std::string Ranks::key(const std::string& name) const
{
    return "planish/" + m_launch.attempt + "/" + name;
}

std::int64_t Ranks::take(const std::string& queue)
{
    return m_store->ask(std::numeric_limits<std::int64_t>::max(),
                        [&](c10d::TCPStore& store) { return store.add(key(m_phase + "/queue/" + queue), 1) - 1; });
}

void Ranks::beat()
{
    if (Clock::now() - m_lastBeat < kBeatEvery)
        return;
    m_lastBeat = Clock::now();
    m_store->ask(std::int64_t(0),
                 [&](c10d::TCPStore& store) { return store.add(key("beat/" + std::to_string(rank())), 1); });
}

bool Ranks::isGone(int other, std::map<int, Silence>& heard)
{
    const auto beats = m_store->ask(
        std::int64_t(-1), [&](c10d::TCPStore& store) { return store.add(key("beat/" + std::to_string(other)), 0); });
    if (m_store->lost)
        return true; // nobody can be heard of any more
    auto& silence = heard[other];
    if (silence.beats != beats)
        silence = {beats, Clock::now()};
    return Clock::now() - silence.since > m_patience;
}

std::vector<int> Ranks::meet(const std::string& point, std::vector<int> awaited, Progress& progress)
{
    const auto at = [&](int rank) { return key(m_phase + "/at/" + point + "/" + std::to_string(rank)); };
    m_store->ask(std::int64_t(0), [&](c10d::TCPStore& store) { return store.add(at(rank()), 1); });
    if (awaited.empty())
        for (int other = 0; other < size(); ++other)
            awaited.push_back(other);
    std::vector<int> gone;
    std::map<int, Silence> heard;
    while (true) {
        gone.clear();
        bool waiting = false;
        for (const int other : awaited) {
            if (other == rank()
                || m_store->ask(std::int64_t(0), [&](c10d::TCPStore& store) { return store.add(at(other), 0); }) > 0)
                continue;
            if (isGone(other, heard))
                gone.push_back(other);
            else
                waiting = true;
        }
        if (!waiting)
            return gone;
        beat();
        progress.checkpoint();
        std::this_thread::sleep_for(kPollEvery);
    }
}

void Ranks::put(const std::string& name, const std::string& value)
{
    m_store->ask(false, [&](c10d::TCPStore& store) {
        store.set(key(m_phase + "/value/" + name), std::vector<std::uint8_t>(value.begin(), value.end()));
        return true;
    });
}

std::optional<std::string> Ranks::get(const std::string& name)
{
    return m_store->ask(std::optional<std::string>(), [&](c10d::TCPStore& store) {
        const auto at = key(m_phase + "/value/" + name);
        if (!store.check({at}))
            return std::optional<std::string>();
        const auto value = store.get(at);
        return std::optional(std::string(value.begin(), value.end()));
    });
}

void Ranks::gather(const std::function<void(const std::vector<int>& gone)>& read, Progress& progress)
{
    progress.report(1.0, "waiting for the other ranks");
    const auto gone = meet("done", {}, progress);
    if (m_store->lost)
        throw Error(ErrorKind::Io, "rank 0 fell silent before the results were gathered", m_launch.address);
    read(gone);
    meet("read", rank() == 0 ? std::vector<int>() : std::vector{rank()}, progress);
}

} // namespace core
