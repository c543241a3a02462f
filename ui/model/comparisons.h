// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"

#include <QObject>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <tuple>

namespace ui {

class Studio;

/** Before and after the transform for the selected layer: asks the engine once for each question and keeps the answers
    while the model is open. */
class Comparisons : public QObject
{
    Q_OBJECT

public:
    using Answer = std::shared_ptr<const core::TransformComparison>;

    explicit Comparisons(Studio& studio, QObject* parent = nullptr);

    /** What is known of the selected layer with the chosen kind of its module; null where it was not asked for yet. */
    Answer current() const;
    /** Asks for it where it is not known; `changed` tells when it is, or why not. */
    void request();
    const QString& problem() const { return m_problem; } // of the last request; empty where it went well
    bool isWaiting() const { return m_asked.has_value(); }

Q_SIGNALS:
    void changed();

private:
    using Key = std::tuple<core::LayerId, core::TransformKind, std::array<int, 8>, std::string, std::string>;

    std::optional<core::CompareSpec> spec() const; // none where nothing can be compared
    static Key keyOf(const core::CompareSpec& spec);
    void forget();

    Studio& m_studio;
    std::map<Key, Answer> m_answers;
    QString m_problem;
    std::optional<Key> m_asked;  // not answered yet
    std::optional<Key> m_failed; // not asked again by itself
};

} // namespace ui
