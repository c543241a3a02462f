// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QComboBox;
class QLabel;
class QProgressBar;

namespace ui {

class Studio;

/** Where to compute, and how full its memory is: the machine's while the CPU computes. */
class DeviceRow : public QWidget
{
    Q_OBJECT

public:
    explicit DeviceRow(Studio& studio, QWidget* parent = nullptr);

    QComboBox& devices() { return *m_devices; }
    QProgressBar& meter() { return *m_meter; }

private:
    void fill();
    void showMemory();

    Studio& m_studio;
    QComboBox* m_devices = nullptr;
    QProgressBar* m_meter = nullptr;
    QLabel* m_memory = nullptr;
};

} // namespace ui
