// SPDX-License-Identifier: GPL-3.0-or-later
// The `planish` line that does what a button does: "Copy as command".
#pragma once

#include "core/session/session.h"

#include <QString>

namespace ui {

QString shellQuoted(const QString& text); // for POSIX shells; plain where nothing needs quoting

QString demoCommand(const QString& folder);
QString infoCommand(const QString& model);
QString profileCommand(const core::ProfileSpec& spec);
QString bundleProfileCommand(const core::BundleProfileSpec& spec);
QString calibrateCommand(const core::CalibrateSpec& spec, const QString& planFile);
QString whatIfCommand(const core::WhatIfSpec& spec);
QString searchCommand(const core::SelectSpec& spec); // select --method search
QString evaluateCommand(const core::EvaluateSpec& spec);
QString dtypeName(core::DType dtype); // as the command line spells what can be exported: "f32", "bf16", "f16"
QString exportCommand(const core::ExportSpec& spec);
QString chatCommand(const core::ChatSpec& spec);

} // namespace ui
