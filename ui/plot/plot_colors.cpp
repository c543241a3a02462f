// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/plot_colors.h"

#include <QPalette>

#include <algorithm>
#include <array>
#include <cmath>

namespace ui {

QColor PlotColors::ofKind(core::TransformKind kind) const
{
    switch (kind) {
    case core::TransformKind::Affine: return affine;
    case core::TransformKind::Rotation: return rotation;
    case core::TransformKind::Hadamard: return hadamard;
    case core::TransformKind::Identity: return identity;
    }
    return identity;
}

bool isDark(const QPalette& palette)
{
    return palette.color(QPalette::Base).lightness() < 128;
}

PlotColors plotColors(const QPalette& palette)
{
    const QColor ground = palette.color(QPalette::Base);
    if (isDark(palette)) {
        return {.ground = ground,
                .text = palette.color(QPalette::Text), // of the theme: high contrast has its own
                .muted = palette.color(QPalette::PlaceholderText),
                .grid = QColor(0x31, 0x38, 0x41),
                .border = palette.color(QPalette::Mid),
                .before = QColor(0x56, 0xb4, 0xe9),
                .after = QColor(0xe6, 0x9f, 0x00),
                .fit = QColor(0xb4, 0xbc, 0xc6),
                .alarm = QColor(0xff, 0x7b, 0x54),
                .affine = QColor(0x56, 0xb4, 0xe9),
                .rotation = QColor(0xe6, 0x9f, 0x00),
                .hadamard = QColor(0xe0, 0x8f, 0xbc),
                .identity = QColor(0xc6, 0xce, 0xd8)};
    }
    return {.ground = ground,
            .text = QColor(0x1f, 0x23, 0x28),
            .muted = QColor(0x59, 0x63, 0x6e),
            .grid = QColor(0xe7, 0xea, 0xee),
            .border = QColor(0xd5, 0xd9, 0xdf),
            .before = QColor(0x00, 0x72, 0xb2),
            .after = QColor(0xd5, 0x5e, 0x00),
            .fit = QColor(0x4b, 0x55, 0x60),
            .alarm = QColor(0xb3, 0x3a, 0x00),
            .affine = QColor(0x00, 0x72, 0xb2),
            .rotation = QColor(0xd5, 0x5e, 0x00),
            .hadamard = QColor(0xb0, 0x4f, 0x85),
            .identity = QColor(0x3d, 0x46, 0x50)};
}

QColor rampColor(double share, bool dark)
{
    // Cividis at equal steps, without its darkest or lightest end, which would drown in the ground.
    static constexpr std::array<std::array<int, 3>, 7> kStops{{{0, 52, 110},
                                                               {61, 77, 107},
                                                               {96, 102, 111},
                                                               {128, 128, 120},
                                                               {163, 154, 116},
                                                               {200, 182, 101},
                                                               {239, 216, 64}}};
    const double low = dark ? 2.2 : 0.0;
    const double high = dark ? 6.0 : 5.0;
    const double position = low + (high - low) * std::clamp(share, 0.0, 1.0);
    const auto index = std::min<std::size_t>(static_cast<std::size_t>(position), kStops.size() - 2);
    const double part = position - static_cast<double>(index);
    const auto mix = [&](std::size_t channel) {
        return static_cast<int>(std::lround(kStops[index][channel] * (1 - part) + kStops[index + 1][channel] * part));
    };
    return QColor(mix(0), mix(1), mix(2));
}

} // namespace ui
