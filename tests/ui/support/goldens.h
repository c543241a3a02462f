// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/support/studio_fixture.h"

#include <QImage>

/** Pictures of the window against committed ones; see tests/ui/tst_goldens.cpp. */
namespace golden {

inline constexpr QSize kPicture(480, 300);
inline constexpr std::pair<ui::Workspace, const char*> kWorkspaces[] = {
    {ui::Workspace::Welcome, "welcome"},       {ui::Workspace::Inspect, "inspect"},
    {ui::Workspace::Transforms, "transforms"}, {ui::Workspace::Calibrate, "calibrate"},
    {ui::Workspace::Evaluate, "evaluate"},     {ui::Workspace::Chat, "chat"},
    {ui::Workspace::Export, "export"},         {ui::Workspace::Teach, "teach"}};

struct Difference
{
    double all = 0.0;    // share of pixels that an eye tells apart
    double inCell = 0.0; // in the cell where it is largest
    QPoint cell;         // of the picture
    QImage marked;       // those pixels red over the drawn picture, faded

    bool isVisible() const;
};

Difference compare(const QImage& drawn, const QImage& approved);

/** Compares with what was approved, or approves it where that is asked for; the empty string where all is well. */
QString judge(const QImage& drawn, const QString& name);

/** Why there is nothing to compare with here: another font, another Qt; empty where there is. Sets the font. */
QString whyNot();

QImage grab(StudioFixture& studio, ui::Workspace workspace, const QSize& size);

bool makeReady(StudioFixture& studio); // everything was done once
bool makeError(StudioFixture& studio);

} // namespace golden
