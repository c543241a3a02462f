// SPDX-License-Identifier: Apache-2.0
#include "core/io/json.h"
#include "tests/core/io/safetensors_bytes.h"
#include "tests/support/refuses.h"
#include "tests/support/shared_data.h"

#include <QTemporaryDir>
#include <QtTest>

#include <cmath>
#include <limits>

using namespace core;

class TestJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void valuesOfEveryKindKeepTheirOrder()
    {
        const std::string text = R"({"z":[1,-2,2.5,true,null],"a":{"text":"\u00e9"},"m":[],"b":{}})";
        const auto json = parseJson(text, "test");
        QCOMPARE(json.dump(-1, ' ', true), text); // the same order, the same values
        QCOMPARE(json["a"]["text"].get<std::string>(), std::string("\xc3\xa9"));
        QVERIFY(json["z"][0].is_number_unsigned());
        QVERIFY(json["z"][1].is_number_integer());
        QCOMPARE(parseJson("7", "test").get<int>(), 7);
    }

    void lyingTextIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("cut short") << QByteArray(R"({"a": [1, 2)") << QByteArray("byte 12"); // one past the 11 given
        QTest::newRow("no value") << QByteArray("") << QByteArray("byte 1");
        QTest::newRow("more after the end") << QByteArray("{} {}") << QByteArray("byte 4");
        QTest::newRow("number too large") << QByteArray("[1e999]") << QByteArray("number overflow");
        QTest::newRow("bad UTF-8") << QByteArray("[\"\xc3\x28\"]") << QByteArray("UTF-8");
        QTest::newRow("same key twice") << QByteArray(R"({"a":1,"b":2,"a":3})") << QByteArray("'a' twice");
        QTest::newRow("same key twice, deeper") << QByteArray(R"([{"x":{"k":1,"k":1}}])") << QByteArray("'k' twice");
        QTest::newRow("same key written in two ways") << QByteArray(R"({"a":1,"\u0061":2})") << QByteArray("'a' twice");
        QTest::newRow("too deep") << QByteArray(100000, '[') << QByteArray("256 levels");
        QTest::newRow("a comment") << QByteArray("{/*x*/}") << QByteArray("byte 2");
    }
    void lyingTextIsRefused()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, said);
        PLANISH_REFUSES(parseJson(text.toStdString(), "some.json"), ErrorKind::Corrupt,
                        {"some.json", said.constData()});
    }

    void messagesStayShortForLongTokens()
    {
        const auto text = "[\"" + std::string(1 << 20, 'x');
        try {
            parseJson(text, "n");
            QFAIL("nothing was refused");
        } catch (const Error& error) {
            QVERIFY(std::string_view(error.what()).size() < 400);
        }
    }

    void filesAreReadOrNamedInTheError()
    {
        support::writeBytes(m_folder / "good.json", R"({"a":1})");
        QCOMPARE(readJson(m_folder / "good.json")["a"].get<int>(), 1);
        support::writeBytes(m_folder / "bad.json", "{");
        PLANISH_REFUSES(readJson(m_folder / "bad.json"), ErrorKind::Corrupt, {"bad.json", "byte 2"});
        PLANISH_REFUSES(readJson(m_folder / "absent.json"), ErrorKind::NotFound, {"absent.json"});
        PLANISH_REFUSES(readJson(m_folder), ErrorKind::Io, {m_folder.string()});
        support::writeBytes(m_folder / "huge.json", "");
        std::filesystem::resize_file(m_folder / "huge.json", (512ull << 20) + 1); // sparse: takes no disk
        PLANISH_REFUSES(readJson(m_folder / "huge.json"), ErrorKind::Corrupt, {"536870913", "huge.json"});
    }

    void aRealVocabularyIsReadWhole()
    {
        const auto path = support::sharedFolder() / "data/tokenizers/gpt2/vocab.json";
        PLANISH_NEEDS(path);
        QCOMPARE(readJson(path).size(), std::size_t{50257}); // the published size of GPT-2's vocabulary
    }

    void numbersThatJsonLacksAreTexts()
    {
        const double infinity = std::numeric_limits<double>::infinity();
        QCOMPARE(jsonNumber(0.1).dump(), std::string("0.1"));
        QCOMPARE(jsonNumber(infinity).dump(), std::string("\"inf\""));
        QCOMPARE(jsonNumber(-infinity).dump(), std::string("\"-inf\""));
        QCOMPARE(jsonNumber(std::nan("")).dump(), std::string("\"nan\""));
        for (const double value : {0.1, infinity, -infinity, -0.0})
            QCOMPARE(numberFromJson(jsonNumber(value)), value);
        QVERIFY(std::isnan(numberFromJson(jsonNumber(std::nan("")))));
        QCOMPARE(numberFromJson(Json(3)), 3.0);
        PLANISH_REFUSES(numberFromJson(Json("Infinity")), ErrorKind::Corrupt, {"Infinity"});
        PLANISH_REFUSES(numberFromJson(Json(nullptr)), ErrorKind::Corrupt, {"null"});
    }

    // FIPS 180-4 examples as published by NIST (csrc.nist.gov, "SHA256.pdf" and "SHA2_Additional.pdf").
    void sha256MatchesThePublishedVectors()
    {
        QCOMPARE(sha256(""), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(sha256("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                 std::string("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
        QCOMPARE(sha256(std::string(1000000, 'a')),
                 std::string("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
    }

    // Bytes (7 i + 3) mod 251 for i = 0..n-1, hashed by Python's hashlib: lengths on both sides of each padding case.
    void sha256PadsRightAtBlockEdges()
    {
        const std::pair<int, const char*> expected[] = {
            {55, "1deace58c745f3ecadde68a5923f494c3703fa73f0306483ccb898a5826e8d70"},
            {56, "06dbe23685750e4d3881ded95047abaf93fa8f9c5d3501dc57c717a72ff1398e"},
            {63, "47fb38b12335c9298d09280515c0666489a189d1554bb0ac1a0740806ce9d8b6"},
            {64, "dfa798724b1a8014994f363e5da7474ed26ce3757fb29e07aa47ad5a9352d37b"},
            {65, "dd2eab5a5507d7717c63ce953d9ac61752c21e664425ad1227054722a0d97f69"},
            {119, "c6e0f435df5d7d265baacca31e0602c00aa22fa6d3819aed664649294c743756"},
            {120, "17eb8960823a644bde3065620bb9d45931fe8993fd8eb692a17aff0fd725db6a"},
        };
        for (const auto& [length, hash] : expected) {
            std::string bytes;
            for (int i = 0; i < length; ++i)
                bytes += static_cast<char>((i * 7 + 3) % 251);
            QCOMPARE(sha256(bytes), std::string(hash));
        }
    }

private:
    QTemporaryDir m_temporary;
    std::filesystem::path m_folder = m_temporary.path().toStdString();
};

QTEST_GUILESS_MAIN(TestJson)
#include "tst_json.moc"
