// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gpu/device.h"
#include "gpu/kernels.h"

#include <QTest>
#include <c10/core/Device.h>

namespace support {

/** Empty where our kernels run on a GPU. */
inline QString whyNoGpu()
{
    if (!gpu::loadCuda().empty())
        return QStringLiteral("no CUDA: %1").arg(QString::fromStdString(gpu::loadCuda()));
    return gpu::cuda::isBuilt() ? QString() : QStringLiteral("built without CUDA kernels");
}

/** The rows of a test that runs on each device. */
inline void addDevices()
{
    QTest::addColumn<QString>("device");
    QTest::newRow("cpu") << "cpu";
    QTest::newRow("cuda") << "cuda";
}

} // namespace support

/** Declares `name`, the device of this row, or skips it. loadCuda() must come before the first tensor: in initTestCase. */
#define PLANISH_DEVICE(name)                                                                                           \
    QFETCH(QString, device);                                                                                           \
    if (device == "cuda" && !support::whyNoGpu().isEmpty())                                                            \
        QSKIP(qPrintable(support::whyNoGpu()));                                                                        \
    const c10::Device name(device.toStdString())
