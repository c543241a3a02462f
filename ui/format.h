// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers, units and names as the window writes them: the person's locale on screen, never in files.
#pragma once

#include "core/base/ids.h"
#include "core/select/kurtosis_rule.h"

#include <QString>

#include <cstdint>
#include <vector>

namespace ui {

QString formatNumber(double value, int significant = 4); // "n/a" where it is not finite
QString formatFixed(double value, int decimals);
QString formatStatistic(double value, int decimals);         // fixed while it is short, so that columns line up
QString formatCount(std::int64_t count);                     // 260,032
QString formatAmount(std::int64_t count);                    // 8.03 M
QString formatBytes(std::uint64_t bytes);                    // 5.2 MiB
QString formatDuration(std::int64_t milliseconds);           // 0.4 s, 37 s, 04:10, 1:04:10
QString formatPercent(double share);                         // 41 %
QString formatShape(const std::vector<std::int64_t>& shape); // 172 x 64

QString layerName(const core::LayerId& layer);    // "3.q"
QString moduleName(const core::ModuleId& module); // "block 3, attention"
QString siteHelp(core::Site site);                // what enters there
QString ruleText(const core::GroupRule& rule);    // "rotation where z > 3.50"

} // namespace ui
