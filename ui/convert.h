// SPDX-License-Identifier: GPL-3.0-or-later
// The only place where text crosses between core (std, UTF-8) and the window (Qt).
#pragma once

#include <QString>

#include <string>
#include <string_view>

namespace ui {

inline QString toQString(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

inline std::string toStd(const QString& text)
{
    return text.toStdString();
}

} // namespace ui
