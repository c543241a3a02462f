// SPDX-License-Identifier: Apache-2.0
#include "core/eval/passes.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <latch>
#include <mutex>
#include <thread>

namespace core {

namespace {

std::string bytesOf(const PassValues& values)
{
    return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(double)};
}

PassValues valuesOf(const std::string& bytes)
{
    PassValues values(bytes.size() / sizeof(double));
    std::memcpy(values.data(), bytes.data(), values.size() * sizeof(double));
    return values;
}

/** One rank's share of the passes. */
class Share
{
public:
    Share(Ranks& ranks, const PassWork& work)
        : m_ranks(ranks)
        , m_work(work)
        , m_values(work.fractions.size())
    {
    }

    std::vector<std::optional<PassValues>> run(Progress& progress)
    {
        m_ranks.enter(m_work.phase);
        if (m_ranks.rank() == 0)
            putKnown();
        m_ranks.meet("begun", {0}, progress); // what rank 0 knows lies in the store
        std::size_t pass = 0;
        while ((pass = std::size_t(m_ranks.take("passes"))) < m_values.size()) {
            if (!m_ranks.get(std::to_string(pass)))
                finish(pass, progress);
            if (m_ranks.rank() == 0)
                collect(pass);
            progress.report(m_work.fractions[pass],
                            "pass " + std::to_string(pass + 1) + " of " + std::to_string(m_values.size()));
        }
        m_ranks.gather(
            [&](const std::vector<int>&) {
                collect(m_values.size());
                for (pass = 0; pass < m_values.size(); ++pass)
                    if (!m_values[pass])
                        finish(pass, progress);
            },
            progress);
        return std::move(m_values);
    }

private:
    void putKnown()
    {
        for (std::size_t pass = 0; m_work.find && pass < m_values.size(); ++pass)
            if ((m_values[pass] = m_work.find(pass)))
                m_ranks.put(std::to_string(pass), bytesOf(*m_values[pass]));
    }

    void finish(std::size_t pass, Progress& progress)
    {
        m_values[pass] = m_work.compute(pass, progress);
        m_ranks.put(std::to_string(pass), bytesOf(*m_values[pass]));
        keep(pass);
    }

    void keep(std::size_t pass)
    {
        if (m_ranks.rank() == 0 && m_work.keep)
            m_work.keep(pass, *m_values[pass]);
    }

    /** Takes what others have finished of the first `count` passes. */
    void collect(std::size_t count)
    {
        for (std::size_t pass = 0; pass < count; ++pass) {
            if (m_values[pass])
                continue;
            if (const auto found = m_ranks.get(std::to_string(pass))) {
                m_values[pass] = valuesOf(*found);
                keep(pass);
            }
        }
    }

    Ranks& m_ranks;
    const PassWork& m_work;
    std::vector<std::optional<PassValues>> m_values;
};

/** Passes computed by several threads at once. The caller's thread keeps and hands on what they finish, and asks whether to stop. */
class SideBySide
{
public:
    SideBySide(const PassWork& work, Progress& progress)
        : m_work(work)
        , m_progress(progress)
        , m_values(work.fractions.size())
    {
    }

    void run()
    {
        for (std::size_t pass = 0; m_work.find && pass < m_values.size(); ++pass)
            m_values[pass] = m_work.find(pass);
        for (std::size_t pass = 0; pass < m_values.size(); ++pass)
            if (!m_values[pass])
                m_left.push_back(pass);
        const int all = at::get_num_threads();
        const int count = std::min(m_work.threads, static_cast<int>(m_left.size()));
        std::latch ready(count);
        std::vector<std::jthread> threads;
        try {
            for (int i = 0; i < count; ++i)
                threads.emplace_back([this, &ready, share = std::max(1, all / count)] {
                    at::get_num_threads();      // a thread's first question sets it to what all threads have
                    at::set_num_threads(share); // for this thread; later ones would begin with it too:
                    ready.count_down();
                    compute();
                });
            ready.wait();
            at::set_num_threads(all); // so that is set right again
            handOn();
        } catch (...) {
            m_stop = true;
            threads.clear(); // waits for them
            keepArrived();
            throw;
        }
    }

private:
    /** What a computing thread asks: it waits while the caller's thread is busy with something shorter. */
    class Asking : public Progress
    {
    public:
        explicit Asking(SideBySide& all)
            : m_all(all)
        {
        }

