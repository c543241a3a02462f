// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace ui {

/** A format of the workspace "Export". */
struct ExportFormat
{
    QString name;        // "GPTQ"
    QString word;        // the engine's: "gptq"
    QString ending;      // of what is written beside the bundle: "-gptq", ".gguf"
    QString explanation; // who reads it, what it carries and loses, as HTML
};

/** In the order of the combo box, in the window's language. */
std::vector<ExportFormat> exportFormats();

} // namespace ui
