// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/io/json.h"
#include "core/session/session.h"

#include <filesystem>

namespace core {

/** The way back from toJson(EvaluationReport): keys that are missing leave their part out, as older results lack them. Throws
    Error(Corrupt) naming `name` where a value has another type. */
EvaluationReport evaluationFromJson(const Json& json, const std::string& name);

/** The evaluation inside a result: what evaluate printed, or the "evaluate" part of what quantize printed or a bundle's report.json
    holds; `path` is the file or the bundle. Throws Error(InvalidArgument) where there is none. */
EvaluationReport readEvaluation(const std::filesystem::path& path);

/** The JSON object of a result file or of a bundle's report.json. */
Json readResult(const std::filesystem::path& path);

} // namespace core
