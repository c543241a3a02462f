// SPDX-License-Identifier: Apache-2.0
#include "core/eval/passes.h"

#include <cstring>

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

} // namespace

void runPasses(Ranks* ranks, const PassWork& work, Progress& progress)
{
    if (ranks) {
        BeatingProgress beating(progress, ranks);
        const auto all = Share(*ranks, work).run(beating);
        for (std::size_t pass = 0; pass < all.size(); ++pass)
            work.use(pass, *all[pass]);
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
