// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/json.h"
#include "core/session/session.h"

namespace core {

inline constexpr int kResultSchema = 1;

// Results as the command line prints them: keys and spellings are its contract, NaN and infinities are strings.
Json toJson(const ModelDescription& description); // of a bundle: with plan and calibration
Json toJson(const TokenizeResult& result);
Json toJson(const std::vector<ScoreResult>& results);
Json toJson(const Distribution& distribution); // without channelAbsmax
Json toJson(const LayerProfile& profile);
Json toJson(const ModuleProfile& profile);
Json toJson(const SiteProfile& profile);
Json toJson(const Profile& profile);
Json toJson(const MagnitudeMap& map);
Json toJson(const QuantilePlot& plot);
Json toJson(const BundleProfile& profile);
Json toJson(const Plan& plan); // as in a plan file
Json toJson(const BlockReport& report);
Json toJson(const CalibrationReport& report);
Json toJson(const PerplexityResult& result);
Json toJson(const DivergenceResult& result);
Json toJson(const TaskItemResult& item);
Json toJson(const TaskResult& result); // with its items
Json toJson(const ModelProvenance& model);
Json toJson(const Provenance& provenance);
Json toJson(const BundleOrigin& origin);
Json toJson(const EvaluationReport& report);
Json toJson(const RunComparison& comparison);
Json toJson(const ExportVerification& verified);
Json toJson(const ExportResult& result);
Json toJson(const ExportOutlook& outlook);
Json toJson(const ChatResult& result);
Json toJson(const std::vector<BlockError>& errors);
Json toJson(const DeviceList& devices);
Json toJson(const BenchReport& report);

/** The items of all tasks, a JSON object a line with the task's name. */
std::string taskItemsText(const EvaluationReport& report);

/** {"error": {"kind", "what", "context"}} */
Json errorJson(std::string_view kind, std::string_view what, std::string_view context);

} // namespace core
