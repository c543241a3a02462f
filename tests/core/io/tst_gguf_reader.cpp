// SPDX-License-Identifier: Apache-2.0
#include "core/io/gguf_header.h"
#include "core/io/gguf_reader.h"
#include "core/io/gguf_types.h"
#include "tests/core/io/gguf_bytes.h"
#include "tests/core/io/safetensors_bytes.h"
#include "tests/support/refuses.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace core;
using support::GgufBytes;
using support::writeBytes;

namespace {

GgufHeader parse(const std::string& file, GgufBody body = GgufBody::Required)
{
    return parseGguf(support::asBytes(file), "test.gguf", body);
}

template <typename T>
T valueOf(const GgufHeader& header, const std::string& key)
{
    return std::get<T>(header.metadata.at(key));
}

/** One F32 tensor of two rows of three, one Q4_0 tensor of one row of 32, at offsets 0 and 32; alignment 32. */
std::string twoTensors(std::uint64_t secondOffset = 32, std::size_t bodySize = 50)
{
    return GgufBytes(2, 0).record("a", {3, 2}, 0, 0).record("b", {32}, 2, secondOffset).pad().body(bodySize).bytes();
}

} // namespace

class TestGgufReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void metadataOfEveryTypeIsRead_data()
    {
        QTest::addColumn<int>("version");
        QTest::newRow("version 2") << 2;
        QTest::newRow("version 3") << 3;
    }
    void metadataOfEveryTypeIsRead()
    {
        QFETCH(int, version);
        GgufBytes file(0, 13, static_cast<std::uint32_t>(version));
        file.pair("u8", 0, std::uint8_t{255}).pair("i8", 1, std::int8_t{-1}).pair("u16", 2, std::uint16_t{65535});
        file.pair("i16", 3, std::int16_t{-2})
            .pair("u32", 4, std::uint32_t{4294967295u})
            .pair("i32", 5, std::int32_t{-3});
        file.pair("f32", 6, 0.5f).pair("bool", 7, std::uint8_t{1}).pair("text", std::string("a\0b", 3));
        file.text("array")
            .put(std::uint32_t{9})
            .put(std::uint32_t{1})
            .put(std::uint64_t{2})
            .put(std::int8_t{-4})
            .put(std::int8_t{5});
        file.pair("u64", 10, UINT64_MAX).pair("i64", 11, INT64_MIN).pair("f64", 12, 0.1);
        const auto header = parse(file.bytes());
        QCOMPARE(valueOf<std::uint64_t>(header, "u8"), std::uint64_t{255});
        QCOMPARE(valueOf<std::int64_t>(header, "i8"), std::int64_t{-1});
        QCOMPARE(valueOf<std::uint64_t>(header, "u16"), std::uint64_t{65535});
        QCOMPARE(valueOf<std::int64_t>(header, "i16"), std::int64_t{-2});
        QCOMPARE(valueOf<std::uint64_t>(header, "u32"), std::uint64_t{4294967295u});
        QCOMPARE(valueOf<std::int64_t>(header, "i32"), std::int64_t{-3});
        QCOMPARE(valueOf<double>(header, "f32"), 0.5);
        QCOMPARE(valueOf<bool>(header, "bool"), true);
        QCOMPARE(valueOf<std::string>(header, "text"), std::string("a\0b", 3));
        QCOMPARE(valueOf<std::vector<std::int64_t>>(header, "array"), (std::vector<std::int64_t>{-4, 5}));
        QCOMPARE(valueOf<std::uint64_t>(header, "u64"), std::uint64_t{UINT64_MAX});
        QCOMPARE(valueOf<std::int64_t>(header, "i64"), std::int64_t{INT64_MIN});
        QCOMPARE(valueOf<double>(header, "f64"), 0.1);
        QVERIFY(header.complete); // no tensors: nothing is missing
    }

    void arraysOfEveryTypeAreRead()
    {
        GgufBytes file(0, 5);
        const auto array = [&](const char* key, std::uint32_t type, std::uint64_t count) {
            file.text(key).put(std::uint32_t{9}).put(type).put(count);
        };
        array("texts", 8, 2);
        file.text("one").text("");
        array("floats", 6, 1);
        file.put(-0.25f);
        array("truths", 7, 3);
        file.put(std::uint8_t{1}).put(std::uint8_t{0}).put(std::uint8_t{1});
        array("words", 2, 1);
        file.put(std::uint16_t{513});
        array("none", 8, 0);
        const auto header = parse(file.bytes());
        QCOMPARE(valueOf<std::vector<std::string>>(header, "texts"), (std::vector<std::string>{"one", ""}));
        QCOMPARE(valueOf<std::vector<double>>(header, "floats"), std::vector<double>{-0.25});
        QCOMPARE(valueOf<std::vector<bool>>(header, "truths"), (std::vector<bool>{true, false, true}));
        QCOMPARE(valueOf<std::vector<std::uint64_t>>(header, "words"), std::vector<std::uint64_t>{513});
        QVERIFY(valueOf<std::vector<std::string>>(header, "none").empty());
    }

    void tensorsLieWhereTheirRecordsSay()
    {
        const auto file = twoTensors();
        const auto header = parse(file);
        QCOMPARE(header.tensors.size(), std::size_t{2});
        const auto& a = header.tensors[0];
        QCOMPARE(a.shape, (std::vector<std::int64_t>{2, 3})); // reversed from the file
        QVERIFY(a.dtype == DType::F32);
        QCOMPARE(a.bytes.size(), std::size_t{24});
        QCOMPARE(static_cast<int>(a.bytes[0]), 0);
        const auto& b = header.tensors[1];
        QVERIFY(b.dtype == DType::Q4_0);
        QCOMPARE(b.bytes.size(), std::size_t{18});
        QCOMPARE(static_cast<int>(b.bytes[0]), 32);
    }

    void alignmentOfTheMetadataIsUsed()
    {
        const auto file = GgufBytes(2, 1)
                              .pair("general.alignment", 4, std::uint32_t{8})
                              .record("a", {3}, 0, 0)
                              .record("b", {1}, 24, 16)
                              .pad(8)
                              .body(17)
                              .bytes();
        const auto header = parse(file);
        QCOMPARE(static_cast<int>(header.tensors[1].bytes[0]), 16);
    }

    void kQuantsAreListedByName()
    {
        const auto header = parse(GgufBytes(1, 0).record("w", {256}, 14, 0).pad().body(210).bytes());
        QVERIFY(header.tensors[0].dtype == DType::Other);
        QCOMPARE(header.tensors[0].typeName, std::string("Q6_K"));
        QCOMPARE(header.tensors[0].bytes.size(), std::size_t{210});
        std::vector<float> out(256);
        PLANISH_REFUSES(readAsFloat(header.tensors[0], out), ErrorKind::Unsupported, {"Q6_K", "'w'", "test.gguf"});
    }

    void blockSizesAgreeWithTheReaders()
    {
        for (std::uint32_t id = 0; id < 64; ++id) {
            const auto* type = ggmlType(id);
            if (type != nullptr && type->dtype != DType::Other)
                QCOMPARE(std::uint64_t{type->blockBytes}, byteCount(type->dtype, type->blockElements));
        }
        QVERIFY(ggmlType(4) == nullptr); // Q4_2, retired
    }

    void lyingFilesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QStringList>("said");
        const auto row = [](const char* name, const std::string& file, const QStringList& said) {
            QTest::newRow(name) << QByteArray(file.data(), static_cast<qsizetype>(file.size())) << said;
        };
        const std::uint64_t huge = UINT64_MAX;
        row("empty", "", {"corrupt", "GGUF"});
        row("other letters", "GGMF" + std::string(100, '\0'), {"corrupt", "not a GGUF file"});
        row("version 1", GgufBytes(0, 0, 1).bytes(), {"unsupported", "version 1"});
        row("big-endian", GgufBytes(0, 0, 0x03000000).bytes(), {"unsupported", "big-endian"});
        row("tensor count", GgufBytes(huge, 0).bytes(), {"corrupt", "18446744073709551615 tensors"});
        row("key count", GgufBytes(0, huge).bytes(), {"corrupt", "18446744073709551615 metadata keys"});
        row("tensors behind the keys", GgufBytes(1, 1).pair("a", "b").bytes(), {"corrupt", "1 tensors"});
        row("text length", GgufBytes(0, 1).put(huge).put(huge).bytes(),
            {"corrupt", "metadata key 0", "18446744073709551615"});
        row("array count", GgufBytes(0, 1).text("k").put(9u).put(4u).put(huge).bytes(),
            {"corrupt", "'k'", "18446744073709551615"});
        row("array count times size", GgufBytes(0, 1).text("k").put(9u).put(10u).put(std::uint64_t{9}).body(64).bytes(),
            {"corrupt", "'k'", "9 values", "64 bytes"});
        row("array of texts", GgufBytes(0, 1).text("k").put(9u).put(8u).put(std::uint64_t{9}).body(64).bytes(),
            {"corrupt", "'k'", "9 texts"});
        row("array of arrays", GgufBytes(0, 1).text("k").put(9u).put(9u).put(std::uint64_t{1}).body(64).bytes(),
            {"unsupported", "'k'", "array of arrays"});
        row("value type", GgufBytes(0, 1).pair("k", 13, huge).bytes(), {"corrupt", "'k'", "13"});
        row("element type", GgufBytes(0, 1).text("k").put(9u).put(99u).put(std::uint64_t{1}).put(huge).bytes(),
            {"corrupt", "'k'", "99"});
        row("truth value 2", GgufBytes(0, 1).pair("k", 7, std::uint8_t{2}).bytes(), {"corrupt", "'k'", "2"});
        row("key twice", GgufBytes(0, 2).pair("k", "a").pair("k", "b").bytes(), {"corrupt", "'k' twice"});
        row("key not UTF-8", GgufBytes(0, 1).pair("k\xff", "a").bytes(), {"corrupt", "UTF-8"});
        row("alignment 0", GgufBytes(0, 1).pair("general.alignment", 4, 0u).bytes(),
            {"corrupt", "general.alignment is 0"});
        row("alignment 12", GgufBytes(0, 1).pair("general.alignment", 4, 12u).bytes(), {"corrupt", "12"});
        row("alignment as text", GgufBytes(0, 1).pair("general.alignment", "32").bytes(),
            {"corrupt", "general.alignment"});
        row("dimensions", GgufBytes(1, 0).record("t", {1, 1, 1, 1, 1}, 0, 0).bytes(),
            {"corrupt", "'t'", "5 dimensions"});
        row("extent", GgufBytes(1, 0).record("t", {huge}, 0, 0).bytes(), {"corrupt", "'t'", "18446744073709551615"});
        row("shape overflows", GgufBytes(1, 0).record("t", {1ull << 32, 1ull << 32}, 0, 0).bytes(),
            {"corrupt", "63 bits", ": t"});
        row("bytes overflow", GgufBytes(1, 0).record("t", {1ull << 61, 2}, 28, 0).bytes(),
            {"corrupt", "63 bits", "'t'"});
        row("type number", GgufBytes(1, 0).record("t", {1}, 4, 0).bytes(), {"unsupported", "'t'", "number 4"});
        row("broken blocks", GgufBytes(1, 0).record("t", {48, 2}, 2, 0).bytes(),
            {"corrupt", "'t'", "rows of 48", "Q4_0"});
        row("offset not aligned", twoTensors(40, 90), {"corrupt", "'b'", "40", "alignment 32"});
        row("overlap", twoTensors(0), {"corrupt", "overlap"});
        row("gap", twoTensors(64, 96), {"corrupt", "'b'", "64", "gap"});
        row("gap in front", GgufBytes(1, 0).record("t", {1}, 0, 32).pad().body(64).bytes(), {"corrupt", "'t'", "gap"});
        row("offset at the end of numbers", GgufBytes(1, 0).record("t", {1}, 0, huge - 31).bytes(), {"corrupt", "'t'"});
        row("cut tensor data", twoTensors(32, 49),
            {"corrupt", "cut short", "177", "178"}); // data starts at 128, ends at 178
        row("no tensor data", GgufBytes(1, 0).record("t", {1}, 0, 0).bytes(), {"corrupt", "cut short"});
    }
    void lyingFilesAreRefused()
    {
        QFETCH(QByteArray, file);
        QFETCH(QStringList, said);
        try {
            parse(file.toStdString());
            QFAIL("nothing was refused");
        } catch (const Error& error) {
            const auto message = QString::fromStdString(std::string(toString(error.kind())) + ": " + describe(error));
            for (const auto& fragment : said)
                QVERIFY2(message.contains(fragment), qPrintable(message));
            QVERIFY2(message.contains("test.gguf"), qPrintable(message));
        }
    }

    void equalTensorNamesAreRefused()
    {
        const auto path = m_folder / "twice.gguf";
        writeBytes(path, GgufBytes(2, 0).record("t", {8}, 0, 0).record("t", {8}, 0, 32).pad().body(64).bytes());
        PLANISH_REFUSES(readGguf(path, GgufBody::Required), ErrorKind::Corrupt, {"'t' is there twice", "twice.gguf"});
    }

    void everyTruncationIsRefusedOrIncomplete()
    {
        const auto whole = GgufBytes(1, 2)
                               .pair("general.architecture", "llama")
                               .pair("n", 4, 7u)
                               .record("t", {4}, 0, 0)
                               .pad()
                               .body(16)
                               .bytes();
        parse(whole);
        bool described = false;
        for (std::size_t length = 0; length < whole.size(); ++length) {
            const auto cut = whole.substr(0, length);
            PLANISH_REFUSES(parse(cut), ErrorKind::Corrupt, {"test.gguf"});
            try {
                const auto header = parse(cut, GgufBody::MayBeMissing);
                QVERIFY(!header.complete);
                QVERIFY(header.tensors.at(0).bytes.empty());
                described = true;
            } catch (const Error&) {
                QVERIFY(!described); // once the header is whole, every longer piece is described
            }
        }
        QVERIFY(described);
    }

    void accessorsKnowAbsentFromWrong()
    {
        const auto path = m_folder / "keys.gguf";
        writeBytes(path,
                   GgufBytes(0, 5)
                       .pair("text", "x")
                       .pair("count", 4, 7u)
                       .pair("real", 6, 0.5f)
                       .pair("flag", 7, std::uint8_t{1})
                       .pair("large", 10, std::uint64_t{UINT64_MAX})
                       .bytes());
        const auto file = readGguf(path, GgufBody::Required);
        QCOMPARE(*file.text("text"), std::string("x"));
        QCOMPARE(*file.integer("count"), std::int64_t{7});
        QCOMPARE(*file.real("real"), 0.5);
        QCOMPARE(*file.real("count"), 7.0);
        QCOMPARE(*file.flag("flag"), true);
        QVERIFY(!file.text("absent") && !file.integer("absent") && !file.real("absent") && !file.flag("absent"));
        PLANISH_REFUSES(file.text("count"), ErrorKind::Corrupt, {"'count'", "keys.gguf"});
        PLANISH_REFUSES(file.integer("real"), ErrorKind::Corrupt, {"'real'"});
        PLANISH_REFUSES(file.integer("large"), ErrorKind::Corrupt, {"'large'"});
        PLANISH_REFUSES(file.real("text"), ErrorKind::Corrupt, {"'text'"});
        PLANISH_REFUSES(file.flag("count"), ErrorKind::Corrupt, {"'count'"});
        QCOMPARE(file.tensors->metadata().at("count"), std::string("7"));
    }

private:
    QTemporaryDir m_temporary;
    std::filesystem::path m_folder = m_temporary.path().toStdString();
};

QTEST_GUILESS_MAIN(TestGgufReader)
#include "tst_gguf_reader.moc"
