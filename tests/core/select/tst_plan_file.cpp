// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/select/overrides.h"
#include "core/select/plan_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <random>

using namespace core;

namespace {

/** As the contract of the command line spells it. */
const char* const kPlan = R"({
 "schema": 1,
 "method": "kurtosis",
 "model": "abc",
 "kronecker": "fermat",
 "scheme": {"weight_bits": 4, "activation_bits": 8, "key_bits": 2, "value_bits": 16, "weight_group": 128},
 "modules": [
  {"module": "0.attention", "kind": "rotation", "automatic_kind": "affine", "origin": "user", "reason": {"text": "you", "kurtosis": 1.5}},
  {"module": "0.mlp", "kind": "affine", "automatic_kind": "affine", "origin": "automatic", "reason": {"text": "rule", "robust_z": "nan"}}
 ],
 "warnings": ["few blocks"]
})";

Plan planFrom(const Json& json)
{
    return planFromJson(json, "plan.json");
}

Json plan()
{
    return parseJson(kPlan, "plan.json");
}

bool same(const Plan& a, const Plan& b)
{
    return planToJson(a).dump() == planToJson(b).dump();
}

} // namespace

class TestPlanFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatTheContractShows();
    void writesWhatItReads();
    void candidateOfAModuleComesBack();
    void fileComesBackWhole();
    void outputOfTheCommandLineIsAPlan();
    void modulesMayStandInAnyOrder();
    void aModuleMayHaveASchemeOfItsOwn();
    void wrongPlansAreRefusedWithTheCause_data();
    void wrongPlansAreRefusedWithTheCause();
    void damagedPlansAreRefusedOrReadNeverElse();
};

void TestPlanFile::readsWhatTheContractShows()
{
    const auto read = planFrom(plan());
    QCOMPARE(read.method, std::string("kurtosis"));
    QCOMPARE(read.model, std::string("abc"));
    QVERIFY(read.kronecker == KroneckerRule::Fermat);
    QVERIFY((read.scheme == QuantScheme{4, 8, 2, 16, 128}));
    QCOMPARE(read.modules.size(), std::size_t{2});
    QVERIFY(read.modules[0].kind == TransformKind::Rotation);
    QVERIFY(read.modules[0].automaticKind == TransformKind::Affine);
    QVERIFY(read.modules[0].origin == Origin::User);
    QCOMPARE(read.modules[0].reason.text, std::string("you"));
    QCOMPARE(read.modules[0].reason.numbers.at(0).second, 1.5);
    QVERIFY(read.modules[1].origin == Origin::Automatic);
    QCOMPARE(read.modules[1].reason.numbers.at(0).first, std::string("robust_z"));
    QVERIFY(std::isnan(read.modules[1].reason.numbers.at(0).second));
    QCOMPARE(read.warnings, std::vector<std::string>{"few blocks"});
}

void TestPlanFile::writesWhatItReads()
{
    auto expected = plan();
    expected["scheme"]["kv_group"] = 0; // what the file may leave out
    expected["scheme"]["weight_asymmetric"] = false;
    expected["scheme"]["activation_asymmetric"] = false;
    QCOMPARE(QString::fromStdString(planToJson(planFrom(plan())).dump()), QString::fromStdString(expected.dump()));
}

/** Old files have neither key and mean the default; what is the default is not written. */
void TestPlanFile::candidateOfAModuleComesBack()
{
    QVERIFY(!planFrom(plan()).modules[0].rotationForm);
    QCOMPARE(planFrom(plan()).modules[0].start, 0);
    auto json = plan();
    json["modules"][0]["rotation_form"] = "hadamard-two-factor";
    json["modules"][0]["start"] = 2;
    json["modules"][0]["seed"] = 7u;
    json["scheme"]["kv_group"] = 0; // what the file may leave out
    json["scheme"]["weight_asymmetric"] = false;
    json["scheme"]["activation_asymmetric"] = false;
    const auto read = planFrom(json);
    QVERIFY(read.modules[0].rotationForm == RotationForm::HadamardTwoFactor);
    QCOMPARE(read.modules[0].start, 2);
    QVERIFY(read.modules[0].seed == std::uint64_t(7) && !read.modules[1].seed);
    QCOMPARE(QString::fromStdString(planToJson(read).dump()), QString::fromStdString(json.dump()));
    auto overridden = read; // another kind does not inherit the start of the old one
    applyOverrides(overridden, {{{0, ModuleKind::Attention}, TransformKind::Hadamard}});
    QVERIFY(!overridden.modules[0].rotationForm);
    QCOMPARE(overridden.modules[0].start, 0);
    QVERIFY(!overridden.modules[0].seed);
}

