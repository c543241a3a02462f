// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/inspections.h"

#include "ui/command_line.h"
#include "ui/convert.h"
#include "ui/studio.h"

#include <algorithm>
#include <type_traits>

namespace ui {

namespace {

constexpr std::size_t kKept = 12;          // answers of each kind: a map is at most 2 MiB
constexpr std::int64_t kBriefTokens = 256; // more of a text is more than a moment's work

} // namespace

Inspections::Inspections(Studio& studio, QObject* parent)
    : QObject(parent)
    , m_studio(studio)
{
    connect(&studio.document(), &Document::layersReset, this, [this] {
        m_maps.clear();
        m_quantiles.clear();
        m_problem.clear();
    });
    connect(&studio.document(), &Document::bundleWritten, this, [this] {
        // A bundle that was written anew has the old path.
        const auto bundle = toStd(m_studio.document().bundle());
        std::erase_if(m_maps, [&](const auto& kept) { return kept.spec.source.model == bundle; });
        std::erase_if(m_quantiles, [&](const auto& kept) { return kept.spec.source.model == bundle; });
    });
}

void Inspections::watch(Job* job)
{
    connect(job, &Job::ended, this, [this, job] {
        if (job->state() != Job::State::Failed)
            return;
        m_problem = job->failure()->what;
        Q_EMIT changed();
    });
}

template <typename Spec, typename Answer>
std::shared_ptr<const Answer> Inspections::ask(std::deque<Kept<Spec, Answer>>& kept, Slot slot, const Spec& spec,
                                               Answer (core::Session::*question)(const Spec&, core::Progress&))
{
    const auto found = std::find_if(kept.begin(), kept.end(), [&](const auto& entry) { return entry.spec == spec; });
    if (found != kept.end())
        return found->answer;
    constexpr bool isMap = std::is_same_v<Spec, core::MapSpec>;
    const auto place = static_cast<std::size_t>(slot);
    auto& job = m_jobs[place + (isMap ? 0 : 4)];
    auto& asked = [&]() -> Spec& {
        if constexpr (isMap)
            return m_askedMaps[place];
        else
            return m_askedQuantiles[place];
    }();
    if (job && !job->isOver()) {
        if (asked == spec)
            return nullptr;
        job->cancel(); // nobody waits for it any more
    }
    asked = spec;
    m_problem.clear();
    job = m_studio.ask<Answer>(
        {.title = isMap ? tr("Map of values") : tr("Quantiles"),
         .command = {},
         .quiet = true,
         .brief = !spec.source.site || spec.source.tokens <= kBriefTokens,
         .retry = {}},
        [spec, question](core::Session& session, core::Progress& progress) {
            return (session.*question)(spec, progress);
        },
        [this, &kept, spec](const std::shared_ptr<const Answer>& answer) {
            kept.push_front({spec, answer});
            if (kept.size() > kKept)
                kept.pop_back();
            Q_EMIT changed();
        });
    connect(job, &Job::ended, this, [&kept, spec, running = job.data()] {
        if (running->state() == Job::State::Failed)
            kept.push_front({spec, nullptr}); // not asked again by itself
    });
    watch(job);
    return nullptr;
}

Inspections::Map Inspections::map(Slot slot, const core::MapSpec& spec)
{
    return ask(m_maps, slot, spec, &core::Session::magnitudeMap);
}

Inspections::Quantiles Inspections::quantiles(Slot slot, const core::QuantileSpec& spec)
{
    return ask(m_quantiles, slot, spec, &core::Session::quantiles);
}

void Inspections::measureBundle(std::int64_t tokens, std::int64_t seqlen)
{
    auto& document = m_studio.document();
    if (isMeasuringBundle() || document.bundle().isEmpty() || document.bundle() == document.modelPath())
        return;
    const core::BundleProfileSpec spec{.bundle = toStd(document.bundle()),
                                       .reference = toStd(document.modelPath()),
                                       .text = toStd(document.text()),
                                       .tokens = tokens,
                                       .seqlen = seqlen};
    m_problem.clear();
    m_bundleJob = m_studio.ask<core::BundleProfile>(
        {.title = tr("Measure the quantized model"),
         .command = m_studio.onDevice(bundleProfileCommand(spec)),
         .quiet = false,
         .retry = [this, tokens, seqlen] { measureBundle(tokens, seqlen); }},
        [spec](core::Session& session, core::Progress& progress) { return session.profileBundle(spec, {}, progress); },
        [this, bundle = document.bundle()](const std::shared_ptr<const core::BundleProfile>& profile) {
            if (m_studio.document().bundle() == bundle)
                m_studio.document().setBundleProfile(profile);
        });
    connect(m_bundleJob, &Job::ended, this, [this] {
        m_bundleJob.clear();
        Q_EMIT changed();
    });
    watch(m_bundleJob);
    Q_EMIT changed();
}

} // namespace ui