        void checkpoint() override
        {
            const std::scoped_lock open(m_all.m_gate);
            if (m_all.m_stop)
                throw Cancelled{};
        }

    private:
        SideBySide& m_all;
    };

    std::optional<std::size_t> take()
    {
        const std::scoped_lock lock(m_mutex);
        if (m_stop || m_left.empty())
            return std::nullopt;
        const auto pass = m_left.front();
        m_left.pop_front();
        return pass;
    }

    void compute()
    {
        const at::NoGradGuard withoutGradients;
        Asking progress(*this);
        try {
            while (const auto pass = take()) {
                auto values = m_work.compute(*pass, progress);
                const std::scoped_lock lock(m_mutex);
                m_arrived.emplace_back(*pass, std::move(values));
                m_news.notify_one();
            }
        } catch (const Cancelled&) {
        } catch (...) {
            const std::scoped_lock lock(m_mutex);
            m_failure = std::current_exception();
            m_news.notify_one();
        }
    }

    void keepArrived()
    {
        decltype(m_arrived) arrived;
        {
            const std::scoped_lock lock(m_mutex);
            arrived.swap(m_arrived);
        }
        for (auto& [pass, values] : arrived) {
            if (m_work.keep)
                m_work.keep(pass, values);
            m_values[pass] = std::move(values);
        }
    }

    /** Waits for a pass to arrive, at most a moment. */
    void awaitNews()
    {
        std::unique_lock lock(m_mutex);
        m_news.wait_for(lock, std::chrono::milliseconds(50), [this] { return m_failure || !m_arrived.empty(); });
        if (m_failure)
            std::rethrow_exception(m_failure);
    }

    void askWhetherToStop()
    {
        const std::scoped_lock closed(m_gate);
        m_progress.checkpoint();
    }

    void handOn()
    {
        for (std::size_t pass = 0; pass < m_values.size(); ++pass) {
            askWhetherToStop();
            while (!m_values[pass]) {
                awaitNews();
                keepArrived();
                askWhetherToStop();
            }
            m_progress.report(m_work.fractions[pass], m_work.use(pass, *m_values[pass]));
            m_values[pass]->clear();
        }
    }

    const PassWork& m_work;
    Progress& m_progress;
    std::vector<std::optional<PassValues>> m_values; // the caller's thread's
    std::mutex m_gate;                               // closed while that asks
    std::mutex m_mutex;                              // of the next four
    std::condition_variable m_news;
    std::deque<std::size_t> m_left;
    std::vector<std::pair<std::size_t, PassValues>> m_arrived;
    std::exception_ptr m_failure;
    std::atomic<bool> m_stop = false;
};

} // namespace

void keepInJournal(PassWork& work, EvaluationJournal& journal, std::function<std::string(std::size_t pass)> keyOf)
{
    work.find = [&journal, keyOf](std::size_t pass) -> std::optional<PassValues> {
        const auto* finished = journal.find(keyOf(pass));
        if (!finished)
            return std::nullopt;
        PassValues values;
        for (const auto& part : *finished)
            values.insert(values.end(), part.logprobs.begin(), part.logprobs.end());
        return values;
    };
    work.keep = [&journal, keyOf](std::size_t pass, const PassValues& values) {
        journal.add(keyOf(pass), {{.logprobs = values}});
    };
}

std::int64_t tokensInPass(const Model& model, std::int64_t wanted)
{
    constexpr std::int64_t kOnProcessor = 512;
    return model.device().is_cpu() ? std::min(wanted, kOnProcessor) : wanted;
}

int passesAtOnce(const Model& model)
{
    constexpr int kMost = 8;
    return model.device().is_cpu() ? std::min(at::get_num_threads(), kMost) : 1;
}

void runPasses(Ranks* ranks, const PassWork& work, Progress& progress)
{
    if (ranks) {
        BeatingProgress beating(progress, ranks);
        const auto all = Share(*ranks, work).run(beating);
        for (std::size_t pass = 0; pass < all.size(); ++pass)
            work.use(pass, *all[pass]);
        return;
    }
    if (work.threads > 1) {
        SideBySide(work, progress).run();
        return;
    }
    for (std::size_t pass = 0; pass < work.fractions.size(); ++pass) {
        progress.checkpoint();
        auto values = work.find ? work.find(pass) : std::nullopt;
        if (!values) {
            values = work.compute(pass, progress);
            if (work.keep)
                work.keep(pass, *values);
        }
        progress.report(work.fractions[pass], work.use(pass, *values));
    }
}

} // namespace core
