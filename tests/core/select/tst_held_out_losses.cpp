// SPDX-License-Identifier: Apache-2.0
#include "core/select/held_out_losses.h"
#include "tests/support/refuses.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>

using namespace core;

namespace {

HeldOutLosses example()
{
    HeldOutLosses losses{
        .model = "abc", .family = "LlamaForCausalLM", .scheme = {3, 3, 2, 2, 64}, .seed = 7, .modules = {}};
    losses.modules.push_back(
        {{0, ModuleKind::Attention},
         {{.kind = TransformKind::Affine, .start = 0, .loss = 0.5, .stderror = 0.01},
          {.kind = TransformKind::Affine, .start = 1, .loss = 0.25, .stderror = 0.02},
          {.kind = TransformKind::Rotation, .form = RotationForm::HadamardStart, .loss = 1e-9, .stderror = 0.0},
          {.kind = TransformKind::Rotation, .form = RotationForm::TwoFactor, .loss = 1e300, .stderror = 3.0}}});
    losses.modules.push_back({{3, ModuleKind::Mlp},
                              {{.kind = TransformKind::Hadamard,
                                .loss = std::numeric_limits<double>::infinity(),
                                .stderror = std::numeric_limits<double>::quiet_NaN()}}});
    return losses;
}

} // namespace

class TestHeldOutLosses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fileComesBackWhole();
    void modulesMayStandInAnyOrder();
    void outputOfTheCommandLineIsRead();
    void wrongFilesAreRefused_data();
    void wrongFilesAreRefused();
};

void TestHeldOutLosses::fileComesBackWhole()
{
    const QTemporaryDir folder;
    const auto path = std::filesystem::path(folder.filePath(QStringLiteral("losses.json")).toStdString());
    const auto written = example();
    writeHeldOutLosses(path, written);
    const auto read = readHeldOutLosses(path);
    QCOMPARE(read.model, written.model);
    QCOMPARE(read.family, written.family);
    QVERIFY(read.scheme == written.scheme);
    QCOMPARE(read.seed, written.seed);
    QCOMPARE(read.modules.size(), written.modules.size());
    for (std::size_t i = 0; i < read.modules.size(); ++i) {
        QVERIFY(read.modules[i].module == written.modules[i].module);
        QCOMPARE(read.modules[i].candidates.size(), written.modules[i].candidates.size());
        for (std::size_t j = 0; j < read.modules[i].candidates.size(); ++j) {
            const auto& a = read.modules[i].candidates[j];
            const auto& b = written.modules[i].candidates[j];
            QVERIFY(a.kind == b.kind && a.form == b.form && a.start == b.start && a.loss == b.loss);
            QVERIFY(a.stderror == b.stderror || (std::isnan(a.stderror) && std::isnan(b.stderror)));
        }
    }
}

void TestHeldOutLosses::modulesMayStandInAnyOrder()
{
    auto json = lossesToJson(example());
    std::swap(json["modules"][0], json["modules"][1]);
    QCOMPARE(toString(lossesFromJson(json, "a.json").modules.front().module), std::string("0.attention"));
}

void TestHeldOutLosses::outputOfTheCommandLineIsRead()
{
    auto json = lossesToJson(example());
    json["command"] = "search";
    json["version"] = "1.0";
    json["seconds"] = 2.5;
    json["device"] = "cpu";
    QCOMPARE(lossesFromJson(json, "a.json").modules.size(), std::size_t(2));
}

void TestHeldOutLosses::wrongFilesAreRefused_data()
{
    QTest::addColumn<QString>("pointer"); // what is changed
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("said");
    QTest::newRow("schema") << "/schema"
                            << "2"
                            << "schema 2";
    QTest::newRow("unknown key") << "/extra"
                                 << "1"
                                 << "'extra'";
    QTest::newRow("no seed") << "/seed"
                             << "-1"
                             << "seed";
    QTest::newRow("bits") << "/scheme/key_bits"
                          << "1"
                          << "bits";
    QTest::newRow("module name") << "/modules/1/module"
                                 << "\"3.head\""
                                 << "3.head";
    QTest::newRow("module twice") << "/modules/1/module"
                                  << "\"0.attention\""
                                  << "0.attention stands twice";
    QTest::newRow("no candidates") << "/modules/1/candidates"
                                   << "[]"
                                   << "3.mlp has no candidates";
    QTest::newRow("kind") << "/modules/0/candidates/0/kind"
                          << "\"shear\""
                          << "shear";
    QTest::newRow("form") << "/modules/0/candidates/2/form"
                          << "\"oval\""
                          << "oval";
    QTest::newRow("form of an affine") << "/modules/0/candidates/0/form"
                                       << "\"two-factor\""
                                       << "has a form";
    QTest::newRow("candidate twice") << "/modules/0/candidates/1/start"
                                     << "0"
                                     << "affine of start 0 twice";
    QTest::newRow("half a start") << "/modules/0/candidates/1/start"
                                  << "0.5"
                                  << "start is not a whole number";
    QTest::newRow("negative loss") << "/modules/0/candidates/1/loss"
                                   << "-0.1"
                                   << "negative";
    QTest::newRow("loss is a word") << "/modules/0/candidates/1/loss"
                                    << "\"low\""
                                    << "a.json";
    QTest::newRow("no object") << "/modules/0"
                               << "4"
                               << "not a JSON object";
}

void TestHeldOutLosses::wrongFilesAreRefused()
{
    QFETCH(QString, pointer);
    QFETCH(QString, value);
    QFETCH(QString, said);
    auto json = lossesToJson(example());
    json[Json::json_pointer(pointer.toStdString())] = parseJson(value.toStdString(), "value");
    try {
        lossesFromJson(json, "a.json");
        QFAIL("nothing was refused");
    } catch (const Error& error) {
        const auto text = describe(error);
        QVERIFY2(text.find(said.toStdString()) != std::string::npos, text.c_str());
        QVERIFY2(text.find("a.json") != std::string::npos, text.c_str());
    }
}

QTEST_GUILESS_MAIN(TestHeldOutLosses)
#include "tst_held_out_losses.moc"
