// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace ui {

/** What tells that an input of a project is still the same. */
struct InputFingerprint
{
    qint64 bytes = 0; // of a folder all its files
    QString hash;     // SHA-256, hexadecimal; empty where there is nothing

    bool operator==(const InputFingerprint&) const = default;
};

/** Of a file: of all of it up to 1 MiB, else of its size and its first and last 64 KiB. Of a folder: of the names, sizes and such
    hashes of its files in order. Milliseconds at any size, so it finds other files, not single flipped bits in large ones. */
InputFingerprint fingerprint(const QString& path);

} // namespace ui
