// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QTableView;

namespace ui {

/** The selected rows (all of them where none is) with the visible columns as they are shown, with a head line, on the clipboard:
    tab-separated for spreadsheets and HTML for documents. */
void copyRows(const QTableView& table);

} // namespace ui
