// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format.h"

#include "ui/convert.h"
#include "ui/plot/kind_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <cmath>

namespace ui {

namespace {

QString tr(const char* text)
{
    return QCoreApplication::translate("ui::Format", text);
}

} // namespace

QString formatNumber(double value, int significant)
{
    return std::isfinite(value) ? QLocale().toString(value, 'g', significant) : tr("n/a");
}

QString formatFixed(double value, int decimals)
{
    return std::isfinite(value) ? QLocale().toString(value, 'f', decimals) : tr("n/a");
}

QString formatCount(std::int64_t count)
{
    return QLocale().toString(static_cast<qlonglong>(count));
}

QString formatAmount(std::int64_t count)
{
    const double value = static_cast<double>(count);
    if (value >= 1e9)
        return tr("%1 billion").arg(QLocale().toString(value / 1e9, 'f', 2));
    if (value >= 1e6)
        return tr("%1 million").arg(QLocale().toString(value / 1e6, 'f', 2));
    return formatCount(count);
}

QString formatBytes(std::uint64_t bytes)
{
    return QLocale().formattedDataSize(static_cast<qint64>(bytes), 1);
}

QString formatDuration(std::int64_t milliseconds)
{
    const auto seconds = milliseconds / 1000;
    if (milliseconds < 9'950)
        return tr("%1 s").arg(QLocale().toString(static_cast<double>(milliseconds) / 1000.0, 'f', 1));
    if (seconds < 60)
        return tr("%1 s").arg(seconds);
    const auto two = [](std::int64_t value) { return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0')); };
    if (seconds < 3600)
        return QStringLiteral("%1:%2").arg(two(seconds / 60), two(seconds % 60));
    return QStringLiteral("%1:%2:%3").arg(QString::number(seconds / 3600), two(seconds / 60 % 60), two(seconds % 60));
}

QString formatPercent(double share)
{
    return tr("%1 %").arg(QLocale().toString(std::floor(share * 100.0), 'f', 0));
}

QString formatShape(const std::vector<std::int64_t>& shape)
{
    QStringList parts;
    for (const auto size : shape)
        parts += QString::number(size);
    return parts.join(QStringLiteral(" \u00d7 "));
}

QString layerName(const core::LayerId& layer)
{
    return toQString(core::toString(layer));
}

QString moduleName(const core::ModuleId& module)
{
    const auto kind = module.kind == core::ModuleKind::Attention ? tr("attention") : tr("MLP");
    return tr("block %1, %2").arg(module.block).arg(kind);
}

QString siteHelp(core::Site site)
{
    switch (site) {
    case core::Site::AttentionIn: return tr("normalized input of q, k and v");
    case core::Site::AttentionOut: return tr("heads' output, input of o");
    case core::Site::KeyCache: return tr("keys as they are cached");
    case core::Site::ValueCache: return tr("values as they are cached");
    case core::Site::MlpIn: return tr("normalized input of gate and up");
    case core::Site::MlpOut: return tr("gated product, input of down");
    }
    return {};
}

QString ruleText(const core::GroupRule& rule)
{
    using Mode = core::GroupRule::Mode;
    switch (rule.mode) {
    case Mode::Constant: return tr("%1 everywhere").arg(kindName(rule.constantKind));
    case Mode::Threshold:
        return rule.sign >= 0 ? tr("rotation where z > %1").arg(formatFixed(rule.beta, 2))
                              : tr("rotation where z < %1").arg(formatFixed(-rule.beta, 2));
    case Mode::TwoSided: return tr("rotation where |z| > %1").arg(formatFixed(rule.beta, 2));
    case Mode::TopFraction:
        return rule.sign >= 0 ? tr("rotation for the highest %1 of z").arg(formatPercent(rule.beta))
                              : tr("rotation for the lowest %1 of z").arg(formatPercent(rule.beta));
    }
    return {};
}

} // namespace ui
