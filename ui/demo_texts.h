// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace ui {

struct DemoTexts
{
    QString calibration;
    QString evaluation;
};

/** Texts that lie beside a model, as the demo model has them; empty where there are none. */
DemoTexts findDemoTexts(const QString& modelFolder);

} // namespace ui
