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

/** The context of what is translated here. */
struct Format
{
    Q_DECLARE_TR_FUNCTIONS(ui::Format)
};

} // namespace

QString formatNumber(double value, int significant)
{
    return std::isfinite(value) ? QLocale().toString(value, 'g', significant) : Format::tr("n/a");
}

QString formatFixed(double value, int decimals)
{
    if (!std::isfinite(value))
        return Format::tr("n/a");
    const double half = 0.5 * std::pow(10.0, -decimals);
    return QLocale().toString(std::abs(value) < half ? 0.0 : value, 'f', decimals); // no minus before a zero
}

QString formatStatistic(double value, int decimals)
{
    return std::abs(value) < 1000.0 ? formatFixed(value, decimals) : formatNumber(value);
}

QString formatCount(std::int64_t count)
{
    return QLocale().toString(static_cast<qlonglong>(count));
}

QString formatAmount(std::int64_t count)
{
    const double value = static_cast<double>(count);
    if (value >= 1e9)
        return Format::tr("%1 billion").arg(QLocale().toString(value / 1e9, 'f', 2));
    if (value >= 1e6)
        return Format::tr("%1 million").arg(QLocale().toString(value / 1e6, 'f', 2));
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
        return Format::tr("%1 s").arg(QLocale().toString(static_cast<double>(milliseconds) / 1000.0, 'f', 1));
    if (seconds < 60)
        return Format::tr("%1 s").arg(seconds);
    const auto two = [](std::int64_t value) { return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0')); };
    if (seconds < 3600)
        return QStringLiteral("%1:%2").arg(two(seconds / 60), two(seconds % 60));
    return QStringLiteral("%1:%2:%3").arg(QString::number(seconds / 3600), two(seconds / 60 % 60), two(seconds % 60));
}

QString formatPercent(double share)
{
    return Format::tr("%1 %").arg(QLocale().toString(std::floor(share * 100.0), 'f', 0));
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
    const auto kind = module.kind == core::ModuleKind::Attention ? Format::tr("attention") : Format::tr("MLP");
    return Format::tr("block %1, %2").arg(module.block).arg(kind);
}

QString siteHelp(core::Site site)
{
    switch (site) {
    case core::Site::AttentionIn: return Format::tr("normalized input of q, k and v");
    case core::Site::AttentionOut: return Format::tr("heads' output, input of o");
    case core::Site::KeyCache: return Format::tr("keys as they are cached");
    case core::Site::ValueCache: return Format::tr("values as they are cached");
    case core::Site::MlpIn: return Format::tr("normalized input of gate and up");
    case core::Site::MlpOut: return Format::tr("gated product, input of down");
    }
    return {};
}

QString ruleText(const core::GroupRule& rule)
{
    using Mode = core::GroupRule::Mode;
    switch (rule.mode) {
    case Mode::Constant: return Format::tr("%1 everywhere").arg(kindName(rule.constantKind));
    case Mode::Threshold:
        return rule.sign >= 0 ? Format::tr("rotation where z > %1").arg(formatFixed(rule.beta, 2))
                              : Format::tr("rotation where z < %1").arg(formatFixed(-rule.beta, 2));
    case Mode::TwoSided: return Format::tr("rotation where |z| > %1").arg(formatFixed(rule.beta, 2));
    case Mode::TopFraction:
        return rule.sign >= 0 ? Format::tr("rotation for the highest %1 of z").arg(formatPercent(rule.beta))
                              : Format::tr("rotation for the lowest %1 of z").arg(formatPercent(rule.beta));
    }
    return {};
}

} // namespace ui