void TestPlanFile::fileComesBackWhole()
{
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.filePath(QStringLiteral("plan.json")).toStdString();
    auto written = uniformPlan(TransformKind::Hadamard, 3, {});
    applyOverrides(written, {{{2, ModuleKind::Mlp}, TransformKind::Identity}});
    written.modules[0].reason.numbers = {{"kurtosis", 0.1}, {"held_out_affine", INFINITY}};
    writePlan(path, written);
    QVERIFY(same(readPlan(path), written));
}

void TestPlanFile::outputOfTheCommandLineIsAPlan()
{
    auto json = plan();
    json["command"] = "select";
    json["version"] = "0.1.0";
    json["seconds"] = 0.2;
    json["device"] = "cpu";
    QVERIFY(same(planFrom(json), planFrom(plan())));
}

void TestPlanFile::modulesMayStandInAnyOrder()
{
    auto json = plan();
    std::swap(json["modules"][0], json["modules"][1]);
    QVERIFY(same(planFrom(json), planFrom(plan())));
}

void TestPlanFile::aModuleMayHaveASchemeOfItsOwn()
{
    auto json = plan();
    json["modules"][1]["scheme"] = {{"weight_bits", 8},          {"activation_bits", 16},        {"key_bits", 16},
                                    {"value_bits", 16},          {"weight_group", 32},           {"kv_group", 4},
                                    {"weight_asymmetric", true}, {"activation_asymmetric", true}};
    const auto read = planFrom(json);
    const QuantScheme own{8, 16, 16, 16, 32, 4, true, true};
    QVERIFY(!read.modules[0].scheme && read.modules[1].scheme == own);
    QVERIFY(read.schemeOf({0, ModuleKind::Mlp}) == own);
    QVERIFY(read.schemeOf({0, ModuleKind::Attention}) == read.scheme);
    QVERIFY(read.schemeOf(0) == BlockScheme(read.scheme, own));
    QVERIFY(same(planFrom(planToJson(read)), read));
    QVERIFY((read.scheme == QuantScheme{4, 8, 2, 16, 128, 0, false, false})); // what the file leaves out
}

