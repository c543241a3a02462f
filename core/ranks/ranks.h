// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/launch.h"
#include "core/base/progress.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace core {

/** The processes that share one job, joined by LibTorch's TCPStore. Work is dealt out by number; small results
    go through the store, large ones through files in the job's folder. A process that falls silent is left out by the others; what
    it had in hand stays undone.

    Every rank makes the same calls of enter() in the same order. The store is gone with rank 0 (unless torchrun's agent serves it);
    take() then has nothing more to give and meet() counts rank 0 among the gone. */
class Ranks
{
public:
    /** Joins the others: rank 0 listens, the rest wait for it at most `patience`. Throws Error(Io) naming address and port. */
    explicit Ranks(const Launch& launch);

    /** By launchFromEnvironment(); null where this process works alone. */
    static std::shared_ptr<Ranks> fromEnvironment();

    ~Ranks();
    Ranks(const Ranks&) = delete;
    Ranks& operator=(const Ranks&) = delete;

    int rank() const { return m_launch.rank; }
    int size() const { return m_launch.size; }

    /** Begins a phase: names of queues and meeting points are its own from here on. */
    void enter(const std::string& phase);

    /** The next number of the phase's queue: 0, 1, 2, ..., each given to one rank; a very large one where the store is gone. */
    std::int64_t take(const std::string& queue);

    /** Tells the others that this rank is at work; costs nothing more than once a second. */
    void beat();

    /** Waits until all `awaited` ranks have come to `point` too, and returns those that fell silent for longer than the patience
        instead (60 s; PLANISH_RANK_PATIENCE seconds in the environment). An empty list awaits all. */
    std::vector<int> meet(const std::string& point, std::vector<int> awaited, Progress& progress);

    /** Lays a result of the phase into the store, for every rank to get(). */
    void put(const std::string& name, const std::string& value);

    /** Nothing where no rank has put it, or the store is gone. */
    std::optional<std::string> get(const std::string& name);

    /** The end of a phase whose results lie in the store: waits for all ranks, calls `read` with those that fell silent, and keeps
        rank 0, with which the store may end, until all have read. Throws Error(Io) on a rank that rank 0 has left. */
    void gather(const std::function<void(const std::vector<int>& gone)>& read, Progress& progress);

private:
    struct Store;
    struct Silence
    {
        std::int64_t beats = -1;
        std::chrono::steady_clock::time_point since;
    };

    std::string key(const std::string& name) const;
    bool isGone(int rank, std::map<int, Silence>& heard);

    Launch m_launch;
    std::chrono::milliseconds m_patience;
    std::unique_ptr<Store> m_store;
    std::string m_phase;
    int m_phases = 0;
    std::chrono::steady_clock::time_point m_lastBeat;
};

/** Progress that also tells the other ranks that this one is at work. */
class BeatingProgress : public Progress
{
public:
    BeatingProgress(Progress& whole, Ranks* ranks)
        : m_whole(whole)
        , m_ranks(ranks)
    {
    }

    void report(double fraction, std::string_view text) override { m_whole.report(fraction, text); }
    void checkpoint() override
    {
        if (m_ranks)
            m_ranks->beat();
        m_whole.checkpoint();
    }

private:
    Progress& m_whole;
    Ranks* m_ranks; // null: alone
};

} // namespace core
