// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/calibrate/invariance_report.h"
#include "core/calibrate/what_if_report.h"
#include "core/eval/budget_report.h"
#include "core/io/json.h"

namespace core {

Json toJson(const BudgetReport& report); // {modules [{module, kind, kl, loss_increase, output_mse, ...}], whole, ...}
Json toJson(
    const InvarianceReport& report); // {holds, bound, logits, blocks [{block, attention, mlp, float64, float32}], ...}
Json toJson(const WhatIf& report);   // {module, scheme, planned, kinds [{kind, output_error, sqnr_db, ...}], ...}

} // namespace core
