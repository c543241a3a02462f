// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"

#include <QObject>
#include <QPointer>

#include <deque>
#include <memory>

namespace ui {

class Job;
class Studio;

/** What the engine is asked for while a person looks around: maps, quantiles, the quantized model's own statistics. Keeps the
    answers used last. A question in a slot takes the place of the one that waited there. */
class Inspections : public QObject
{
    Q_OBJECT

public:
    enum class Slot { Map, Detail, Before, After };
    using Map = std::shared_ptr<const core::MagnitudeMap>;
    using Quantiles = std::shared_ptr<const core::QuantilePlot>;

    explicit Inspections(Studio& studio, QObject* parent = nullptr);

    /** The answer where it is known; else it is asked for and `changed` tells when it came. */
    Map map(Slot slot, const core::MapSpec& spec);
    Quantiles quantiles(Slot slot, const core::QuantileSpec& spec);
    /** Measures the quantized model beside the original, as a job that shows its progress; the document gets the result. */
    void measureBundle(std::int64_t tokens, std::int64_t seqlen);
    bool isMeasuringBundle() const { return !m_bundleJob.isNull(); }
    const QString& problem() const { return m_problem; } // of the last question; empty where it went well

Q_SIGNALS:
    void changed();

private:
    template <typename Spec, typename Answer>
    struct Kept
    {
        Spec spec;
        std::shared_ptr<const Answer> answer; // null: it was asked for in vain
    };
    template <typename Spec, typename Answer>
    std::shared_ptr<const Answer> ask(std::deque<Kept<Spec, Answer>>& kept, Slot slot, const Spec& spec,
                                      Answer (core::Session::*question)(const Spec&, core::Progress&));
    void watch(Job* job);

    Studio& m_studio;
    std::deque<Kept<core::MapSpec, core::MagnitudeMap>> m_maps;
    std::deque<Kept<core::QuantileSpec, core::QuantilePlot>> m_quantiles;
    std::array<QPointer<Job>, 8> m_jobs; // by slot, maps first
    std::array<core::MapSpec, 4> m_askedMaps;
    std::array<core::QuantileSpec, 4> m_askedQuantiles;
    QPointer<Job> m_bundleJob;
    QString m_problem;
};

} // namespace ui
