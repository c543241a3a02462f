// SPDX-License-Identifier: Apache-2.0
#include "core/session/result_json.h"

namespace core {

Json toJson(const BenchReport& report)
{
    Json results = Json::array();
    for (const auto& line : report.lines)
        results.push_back({{"name", line.name},
                           {"shape", line.shape},
                           {"ours", jsonNumber(line.ours)},
                           {"reference", jsonNumber(line.theirs)},
                           {"reference_name", line.reference},
                           {"ratio", jsonNumber(line.ratio())},
                           {"limit", line.limit},
                           {"limit_fraction", jsonNumber(line.limitFraction)}});
    return {{"results", results},
            {"threads", report.threads},
            {"limits",
             {{"read_bytes_per_second", jsonNumber(report.readBandwidth)},
              {"copy_bytes_per_second", jsonNumber(report.copyBandwidth)},
              {"matrix_operations_per_second", jsonNumber(report.matrixRate)}}}};
}

} // namespace core
