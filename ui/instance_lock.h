// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLockFile>
#include <QString>

namespace ui {

/** Held by the first window that runs with some settings; given back when its process ends, however that comes. */
class InstanceLock
{
public:
    explicit InstanceLock(const QString& settingsFile); // empty: the usual ones

    bool isFirst() const { return m_isFirst; }

private:
    QLockFile m_lock;
    bool m_isFirst;
};

} // namespace ui
