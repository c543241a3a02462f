// SPDX-License-Identifier: Apache-2.0
#include "core/select/candidate.h"

#include <algorithm>
#include <charconv>

namespace core {

std::string toString(const Candidate& candidate)
{
    auto text = std::string(toString(candidate.kind));
    if (candidate.kind == TransformKind::Rotation && candidate.form != RotationForm::TwoFactor)
        text.append(":").append(toString(candidate.form));
    if (candidate.start > 0)
        text.append("#").append(std::to_string(candidate.start));
    return text;
}

Candidate parseCandidate(std::string_view text)
{
    Candidate candidate;
    const auto hash = text.find('#');
    auto name = text.substr(0, hash);
    if (hash != std::string_view::npos) {
        const auto digits = text.substr(hash + 1);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), candidate.start);
        if (error != std::errc() || end != digits.data() + digits.size() || candidate.start < 0)
            throw Error(ErrorKind::InvalidArgument,
                        "'" + std::string(digits) + "' in '" + std::string(text) + "' is not the number of a start");
    }
    const auto colon = name.find(':');
    candidate.kind = parseTransformKind(name.substr(0, colon));
    if (colon != std::string_view::npos) {
        if (candidate.kind != TransformKind::Rotation)
            throw Error(ErrorKind::InvalidArgument, "'" + std::string(text) + "': only a rotation has a form");
        candidate.form = parseRotationForm(name.substr(colon + 1));
    }
    return candidate;
}

std::vector<Candidate> withStarts(const std::vector<Candidate>& candidates, int starts)
{
    if (candidates.empty() || starts < 1)
        throw Error(ErrorKind::InvalidArgument,
                    "there must be a candidate and a start: " + std::to_string(candidates.size()) + " candidates, "
                        + std::to_string(starts) + " starts");
    std::vector<Candidate> all;
    for (auto candidate : candidates)
        for (int start = 0; start < (candidate.kind == TransformKind::Identity ? 1 : starts); ++start) {
            candidate.start = start;
            if (std::find(all.begin(), all.end(), candidate) != all.end())
                throw Error(ErrorKind::InvalidArgument, "candidate '" + toString(candidate) + "' stands twice");
            all.push_back(candidate);
        }
    return all;
}

} // namespace core
