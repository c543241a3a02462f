// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/model/comparisons.h"

#include "ui/convert.h"
#include "ui/studio.h"

#include <utility>

namespace ui {

Comparisons::Comparisons(Studio& studio, QObject* parent)
    : QObject(parent)
    , m_studio(studio)
{
    connect(&studio, &Studio::comparisonReady, this, [this](const core::CompareSpec& spec, const Answer& answer) {
        if (m_asked != keyOf(spec)) // of a bundle that is no more
            return;
        m_answers[keyOf(spec)] = answer;
        m_asked.reset();
        m_problem.clear();
        Q_EMIT changed();
    });
    connect(&studio, &Studio::comparisonFailed, this, [this](const QString& what) {
        m_failed = std::exchange(m_asked, std::nullopt);
        m_problem = what;
        Q_EMIT changed();
    });
    connect(&studio.document(), &Document::layersReset, this, &Comparisons::forget);
    connect(&studio.document(), &Document::bundleWritten, this, &Comparisons::forget); // anew: it has the old path
}

void Comparisons::forget()
{
    m_answers.clear();
    m_problem.clear();
    m_asked.reset();
    m_failed.reset();
    Q_EMIT changed();
}

Comparisons::Key Comparisons::keyOf(const core::CompareSpec& spec)
{
    const auto& scheme = spec.scheme;
    return {spec.layer,
            spec.kind,
            {scheme.weightBits, scheme.activationBits, scheme.keyBits, scheme.valueBits, scheme.weightGroup,
             scheme.kvGroup, scheme.weightAsymmetric, scheme.activationAsymmetric},
            spec.bundle,
            spec.text};
}

std::optional<core::CompareSpec> Comparisons::spec() const
{
    const auto& document = m_studio.document();
    const auto module = document.selectedModule();
    const auto* choice = module ? document.plan().plan().find(*module) : nullptr;
    if (!choice)
        return {};
    core::CompareSpec spec;
    spec.model = toStd(document.modelPath());
    spec.layer = *document.selectedLayer();
    spec.kind = choice->kind;
    spec.scheme = document.plan().plan().schemeOf(*module);
    spec.text = toStd(document.text());
    // A calibrated transform says more than a start; it is there only for the kind that was calibrated.
    const auto* calibrated = document.bundlePlan().find(*module);
    if (calibrated && calibrated->kind == choice->kind && document.bundle() != document.modelPath())
        spec.bundle = toStd(document.bundle());
    return spec;
}

Comparisons::Answer Comparisons::current() const
{
    const auto wanted = spec();
    if (!wanted)
        return nullptr;
    const auto found = m_answers.find(keyOf(*wanted));
    return found != m_answers.end() ? found->second : nullptr;
}

void Comparisons::request()
{
    const auto wanted = spec();
    if (!wanted)
        return;
    const auto key = keyOf(*wanted);
    if (m_answers.contains(key) || m_asked == key || m_failed == key)
        return;
    m_asked = key;
    m_failed.reset();
    m_problem.clear();
    m_studio.compare(*wanted);
    Q_EMIT changed();
}

} // namespace ui