void TestPlanFile::wrongPlansAreRefusedWithTheCause_data()
{
    QTest::addColumn<QString>("pointer"); // what is replaced by `value`; removed where that is empty
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("cause");
    QTest::newRow("newer schema") << "/schema"
                                  << "2"
                                  << "schema 2";
    QTest::newRow("no schema") << "/schema"
                               << ""
                               << "schema";
    QTest::newRow("schema of text") << "/schema"
                                    << "\"1\""
                                    << "schema";
    QTest::newRow("no scheme") << "/scheme"
                               << ""
                               << "scheme";
    QTest::newRow("bits missing") << "/scheme/key_bits"
                                  << ""
                                  << "key_bits";
    QTest::newRow("one bit") << "/scheme/weight_bits"
                             << "1"
                             << "1";
    QTest::newRow("nine bits") << "/scheme/activation_bits"
                               << "9"
                               << "9";
    QTest::newRow("negative bits") << "/scheme/value_bits"
                                   << "-4"
                                   << "-4";
    QTest::newRow("half a bit") << "/scheme/weight_bits"
                                << "4.5"
                                << "weight_bits";
    QTest::newRow("bits that are true") << "/scheme/weight_bits"
                                        << "true"
                                        << "weight_bits";
    QTest::newRow("bits past an int") << "/scheme/weight_bits"
                                      << "4294967300"
                                      << "weight_bits";
    QTest::newRow("negative group") << "/scheme/weight_group"
                                    << "-1"
                                    << "group";
    QTest::newRow("misspelt scheme key") << "/scheme/weight_bit"
                                         << "3"
                                         << "weight_bit";
    QTest::newRow("misspelt key") << "/moduls"
                                  << "[]"
                                  << "moduls";
    QTest::newRow("unknown kind") << "/modules/0/kind"
                                  << "\"afine\""
                                  << "afine";
    QTest::newRow("unknown automatic kind") << "/modules/0/automatic_kind"
                                            << "\"none\""
                                            << "none";
    QTest::newRow("unknown origin") << "/modules/0/origin"
                                    << "\"me\""
                                    << "me";
    QTest::newRow("unknown module") << "/modules/0/module"
                                    << "\"0.ffn\""
                                    << "0.ffn";
    QTest::newRow("module twice") << "/modules/1/module"
                                  << "\"0.attention\""
                                  << "0.attention";
    QTest::newRow("module missing") << "/modules/1"
                                    << ""
                                    << "1 modules";
    QTest::newRow("gap in the blocks") << "/modules/1/module"
                                       << "\"1.mlp\""
                                       << "1.mlp";
    QTest::newRow("no modules") << "/modules"
                                << "[]"
                                << "0 modules";
    QTest::newRow("modules no list") << "/modules"
                                     << "3"
                                     << "";
    QTest::newRow("unknown key of a module") << "/modules/0/bits"
                                             << "3"
                                             << "bits";
    QTest::newRow("one bit of a module's own") << "/modules/0/scheme"
                                               << "{\"weight_bits\": 1, \"activation_bits\": 4, \"key_bits\": 4, "
                                                  "\"value_bits\": 4}"
                                               << "1";
    QTest::newRow("asymmetry that is a number") << "/scheme/weight_asymmetric"
                                                << "1"
                                                << "scheme";
    QTest::newRow("negative group of keys") << "/scheme/kv_group"
                                            << "-2"
                                            << "group";
    QTest::newRow("reason of text") << "/modules/0/reason/kurtosis"
                                    << "\"much\""
                                    << "much";
    QTest::newRow("unknown form") << "/modules/0/rotation_form"
                                  << "\"three-factor\""
                                  << "three-factor";
    QTest::newRow("start below 0") << "/modules/0/start"
                                   << "-1"
                                   << "-1";
    QTest::newRow("half a start") << "/modules/0/start"
                                  << "0.5"
                                  << "start";
    QTest::newRow("unknown split") << "/kronecker"
                                   << "\"gauss\""
                                   << "gauss";
}

void TestPlanFile::wrongPlansAreRefusedWithTheCause()
{
    QFETCH(QString, pointer);
    QFETCH(QString, value);
    QFETCH(QString, cause);
    auto json = plan();
    const Json::json_pointer at(pointer.toStdString());
    if (!value.isEmpty())
        json[at] = Json::parse(value.toStdString());
    else if (at.back() == "1")
        json[at.parent_pointer()].erase(1);
    else
        json[at.parent_pointer()].erase(at.back());
    try {
        planFrom(json);
        QFAIL("a wrong plan was read");
    } catch (const Error& error) {
        QVERIFY2(QString::fromUtf8(error.what()).contains(cause), error.what());
        QCOMPARE(error.context(), std::string("plan.json"));
    }
}

// Seeded damage to single bytes: whatever comes out is an Error or a plan that can be written and read again.
void TestPlanFile::damagedPlansAreRefusedOrReadNeverElse()
{
    std::mt19937 random(11);
    const std::string whole = plan().dump();
    int refused = 0;
    for (int i = 0; i < 3000; ++i) {
        auto text = whole;
        for (int change = 0; change < 1 + i % 3; ++change) {
            const auto at = random() % text.size();
            switch (random() % 3) {
            case 0: text[at] = static_cast<char>(random() % 256); break;
            case 1: text.erase(at, 1 + random() % 20); break;
            default: text.insert(at, text.substr(random() % text.size(), random() % 20)); break;
            }
        }
        try {
            const auto read = planFrom(parseJson(text, "plan.json"));
            QVERIFY(same(planFrom(planToJson(read)), read));
        } catch (const Error&) {
            ++refused;
        }
    }
    QVERIFY(refused > 1000);
}

QTEST_GUILESS_MAIN(TestPlanFile)
#include "tst_plan_file.moc"
