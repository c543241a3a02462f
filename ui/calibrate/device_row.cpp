// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/calibrate/device_row.h"

#include "ui/convert.h"
#include "ui/engine_texts.h"
#include "ui/format.h"
#include "ui/memory.h"
#include "ui/studio.h"
#include "ui/view_parts.h"

#include <QComboBox>
#include <QLabel>
#include <QProgressBar>
#include <QSignalBlocker>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <algorithm>

namespace ui {

DeviceRow::DeviceRow(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_devices(new QComboBox(this))
    , m_meter(progressLine(this, tr("Memory in use")))
    , m_memory(new QLabel(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(3);
    column->addWidget(m_devices);
    column->addWidget(m_meter);
    column->addWidget(m_memory);
    m_devices->setAccessibleName(tr("Device"));
    m_devices->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_memory->setForegroundRole(QPalette::PlaceholderText);
    m_memory->setToolTip(tr("What this program holds, of what the machine has"));
    connect(m_devices, &QComboBox::activated, this,
            [this](int index) { m_studio.setDevice(m_devices->itemData(index).toString()); });
    connect(&studio, &Studio::engineReady, this, &DeviceRow::fill);
    showOften(this, [this] { showMemory(); });
    fill();
    showMemory();
}

void DeviceRow::fill()
{
    const QSignalBlocker quiet(m_devices);
    m_devices->clear();
    const auto& list = m_studio.devices();
    for (const auto& device : list.devices) {
        m_devices->addItem(
            tr("%1: %2, %3")
                .arg(toQString(device.name), toQString(device.description), formatBytes(device.memoryBytes)),
            toQString(device.name));
        m_devices->setItemData(m_devices->count() - 1, m_devices->itemText(m_devices->count() - 1), Qt::ToolTipRole);
    }
    if (!list.whyNoCuda.empty()) { // told, not hidden
        m_devices->addItem(tr("no GPU: %1").arg(fromEngine(list.whyNoCuda)));
        auto* model = qobject_cast<QStandardItemModel*>(m_devices->model());
        model->item(m_devices->count() - 1)->setEnabled(false);
    }
    const int current = m_devices->findData(m_studio.deviceName());
    m_devices->setCurrentIndex(std::max(0, current));
    m_devices->setEnabled(!list.devices.empty());
    m_devices->setToolTip(list.devices.empty() ? tr("The engine is being loaded") : m_devices->currentText());
}

void DeviceRow::showMemory()
{
    const auto used = usedMemory();
    const auto all = machineMemory();
    m_meter->setValue(all > 0 ? static_cast<int>(1000.0 * static_cast<double>(used) / static_cast<double>(all)) : 0);
    m_memory->setText(tr("%1 of %2 memory in use").arg(formatBytes(used), formatBytes(all)));
}

} // namespace ui
