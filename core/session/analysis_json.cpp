// SPDX-License-Identifier: Apache-2.0
#include "core/session/analysis_json.h"

#include "core/select/plan_file.h"

namespace core {

namespace {

Json costToJson(const QuantizationCost& cost)
{
    return {{"kl", jsonNumber(cost.kl)},
            {"kl_stderr", jsonNumber(cost.klStderr)},
            {"loss_increase", jsonNumber(cost.lossIncrease)},
            {"loss_increase_stderr", jsonNumber(cost.lossIncreaseStderr)}};
}

Json deviationToJson(double float64, double float32)
{
    return {{"float64", jsonNumber(float64)}, {"float32", jsonNumber(float32)}};
}

} // namespace

Json toJson(const BudgetReport& report)
{
    auto modules = Json::array();
    for (const auto& module : report.modules) {
        Json row = {{"module", toString(module.module)}, {"kind", toString(module.kind)}};
        row.update(costToJson(module.cost));
        row["output_mse"] = jsonNumber(module.outputMse);
        modules.push_back(std::move(row));
    }
    return {{"modules", modules},
            {"whole", costToJson(report.whole)},
            {"reference_loss", jsonNumber(report.referenceLoss)},
            {"tokens", report.tokens}};
}

Json toJson(const InvarianceReport& report)
{
    auto blocks = Json::array();
    for (const auto& block : report.blocks) {
        Json row = {{"block", block.block}, {"attention", toString(block.attention)}, {"mlp", toString(block.mlp)}};
        row.update(deviationToJson(block.output.float64, block.output.float32));
        row["holds"] = InvarianceReport::isSmall(block.output);
        blocks.push_back(std::move(row));
    }
    return {{"holds", report.holds()},
            {"bound", deviationToJson(InvarianceReport::kBound64, InvarianceReport::kBound32)},
            {"logits", deviationToJson(report.logits.float64, report.logits.float32)},
            {"blocks", blocks},
            {"transforms", report.trained ? "trained" : "start"},
            {"tokens", report.tokens}};
}

Json toJson(const WhatIf& report)
{
    auto kinds = Json::array();
    for (const auto& kind : report.kinds)
        kinds.push_back({{"kind", toString(kind.kind)},
                         {"output_error_start", jsonNumber(kind.errorStart)},
                         {"output_error", jsonNumber(kind.error)},
                         {"output_error_stderr", jsonNumber(kind.errorStderr)},
                         {"sqnr_db", jsonNumber(kind.sqnr)},
                         {"online_macs", kind.onlineMacs},
                         {"online_share", kind.onlineShare},
                         {"added_bytes", kind.addedBytes},
                         {"seconds", kind.seconds}});
    return {{"module", toString(report.module)},
            {"scheme", schemeToJson(report.scheme)},
            {"planned", report.planned ? Json(toString(*report.planned)) : Json()},
            {"trained_windows", report.trainedWindows},
            {"held_out_windows", report.heldOutWindows},
            {"steps", report.steps},
            {"kinds", kinds}};
}

} // namespace core
