// SPDX-License-Identifier: Apache-2.0
#include "core/calibrate/calibration_json.h"
#include "tests/support/refuses.h"

#include <QTest>

using namespace core;

class TestCalibrationJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void estimateAndMeasurementComeBack();
    void memoryOfABlockComesBackAndMayBeMissing();
    void aReportWithoutAnEstimateIsRead();
    void aDamagedEstimateIsRefused();
};

namespace {

CalibrationReport example()
{
    CalibrationReport report;
    report.peakMemoryBytes = 5;
    report.preflight = PreflightReport{.memory = 1ull << 40,
                                       .memoryAvailable = 7,
                                       .disk = 3,
                                       .diskAvailable = 2,
                                       .seconds = 1.5,
                                       .stepSeconds = 0.25,
                                       .warnings = {"needs more"},
                                       .measuredMemory = 11,
                                       .measuredDisk = 12,
                                       .measuredSeconds = 13.5};
    return report;
}

} // namespace

void TestCalibrationJson::estimateAndMeasurementComeBack()
{
    const auto read = reportFromJson(reportToJson(example()), "report.json").preflight;
    QVERIFY(read.has_value());
    QCOMPARE(read->memory, std::uint64_t(1) << 40);
    QCOMPARE(read->memoryAvailable, std::uint64_t(7));
    QCOMPARE(read->disk, std::uint64_t(3));
    QCOMPARE(read->diskAvailable, std::uint64_t(2));
    QCOMPARE(read->seconds, 1.5);
    QCOMPARE(read->stepSeconds, 0.25);
    QVERIFY(!read->fits());
    QCOMPARE(read->measuredMemory, std::uint64_t(11));
    QCOMPARE(read->measuredDisk, std::uint64_t(12));
    QCOMPARE(read->measuredSeconds, 13.5);
    auto before = example();
    before.preflight->measuredSeconds = 0.0;
    QVERIFY(!reportToJson(before)["preflight"].contains("measured"));
}

void TestCalibrationJson::memoryOfABlockComesBackAndMayBeMissing()
{
    auto report = example();
    report.blocks = {{.block = 3, .peakHostBytes = 3ull << 20}};
    auto json = reportToJson(report);
    QCOMPARE(reportFromJson(json, "report.json").blocks.front().peakHostBytes, std::uint64_t(3) << 20);
    json["blocks"][0].erase("peak_host_bytes"); // as older programs wrote it
    QCOMPARE(reportFromJson(json, "report.json").blocks.front().peakHostBytes, std::uint64_t(0));
}

void TestCalibrationJson::aReportWithoutAnEstimateIsRead()
{
    auto json = reportToJson(example());
    json.erase("preflight");
    QVERIFY(!reportFromJson(json, "report.json").preflight);
}

void TestCalibrationJson::aDamagedEstimateIsRefused()
{
    auto json = reportToJson(example());
    json["preflight"].erase("disk_bytes");
    PLANISH_REFUSES(reportFromJson(json, "report.json"), ErrorKind::Corrupt, {"report.json"});
}

QTEST_GUILESS_MAIN(TestCalibrationJson)
#include "tst_calibration_json.moc"
