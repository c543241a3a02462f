// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/support/paths.h"

#include <cstdlib>
#include <filesystem>
#include <string>

namespace support {

/** The folder of public models, texts and vectors that tests compare with; it is not part of the project. Empty where it
    is missing: the test then skips with a message. */
inline std::filesystem::path sharedFolder()
{
    std::filesystem::path folder;
    if (const char* named = std::getenv("PLANISH_SHARED"))
        folder = named;
    else
        folder = std::filesystem::path(sourceFolder()) / ".." / "shared";
    return std::filesystem::exists(folder / "data") ? std::filesystem::canonical(folder) : std::filesystem::path();
}

} // namespace support

/** `const auto path = ...; PLANISH_NEEDS(path)`: skips the test function where the file is not there. */
#define PLANISH_NEEDS(path)                                                                                            \
    do {                                                                                                               \
        if (!std::filesystem::exists(path))                                                                            \
            QSKIP(qPrintable(QStringLiteral("shared data missing: %1").arg(QString::fromStdString((path).string())))); \
    } while (false)
