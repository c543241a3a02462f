// SPDX-License-Identifier: Apache-2.0
#include "gpu/device.h"
#include "gpu/driver.h"

#include <QTest>

#include <stdexcept>

class TestDevice : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cpuComesFirstWithItsMemory();
    void cpuCanAlwaysBeChosen();
    void automaticChoiceFollowsCuda();
    void unknownNamesAreRefused_data();
    void unknownNamesAreRefused();
    void cudaIsRefusedWithTheReason();
    void missingDriverIsSaid();
    void libraryThatIsNoDriverIsSaid();
    void cudaVersionReadsAsWritten();
};

void TestDevice::cpuComesFirstWithItsMemory()
{
    const auto devices = gpu::listDevices();
    QVERIFY(!devices.empty());
    QCOMPARE(devices[0].name, std::string("cpu"));
    QVERIFY(!devices[0].description.empty());
    QVERIFY(devices[0].memoryBytes > (64u << 20)); // less would not run this test
    QVERIFY(devices[0].computeCapability.empty());
}

void TestDevice::cpuCanAlwaysBeChosen()
{
    QVERIFY(gpu::chooseDevice("cpu").is_cpu());
}

void TestDevice::automaticChoiceFollowsCuda()
{
    QCOMPARE(gpu::chooseDevice("auto").is_cuda(), gpu::loadCuda().empty());
}

void TestDevice::unknownNamesAreRefused_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:1x", "cuda:99999999999", "CPU"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestDevice::unknownNamesAreRefused()
{
    QFETCH(QString, name);
    QVERIFY_THROWS_EXCEPTION(std::invalid_argument, gpu::chooseDevice(name.toStdString()));
}

void TestDevice::cudaIsRefusedWithTheReason()
{
    if (gpu::loadCuda().empty())
        QSKIP("CUDA works here");
    try {
        gpu::chooseDevice("cuda:0");
        QFAIL("CUDA was chosen although it does not work");
    } catch (const std::invalid_argument& error) {
        QVERIFY(std::string(error.what()).find(gpu::loadCuda()) != std::string::npos);
    }
}

void TestDevice::missingDriverIsSaid()
{
    const auto driver = gpu::askDriver("libno-such-driver.so.1");
    QVERIFY(driver.devices.empty());
    QVERIFY(driver.whyNot.find("no NVIDIA driver") != std::string::npos);
    QVERIFY(driver.whyNot.find("libno-such-driver.so.1") != std::string::npos);
}

void TestDevice::libraryThatIsNoDriverIsSaid()
{
    const auto driver = gpu::askDriver("libm.so.6");
    QVERIFY(driver.devices.empty());
    QVERIFY(driver.whyNot.find("not a usable NVIDIA driver") != std::string::npos);
}

void TestDevice::cudaVersionReadsAsWritten()
{
    QCOMPARE(gpu::cudaVersionText(13000), std::string("13.0"));
    QCOMPARE(gpu::cudaVersionText(12080), std::string("12.8"));
}

QTEST_GUILESS_MAIN(TestDevice)
#include "tst_device.moc"
